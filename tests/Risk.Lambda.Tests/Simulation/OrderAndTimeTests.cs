using System.Text;
using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Lambda.Tests.Functions;
using Xunit;
using static Risk.Lambda.Tests.Simulation.SentEvents;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>Ticks out of order, clocks that are off, symbols that fall silent, a history that can't be read: rows 4, 18, 19 and 25 of docs/FAULTS.md.</summary>
public sealed class OrderAndTimeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(255)]
    public async Task Ticks_out_of_order_within_memory_and_lateness_make_the_same_windows(int distance)
    {
        var lines = Enumerable.Range(0, 2_048).Select(i => Line("AAA", i * 0.005, 100 + (i % 13), i)).ToArray();
        Assert.Equal(await WindowsAsync(lines), await WindowsAsync([.. lines.Chunk(distance + 1).SelectMany(chunk => chunk.Reverse())]));
    }

    [Fact]
    public async Task What_comes_behind_memory_or_lateness_is_late_and_counted_once()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        await sent.SendAsync([Line("AAA", 0, 100, 256), Line("BBB", 0, 100, 0), Line("BBB", 0, 100, 2)]);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        string[] late = [Line("AAA", 0, 100, 0), Line("BBB", 0.5, 100, 1)];
        await sent.SendAsync([Line("BBB", 60, 100, 3), .. late]);
        await sent.SendAsync(late);
        foreach (var (symbol, counted) in new[] { (0, 1), (1, 3) })
        {
            var state = (await sent.StateAsync(symbol))!;
            Assert.Equal((counted, 1, 1), (state.Counted, state.Late, state.Duplicates));
            Assert.Single(sent.Rows($"LATE#{FakeHouse.Symbols[symbol]}#"));
        }
    }

    [Fact]
    public async Task A_clock_that_is_off_moves_no_watermark()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        Assert.Empty(await sent.SendAsync([Line("AAA", 0, 100, 0), Line("AAA", 5.000001, 101, 1), Line("AAA", 3_600, 102, 2), Line("AAA", -86_400, 103, 3)]));
        var state = (await sent.StateAsync(0))!;
        Assert.Equal(["time_in_future", "time_in_future"], sent.Reasons());
        Assert.Equal((1, 1, EventTime.From(FakeHouse.Start - FakeHouse.Settings.Lateness)), (state.Counted, state.Late, state.Watermark));
        Assert.Single(sent.Rows("LATE#AAA#"));
        // Five seconds ahead, and behind, is within what is believed.
        await sent.SendAsync([Line("AAA", 5, 104, 4)]);
        Assert.Equal(EventTime.From(FakeHouse.Start.AddSeconds(5) - FakeHouse.Settings.Lateness), (await sent.StateAsync(0))!.Watermark);
    }

    [Fact]
    public async Task A_symbol_that_falls_silent_holds_no_other_and_is_said_to_be_stale()
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        await sent.SendAsync([Line("AAA", 0, 100, 0), Line("BBB", 0, 100, 0), Line("CCC", 0, 100, 0)]);
        for (var second = 5; second <= 600; second += 5)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(5));
            await sent.SendAsync([Line("AAA", second, 100, second), Line("CCC", second, 100, second)]);
        }
        Assert.Equal(119, sent.Rows("WIN#AAA#").Count());
        Assert.Empty(sent.Rows("WIN#BBB#"));
        var priced = (await house.Get<MeasurePortfolio>().RunAsync(AccountId.Default, FakeHouse.Cancel))!;
        Assert.Equal([FakeHouse.Symbols[1]], priced.StaleSymbols);
        await sent.SendAsync([Line("BBB", 600, 100, 1)]);
        Assert.Single(sent.Rows("WIN#BBB#"));
        Assert.Empty((await house.Get<MeasurePortfolio>().RunAsync(AccountId.Default, FakeHouse.Cancel))!.StaleSymbols);
    }

    [Theory]
    [InlineData("missing", false)]
    [InlineData("missing", true)]
    [InlineData("damaged", false)]
    [InlineData("damaged", true)]
    [InlineData("another version", false)]
    [InlineData("another version", true)]
    public async Task A_history_that_cannot_be_read_leaves_the_risk_that_stands(string fault, bool isColdStart)
    {
        await using var house = await FakeHouse.OpenAsync();
        var sent = new SentEvents(house);
        await sent.SendAsync([Line("AAA", 0, 100, 0)]);
        var snapshots = new SnapshotStore(house.Table);
        var before = (await snapshots.FindLatestAsync(AccountId.Default, FakeHouse.Cancel))!.Value;
        var old = await house.Archive.GetAsync(Assert.Single(await house.Archive.ListAsync("history/", FakeHouse.Cancel)), FakeHouse.Cancel);
        await new HistoryStore(house.Table, house.Archive, house.Clock).ReviseAsync(x => x with { Closes = [.. x.Closes.Select(row => row.Reverse().ToArray())] }, FakeHouse.Cancel);
        foreach (var name in await house.Archive.ListAsync("history/", FakeHouse.Cancel))
            if (fault == "missing") house.Archive.Lose(name);
            else await house.Archive.PutAsync(name, fault == "damaged" ? Encoding.ASCII.GetBytes("damaged") : old, FakeHouse.Cancel);
        await using var later = isColdStart ? house.Restarted() : null;
        var again = later is null ? sent : new SentEvents(later, 2_000_000);
        Assert.Empty(await (later is null ? sent.SendAsync([Line("AAA", 1, 101, 1)]) : again.SendAsync([Line("AAA", 1, 101, 1, "other")])));
        Assert.Equal(2, (await sent.StateAsync(0))!.Counted);
        var after = (await snapshots.FindLatestAsync(AccountId.Default, FakeHouse.Cancel))!.Value;
        Assert.Equal((before.Version.History, before.Observations), (after.Version.History, after.Observations));
        Assert.NotNull(after.At95.Var.Value);
        Assert.Contains((later ?? house).Lines, line => line.GetRawText().Contains("can't be read", StringComparison.Ordinal));
    }

    /// <summary>All windows of AAA, stored and open, once every record has come by itself.</summary>
    private static async Task<List<string>> WindowsAsync(string[] lines)
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(20));
        var sent = new SentEvents(house);
        foreach (var batch in lines.Chunk(100)) Assert.Empty(await sent.SendAsync(batch));
        var state = (await sent.StateAsync(0))!;
        Assert.Equal((lines.Length, 0, 0), (state.Counted, state.Late, state.Duplicates));
        var open = state.Windows.Where(window => window.End > state.Watermark);
        return [.. sent.Rows("WIN#AAA#").Select(WindowStore.Read).Concat(open).OrderBy(x => x.Start).Select(x => $"{x.Start} {x.Count} {x.PriceSum} {x.VolumeSum} {x.Open} {x.High} {x.Low} {x.Close}")];
    }
}
