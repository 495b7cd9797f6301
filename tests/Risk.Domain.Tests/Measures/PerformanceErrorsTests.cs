using MathNet.Numerics.Distributions;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class PerformanceErrorsTests
{
    private const double RiskFree = 0.03, Periods = 52;

    /// <summary>Figures and their errors beside each other, by name.</summary>
    private static readonly (string Name, Func<Sample, double?> Figure, Func<Sample, double?> Error)[] All =
    [
        ("annual return", x => x.Own.AnnualReturn, x => x.Errors.AnnualReturn),
        ("volatility", x => x.Own.AnnualVolatility, x => x.Errors.AnnualVolatility),
        ("Sharpe", x => x.Own.Sharpe, x => x.Errors.Sharpe),
        ("geometric Sharpe", x => x.Own.SharpeGeometric, x => x.Errors.SharpeGeometric),
        ("Sortino", x => x.Own.Sortino, x => x.Errors.Sortino),
        ("downside", x => x.Own.DownsideDeviation, x => x.Errors.DownsideDeviation),
        ("downside of shortfalls", x => x.Own.DownsideDeviationOfShortfalls, x => x.Errors.DownsideDeviationOfShortfalls),
        ("beta", x => x.Beside.Beta, x => x.Besides.Beta),
        ("alpha", x => x.Beside.AlphaPerPeriod, x => x.Besides.AlphaPerPeriod),
        ("compounded alpha", x => x.Beside.AlphaAnnualCompounded, x => x.Besides.AlphaAnnualCompounded),
        ("R²", x => x.Beside.RSquared, x => x.Besides.RSquared),
        ("tracking error", x => x.Beside.TrackingErrorAnnual, x => x.Besides.TrackingErrorAnnual),
        ("information ratio", x => x.Beside.InformationRatio, x => x.Besides.InformationRatio),
        ("geometric information ratio", x => x.Beside.InformationRatioGeometric, x => x.Besides.InformationRatioGeometric),
        ("up capture", x => x.Beside.Up.Mean, x => x.Besides.UpMean),
        ("down capture", x => x.Beside.Down.Mean, x => x.Besides.DownMean),
    ];

    /// <summary>Skewed returns with fat tails, and residuals that grow with the benchmark's move: no formula for normal returns would do.</summary>
    [Fact]
    public void Every_error_is_the_spread_of_its_figure_over_repeated_samples()
    {
        var random = new Random(20_261_121);
        var samples = Enumerable.Range(0, 3_000).Select(_ => Sample.Draw(random, 500)).ToArray();
        Assert.Empty(Apart(0.06, All.Select(x =>
            (x.Name, samples.Average(sample => x.Error(sample)!.Value), Volatility.Sample([.. samples.Select(sample => x.Figure(sample)!.Value)])))));
    }

    [Fact]
    public void Every_error_is_that_of_leaving_each_period_out()
    {
        var whole = Sample.Draw(new Random(3), 2_000);
        var without = Enumerable.Range(0, 2_000).Select(whole.Without).ToArray();
        Assert.Empty(Apart(0.01, All.Select(x =>
            (x.Name, x.Error(whole)!.Value, Math.Sqrt(Volatility.PopulationVariance([.. without.Select(sample => x.Figure(sample)!.Value)]) * 1_999)))));
    }

    /// <summary>Lo, The Statistics of Sharpe Ratios (2002), table 1: 0.137 for a ratio of 0.5 over 60 periods, returns normal.</summary>
    [Fact]
    public void The_error_of_a_Sharpe_ratio_of_normal_returns_is_the_published_one()
    {
        const int Count = 20_001;
        var errors = PerformanceErrors.Of([.. Enumerable.Range(0, Count).Select(i => 0.01 * (0.5 + Normal.InvCDF(0, 1, (i + 0.5) / Count)))], 0, 1);
        Assert.Equal(0.137, errors.Sharpe!.Value * Math.Sqrt(Count / 60.0), 0.0005);
    }

    [Fact]
    public void Sharpe_and_volatility_have_the_errors_of_skewness_and_kurtosis()
    {
        var x = Sample.Draw(new Random(5), 300);
        double[] e = [.. x.Returns.Select(r => r - RiskFree / Periods)];
        double Moment(int k) => e.Average(r => Math.Pow(r - e.Average(), k));
        var (sd, n) = (Volatility.Sample(e), e.Length);
        var (skewness, kurtosis, ratio) = (Moment(3) / Math.Pow(Moment(2), 1.5), Moment(4) / Math.Pow(Moment(2), 2), e.Average() / sd);
        Assert.Equal(sd * Math.Sqrt((kurtosis - 1) / (4 * n)) * Math.Sqrt(Periods), x.Errors.AnnualVolatility!.Value, 1e-12);
        // Mertens (2002); its deviation has the divisor n.
        var mertens = Math.Sqrt((1 + ratio * ratio / 2 - ratio * skewness + ratio * ratio * (kurtosis - 3) / 4) / n) * Math.Sqrt(Periods);
        Assert.Equal(mertens, x.Errors.Sharpe!.Value, mertens / n);
    }

    /// <summary>(X'X)⁻¹ X' diag(ε²) X (X'X)⁻¹ written out for an intercept and a slope.</summary>
    [Fact]
    public void Beta_and_alpha_have_the_errors_of_White()
    {
        var s = Sample.Draw(new Random(7), 250);
        double[] x = [.. s.Benchmark.Select(b => b - RiskFree / Periods)], y = [.. s.Returns.Select(r => r - RiskFree / Periods)];
        double[] residuals = [.. y.Zip(x, (own, its) => own - s.Beside.AlphaPerPeriod!.Value - s.Beside.Beta!.Value * its)];
        double Sum(int power, double[] weights) => x.Zip(weights, (b, w) => Math.Pow(b, power) * w).Sum();
        double[] ones = [.. x.Select(_ => 1.0)], squares = [.. residuals.Select(e => e * e)];
        var (n, sx, sxx) = (Sum(0, ones), Sum(1, ones), Sum(2, ones));
        var determinant = n * sxx - sx * sx;
        // Row of (X'X)⁻¹ times the middle times the row again.
        double White(double a, double b) => Math.Sqrt(a * a * Sum(0, squares) + 2 * a * b * Sum(1, squares) + b * b * Sum(2, squares));
        Assert.Equal(White(-sx / determinant, n / determinant), s.Besides.Beta!.Value, 1e-12);
        Assert.Equal(White(sxx / determinant, -sx / determinant), s.Besides.AlphaPerPeriod!.Value, 1e-12);
    }

    [Fact]
    public void What_has_no_denominator_and_no_logarithm_has_no_error()
    {
        var still = PerformanceErrors.Of([0.01, 0.01, 0.01], 0);
        Assert.Equal((0, null, null, null), (still.AnnualReturn, still.AnnualVolatility, still.Sharpe, still.DownsideDeviation));
        var lost = PerformanceErrors.Of([0.1, -1, 0.5, 0.2], 0.06);
        Assert.Equal((null, null), (lost.AnnualReturn, lost.SharpeGeometric));
        Assert.NotNull(lost.Sharpe);
        var besides = ComparisonErrors.Of([0.02, -0.01, 0.01], [0.01, 0.01, 0.01], 0.06);
        Assert.Equal((null, null, null, null), (besides.Beta, besides.AlphaPerPeriod, besides.RSquared, besides.DownMean));
        Assert.Throws<ArgumentException>(() => ComparisonErrors.Of([0.1, 0.2], [0.1], 0));
    }

    /// <summary>Fourth powers of 1e-90 underflow, squares do not.</summary>
    [Fact]
    public void Small_returns_have_the_errors_of_large_ones()
    {
        double[] returns = [0.02, -0.01, 0.03, -0.02, 0.01], benchmark = [0.01, -0.02, 0.01, 0.02, -0.01];
        double[] Small(double[] x) => [.. x.Select(r => r * 1e-90)];
        var (errors, small) = (PerformanceErrors.Of(returns, 0), PerformanceErrors.Of(Small(returns), 0));
        foreach (var (large, tiny) in ((double?, double?)[])[(errors.AnnualVolatility, small.AnnualVolatility), (errors.DownsideDeviation, small.DownsideDeviation)])
            Assert.Equal(1, tiny!.Value / large!.Value * 1e90, 1e-9);
        Assert.Equal(1, small.Sharpe!.Value / errors.Sharpe!.Value, 1e-9);
        var (besides, smaller) = (ComparisonErrors.Of(returns, benchmark, 0), ComparisonErrors.Of(Small(returns), Small(benchmark), 0));
        Assert.Equal(1, smaller.Beta!.Value / besides.Beta!.Value, 1e-9);
        Assert.Equal(1, smaller.RSquared!.Value / besides.RSquared!.Value, 1e-9);
    }

    private static IEnumerable<string> Apart(double most, IEnumerable<(string Name, double Error, double Spread)> pairs) =>
        pairs.Where(x => !(Math.Abs(x.Error / x.Spread - 1) < most)).Select(x => FormattableString.Invariant($"{x.Name}: {x.Error / x.Spread - 1:P2}"));

    private sealed class Sample(double[] returns, double[] benchmark)
    {
        public double[] Returns => returns;

        public double[] Benchmark => benchmark;

        public Performance Own { get; } = Performance.Of(returns, RiskFree, Periods);

        public BenchmarkComparison Beside { get; } = BenchmarkComparison.Of(returns, benchmark, RiskFree, Periods);

        public PerformanceErrors Errors { get; } = PerformanceErrors.Of(returns, RiskFree, Periods);

        public ComparisonErrors Besides { get; } = ComparisonErrors.Of(returns, benchmark, RiskFree, Periods);

        public static Sample Draw(Random random, int count)
        {
            var (returns, benchmark) = (new double[count], new double[count]);
            for (var t = 0; t < count; t++)
            {
                var (z, own) = (Normal.Sample(random, 0, 1), Normal.Sample(random, 0, 1));
                benchmark[t] = 0.002 + 0.02 * (z - 0.2 * (z * z - 1));
                returns[t] = 0.003 + 0.8 * benchmark[t] + 0.008 * own * (0.5 + Math.Abs(z)) + 0.002 * (own * own - 1);
            }
            return new Sample(returns, benchmark);
        }

        public Sample Without(int period) => new([.. returns.Where((_, t) => t != period)], [.. benchmark.Where((_, t) => t != period)]);
    }
}
