using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

/// <summary>Seeded returns of assets that share a factor.</summary>
internal static class RandomMarket
{
    public static double[][] Returns(int assets, int days, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var factor = Enumerable.Range(0, days).Select(_ => Normal()).ToArray();
        return [.. Enumerable.Range(0, assets).Select(_ =>
        {
            var (beta, own, mean) = (0.5 + random.NextDouble(), 0.3 + random.NextDouble(), 0.1 * (random.NextDouble() - 0.3));
            return factor.Select(f => 0.01 * (mean + beta * f + own * Normal())).ToArray();
        })];
    }

    public static double[][] CovarianceOf(int assets, int days, int seed) => Covariance.Matrix(Returns(assets, days, seed));

    /// <summary>Long-only weights that sum to one.</summary>
    public static double[] Weights(int assets, Random random)
    {
        var drawn = Enumerable.Range(0, assets).Select(_ => -Math.Log(1 - random.NextDouble())).ToArray();
        return [.. drawn.Select(x => x / drawn.Sum())];
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    /// <summary>
    /// The condition of an optimum under limits and a sum of one: no small exchange of two weights improves. The slope is that of the goal
    /// to be made small.
    /// </summary>
    public static void AssertNoExchangeImproves(double[] weights, double[] slope, double lower, double upper, double tolerance)
    {
        Assert.Equal(1, weights.Sum(), 1e-9);
        Assert.All(weights, w => Assert.InRange(w, lower, upper));
        foreach (var (give, take) in weights.Index().Where(x => x.Item > lower + 1e-7).SelectMany(x => weights.Index().Where(y => y.Item < upper - 1e-7).Select(y => (x.Index, y.Index))))
            Assert.True(slope[take] >= slope[give] - tolerance * slope.Max(Math.Abs), $"{give} → {take}: {slope[give]} → {slope[take]}");
    }
}
