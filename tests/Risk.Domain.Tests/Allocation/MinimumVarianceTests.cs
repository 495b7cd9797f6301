using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

public sealed class MinimumVarianceTests
{
    private static readonly double[][] Two = [[0.04, 0.006], [0.006, 0.09]];

    // w = (s22 − s12) / (s11 + s22 − 2·s12), the textbook case of two assets.
    [Fact]
    public void Two_assets_have_a_closed_form()
    {
        var weights = MinimumVariance.Of(Two, WeightLimits.None(2)).Value!;
        Assert.Equal(0.084 / 0.118, weights[0], 1e-14);
        Assert.Equal(0.034 / 0.118, weights[1], 1e-14);
        Assert.Equal([0.6, 0.4], MinimumVariance.Of(Two, WeightLimits.Alike(2, 0, 0.6)).Value!);
    }

    [Fact]
    public void No_exchange_within_the_limits_lowers_the_variance()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            // Fewer days than assets, too: the matrix is singular then.
            var (assets, days) = (2 + seed % 29, 10 + seed * 3);
            var covariance = RandomMarket.CovarianceOf(assets, days, seed);
            var (lower, upper) = seed % 3 == 0 ? (0, 1) : seed % 3 == 1 ? (0.2 / assets, 2.5 / assets) : (-0.3, 0.8);
            var weights = MinimumVariance.Of(covariance, WeightLimits.Alike(assets, lower, upper)).Value!;
            RandomMarket.AssertNoExchangeImproves(weights, Covariance.Times(covariance, weights), lower, upper, 1e-7);
        }
    }

    [Fact]
    public void A_target_is_met_and_costs_least()
    {
        var random = new Random(5);
        for (var seed = 0; seed < 20; seed++)
        {
            var series = RandomMarket.Returns(6, 200, seed);
            var (covariance, means) = (Covariance.Matrix(series), series.Select(x => Volatility.Mean(x)).ToArray());
            var other = RandomMarket.Weights(6, random);
            var target = RandomMarket.Dot(other, means);
            var weights = MinimumVariance.ForReturn(covariance, means, target, WeightLimits.LongOnly(6)).Value!;
            Assert.Equal(target, RandomMarket.Dot(weights, means), 1e-12);
            Assert.Equal(1, weights.Sum(), 1e-12);
            Assert.True(PortfolioVolatility.Of(weights, covariance) <= PortfolioVolatility.Of(other, covariance));
            Assert.True(PortfolioVolatility.Of(MinimumVariance.ForReturn(covariance, means, target, WeightLimits.None(6)).Value!, covariance)
                <= PortfolioVolatility.Of(weights, covariance) * (1 + 1e-12));
        }
    }

    [Fact]
    public void The_frontier_runs_from_the_least_variance_to_the_highest_return()
    {
        double[] means = [0.03, 0.05, 0.08, 0.08];
        double[][] covariance = [[0.01, 0, 0, 0], [0, 0.02, 0, 0], [0, 0, 0.04, 0], [0, 0, 0, 0.04]];
        var frontier = MinimumVariance.Frontier(covariance, means, 7, WeightLimits.LongOnly(4)).Select(x => x.Value!).ToArray();
        Assert.Equal(7, frontier.Length);
        // The highest return is shared by two assets: the least variance between them is the end.
        Assert.Equal([0, 0, 0.5, 0.5], frontier[^1], (a, b) => Math.Abs(a - b) < 1e-12);
        var variances = frontier.Select(w => PortfolioVolatility.Of(w, covariance)).ToArray();
        Assert.Equal(variances.Order(), variances);
        Assert.Equal(MinimumVariance.Of(covariance, WeightLimits.LongOnly(4)).Value!, frontier[0]);
        Assert.Single(MinimumVariance.Frontier(covariance, means, 1, WeightLimits.LongOnly(4)));
        Assert.Equal(NoAllocation.TargetOutOfReach, Assert.Single(MinimumVariance.Frontier(covariance, means, 5, WeightLimits.None(4))).Reason);
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.03 + 1e-13)]
    [InlineData(0.08)]
    public void A_target_at_the_end_of_what_is_possible_leaves_one_asset(double target)
    {
        var weights = MinimumVariance.ForReturn([[0.01, 0, 0], [0, 0.02, 0], [0, 0, 0.04]], [0.03, 0.05, 0.08], target, WeightLimits.LongOnly(3)).Value!;
        Assert.Equal(target < 0.05 ? [1, 0, 0] : [0, 0, 1], weights, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Limits_that_leave_one_choice_are_that_choice()
    {
        Assert.Equal([0.5, 0.5], MinimumVariance.Of(Two, WeightLimits.Alike(2, 0.5, 0.9)).Value!);
        Assert.Equal([0.7, 0.3], MinimumVariance.Of(Two, new WeightLimits([0, 0.3], [1, 0.3])).Value!, (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal([1], MinimumVariance.Of([[0.04]], WeightLimits.LongOnly(1)).Value!);
    }

    [Fact]
    public void What_is_impossible_has_a_reason()
    {
        double[] means = [0.03, 0.05];
        Assert.Equal(NoAllocation.LimitsExcludeAll, MinimumVariance.Of(Two, WeightLimits.Alike(2, 0, 0.4)).Reason);
        Assert.Equal(NoAllocation.LimitsExcludeAll, MinimumVariance.Of(Two, WeightLimits.Alike(2, 0.6, 1)).Reason);
        Assert.Equal(NoAllocation.LimitsExcludeAll, MinimumVariance.Of(Two, WeightLimits.Alike(2, 0.6, 0.4)).Reason);
        Assert.Equal(NoAllocation.TargetOutOfReach, MinimumVariance.ForReturn(Two, means, 0.06, WeightLimits.LongOnly(2)).Reason);
        Assert.Equal(NoAllocation.TargetOutOfReach, MinimumVariance.ForReturn(Two, means, 0.02, WeightLimits.LongOnly(2)).Reason);
        Assert.Equal(NoAllocation.TargetOutOfReach, MinimumVariance.ForReturn(Two, [0.05, 0.05], 0.06, WeightLimits.None(2)).Reason);
        // Unlimited shorts, but nothing takes more than one half: at most 0.04 can be earned.
        Assert.Equal(NoAllocation.TargetOutOfReach, MinimumVariance.ForReturn(Two, means, 0.045, new WeightLimits([double.NegativeInfinity, double.NegativeInfinity], [0.5, 0.5])).Reason);
        Assert.Equal(NoAllocation.IndefiniteCovariance, MinimumVariance.Of([[0.04, 0.09], [0.09, 0.04]], WeightLimits.LongOnly(2)).Reason);
        Assert.Equal(NoAllocation.SingularCovariance, MinimumVariance.Of([[0.04, 0.04], [0.04, 0.04]], WeightLimits.None(2)).Reason);
        Assert.Null(MinimumVariance.Of(Two, WeightLimits.Alike(2, 0, 0.4)).Value);
    }

    [Fact]
    public void A_matrix_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentException>(() => MinimumVariance.Of([[0.04, 0.01], [0.02, 0.04]], WeightLimits.LongOnly(2)));
        Assert.Throws<ArgumentException>(() => MinimumVariance.Of([[0.04, double.NaN], [double.NaN, 0.04]], WeightLimits.LongOnly(2)));
        Assert.Throws<ArgumentException>(() => MinimumVariance.Of(Two, WeightLimits.LongOnly(3)));
        Assert.Throws<ArgumentException>(() => new WeightLimits([double.NaN], [1]));
    }
}
