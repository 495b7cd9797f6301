using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Risk.Api.Access;
using Risk.Application.Closing;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Portfolios;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class CloseDayJobTests
{
    private const string Scheduled = """{"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.scheduler","time":"2026-01-06T00:05:00Z","resources":["arn:aws:scheduler:us-east-1:123456789012:schedule/risk/close-day-sim"],"detail":{"market":"SIM"}}""";
    private const string Line = """{"symbol":"AAA","time":"2026-01-05T15:00:10Z","price":111.5,"source":"feed","sequence":1}""";

    [Fact]
    public async Task It_closes_the_day_says_what_was_done_and_measures_with_the_new_history()
    {
        await using var house = await OpenAsync();
        var reply = await RunAsync(house, Scheduled);
        Assert.Equal(("SIM", "2026-01-05", 1), (reply.GetProperty("market").GetString(), reply.GetProperty("date").GetString(), reply.GetProperty("windows_closed").GetInt32()));
        Assert.Equal(JsonValueKind.Null, reply.GetProperty("reason").ValueKind);
        var history = reply.GetProperty("history");
        Assert.Equal((2, 1), (history.GetProperty("version").GetInt32(), history.GetProperty("added").GetInt32()));
        Assert.Equal(["BBB", "CCC"], history.GetProperty("missing").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal("curated/market=SIM/dt=2026-01-05/manifest.json", reply.GetProperty("curated").GetProperty("manifest").GetString());
        Assert.Equal(2, (await new SnapshotStore(house.Table).FindLatestAsync(AccountId.Default, FakeHouse.Cancel))!.Value.Version.History);
        var metrics = house.Lines.Last(x => x.TryGetProperty("_aws", out _));
        Assert.Equal((1, 1, 0), (metrics.GetProperty("WindowsClosed").GetInt32(), metrics.GetProperty("TicksCurated").GetInt32(), metrics.GetProperty("HistoryNotExtended").GetInt32()));
    }

    [Fact]
    public async Task By_hand_it_works_as_often_as_it_is_called()
    {
        await using var house = await OpenAsync();
        const string ByHand = """{"time":"2026-01-06T00:05:00Z","detail":{"market":"SIM"}}""";
        foreach (var request in (string[])["first", "second"])
            Assert.Equal("2026-01-05", (await RunAsync(house, ByHand, request)).GetProperty("date").GetString());
    }

    [Fact]
    public async Task A_schedule_that_fires_twice_works_once_but_an_attempt_may_be_repeated()
    {
        await using var house = await OpenAsync();
        house.Archive.Hook = name => name.Contains("part-", StringComparison.Ordinal) ? throw new StoreUnavailableException("Simulated: the archive is down.") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(house, Scheduled, "first"));
        house.Archive.Hook = _ => Task.CompletedTask;
        Assert.Equal("already_run", (await RunAsync(house, Scheduled, "second")).GetProperty("reason").GetString());
        Assert.Empty(await house.Archive.ListAsync("curated/market=SIM/dt=2026-01-05/manifest", FakeHouse.Cancel));
        var reply = await RunAsync(house, Scheduled, "first");
        Assert.Equal((2, 0, 1), (reply.GetProperty("history").GetProperty("version").GetInt32(), reply.GetProperty("history").GetProperty("added").GetInt32(), reply.GetProperty("curated").GetProperty("ticks").GetInt32()));
    }

    [Fact]
    public async Task A_firing_that_comes_hours_late_closes_the_day_it_was_meant_for()
    {
        await using var house = await OpenAsync();
        house.Clock.Advance(TimeSpan.FromHours(30));
        Assert.Equal("2026-01-05", (await RunAsync(house, Scheduled)).GetProperty("date").GetString());
    }

    [Fact]
    public async Task Time_that_runs_out_is_an_error_and_the_next_attempt_goes_on()
    {
        await using var house = await OpenAsync();
        using var deadline = new CancellationTokenSource();
        house.Archive.Hook = name => name.EndsWith("part-00001.json", StringComparison.Ordinal) ? deadline.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(house, Scheduled, cancellation: deadline.Token));
        var written = new List<string>();
        house.Archive.Hook = name =>
        {
            written.Add(name);
            return Task.CompletedTask;
        };
        Assert.Equal(1, (await RunAsync(house, Scheduled)).GetProperty("curated").GetProperty("ticks").GetInt32());
        Assert.Equal(["before curated/market=SIM/dt=2026-01-05/manifest.json", "after curated/market=SIM/dt=2026-01-05/manifest.json"], written);
    }

    [Theory]
    [InlineData("2026-01-26T11:00:00Z", "no_session")]
    [InlineData("2026-01-05T11:00:00Z", "no_symbols")]
    public async Task The_calendar_of_the_market_decides(string time, string reason)
    {
        await using var house = await OpenAsync();
        house.Clock.Advance(TimeSpan.FromDays(30));
        var payload = Scheduled.Replace("2026-01-06T00:05:00Z", time, StringComparison.Ordinal).Replace("SIM", "NSE", StringComparison.Ordinal);
        Assert.Equal(reason, (await RunAsync(house, payload)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Without_a_schedule_it_closes_the_last_day_of_the_house()
    {
        await using var house = await OpenAsync();
        Assert.Equal("2026-01-05", (await RunAsync(house, "{}")).GetProperty("date").GetString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"time":"tomorrow"}""")]
    [InlineData("""{"time":"2026-01-06T00:10:00Z"}""")]
    [InlineData("""{"detail":{"market":"MOON"}}""")]
    public async Task Anything_else_is_malformed(string payload)
    {
        await using var house = await OpenAsync();
        await Assert.ThrowsAsync<MalformedEventException>(() => RunAsync(house, payload));
    }

    /// <summary>One tick counted and archived, and five minutes after midnight.</summary>
    private static async Task<FakeHouse> OpenAsync()
    {
        var house = await FakeHouse.OpenAsync();
        StreamRecord[] records = [new("1", FakeHouse.Start, Encoding.UTF8.GetBytes(Line))];
        await house.Get<IngestTicks>().RunAsync("shard", records, FakeHouse.Cancel);
        await house.Get<ArchiveBatch>().RunAsync("shard", records, FakeHouse.Cancel);
        house.Clock.Advance(new DateTimeOffset(2026, 1, 6, 0, 5, 0, TimeSpan.Zero) - FakeHouse.Start);
        return house;
    }

    private static async Task<JsonElement> RunAsync(FakeHouse house, string payload, string requestId = "request-1", CancellationToken? cancellation = null)
    {
        var settings = new CloudSettings("", "", "", "", new AccessSettings(LoopbackOnly: false), Market.Sim, 10, 1, FakeHouse.Settings);
        var job = new CloseDayJob(house.Get<CloseDay>(), house.Get<RecomputeRisk>(), house.Get<JobLock>(), house.Runtime.Metrics, settings, house.Clock, NullLogger<CloseDayJob>.Instance);
        var running = job.HandleAsync(Events.Of(payload, requestId: requestId), cancellation ?? FakeHouse.Cancel);
        while (!running.IsCompleted)
            if (!house.Clock.AdvanceToNextTimer()) await Task.Yield();
        return JsonDocument.Parse(await running).RootElement;
    }
}
