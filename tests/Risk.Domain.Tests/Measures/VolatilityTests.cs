using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class VolatilityTests
{
    private static readonly double[] Eight = [2, 4, 4, 4, 5, 5, 7, 9];

    [Fact]
    public void Divides_by_one_less_than_the_observations()
    {
        Assert.Equal(4, Volatility.PopulationVariance(Eight), 1e-15);
        Assert.Equal(32.0 / 7, Volatility.SampleVariance(Eight), 1e-15);
        Assert.Equal(Math.Sqrt(32.0 / 7 * 252), Volatility.Annualised(Volatility.Sample(Eight)), 1e-12);
    }

    [Fact]
    public void Equal_returns_have_a_variance_of_exactly_zero_whatever_their_digits()
    {
        double[] equal = [.. Enumerable.Repeat(0.01, 100)];
        Assert.Equal(0, Volatility.Sample(equal));
        Assert.Null(Covariance.ToCorrelation(Covariance.Matrix([equal, [.. equal.Select((_, i) => i * 0.1)]]))[0][1]);
        Assert.Equal(0, CornishFisher.Of(equal).ExcessKurtosis);
    }

    [Fact]
    public void One_return_has_no_sample_volatility() => Assert.Throws<ArgumentException>(() => Volatility.Sample([0.1]));

    [Fact]
    public void The_ewma_weighs_the_newest_most()
    {
        Assert.Equal([1, 0.5 + 0.5 * 4, 0.5 * 2.5 + 0.5 * 9], Ewma.Variances([1, 2, 3], 0.5), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([0.25, 0.625, 2.3125], Ewma.Forecasts([1, 2], 0.5, 0.25), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal((9 + 0.5 * 4 + 0.25 * 1) / 1.75, Ewma.NormalisedVariance([1, 2, 3], 0.5), 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_decay_outside_zero_and_one_is_refused(double lambda)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ewma.Variances([1, 2], lambda));
        Assert.Throws<ArgumentOutOfRangeException>(() => AgeWeightedVar.Weights(3, lambda));
    }

    [Fact]
    public void A_series_that_never_moves_correlates_with_nothing()
    {
        var correlation = Covariance.ToCorrelation(Covariance.Matrix([[1, 2, 3], [5, 5, 5], [3, 2, 1]]));
        Assert.Equal(-1, correlation[0][2]!.Value, 1e-15);
        Assert.Equal(1, correlation[0][0]);
        Assert.All(correlation[1], Assert.Null);
    }

    [Fact]
    public void Series_of_different_lengths_are_refused() => Assert.Throws<ArgumentException>(() => Covariance.Matrix([[1, 2, 3], [1, 2]]));

    [Fact]
    public void A_perfect_hedge_has_no_volatility_and_contributes_none()
    {
        var covariance = Covariance.Matrix([[0.01, -0.02, 0.03], [-0.01, 0.02, -0.03]]);
        Assert.Equal(0, PortfolioVolatility.Of([0.5, 0.5], covariance));
        Assert.Equal([0, 0], PortfolioVolatility.Contributions([0.5, 0.5], covariance));
    }

    [Fact]
    public void Scaling_brings_each_return_to_todays_volatility()
    {
        // σ² = 4, then 0.5·4 + 0.5·1 = 2.5, then 0.5·2.5 + 0.5·9 = 5.75.
        var scaled = VolatilityScaling.Scale([1, 3], 0.5, 4);
        Assert.Equal(Math.Sqrt(5.75), scaled.NextVolatility, 1e-15);
        Assert.Equal([Math.Sqrt(5.75 / 4), 3 * Math.Sqrt(5.75 / 2.5)], scaled.Returns, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Scaling_leaves_cash_alone_and_refuses_a_zero_forecast_for_what_moves()
    {
        Assert.Equal([0, 0], VolatilityScaling.Scale([0, 0]).Returns);
        Assert.Throws<ArgumentException>(() => VolatilityScaling.Scale([0.1, 0.1], seedVariance: 0));
    }
}
