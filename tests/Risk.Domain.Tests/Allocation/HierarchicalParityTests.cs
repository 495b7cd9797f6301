using Risk.Domain.Allocation;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

public sealed class HierarchicalParityTests
{
    // By hand: 0 and 2 are closest (√0.1), then 1 and 3 (√0.2), then both pairs (√0.4); the pair that merged first comes first.
    [Fact]
    public void Leaves_follow_the_tree_and_capital_the_halves()
    {
        double[][] correlation = [[1, 0.1, 0.8, 0.2], [0.1, 1, 0, 0.6], [0.8, 0, 1, 0.1], [0.2, 0.6, 0.1, 1]];
        var tree = HierarchicalParity.Of(correlation).Value!;
        Assert.Equal([0, 2, 1, 3], tree.LeafOrder);
        Assert.Equal([Math.Sqrt(0.1), Math.Sqrt(0.2), Math.Sqrt(0.4)], tree.MergeHeights, (a, b) => Math.Abs(a - b) < 1e-15);
        // Variances of the pairs at equal weights: 0.9 and 0.8; the left half gets 1 − 0.9/1.7.
        Assert.Equal([0.4 / 1.7, 0.45 / 1.7, 0.4 / 1.7, 0.45 / 1.7], tree.Weights, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void A_cluster_numbered_higher_comes_second()
    {
        // 1 and 2 merge first into cluster 3; asset 0 has the lower number and stands before it.
        double[][] correlation = [[1, 0.2, 0.1], [0.2, 1, 0.9], [0.1, 0.9, 1]];
        Assert.Equal([0, 1, 2], HierarchicalParity.Of(correlation).Value!.LeafOrder);
    }

    [Fact]
    public void Two_assets_are_weighted_by_inverse_variance() =>
        Assert.Equal([0.8, 0.2], HierarchicalParity.Of([[1, 0.3], [0.3, 4]]).Value!.Weights, (a, b) => Math.Abs(a - b) < 1e-15);

    [Fact]
    public void One_asset_takes_all()
    {
        var tree = HierarchicalParity.Of([[0.04]]).Value!;
        Assert.Equal([1], tree.Weights);
        Assert.Empty(tree.MergeHeights);
    }

    [Fact]
    public void Weights_are_positive_and_sum_to_one()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var tree = HierarchicalParity.Of(RandomMarket.CovarianceOf(3 + seed * 2, 100, seed)).Value!;
            Assert.Equal(1, tree.Weights.Sum(), 1e-12);
            Assert.All(tree.Weights, w => Assert.True(w > 0));
            Assert.Equal(Enumerable.Range(0, tree.Weights.Length), tree.LeafOrder.Order());
            Assert.Equal(tree.MergeHeights.Order(), tree.MergeHeights);
        }
    }

    [Fact]
    public void An_asset_that_never_moves_has_no_place() => Assert.Equal(NoAllocation.SingularCovariance, HierarchicalParity.Of([[1, 0], [0, 0]]).Reason);
}
