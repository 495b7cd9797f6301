using Risk.Domain.Prices;
using Xunit;
using static Risk.Domain.Tests.Prices.Ticks;

namespace Risk.Domain.Tests.Prices;

public sealed class PriceWindowTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(4_999_999, 0)]
    [InlineData(5_000_000, 5_000_000)]
    [InlineData(-1, -5_000_000)]
    [InlineData(-5_000_000, -5_000_000)]
    public void Starts_at_a_multiple_of_five_seconds_since_the_epoch(long time, long start) =>
        Assert.Equal(start, PriceWindow.StartOf(new EventTime(time)).Microseconds);

    [Fact]
    public void Holds_exact_sums_and_reads_averages_off_them()
    {
        var window = WindowOf(At(0, 100.10m, 3), At(1, 100.30m, 1), At(2, 99.70m, 0));
        Assert.Equal(3, window.Count);
        Assert.Equal(4m, window.Volume);
        Assert.Equal(100.15m, window.Vwap);
        Assert.Equal(100.03333333m, decimal.Round(window.Average, 8));
        Assert.Equal((100.10m, 100.30m, 99.70m, 99.70m), (window.Open.ToDecimal(), window.High.ToDecimal(), window.Low.ToDecimal(), window.Close.ToDecimal()));
    }

    [Fact]
    public void Averages_prices_where_nothing_was_traded()
    {
        var window = WindowOf(At(0, 10m, 0), At(1, 20m, 0));
        Assert.Equal(15m, window.Vwap);
    }

    [Fact]
    public void Opens_and_closes_by_event_time_and_breaks_ties_by_source_epoch_and_sequence()
    {
        var tied = new[] { At(3, 1m, sequence: 9), At(3, 2m, sequence: 8), At(3, 3m, sequence: 10) };
        foreach (var order in Permutations(tied))
        {
            var window = WindowOf(order);
            Assert.Equal((2m, 3m), (window.Open.ToDecimal(), window.Close.ToDecimal()));
        }
    }

    [Fact]
    public void Holds_the_largest_prices_and_volumes_that_are_believed()
    {
        var window = new PriceWindow(new EventTime(0));
        var tick = At(0, 1_000_000_000m, 1_000_000m);
        for (var i = 0; i < 100_000; i++) window.Add(tick);
        Assert.Equal(1_000_000_000m, window.Vwap);
        Assert.Equal(1_000_000_000m, window.Average);
    }

    private static PriceWindow WindowOf(params Tick[] ticks)
    {
        var window = new PriceWindow(new EventTime(0));
        foreach (var tick in ticks) window.Add(tick);
        return window;
    }

    private static IEnumerable<Tick[]> Permutations(Tick[] x) =>
        [[x[0], x[1], x[2]], [x[0], x[2], x[1]], [x[1], x[0], x[2]], [x[1], x[2], x[0]], [x[2], x[0], x[1]], [x[2], x[1], x[0]]];
}
