using MathNet.Numerics.Distributions;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>How far volatilities, covariances and correlations are off: against closed forms, against leaving each day out, against repeated samples.</summary>
public sealed class VolatilityErrorsTests
{
    private static readonly double[][] Series = Sample(3, 2_000, [[1, 0, 0], [0.6, 0.5, 0], [-0.3, 0.2, 2]]);

    [Fact]
    public void Of_a_normal_volatility_it_is_the_volatility_over_the_root_of_two_n()
    {
        const int Count = 20_001;
        double[] returns = [.. Enumerable.Range(0, Count).Select(i => 0.3 + 2 * Normal.InvCDF(0, 1, (i + 0.5) / Count))];
        Assert.Equal(2 / Math.Sqrt(2.0 * Count), VolatilityErrors.Sample(returns), 0.005 * 2 / Math.Sqrt(2.0 * Count));
        Assert.Equal(0, VolatilityErrors.Sample([0.1, 0.1, 0.1]));
    }

    [Fact]
    public void Of_fat_tails_it_is_that_of_leaving_each_return_out()
    {
        var returns = Series[0].Select(x => x * x * x).ToArray();
        Assert.Equal(Jackknife(t => Volatility.Sample(Without(returns, t))), VolatilityErrors.Sample(returns), 0.03 * VolatilityErrors.Sample(returns));
    }

    [Theory]
    [InlineData(0.94, 400)]
    [InlineData(0.98, 40)]
    [InlineData(1, 50)]
    public void The_squared_weights_are_those_that_the_variances_give(double lambda, int count)
    {
        double Recursive(int t) => Ewma.Variances(Unit(t, count), lambda)[^1];
        double Even(int t) => Ewma.NormalisedVariance(Unit(t, count), lambda);
        double Seeded(int t) => Ewma.Forecasts(Unit(t, count), lambda, 1.0 / count)[^1] - 1.0 / count;
        double Sum(Func<int, double> weight) => Enumerable.Range(0, count).Sum(t => weight(t) * weight(t));
        Assert.Equal(Sum(Recursive), Ewma.SquaredWeights(count, lambda)[^1], 1e-12);
        Assert.Equal(Sum(Even), Ewma.NormalisedSquaredWeights(count, lambda), 1e-12);
        Assert.Equal(Sum(Seeded), Ewma.SquaredWeightsAboutMean(count, lambda), 1e-12);
        Assert.Equal(1, Ewma.SquaredWeights(count, lambda)[0]);
    }

    /// <summary>t with nine degrees of freedom has a fourth moment of 4.2: √(3.2 · (1 − λ)/(1 + λ)).</summary>
    [Fact]
    public void The_error_of_an_exponentially_weighted_variance_is_the_spread_of_repeated_samples()
    {
        var random = new Random(8);
        const int Samples = 2_000, Count = 300;
        var (variances, errors) = (new double[Samples], new double[Samples]);
        for (var i = 0; i < Samples; i++)
        {
            var sample = new double[Count];
            StudentT.Samples(random, sample, 0, Math.Sqrt(7.0 / 9), 9);
            variances[i] = Ewma.Variances(sample, 0.94)[^1];
            errors[i] = VolatilityErrors.OfWeighted(sample, Ewma.SquaredWeights(Count, 0.94)[^1]);
        }
        var spread = Volatility.Sample(variances);
        Assert.Equal(Math.Sqrt(3.2 * 0.06 / 1.94), spread, 0.1 * spread);
        Assert.Equal(spread, errors.Average(), 0.1 * spread);
        Assert.Equal(0, VolatilityErrors.OfWeighted([0, 0, 0], 1));
    }

    [Fact]
    public void Of_covariances_and_correlations_they_are_those_of_leaving_each_day_out()
    {
        var errors = CovarianceErrors.Of(Series);
        foreach (var (i, j) in new[] { (0, 1), (1, 2), (2, 2), (1, 0) })
        {
            double[][] Pair(int t) => [Without(Series[i], t), Without(Series[j], t)];
            Assert.Equal(Jackknife(t => Covariance.Matrix(Pair(t))[0][1]), errors.Covariance[i][j], 0.01 * errors.Covariance[i][j]);
            if (i != j) Assert.Equal(Jackknife(t => Covariance.ToCorrelation(Covariance.Matrix(Pair(t)))[0][1]!.Value), errors.Correlation[i][j]!.Value, 0.01 * errors.Correlation[i][j]!.Value);
        }
        Assert.Equal(0, errors.Correlation[1][1]);
    }

    /// <summary>(1 − ρ²)/√n, with ρ 0.8.</summary>
    [Fact]
    public void Of_normal_returns_the_error_of_the_correlation_is_the_closed_form()
    {
        var random = new Random(9);
        double[] market = new double[40_000], noise = new double[40_000];
        Normal.Samples(random, market, 0, 1);
        Normal.Samples(random, noise, 0, 1);
        var errors = CovarianceErrors.Of([market, [.. market.Select((x, t) => 0.8 * x + 0.6 * noise[t])]]);
        Assert.Equal(0.36 / 200, errors.Correlation[0][1]!.Value, 0.02 * 0.36 / 200);
    }

    [Fact]
    public void What_never_moves_has_a_covariance_without_error_and_no_correlation()
    {
        var errors = CovarianceErrors.Of([Series[0], [.. Series[0].Select(_ => 0.1)]]);
        Assert.Equal([0, 0], errors.Covariance[1]);
        Assert.Equal([null, null], errors.Correlation[1]);
        Assert.Null(errors.Correlation[0][1]);
        Assert.Equal([0, 0], VolatilityErrors.Contributions([1, -1], [Series[0], Series[0]]));
        Assert.Throws<ArgumentException>(() => CovarianceErrors.Of([]));
    }

    [Fact]
    public void Of_contributions_they_are_those_of_leaving_each_day_out()
    {
        double[] exposures = [3, -1, 0.5];
        var errors = VolatilityErrors.Contributions(exposures, Series);
        double[][] without = [.. Enumerable.Range(0, 400).Select(t => PortfolioVolatility.Contributions(exposures, Covariance.Matrix([.. Series.Select(x => Without(x[..400], t))])))];
        var few = VolatilityErrors.Contributions(exposures, [.. Series.Select(x => x[..400])]);
        for (var i = 0; i < exposures.Length; i++)
        {
            Assert.Equal(Math.Sqrt(Volatility.PopulationVariance([.. without.Select(x => x[i])]) * 399), few[i], 0.02 * few[i]);
            Assert.True(errors[i] < few[i]);
        }
        // A portfolio of one asset: its contribution is its volatility.
        Assert.Equal(VolatilityErrors.Sample(Series[0]), VolatilityErrors.Contributions([1], [Series[0]])[0], 1e-3 * VolatilityErrors.Sample(Series[0]));
    }

    [Fact]
    public void A_forecast_for_each_asset_of_one_is_that_of_the_portfolio_and_without_decay_there_is_no_error()
    {
        double Error(double[] exposures, double[][] series, ReturnScalingKind kind, double lambda = 0.94) =>
            PositionScenarios.Of(exposures, series, new ReturnScaling(kind, lambda))!.ForecastError()!.Value;
        var whole = Error([5], [Series[0]], ReturnScalingKind.PortfolioVolatility);
        Assert.Equal(Math.Sqrt(2 * 0.06 / 1.94) / 2, whole, 0.15 * whole);
        Assert.Equal(whole, Error([5], [Series[0]], ReturnScalingKind.AssetVolatility), 1e-12);
        Assert.Equal(whole, Error([3, 2, 0], [Series[0], Series[0], Series[1]], ReturnScalingKind.AssetVolatility), 1e-12);
        Assert.Equal(0, Error([5], [Series[0]], ReturnScalingKind.PortfolioVolatility, 1), 1e-12);
        Assert.Equal(0, Error([5, -5], [Series[0], Series[0]], ReturnScalingKind.AssetVolatility));
        // Many assets that move by themselves err by themselves.
        Assert.True(Error([1, 1, 1, 1], Sample(4, 1_000, [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), ReturnScalingKind.AssetVolatility) < 0.7 * whole);
        Assert.Null(PositionScenarios.Of([5], [Series[0]], new ReturnScaling(ReturnScalingKind.None))!.ForecastError());
    }

    private static double[] Unit(int t, int count) => [.. Enumerable.Range(0, count).Select(i => i == t ? 1.0 : 0)];

    private static double[] Without(double[] series, int t) => [.. series[..t], .. series[(t + 1)..]];

    private static double Jackknife(Func<int, double> without)
    {
        double[] figures = [.. Enumerable.Range(0, Series[0].Length).Select(without)];
        return Math.Sqrt(Volatility.PopulationVariance(figures) * (figures.Length - 1));
    }

    /// <summary>Each series a mix of independent ones.</summary>
    private static double[][] Sample(int seed, int count, double[][] mixes)
    {
        var random = new Random(seed);
        double[][] own = [.. mixes.Select(_ => new double[count])];
        foreach (var series in own) Normal.Samples(random, series, 0, 1);
        return [.. mixes.Select(mix => Enumerable.Range(0, count).Select(t => mix.Select((x, i) => x * own[i][t]).Sum()).ToArray())];
    }
}
