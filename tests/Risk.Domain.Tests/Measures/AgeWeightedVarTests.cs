using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class AgeWeightedVarTests
{
    [Fact]
    public void The_newest_scenario_weighs_most() =>
        Assert.Equal([1.0 / 7, 2.0 / 7, 4.0 / 7], AgeWeightedVar.Weights(3, 0.5), (a, b) => Math.Abs(a - b) < 1e-15);

    [Fact]
    public void Reads_the_tail_off_the_cumulative_weight()
    {
        // Weights 1/15, 2/15, 4/15, 8/15; worst first −9 (4/15), −5 (1/15), 1 (8/15), 3 (2/15); the tail is 0.3 = 4.5/15.
        var tail = AgeWeightedVar.Of([-5, 3, -9, 1], 0.5, 0.7m);
        Assert.Equal(2, tail.Rank);
        Assert.Equal(5, tail.VarDiscrete);
        Assert.Equal(7, tail.VarInterpolated, 1e-12);
        Assert.Equal((9 * 4 + 5 * 0.5) / 4.5, tail.Shortfall, 1e-12);
    }

    [Fact]
    public void The_worst_scenario_may_be_the_whole_tail()
    {
        var tail = AgeWeightedVar.Of([1, 2, -9], 0.5, 0.99m);
        Assert.Equal(1, tail.Rank);
        Assert.Equal((9.0, 9.0), (tail.VarDiscrete, tail.VarInterpolated));
        Assert.Equal(9, tail.Shortfall, 1e-12);
    }

    [Fact]
    public void Weights_that_fade_to_nothing_do_not_disturb() =>
        Assert.Equal(2, AgeWeightedVar.Of([.. Enumerable.Repeat(-1.0, 2000), -2], 0.1, 0.5m).VarDiscrete);
}
