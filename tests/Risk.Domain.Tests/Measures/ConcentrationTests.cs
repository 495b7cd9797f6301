using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ConcentrationTests
{
    [Fact]
    public void Four_equal_positions_count_as_four()
    {
        Assert.Equal(0.25, Concentration.Hhi([0.25, 0.25, 0.25, 0.25]));
        Assert.Equal(4, Concentration.EffectivePositions([0.25, 0.25, 0.25, 0.25]));
        Assert.Equal(1, Concentration.Hhi([1]));
    }

    [Fact]
    public void Shorts_concentrate_too() => Assert.Equal([0.75, 0.25], Concentration.GrossWeights([-300, 100]));

    [Fact]
    public void Nothing_held_has_no_effective_positions()
    {
        Assert.Equal(0, Concentration.Hhi([]));
        Assert.Null(Concentration.EffectivePositions([]));
        Assert.Equal([0, 0], Concentration.GrossWeights([0, 0]));
    }

    [Fact]
    public void Diversification_is_the_share_the_positions_take_off_each_other()
    {
        Assert.Equal(0.25, Concentration.DiversificationBenefit(75, [60, 40]));
        Assert.Null(Concentration.DiversificationBenefit(0, [0, 0]));
    }

    [Fact]
    public void Active_share_is_the_part_that_differs()
    {
        Assert.Equal(0.5, Concentration.ActiveShare([0.5, 0.5, 0], [0.5, 0, 0.5]));
        Assert.Equal(0, Concentration.ActiveShare([1], [1]));
        Assert.Throws<ArgumentException>(() => Concentration.ActiveShare([1], [0.5, 0.5]));
    }

    [Fact]
    public void Independent_equals_have_a_diversification_ratio_of_the_root_of_their_number()
    {
        Assert.Equal(Math.Sqrt(2), Concentration.DiversificationRatio([0.5, 0.5], [[4, 0], [0, 4]])!.Value, 1e-15);
        Assert.Equal(1, Concentration.DiversificationRatio([0.5, 0.5], [[4, 4], [4, 4]])!.Value, 1e-15);
        Assert.Null(Concentration.DiversificationRatio([1], [[0]]));
        Assert.Equal(2, Concentration.TrackingError([1, 0], [0, 1], [[2, 0], [0, 2]]));
    }

    [Fact]
    public void The_top_is_the_sum_of_the_largest()
    {
        Assert.Equal(0.75, Concentration.Top([0.25, 0.125, 0.5, 0.125], 2));
        Assert.Equal(1, Concentration.Top([0.5, 0.5], 5));
        Assert.Equal(0, Concentration.Top([], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Concentration.Top([1], -1));
    }
}
