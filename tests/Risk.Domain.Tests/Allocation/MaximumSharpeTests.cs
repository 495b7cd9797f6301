using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

public sealed class MaximumSharpeTests
{
    private static readonly double[][] Diagonal = [[0.01, 0, 0], [0, 0.02, 0], [0, 0, 0.04]];

    // Without limits the weights are S⁻¹(μ − r), scaled to a sum of one: the returns below are made for the weights.
    [Fact]
    public void Without_limits_it_is_the_tangency_portfolio()
    {
        var covariance = RandomMarket.CovarianceOf(5, 300, 3);
        double[] tangent = [0.3, -0.2, 0.5, 0.1, 0.3];
        var means = Covariance.Times(covariance, tangent).Select(x => 0.0001 + 3 * x).ToArray();
        Assert.Equal(tangent, MaximumSharpe.Of(covariance, means, 0.0001, WeightLimits.None(5)).Value!, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void No_exchange_within_the_limits_raises_the_ratio()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var assets = 2 + seed % 15;
            var series = RandomMarket.Returns(assets, 250, seed);
            var (covariance, means) = (Covariance.Matrix(series), series.Select(x => Volatility.Mean(x)).ToArray());
            var (lower, upper) = seed % 2 == 0 ? (0, 1) : (-0.1, 2.5 / assets);
            var riskFree = means.Min() / 2 - 1e-5;
            var weights = MaximumSharpe.Of(covariance, means, riskFree, WeightLimits.Alike(assets, lower, upper)).Value!;
            var excess = RandomMarket.Dot(weights, means) - riskFree;
            var variance = RandomMarket.Dot(weights, Covariance.Times(covariance, weights));
            double[] slope = [.. Covariance.Times(covariance, weights).Zip(means, (c, m) => c * excess / variance - (m - riskFree))];
            RandomMarket.AssertNoExchangeImproves(weights, slope, lower, upper, 1e-6);
        }
    }

    [Fact]
    public void A_weight_that_is_fixed_stays()
    {
        var weights = MaximumSharpe.Of(Diagonal, [0.03, 0.05, 0.08], 0.01, new WeightLimits([0, 0.5, 0], [1, 0.5, 1])).Value!;
        Assert.Equal(0.5, weights[1], 1e-12);
        Assert.Equal(1, weights.Sum(), 1e-12);
        Assert.Equal([0.2, 0.5, 0.3], MaximumSharpe.Of(Diagonal, [0.03, 0.05, 0.08], 0.01, new WeightLimits([0.2, 0.5, 0.3], [0.2, 0.5, 0.3])).Value!);
    }

    [Fact]
    public void The_unit_of_the_returns_is_irrelevant()
    {
        var once = MaximumSharpe.Of(Diagonal, [0.03, 0.05, 0.08], 0.01, WeightLimits.LongOnly(3)).Value!;
        var percent = MaximumSharpe.Of([.. Diagonal.Select(row => row.Select(x => 1e4 * x).ToArray())], [3, 5, 8], 1, WeightLimits.LongOnly(3)).Value!;
        Assert.Equal(once, percent, (a, b) => Math.Abs(a - b) < 1e-10);
    }

    [Fact]
    public void What_is_impossible_has_a_reason()
    {
        Assert.Equal(NoAllocation.NoExcessReturn, MaximumSharpe.Of(Diagonal, [0.03, 0.05, 0.08], 0.08, WeightLimits.LongOnly(3)).Reason);
        Assert.Equal(NoAllocation.NoExcessReturn, MaximumSharpe.Of(Diagonal, [0.03, 0.03, 0.03], 0.04, WeightLimits.None(3)).Reason);
        Assert.Equal(NoAllocation.NoExcessReturn, MaximumSharpe.Of(Diagonal, [-0.03, -0.05, 0.01], 0, WeightLimits.None(3)).Reason);
        Assert.Equal(NoAllocation.LimitsExcludeAll, MaximumSharpe.Of(Diagonal, [0.03, 0.05, 0.08], 0, WeightLimits.Alike(3, 0, 0.3)).Reason);
        Assert.Equal(NoAllocation.SingularCovariance, MaximumSharpe.Of([[1, 1], [1, 1]], [0.1, 0.2], 0, WeightLimits.LongOnly(2)).Reason);
    }
}
