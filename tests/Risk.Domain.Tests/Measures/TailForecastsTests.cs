using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class TailForecastsTests
{
    /// <summary>Python: sample deviation of [−1, 0, 1, 2, 3] = 1.5811388300841898, z(0.95) = 1.6448536269514722; the mean of 1 has no part.</summary>
    [Fact]
    public void The_normal_method_uses_the_deviation_of_its_window()
    {
        var (var, shortfall) = TailForecasts.Normal(0.95m)([-1, 0, 1, 2, 3])!.Value;
        Assert.Equal(1.5811388300841898 * 1.6448536269514722, var, 1e-12);
        Assert.Equal(1.5811388300841898 * 0.10313564037537139 / 0.05, shortfall!.Value, 1e-12);
    }

    [Fact]
    public void Without_decay_ageing_and_scaling_are_plain_history()
    {
        var random = new Random(3);
        double[] past = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble() - 0.5)];
        Assert.Equal(ExpectedShortfall.Of(past, 0.95m)!.Value, TailForecasts.AgeWeighted(0.95m, 1)(past)!.Value.Shortfall!.Value, 1e-12);
        var (var, shortfall) = TailForecasts.VolatilityScaled(0.95m, 1)(past)!.Value;
        Assert.Equal(HistoricalVar.Of(past, 0.95m), var, 1e-12);
        Assert.Equal(ExpectedShortfall.Of(past, 0.95m)!.Value, shortfall!.Value, 1e-12);
    }

    [Fact]
    public void Cornish_and_Fisher_of_symmetric_moments_bend_nothing_but_the_kurtosis()
    {
        double[] past = [-3, -1, -1, 0, 0, 1, 1, 3];
        var moments = CornishFisher.Of(past);
        Assert.Equal(moments.Var(0.99m), TailForecasts.CornishFisher(0.99m)(past)!.Value.Var, 1e-15);
        Assert.True(TailForecasts.CornishFisher(0.99m)(past) is var (var, shortfall) && shortfall >= var);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_confidence_outside_the_unit_interval_is_refused_at_once(int confidence)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.AgeWeighted(confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.VolatilityScaled(confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.Normal(confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.CornishFisher(confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.FilteredGarch(confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.StudentT(confidence, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.FittedStudentT(confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailForecasts.Simulated(confidence, null, 100, 1));
    }

    /// <summary>By hand: two exceedances in four days, worse than a 95 % VaR allows; Z₂ = (−3/2 − 4/2)/(4·0.05) + 1.</summary>
    [Fact]
    public void A_backtest_gathers_all_tests_of_one_sequence()
    {
        var result = BacktestResult.Of([-3, 1, -4, 2], [1, 1, 1, 1], [2, 2, 2, 2], 0.95m);
        Assert.Equal((4, 2, Zone.Yellow), (result.Test.Days, result.Test.Exceedances, result.Zone));
        Assert.Equal(0.2, result.Expected, 1e-15);
        Assert.Equal(-16.5, result.Shortfall!.Z2, 1e-12);
        Assert.Equal([true, false, true, false], result.Timeline.Select(x => x.Exceeded));
        Assert.Null(BacktestResult.Of([-3], [1], [null], 0.95m).Shortfall);
        Assert.Null(BacktestResult.Of([-3], [1], [0], 0.95m).Shortfall);
    }
}
