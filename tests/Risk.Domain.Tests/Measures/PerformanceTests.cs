using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class PerformanceTests
{
    // By hand: excess 0.02, −0.01, 0.03 with a risk-free rate of zero; mean 4/300, sample variance 13/30000, four periods a year.
    [Fact]
    public void Is_what_a_pencil_gives()
    {
        var performance = Performance.Of([0.02, -0.01, 0.03], 0, 4);
        var mean = 0.04 / 3;
        var sd = Math.Sqrt(13.0 / 30_000);
        Assert.Equal(Math.Pow(1.02 * 0.99 * 1.03, 4.0 / 3) - 1, performance.AnnualReturn, 1e-15);
        Assert.Equal(2 * sd, performance.AnnualVolatility!.Value, 1e-15);
        Assert.Equal(2 * mean / sd, performance.Sharpe!.Value, 1e-12);
        Assert.Equal(performance.AnnualReturn / (2 * sd), performance.SharpeGeometric!.Value, 1e-12);
        Assert.Equal(0.01 / Math.Sqrt(3), performance.DownsideDeviation!.Value, 1e-15);
        Assert.Equal(0.01, performance.DownsideDeviationOfShortfalls!.Value, 1e-15);
        Assert.Equal(2 * mean / (0.01 / Math.Sqrt(3)), performance.Sortino!.Value, 1e-12);
        Assert.Equal(performance.AnnualReturn / 0.01, performance.Calmar!.Value, 1e-10);
    }

    [Fact]
    public void What_has_no_denominator_is_null()
    {
        var still = Performance.Of([0.01, 0.01], 0, 252);
        Assert.Null(still.Sharpe);
        Assert.Null(still.SharpeGeometric);
        Assert.Null(still.Sortino);
        Assert.Null(still.Calmar);
        Assert.Null(still.DownsideDeviationOfShortfalls);
        Assert.Equal(0, still.DownsideDeviation);
    }

    [Fact]
    public void Where_squares_underflow_there_is_no_deviation_and_no_ratio()
    {
        double[] returns = [1e-200, -2e-200, 3e-200], usual = [0.01, -0.02, 0.03];
        var tiny = Performance.Of(returns, 0);
        Assert.Equal((null, null, null), (tiny.AnnualVolatility, tiny.DownsideDeviation, tiny.DownsideDeviationOfShortfalls));
        Assert.Equal((null, null, null, 0), (tiny.Sharpe, tiny.SharpeGeometric, tiny.Sortino, tiny.AnnualReturn));
        // Squares that keep but a few of their digits are no better.
        Assert.Null(Performance.Of([1e-160, -2e-160, 3e-160], 0).AnnualVolatility);
        var comparison = BenchmarkComparison.Of(returns, returns, 0);
        Assert.Equal((null, null, null), (comparison.Beta, comparison.AlphaPerPeriod, comparison.RSquared));
        Assert.Equal((0, 3), (comparison.TrackingErrorAnnual, comparison.Up.Periods + comparison.Down.Periods));
        Assert.Equal((null, null), (BenchmarkComparison.Of(returns, [-1e-200, 0, 0], 0).TrackingErrorAnnual, BenchmarkComparison.Of(returns, usual, 0).RSquared));
    }

    [Fact]
    public void A_total_loss_is_minus_one_a_year_and_stays_one()
    {
        var lost = Performance.Of([0.1, -1, 0.5], 0.06);
        Assert.Equal(-1, lost.AnnualReturn);
        Assert.Equal(-1, lost.SharpeGeometric!.Value * lost.AnnualVolatility!.Value, 1e-12);
        Assert.Equal(1, lost.Drawdown.Depth);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Performance.Of([0.1], 0));
        Assert.Throws<ArgumentException>(() => Performance.Of([0.1, -1.1], 0));
        Assert.Throws<ArgumentException>(() => Performance.Of([0.1, double.NaN], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Performance.Of([0.1, 0.2], 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Performance.Of([0.1, 0.2], double.NaN));
    }

    [Fact]
    public void A_series_against_itself_is_its_benchmark()
    {
        double[] returns = [0.02, -0.01, 0.03, -0.02];
        var comparison = BenchmarkComparison.Of(returns, returns, 0.06);
        Assert.Equal(1, comparison.Beta!.Value, 1e-14);
        Assert.Equal(0, comparison.AlphaAnnual!.Value, 1e-14);
        Assert.Equal(1, comparison.RSquared!.Value, 1e-14);
        Assert.Equal(0, comparison.TrackingErrorAnnual);
        Assert.Null(comparison.InformationRatio);
        Assert.Equal(new Capture(2, 1, 1, 1), comparison.Up);
        Assert.Equal(new Capture(2, 1, 1, 1), comparison.Down);
    }

    [Fact]
    public void Twice_the_benchmark_plus_a_bit_has_that_beta_and_alpha()
    {
        double[] benchmark = [0.02, -0.01, 0.03, -0.02, 0];
        var comparison = BenchmarkComparison.Of([.. benchmark.Select(b => 2 * b + 0.001)], benchmark, 0, 252);
        Assert.Equal(2, comparison.Beta!.Value, 1e-12);
        Assert.Equal(0.001, comparison.AlphaPerPeriod!.Value, 1e-15);
        Assert.Equal(0.252, comparison.AlphaAnnual!.Value, 1e-12);
        Assert.Equal(Math.Pow(1.001, 252) - 1, comparison.AlphaAnnualCompounded!.Value, 1e-11);
        Assert.Equal(2 + 0.001 / 0.025, comparison.Up.Mean!.Value, 1e-12);
        Assert.Equal((2, 2), (comparison.Up.Periods, comparison.Down.Periods));
    }

    [Fact]
    public void A_benchmark_that_never_moves_has_no_beta_and_no_capture()
    {
        var comparison = BenchmarkComparison.Of([0.02, -0.01, 0.01], [0, 0, 0], 0.06);
        Assert.Null(comparison.Beta);
        Assert.Null(comparison.AlphaPerPeriod);
        Assert.Null(comparison.RSquared);
        Assert.Equal(new Capture(0, null, null, null), comparison.Up);
        Assert.Equal(comparison.Up, comparison.Down);
        Assert.Throws<ArgumentException>(() => BenchmarkComparison.Of([0.1, 0.2], [0.1], 0));
    }
}
