using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class WalkForwardTests
{
    [Fact]
    public void A_forecast_sees_the_days_before_it_alone()
    {
        double[] pnl = [1, 2, 3, 4, 5];
        var seen = new List<double[]>();
        var run = WalkForward.Of(pnl, 3, past =>
        {
            seen.Add(past.ToArray());
            return (past[0], null);
        });
        Assert.Equal([[1, 2, 3], [2, 3, 4]], seen);
        Assert.Equal([3, 4], run.Days);
        Assert.Equal([4, 5], run.Pnl);
        Assert.Equal([1, 2], run.Var);
        Assert.Equal([null, null], run.Shortfall);
    }

    [Fact]
    public void What_comes_later_changes_no_forecast()
    {
        var pnl = Series(200);
        var run = WalkForward.Of(pnl, 100, WalkForward.Historical(0.95m));
        var other = WalkForward.Of([.. pnl[..150], .. pnl[150..].Select(x => -7 * x)], 100, WalkForward.Historical(0.95m));
        Assert.Equal(run.Var[..51], other.Var[..51]);
        Assert.NotEqual(run.Var[51..], other.Var[51..]);
    }

    [Fact]
    public void Historical_simulation_of_the_window_is_the_forecast()
    {
        var pnl = Series(120);
        var run = WalkForward.Of(pnl, 100, WalkForward.Historical(0.95m, QuantileConvention.KthWorst, ShortfallConvention.MeanWorstK));
        Assert.Equal(20, run.Var.Length);
        Assert.Equal(HistoricalVar.Of(pnl.AsSpan(7, 100), 0.95m, QuantileConvention.KthWorst), run.Var[7]);
        Assert.Equal(ExpectedShortfall.Of(pnl.AsSpan(7, 100), 0.95m, ShortfallConvention.MeanWorstK), run.Shortfall[7]);
    }

    [Fact]
    public void Windows_in_which_nothing_moves_are_counted()
    {
        double[] pnl = [1, 1, 1, 1, 2, 1, 1, 1, 3];
        Assert.Equal(3, WalkForward.Of(pnl, 3, WalkForward.Historical(0.95m)).ConstantWindows);
        Assert.Equal(0, WalkForward.Of(pnl.AsSpan(0, 3), 3, WalkForward.Historical(0.95m)).ConstantWindows);
    }

    [Fact]
    public void A_day_without_a_forecast_is_left_out_and_counted()
    {
        double[] pnl = [1, 2, 3, 4, 5, 6];
        var run = WalkForward.Of(pnl, 2, past => past[0] switch { 2 => null, 3 => (double.NaN, 1), var x => (x, x == 1 ? double.PositiveInfinity : 7) });
        Assert.Equal([2, 5], run.Days);
        Assert.Equal([3, 6], run.Pnl);
        Assert.Equal([1, 4], run.Var);
        Assert.Equal([null, 7], run.Shortfall);
        Assert.Equal(2, run.DaysWithoutForecast);
    }

    // By exchangeability the next of independent days exceeds the k-th worst of n with probability k/(n + 1).
    [Fact]
    public void Independent_days_exceed_the_var_as_often_as_they_should()
    {
        var pnl = Series(20_100);
        var run = WalkForward.Of(pnl, 99, WalkForward.Historical(0.95m, QuantileConvention.KthWorst));
        var test = VarBacktest.Of(VarBacktest.ExceededBy(run.Pnl, run.Var), 0.05);
        Assert.False(test.Coverage.RejectedAt(0.01));
    }

    [Fact]
    public void Too_few_days_have_no_forecast()
    {
        Assert.Empty(WalkForward.Of([1, 2], 2, WalkForward.Historical(0.95m)).Var);
        Assert.Empty(WalkForward.Of([], 2, WalkForward.Historical(0.95m)).Pnl);
        Assert.Throws<ArgumentOutOfRangeException>(() => WalkForward.Of([1, 2], 0, WalkForward.Historical(0.95m)));
        Assert.Throws<ArgumentOutOfRangeException>(() => WalkForward.Historical(1));
    }

    private static double[] Series(int count)
    {
        var random = new Random(20_261_120);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
