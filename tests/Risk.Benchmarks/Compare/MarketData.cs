namespace Risk.Benchmarks.Compare;

/// <summary>Random data that resembles a market: one common factor, volatilities about one percent a day, longs and shorts.</summary>
internal static class MarketData
{
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary><c>[asset][day]</c>.</summary>
    public static double[][] Returns(Random random, int days, int assets)
    {
        var market = Enumerable.Range(0, days).Select(_ => 0.008 * Normal(random)).ToArray();
        return [.. Enumerable.Range(0, assets).Select(_ => market.Select(m => m + 0.012 * Normal(random)).ToArray())];
    }

    /// <summary>In currency; every fourth is short.</summary>
    public static double[] Exposures(Random random, int assets) =>
        [.. Enumerable.Range(0, assets).Select(_ => (random.Next(4) == 0 ? -1 : 1) * (1_000 + 99_000 * random.NextDouble()))];
}
