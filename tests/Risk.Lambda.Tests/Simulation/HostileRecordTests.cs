using System.Text;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Lambda.Tests.Functions;
using Xunit;
using static Risk.Lambda.Tests.Simulation.SentEvents;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>Records that are no ticks, hostile or huge, through the handler: rows 10 and 12 to 16 of docs/FAULTS.md.</summary>
public sealed class HostileRecordTests
{
    /// <summary>Poison, each different from the others.</summary>
    private static readonly Func<int, byte[]>[] Poisons =
    [
        i => [0xC3, 0x28, .. Encoding.UTF8.GetBytes($" not UTF-8 {i}")],
        i => Encoding.UTF8.GetBytes($$"""{"symbol":"AAA","time":"2026-01-05T15:00:00Z","pri{{i}}"""),
        i => Encoding.UTF8.GetBytes($$"""{"version":2,"payload":[{{i}},"AAA",100]}"""),
        i => Encoding.UTF8.GetBytes($"NOT BASE64 {i}"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(500)]
    public async Task Poison_is_kept_once_with_its_reason_and_costs_no_neighbour(int poison)
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        var bad = Enumerable.Range(0, 500).Order(Comparer<int>.Create((a, b) => (a * 7919 % 500).CompareTo(b * 7919 % 500))).Take(poison).ToHashSet();
        var payload = sent.EventOf(Enumerable.Range(0, 500).Select(i => bad.Contains(i) ? Poisons[i % 4](i) : Encoding.UTF8.GetBytes(Line("AAA", 0, 100, i % 256, $"feed-{i / 256}"))));
        // What the platform would never write: data that is not base64.
        foreach (var i in bad.Where(i => i % 4 == 3)) payload = payload.Replace(Convert.ToBase64String(Poisons[3](i)), $"?not*base64 {i}?", StringComparison.Ordinal);
        for (var time = 0; time < 3; time++)
        {
            Assert.Empty(await sent.SendAsync(payload));
            Assert.Equal(500 - poison, (await sent.StateAsync(0))?.Counted ?? 0);
            Assert.Equal((poison, 0), await new QuarantineStore(house.Table).TotalsAsync(FakeHouse.Cancel));
            Assert.Equal(bad.Select(i => i % 4 == 0 ? "not_utf8" : "malformed").Order(), sent.Reasons().Order());
        }
    }

    [Fact]
    public async Task Hostile_values_are_kept_and_leave_the_state_as_it_was()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        await sent.SendAsync([Line("AAA", 0, 100, 0)]);
        var before = sent.StateItem(0);
        string[] values = ["NaN", "\"NaN\"", "Infinity", "-Infinity", "\"1e999\"", "1e999", "-1", "0", "1e308", "null", "\"100\"", "true", "{}"];
        string[] volumes = ["-1", "9223372036854775808", "NaN"];
        string[] times = ["0", "\"9999-12-31T23:59:59Z\"", "\"\"", "null", "-1"];
        List<string> lines =
        [
            .. values.Select(x => $$"""{"symbol":"AAA","time":"2026-01-05T15:00:20Z","price":{{x}},"source":"feed","sequence":1}"""),
            .. volumes.Select(x => $$"""{"symbol":"AAA","time":"2026-01-05T15:00:20Z","price":1,"volume":{{x}},"source":"feed","sequence":1}"""),
            .. times.Select(x => $$"""{"symbol":"AAA","time":{{x}},"price":1,"source":"feed","sequence":1}"""),
        ];
        Assert.Empty(await sent.SendAsync(lines));
        Assert.Equal(before, sent.StateItem(0));
        Assert.Equal(lines.Count, sent.Reasons().Count);
        // A quantity of zero is a quote without a trade.
        await sent.SendAsync([Line("AAA", 0, 100, 1).Replace("\"volume\":2", "\"volume\":0", StringComparison.Ordinal)]);
        Assert.Equal(2, (await sent.StateAsync(0))!.Counted);
    }

    [Fact]
    public async Task Symbols_that_nobody_knows_make_no_items_of_their_own()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        Assert.Empty(await sent.SendAsync(Enumerable.Range(0, 500).Select(i => Line(i % 10 == 0 ? $"X{i}" : "AAA", 0, 100, i % 256, $"feed-{i / 256}"))));
        Assert.Equal([Keys.Price(FakeHouse.Symbols[0])], sent.Rows("PX#").Select(item => item.Key));
        Assert.Equal(Enumerable.Repeat("unknown_symbol", 50), sent.Reasons());
        Assert.Equal(450, (await sent.StateAsync(0))!.Counted);
    }

    [Theory]
    [InlineData("megabyte")]
    [InlineData("ten megabytes")]
    [InlineData("deep")]
    [InlineData("long array")]
    [InlineData("duplicate keys")]
    [InlineData("many lines")]
    public async Task A_giant_record_is_refused_within_bounded_memory(string kind)
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        var giant = Encoding.ASCII.GetBytes(kind switch
        {
            "megabyte" => new string('x', 1 << 20),
            "ten megabytes" => new string('[', 10 << 20),
            "deep" => $$"""{"a":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""",
            "long array" => $$"""{"a":[{{string.Join(',', Enumerable.Repeat('1', 1_000_000))}}]}""",
            "duplicate keys" => $$"""{"symbol":"AAA","symbol":"AAA","time":"2026-01-05T15:00:20Z","price":1}""",
            _ => new string('\n', 1_000) + string.Join('\n', Enumerable.Repeat("x", 1_000)),
        });
        var payload = Events.Of(sent.EventOf([giant, Encoding.UTF8.GetBytes(Line("AAA", 0, 100, 0))]));
        var consumer = house.Get<Risk.Lambda.Functions.Consumer>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reply = await consumer.HandleAsync(payload, FakeHouse.Cancel);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
        Assert.Empty(Events.Failures(reply));
        Assert.Single(sent.Reasons());
        Assert.Equal(1, (await sent.StateAsync(0))!.Counted);
    }

    [Fact]
    public async Task A_jump_of_half_the_price_is_counted_and_flagged_and_the_var_stays_finite()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        Assert.Empty(await sent.SendAsync([Line("AAA", 0, 100, 0), Line("BBB", 0, 100, 0), Line("AAA", 1, 150.01m, 1), Line("BBB", 1, 49.99m, 1)]));
        foreach (var symbol in new[] { 0, 1 }) Assert.Equal((2, 1), ((await sent.StateAsync(symbol))!.Counted, (await sent.StateAsync(symbol))!.Outliers));
        var snapshot = (await new SnapshotStore(house.Table).FindLatestAsync(AccountId.Default, FakeHouse.Cancel))!.Value;
        Assert.All(new[] { snapshot.At95.Var, snapshot.At99.Var, snapshot.At95.Es, snapshot.At99.Es }, figure => Assert.True(double.IsFinite(figure.Value!.Value)));
        Assert.Equal(1_000 + (10 * 150.01) - (20 * 49.99), snapshot.Nav - 33 * await CloseAsync(house), 1e-6);
    }

    [Fact]
    public async Task Ten_thousand_records_cost_twice_what_five_thousand_do()
    {
        var (few, fewCalls) = await CostAsync(5_000);
        var (many, manyCalls) = await CostAsync(10_000);
        Assert.True(many < 2.3 * few, $"{few} bytes for half of the {many}");
        Assert.True(manyCalls <= 2.3 * fewCalls, $"{fewCalls} calls for half of the {manyCalls}");
    }

    [Fact]
    public async Task An_event_of_six_megabytes_is_taken_whole()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        var payload = sent.EventOf(Lines(36_000).Chunk(25).Select(chunk => Encoding.UTF8.GetBytes(string.Join('\n', chunk))));
        Assert.InRange(payload.Length, 5 << 20, 6 << 20);
        Assert.Empty(await sent.SendAsync(payload));
        for (var symbol = 0; symbol < 3; symbol++) Assert.Equal(12_000, (await sent.StateAsync(symbol)) is { } state ? state.Counted + state.Late : 0);
    }

    /// <summary>Ticks, late ones and lines that are no ticks, twice: once new, once known. What the second process allocates, and asks of the table.</summary>
    private static async Task<(long Bytes, int Calls)> CostAsync(int records)
    {
        var cost = 0L;
        var calls = 0;
        // The first round compiles the code.
        for (var round = 0; round < 2; round++)
        {
            await using var house = await FakeHouse.OpenAsync();
            var sent = new SentEvents(house);
            var payload = Events.Of(sent.EventOf(Lines(records).Select((line, i) => Encoding.UTF8.GetBytes(i % 10 == 7 ? $"no tick {i}" : line))));
            var consumer = house.Get<Risk.Lambda.Functions.Consumer>();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var asked = house.Table.Reads + house.Table.Writes + house.Table.Refusals;
            Assert.Empty(Events.Failures(await consumer.HandleAsync(payload, FakeHouse.Cancel)));
            (cost, calls) = (GC.GetAllocatedBytesForCurrentThread() - before, house.Table.Reads + house.Table.Writes + house.Table.Refusals - asked);
        }
        return (cost, calls);
    }

    /// <summary>Ticks of three symbols in the order of their times, a hundred to the second of each; every 50th comes a minute late.</summary>
    private static IEnumerable<string> Lines(int count) =>
        Enumerable.Range(0, count).Select(i => Line(FakeHouse.Symbols[i % 3].Text, (i / 3 * 0.01) - 200 - (i % 50 == 49 ? 60 : 0), 100 + (i % 7), i / 3));

    private static async Task<double> CloseAsync(FakeHouse house) =>
        (await new HistoryStore(house.Table, house.Archive, house.Clock).LoadCurrentAsync(FakeHouse.Cancel)).History.Find(FakeHouse.Symbols[2])![^1];
}
