using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

public sealed class MinimumCvarTests
{
    [Fact]
    public void No_other_weights_have_a_lower_shortfall()
    {
        var random = new Random(9);
        for (var seed = 0; seed < 12; seed++)
        {
            var (assets, confidence) = (2 + seed % 7, seed % 2 == 0 ? 0.95m : 0.9m);
            var returns = RandomMarket.Returns(assets, 60 + 17 * seed, seed);
            var best = MinimumCvar.Of(returns, confidence, WeightLimits.LongOnly(assets)).Value!;
            Assert.Equal(1, best.Weights.Sum(), 1e-9);
            Assert.Equal(ExpectedShortfall.Of(LinearPnl.Total(best.Weights, returns), confidence)!.Value, best.Cvar, 1e-15);
            for (var i = 0; i < 200; i++)
            {
                // Near and far: the goal is convex, so a better neighbour would exist if anything better did.
                var share = i % 2 == 0 ? 1 : 0.001;
                double[] other = [.. best.Weights.Zip(RandomMarket.Weights(assets, random), (a, b) => (1 - share) * a + share * b)];
                Assert.True(ExpectedShortfall.Of(LinearPnl.Total(other, returns), confidence) >= best.Cvar * (1 - 1e-9));
            }
        }
    }

    // Four scenarios, a tail of one half: the mean of the two worst. By hand: at w = 1/2 all four lose or gain alike.
    [Fact]
    public void Two_opposite_assets_hedge_each_other()
    {
        double[][] returns = [[-0.02, 0.03, -0.04, 0.05], [0.04, -0.01, 0.06, -0.03]];
        var best = MinimumCvar.Of(returns, 0.5m, WeightLimits.LongOnly(2)).Value!;
        Assert.Equal([0.5, 0.5], best.Weights, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(-0.01, best.Cvar, 1e-12);
    }

    [Fact]
    public void A_least_mean_return_is_kept()
    {
        var returns = RandomMarket.Returns(5, 250, 4);
        double[] means = [.. returns.Select(x => Volatility.Mean(x))];
        var free = MinimumCvar.Of(returns, 0.95m, WeightLimits.LongOnly(5)).Value!;
        var (low, high) = (RandomMarket.Dot(free.Weights, means), means.Max());
        foreach (var share in (double[])[-0.5, 0, 0.3, 0.9, 1])
        {
            var found = MinimumCvar.Of(returns, 0.95m, WeightLimits.LongOnly(5), low + share * (high - low)).Value!;
            Assert.Equal(Math.Max(low, low + share * (high - low)), RandomMarket.Dot(found.Weights, means), 1e-9);
            Assert.True(found.Cvar >= free.Cvar * (1 - 1e-9));
        }
        Assert.Equal(NoAllocation.TargetOutOfReach, MinimumCvar.Of(returns, 0.95m, WeightLimits.LongOnly(5), high * 1.01).Reason);
    }

    [Fact]
    public void A_tail_thinner_than_one_scenario_is_the_worst_loss()
    {
        var returns = RandomMarket.Returns(3, 40, 8);
        var best = MinimumCvar.Of(returns, 0.99m, WeightLimits.LongOnly(3)).Value!;
        Assert.Equal(-LinearPnl.Total(best.Weights, returns).Min(), best.Cvar, 1e-12);
    }

    [Theory]
    [InlineData(0, 3, false)]
    [InlineData(0.01, 60, false)]
    [InlineData(-0.01, 1_000, false)]
    [InlineData(0.01, 250, true)]
    public void Assets_that_all_return_the_same_every_day_are_allocated_all_the_same(double value, int count, bool hasRounding)
    {
        // Prices that grow evenly give returns that differ in their last digits.
        double[] alike = [.. Enumerable.Range(0, count).Select(t => hasRounding ? Math.Pow(1 + value, t + 1) / Math.Pow(1 + value, t) - 1 : value)];
        Assert.Equal(hasRounding, alike.Distinct().Count() > 1);
        foreach (var limits in (WeightLimits[])[WeightLimits.LongOnly(3), WeightLimits.Alike(3, -1, 2), WeightLimits.Alike(3, 0.3, 0.5)])
        {
            var best = MinimumCvar.Of([alike, alike, alike], 0.9m, limits).Value!;
            Assert.Equal(-value, best.Cvar, 1e-12);
            Assert.Equal(1, best.Weights.Sum(), 1e-9);
        }
    }

    [Fact]
    public void What_is_impossible_has_a_reason()
    {
        var returns = RandomMarket.Returns(3, 50, 1);
        Assert.Equal(NoAllocation.LimitsExcludeAll, MinimumCvar.Of(returns, 0.9m, WeightLimits.Alike(3, 0, 0.2)).Reason);
        // One asset beats the other in every scenario: without limits, any gain can be had.
        Assert.Equal(NoAllocation.DidNotConverge, MinimumCvar.Of([[0.02, 0.01], [0.01, 0]], 0.5m, WeightLimits.None(2)).Reason);
    }
}
