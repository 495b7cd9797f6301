using Risk.Domain.Prices;
using Xunit;

namespace Risk.Domain.Tests.Prices;

public sealed class TumblingWindowsTests
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_tick_on_the_boundary_opens_the_new_window()
    {
        var (windows, dropped) = new TumblingWindows(FiveSeconds).Aggregate([Tick(4999, 10, 1), Tick(5000, 20, 3), Tick(9999, 40, 1)]);
        Assert.Empty(dropped);
        Assert.Equal([0, 5_000_000], windows.Select(x => x.Start.Microseconds));
        Assert.Equal(25, windows[1].Vwap);
        Assert.Equal(30, windows[1].Average);
        Assert.Equal(4, windows[1].Volume);
        Assert.Equal((2, 20m, 40m), (windows[1].Count, windows[1].Low.ToDecimal(), windows[1].High.ToDecimal()));
    }

    [Fact]
    public void Opens_and_closes_by_event_time_and_ties_by_arrival()
    {
        var window = Assert.Single(new TumblingWindows(FiveSeconds).Aggregate([Tick(20, 3, 1), Tick(10, 1, 1), Tick(10, 2, 1), Tick(30, 5, 1), Tick(30, 4, 1), Tick(25, 6, 1)]).Windows);
        Assert.Equal((1m, 4m), (window.Open.ToDecimal(), window.Close.ToDecimal()));
    }

    [Fact]
    public void Nothing_traded_leaves_the_mean_price() =>
        Assert.Equal(1.5, Assert.Single(new TumblingWindows(FiveSeconds).Aggregate([Tick(1, 1, 0), Tick(2, 2, 0)]).Windows).Vwap);

    [Fact]
    public void A_tick_is_dropped_when_the_watermark_of_all_symbols_reached_the_end_of_its_window()
    {
        WindowTick[] ticks = [Tick(0, 1, 1), Tick(7000, 1, 1, symbol: 1), Tick(4999, 1, 1), Tick(6999, 1, 1)];
        Assert.Equal([2], new TumblingWindows(FiveSeconds, TimeSpan.FromMilliseconds(2000)).Aggregate(ticks).Dropped);
        Assert.Empty(new TumblingWindows(FiveSeconds, TimeSpan.FromMilliseconds(2001)).Aggregate(ticks).Dropped);
        Assert.Empty(new TumblingWindows(FiveSeconds).Aggregate(ticks).Dropped);
    }

    [Fact]
    public void Windows_come_by_symbol_and_start_and_empty_ones_do_not_come()
    {
        var (windows, _) = new TumblingWindows(FiveSeconds).Aggregate([Tick(20_000, 1, 1, symbol: 1), Tick(20_000, 1, 1), Tick(0, 1, 1), Tick(-1, 1, 1)]);
        Assert.Equal([(0, -5_000_000), (0, 0), (0, 20_000_000), (1, 20_000_000L)], windows.Select(x => (x.Symbol, x.Start.Microseconds)));
        Assert.Empty(new TumblingWindows(FiveSeconds).Aggregate([]).Windows);
    }

    [Fact]
    public void Ticks_out_of_order_are_counted_as_grouping_them_would()
    {
        var random = new Random(9);
        WindowTick[] ticks = [.. Enumerable.Range(0, 5_000).Select(i => Tick(i * 20 + random.Next(-4_000, 4_000), 1 + random.Next(1_000), random.Next(3), random.Next(7)))];
        var (windows, _) = new TumblingWindows(FiveSeconds).Aggregate(ticks);
        var expected = ticks.GroupBy(x => (x.Symbol, Start: Math.Floor(x.Time.Microseconds / 5e6) * 5e6)).OrderBy(x => x.Key).ToList();
        Assert.Equal(expected.Select(x => (x.Key, x.Count())), windows.Select(x => ((x.Symbol, (double)x.Start.Microseconds), x.Count)));
        Assert.Equal(expected.Select(x => (x.Min(t => t.Price.E8), x.Max(t => t.Price.E8))), windows.Select(x => (x.Low.E8, x.High.E8)));
        Assert.Equal(expected.Select(x => x.Average(t => t.Price.ToDecimal())), windows.Select(x => (decimal)x.Average), (a, b) => Math.Abs(a - b) < 1e-9m);
        Assert.Equal(expected.Select(x => x.Sum(t => t.Volume.ToDecimal())), windows.Select(x => (decimal)x.Volume));
    }

    [Fact]
    public void Allocates_by_the_window_and_not_by_the_tick()
    {
        WindowTick[] few = [.. Enumerable.Range(0, 1_000).Select(i => Tick(i * 10, 1, 1, i % 4))], many = [.. few, .. few, .. few];
        Allocated(few);
        Allocated(many);
        Assert.Equal(Allocated(few), Allocated(many));
    }

    [Fact]
    public void A_window_of_no_length_and_a_negative_lateness_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TumblingWindows(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TumblingWindows(FiveSeconds, TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Sums_are_exact_where_they_leave_64_bits()
    {
        WindowTick[] ticks = [.. Enumerable.Range(0, 100).Select(i => new WindowTick(0, default, new Price(Price.Max.E8 - i), new Volume(Volume.Max.E6 - 3 * i)))];
        var window = Assert.Single(new TumblingWindows(FiveSeconds).Aggregate(ticks).Windows);
        var volume = ticks.Aggregate(Int128.Zero, (sum, x) => sum + x.Volume.E6);
        Assert.Equal((double)ticks.Aggregate(Int128.Zero, (sum, x) => sum + (Int128)x.Price.E8 * x.Volume.E6) / (double)volume / Price.One, window.Vwap);
        Assert.Equal((double)ticks.Aggregate(Int128.Zero, (sum, x) => sum + x.Price.E8) / ticks.Length / Price.One, window.Average);
        Assert.Equal((double)volume / Volume.One, window.Volume);
    }

    [Fact]
    public void A_tick_of_a_negative_price_or_volume_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tick(0, -0.01m, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tick(0, 1, -0.01m));
    }

    private static long Allocated(WindowTick[] ticks)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        new TumblingWindows(FiveSeconds).Aggregate(ticks);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static WindowTick Tick(long milliseconds, decimal price, decimal volume, int symbol = 0) =>
        new(symbol, EventTime.FromMilliseconds(milliseconds), Price.From(price), Volume.From(volume));
}
