using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>
/// Hierarchical risk parity (López de Prado 2016): assets are clustered by the distance √((1 − ρ)/2) with single linkage, put in the order
/// of the tree, and the capital is halved down that order by the inverse variance of the halves. <b>The weights depend on the leaf order</b>:
/// clusters are numbered in order of height, assets first, and of two merged clusters the lower number comes first (the order of scipy);
/// bisection cuts n at ⌊n/2⌋, wherever the branches are.
/// </summary>
/// <param name="Weights">Of the assets in their given order; positive, sum one.</param>
/// <param name="LeafOrder">Indices of the assets from left to right.</param>
/// <param name="MergeHeights">The distances at which clusters merged, ascending.</param>
public sealed record HierarchicalParity(double[] Weights, IReadOnlyList<int> LeafOrder, IReadOnlyList<double> MergeHeights)
{
    /// <param name="correlation">Null to take it from the covariance.</param>
    /// <exception cref="ArgumentException">A matrix that is not square, symmetric and finite, or correlations of another size.</exception>
    public static Allocated<HierarchicalParity> Of(IReadOnlyList<double[]> covariance, IReadOnlyList<double[]>? correlation = null)
    {
        CovarianceMatrix.MustBeOne(covariance, covariance.Count);
        if (covariance.Index().Any(row => !(row.Item[row.Index] > 0))) return NoAllocation.SingularCovariance;
        correlation ??= [.. Covariance.ToCorrelation(covariance).Select(row => row.Select(x => x!.Value).ToArray())];
        CovarianceMatrix.MustBeOne(correlation, covariance.Count);
        if ((CovarianceMatrix.Fault(covariance, mustBeDefinite: false) ?? CovarianceMatrix.Fault(correlation, mustBeDefinite: false)) is { } fault) return fault;
        var merges = Merges(Chain(correlation.Select(row => row.Select(Distance).ToArray()).ToArray()), covariance.Count);
        var order = Leaves(merges, covariance.Count);
        var weights = Enumerable.Repeat(1.0, covariance.Count).ToArray();
        Bisect(covariance, order, weights);
        return new HierarchicalParity(weights, order, [.. merges.Select(x => x.Height)]);
    }

    private static double Distance(double correlation) => Math.Sqrt(Math.Max(0, (1 - correlation) / 2));

    /// <summary>The links of the minimum spanning tree by Prim from the first asset, which single linkage merges by.</summary>
    private static List<(int From, int To, double Height)> Chain(double[][] distance)
    {
        var nearest = Enumerable.Repeat(double.PositiveInfinity, distance.Length).ToArray();
        var open = Enumerable.Range(1, distance.Length - 1).ToList();
        var links = new List<(int, int, double)>();
        for (var at = 0; open.Count > 0;)
        {
            foreach (var i in open) nearest[i] = Math.Min(nearest[i], distance[at][i]);
            var next = open.MinBy(i => nearest[i]);
            links.Add((at, next, nearest[next]));
            open.Remove(next);
            at = next;
        }
        return links;
    }

    /// <summary>In order of height. A link joins the clusters that its ends are in by then: any asset of a cluster stands for it.</summary>
    private static List<(int First, int Second, double Height)> Merges(List<(int From, int To, double Height)> links, int count)
    {
        var cluster = Enumerable.Range(0, count).ToArray();
        var merges = new List<(int, int, double)>();
        foreach (var (from, to, height) in links.OrderBy(x => x.Height))
        {
            var (a, b) = (cluster[from], cluster[to]);
            merges.Add((Math.Min(a, b), Math.Max(a, b), height));
            for (var i = 0; i < count; i++)
                if (cluster[i] == a || cluster[i] == b) cluster[i] = count + merges.Count - 1;
        }
        return merges;
    }

    private static int[] Leaves(List<(int First, int Second, double Height)> merges, int count)
    {
        IEnumerable<int> Under(int cluster) =>
            cluster < count ? [cluster] : [.. Under(merges[cluster - count].First), .. Under(merges[cluster - count].Second)];
        return [.. Under(count + merges.Count - 1)];
    }

    private static void Bisect(IReadOnlyList<double[]> covariance, int[] order, double[] weights)
    {
        if (order.Length < 2) return;
        var (left, right) = (order[..(order.Length / 2)], order[(order.Length / 2)..]);
        var (leftVariance, rightVariance) = (Variance(covariance, left), Variance(covariance, right));
        var share = leftVariance + rightVariance > 0 ? 1 - leftVariance / (leftVariance + rightVariance) : 0.5;
        foreach (var i in left) weights[i] *= share;
        foreach (var i in right) weights[i] *= 1 - share;
        Bisect(covariance, left, weights);
        Bisect(covariance, right, weights);
    }

    /// <summary>Of the cluster, its assets weighted by inverse variance.</summary>
    private static double Variance(IReadOnlyList<double[]> covariance, int[] cluster)
    {
        var total = cluster.Sum(i => 1 / covariance[i][i]);
        return cluster.Sum(i => cluster.Sum(j => covariance[i][j] / (covariance[i][i] * covariance[j][j]))) / (total * total);
    }
}
