using System.Globalization;
using System.IO.Compression;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Lambda.Tests.Aws;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class ConsumerTests
{
    private const string First = "49590338271490256608559692538361571095921575989136588898";

    [Fact]
    public async Task Ticks_are_counted_measured_archived_and_reported()
    {
        await using var house = await FakeHouse.OpenAsync();
        var consumer = house.Get<Consumer>();
        StreamRecord[] records = [Record(0, Line("AAA", 1), "no tick"), Record(1, Line("AAA", 1)), Record(2, Line("BBB", 1))];
        Assert.Empty(Events.Failures(await HandleAsync(consumer, records)));
        Assert.Equal(1, (await new PriceStore(house.Table).FindAsync(FakeHouse.Symbols[0], FakeHouse.Cancel))!.Counted);
        Assert.NotNull(await new SnapshotStore(house.Table).FindLatestAsync(AccountId.Default, FakeHouse.Cancel));
        var name = Assert.Single(await house.Archive.ListAsync("raw/", FakeHouse.Cancel));
        Assert.Equal($"raw/dt=2026-01-05/hh=15/{Events.Shard}-{First}-{Sequence(2)}.ndjson.gz", name);
        Assert.Equal($"{Line("AAA", 1)}\nno tick\n{Line("AAA", 1)}\n{Line("BBB", 1)}\n", await TextAsync(house, name));
        var metrics = house.Lines.Single(x => x.TryGetProperty("_aws", out _));
        Assert.Equal((2, 1, 0, 1), (Value("TicksCounted"), Value("TicksDuplicate"), Value("TicksLate"), Value("TicksQuarantined")));
        Assert.Equal(20_000, Value("IteratorAge"));
        Assert.True(metrics.TryGetProperty("SnapshotAge", out _) && metrics.TryGetProperty("MeasureTime", out _) && metrics.TryGetProperty("StoreTime", out _));

        int Value(string metric) => (int)metrics.GetProperty(metric).GetDouble();
    }

    [Fact]
    public async Task An_event_that_comes_again_changes_nothing()
    {
        await using var house = await FakeHouse.OpenAsync();
        var consumer = house.Get<Consumer>();
        StreamRecord[] records = [Record(0, Line("AAA", 1), Line("AAA", 2)), Record(1, Line("CCC", 1))];
        await HandleAsync(consumer, records);
        var before = Text(house);
        Assert.Empty(Events.Failures(await HandleAsync(consumer, records)));
        Assert.Empty(Events.Failures(await HandleAsync(house.Get<Consumer>(), records)));
        Assert.Equal(before, Text(house));
        Assert.Single(await house.Archive.ListAsync("raw/", FakeHouse.Cancel));
    }

    [Fact]
    public async Task Aggregated_and_plain_records_count_alike()
    {
        await using var house = await FakeHouse.OpenAsync();
        var aggregated = new StreamRecord(Sequence(0), FakeHouse.Start, AggregatedRecordTests.Aggregate([.. Enumerable.Range(1, 40).Select(i => Line("AAA", i))]));
        var broken = new StreamRecord(Sequence(1), FakeHouse.Start, (byte[])[.. AggregatedRecordTests.Aggregate(Line("AAA", 41)), 0]);
        Assert.Empty(Events.Failures(await HandleAsync(house.Get<Consumer>(), [aggregated, broken])));
        Assert.Equal(40, (await new PriceStore(house.Table).FindAsync(FakeHouse.Symbols[0], FakeHouse.Cancel))!.Counted);
        Assert.NotEqual(0, (await new QuarantineStore(house.Table).TotalsAsync(FakeHouse.Cancel)).Quarantined);
    }

    [Fact]
    public async Task A_table_out_of_reach_fails_the_batch_from_its_first_record_and_nothing_is_archived()
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Table.Faults = new TableFaults(FailedRead: 1);
        Assert.Equal([First], Events.Failures(await HandleAsync(house.Get<Consumer>(), [Record(0, Line("AAA", 1)), Record(1, Line("BBB", 1))])));
        Assert.Empty(await house.Archive.ListAsync("raw/", FakeHouse.Cancel));
        Assert.Contains(house.Lines, x => x.TryGetProperty("level", out var level) && level.GetString() == "WARN");
    }

    [Fact]
    public async Task Only_what_lies_before_the_first_unsaved_record_is_archived()
    {
        await using var house = await FakeHouse.OpenAsync();
        var consumer = house.Get<Consumer>();
        await HandleAsync(consumer, [Record(0, Line("AAA", 1), Line("BBB", 1))]);
        var key = Keys.Price(FakeHouse.Symbols[1]);
        house.Table.Hook = what => what == $"before {key}" ? Task.FromException(new StoreUnavailableException("Simulated.")) : Task.CompletedTask;
        var failures = Events.Failures(await HandleAsync(consumer, [Record(1, Line("AAA", 2)), Record(2, Line("BBB", 2))]));
        house.Table.Hook = _ => Task.CompletedTask;
        var failed = Assert.Single(failures);
        Assert.Equal(failed == Sequence(1) ? 1 : 2, (await house.Archive.ListAsync("raw/", FakeHouse.Cancel)).Count);
        Assert.Empty(Events.Failures(await HandleAsync(consumer, [Record(1, Line("AAA", 2)), Record(2, Line("BBB", 2))])));
        foreach (var symbol in FakeHouse.Symbols[..2]) Assert.Equal(2, (await new PriceStore(house.Table).FindAsync(symbol, FakeHouse.Cancel))!.Counted);
    }

    [Fact]
    public async Task An_archive_that_fails_leaves_a_gap_item_and_stops_nothing()
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Archive.FailedPut = 1;
        Assert.Empty(Events.Failures(await HandleAsync(house.Get<Consumer>(), [Record(0, Line("AAA", 1)), Record(1, Line("BBB", 1))])));
        var gap = Assert.Single(await new RawGapStore(house.Table).LoadAllAsync(FakeHouse.Cancel));
        Assert.Equal((First, Sequence(1), 2), (gap.First, gap.Last, gap.Records));
        Assert.Equal($"raw/dt=2026-01-05/hh=15/{Events.Shard}-{First}-{Sequence(1)}.ndjson.gz", gap.ObjectName);
        Assert.NotNull(await new SnapshotStore(house.Table).FindLatestAsync(AccountId.Default, FakeHouse.Cancel));
    }

    [Fact]
    public async Task What_is_neither_archived_nor_noted_comes_again()
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Archive.FailedPut = 1;
        house.Table.Hook = what => what.StartsWith("before RAWGAP", StringComparison.Ordinal) ? Task.FromException(new StoreUnavailableException("Simulated.")) : Task.CompletedTask;
        Assert.Equal([First], Events.Failures(await HandleAsync(house.Get<Consumer>(), [Record(0, Line("AAA", 1))])));
    }

    [Fact]
    public async Task Work_stops_before_the_deadline_and_the_rest_comes_again()
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Table.Hook = what =>
        {
            if (what.StartsWith("before PX#", StringComparison.Ordinal)) house.Clock.Advance(TimeSpan.FromSeconds(50));
            return Task.CompletedTask;
        };
        var payload = Events.Kinesis(Events.Shard, [Record(0, Line("AAA", 1))]);
        var other = Events.Kinesis("shardId-000000000002", [Record(7, Line("BBB", 1))]);
        var both = string.Concat(payload.AsSpan(0, payload.Length - 2), ",", other.AsSpan(other.IndexOf('[', StringComparison.Ordinal) + 1));
        var reply = await house.Get<Consumer>().HandleAsync(Events.Of(both, FakeHouse.Start + TimeSpan.FromSeconds(60)), FakeHouse.Cancel);
        Assert.Contains(Sequence(7), Events.Failures(reply));
        house.Table.Hook = _ => Task.CompletedTask;
        Assert.Empty(Events.Failures(await house.Get<Consumer>().HandleAsync(Events.Of(both), FakeHouse.Cancel)));
        foreach (var symbol in FakeHouse.Symbols[..2]) Assert.Equal(1, (await new PriceStore(house.Table).FindAsync(symbol, FakeHouse.Cancel))!.Counted);
    }

    [Fact]
    public async Task A_malformed_event_is_an_error_of_its_own_type()
    {
        await using var house = await FakeHouse.OpenAsync();
        await Assert.ThrowsAsync<MalformedEventException>(() => house.Get<Consumer>().HandleAsync(Events.Of("""{"Records":[{}]}"""), FakeHouse.Cancel));
    }

    private static Task<ReadOnlyMemory<byte>> HandleAsync(Consumer consumer, StreamRecord[] records) =>
        consumer.HandleAsync(Events.Of(Events.Kinesis(Events.Shard, records)), FakeHouse.Cancel);

    private static string Sequence(int i) => First[..^3] + (898 + i).ToString(CultureInfo.InvariantCulture);

    private static StreamRecord Record(int i, params string[] lines) => new(Sequence(i), FakeHouse.Start.AddSeconds(i - 20), Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static string Line(string symbol, int sequence) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"symbol":"{{symbol}}","time":"2026-01-05T15:00:00.{{sequence:000}}Z","price":{{100 + sequence}},"source":"feed","sequence":{{sequence}}}""");

    private static string[] Text(FakeHouse house) => [.. house.Table.Everything.Select(item => $"{item.Key} {item.Version} {Encoding.UTF8.GetString(item.Body.Span)}")];

    private static async Task<string> TextAsync(FakeHouse house, string name)
    {
        await using var gzip = new GZipStream(new MemoryStream((await house.Archive.GetAsync(name, FakeHouse.Cancel))!), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return await reader.ReadToEndAsync(FakeHouse.Cancel);
    }
}
