using System.Globalization;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Closing.ClosingHouse;

namespace Risk.Application.Tests.Closing;

public sealed class CurateTicksTests
{
    [Fact]
    public async Task The_copy_is_sorted_and_holds_each_tick_once()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:00:03", Line(B, "05:00:01", 50, 1), Line(A, "05:00:02", 101, 2), Line(A, "05:00:02", 101, 2), Line(A, "05:00:01", 100, 1));
        await house.SendAsync("05:00:04", Line(A, "05:00:01", 100, 1), "no tick", Line(C, "05:00:01", 9, 1));
        var closed = await house.CloseAsync();
        Assert.Equal(["AAA 1", "AAA 2", "BBB 1"], (await house.CuratedAsync()).Select(NameOf));
        Assert.Equal((true, 3, 2, 1), (closed.Curated!.Made, closed.Curated.Ticks, closed.Curated.Copies, closed.Curated.Parts));
        var manifest = await house.ManifestAsync(closed);
        Assert.Equal(1, manifest.GetProperty("rejected").GetProperty("malformed").GetInt64());
        var a = manifest.GetProperty("symbols").GetProperty("AAA");
        Assert.Equal((2, 2, 2, 2, 0), (Whole(a, "ticks"), Whole(a, "copies"), Whole(a, "counted"), Whole(a, "duplicate"), Whole(a, "difference")));
    }

    [Fact]
    public async Task Each_moment_belongs_to_one_day()
    {
        var house = await OpenAsync();
        // Friday's session closed on the 2nd at 10:00: what came after it belongs to Monday.
        await house.SendAsync("03:00:00", Line(A, "09:59:59", 99, 1, "2026-01-02"), Line(A, "10:00:00", 100, 2, "2026-01-02"));
        await house.SendAsync("10:00:00", Line(A, "09:59:59.999999", 101, 3), Line(A, "10:00:00", 102, 4));
        await house.CloseAsync();
        Assert.Equal(["AAA 2", "AAA 3"], (await house.CuratedAsync()).Select(NameOf));
        await house.CloseAsync(at: Time("11:00:00", "2026-01-06"));
        Assert.Equal(["AAA 4"], (await house.CuratedAsync("curated/market=NSE/dt=2026-01-06/")).Select(NameOf));
    }

    [Fact]
    public async Task Late_ticks_are_in_the_copy_and_named_as_late()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:01:00", Line(A, "05:01:00", 100, 1), Line(A, "05:00:00", 101, 2));
        var closed = await house.CloseAsync();
        var a = (await house.ManifestAsync(closed)).GetProperty("symbols").GetProperty("AAA");
        Assert.Equal((2, 1, 1, 0), (Whole(a, "ticks"), Whole(a, "counted"), Whole(a, "late"), Whole(a, "difference")));
        Assert.Empty(closed.Curated!.Differing);
    }

    [Fact]
    public async Task The_counters_are_compared_since_the_day_before()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:01:00", Line(A, "05:01:00", 100, 1), Line(A, "05:00:00", 101, 2));
        await house.CloseAsync();
        house.Clock.Advance(Time("05:00:00", "2026-01-06") - house.Clock.GetUtcNow());
        await house.SendAsync("05:00:00", Line(A, "05:00:00", 100, 3, "2026-01-06"), Line(A, "05:00:00", 100, 3, "2026-01-06"));
        var manifest = await house.ManifestAsync(await house.CloseAsync(at: Time("11:00:00", "2026-01-06")));
        Assert.Equal(Monday, manifest.GetProperty("compared_since").GetString());
        var a = manifest.GetProperty("symbols").GetProperty("AAA");
        Assert.Equal((1, 1, 1, 0, 0), (Whole(a, "ticks"), Whole(a, "counted"), Whole(a, "duplicate"), Whole(a, "late"), Whole(a, "difference")));
    }

    [Fact]
    public async Task What_is_missing_in_the_archive_shows_as_a_difference()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:00:00", Line(A, "05:00:00", 100, 1));
        await house.SendAsync("06:00:00", Line(A, "06:00:00", 100, 2));
        var raw = (await house.Archive.ListAsync("raw/", Cancel))[0];
        await house.Archive.PutAsync(raw, new byte[] { 1, 2, 3 }, Cancel);
        var closed = await house.CloseAsync();
        Assert.Equal(["AAA"], closed.Curated!.Differing);
        var manifest = await house.ManifestAsync(closed);
        Assert.Equal(raw, manifest.GetProperty("unreadable")[0].GetString());
        Assert.Equal(-1, Whole(manifest.GetProperty("symbols").GetProperty("AAA"), "difference"));
    }

    [Fact]
    public async Task Gaps_are_filled_from_the_stream()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:00:00", Line(A, "05:00:00", 100, 1));
        house.Archive.Hook = _ => throw new StoreUnavailableException("Simulated: the archive is down.");
        await house.SendAsync("05:10:32", [.. Enumerable.Range(2, 30).Select(i => Line(A, $"05:10:{i:00}", 100 + i, i))]);
        house.Archive.Hook = _ => Task.CompletedTask;
        await house.SendAsync("05:20:00", Line(A, "05:20:00", 200, 32));
        var gaps = house.Rows("RAWGAP#").Count;
        Assert.True(gaps > 1);
        var closed = await house.CloseAsync();
        Assert.Equal((gaps, 0), (closed.Gaps!.Filled, closed.Gaps.Missing.Count));
        Assert.Empty(house.Rows("RAWGAP#"));
        Assert.Equal(Enumerable.Range(1, 32).Select(i => $"AAA {i}"), (await house.CuratedAsync()).Select(NameOf));
        Assert.Empty(closed.Curated!.Differing);
    }

    [Fact]
    public async Task A_gap_whose_records_are_forgotten_stays_on_the_list_and_is_named()
    {
        var house = await OpenAsync();
        house.Archive.Hook = _ => throw new StoreUnavailableException("Simulated: the archive is down.");
        await house.SendAsync("05:00:00", Line(A, "05:00:00", 100, 1));
        house.Archive.Hook = _ => Task.CompletedTask;
        var shard = house.Stream.OpenShards()[0];
        house.Stream.Split(shard);
        house.Stream.Forget(shard);
        var closed = await house.CloseAsync();
        var name = Assert.Single(closed.Gaps!.Missing);
        Assert.Single(house.Rows("RAWGAP#"));
        var manifest = await house.ManifestAsync(closed);
        Assert.Equal((name, 0), (manifest.GetProperty("gaps")[0].GetString(), Whole(manifest, "ticks")));
        Assert.Equal(-1, Whole(manifest.GetProperty("symbols").GetProperty("AAA"), "difference"));
    }

    [Fact]
    public async Task A_large_day_comes_in_parts_by_time()
    {
        var house = await OpenAsync(maxTicksPerPart: 4);
        for (var minute = 0; minute < 10; minute++)
            await house.SendAsync($"05:{minute:00}:00", Line(A, $"05:{minute:00}:00", 100, minute), Line(B, $"05:{minute:00}:00", 50, minute));
        var closed = await house.CloseAsync();
        Assert.Equal((5, 20), (closed.Curated!.Parts, closed.Curated.Ticks));
        Assert.Equal(["AAA 0", "AAA 1", "BBB 0", "BBB 1", "AAA 2"], (await house.CuratedAsync()).Take(5).Select(NameOf));
        var parts = (await house.ManifestAsync(closed)).GetProperty("parts").EnumerateArray().ToList();
        for (var i = 1; i < parts.Count; i++) Assert.True(parts[i - 1].GetProperty("to").GetDateTimeOffset() <= parts[i].GetProperty("from").GetDateTimeOffset());
        Assert.False((await house.CloseAsync()).Curated!.Made);
    }

    [Fact]
    public async Task A_day_without_ticks_leaves_nothing()
    {
        var house = await OpenAsync();
        var closed = await house.CloseAsync();
        Assert.Null(closed.Curated!.Manifest);
        Assert.Empty(await house.Archive.ListAsync("curated/", Cancel));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_fails_the_copy_holds_every_tick_once(int seed)
    {
        var random = new Random(seed);
        var house = await OpenAsync(maxTicksPerPart: random.Next(1, 60), seed);
        var sent = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            house.Archive.FailedPut = random.NextDouble() < 0.3 ? 0.7 : 0;
            house.Stream.Faults = new StreamFaults(Duplicate: 0.2, PartialFailure: 0.1, ShortRead: 0.2);
            house.Table.Faults = new TableFaults(Throttle: 0.05, LostReply: 0.05, FailedRead: 0.02, ShortPage: 0.3);
            var clock = TimeSpan.FromHours(4) + TimeSpan.FromSeconds(i * 300 + random.Next(200));
            var symbol = random.Next(2) == 0 ? A : B;
            if (sent.Add($"{symbol} {i}")) await house.SendAsync(clock.ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture), Line(symbol, clock.ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture), 100 + i, i));
        }
        house.Archive.FailedPut = 0.1;
        var last = "";
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 500, last);
            try
            {
                Assert.Empty((await house.CloseAsync()).Curated!.Differing);
                break;
            }
            catch (StoreUnavailableException fault)
            {
                // The next attempt goes on.
                last = fault.ToString();
            }
        }
        Assert.Equal(sent.Order(StringComparer.Ordinal), (await house.CuratedAsync()).Select(NameOf).Order(StringComparer.Ordinal));
        Assert.Empty(house.Rows("RAWGAP#"));
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    private static string NameOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        return $"{Symbol.Parse(document.RootElement.GetProperty("symbol").GetString()!)} {document.RootElement.GetProperty("sequence").GetInt64()}";
    }

    private static long Whole(JsonElement owner, string name) => owner.GetProperty(name).GetInt64();
}
