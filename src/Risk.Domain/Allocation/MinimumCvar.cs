using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>Weights, and the expected shortfall they have over the scenarios: a positive loss, as a ratio of the capital.</summary>
public sealed record CvarAllocation(double[] Weights, double Cvar);

/// <summary>
/// The weights of the least expected shortfall (CVaR) over historical scenarios: min z + Σ max(0, −r(t)'w − z)/(tail·T), whose least value is
/// the Acerbi–Tasche shortfall (Rockafellar and Uryasev 2000).
/// </summary>
public static class MinimumCvar
{
    /// <param name="returns"><c>[asset][scenario]</c>, simple.</param>
    /// <param name="leastMeanReturn">The mean return over the scenarios is at least this; null for any.</param>
    /// <exception cref="ArgumentException">Series that do not fit the limits, no scenario, figures that are not finite, or a confidence outside (0, 1).</exception>
    public static Allocated<CvarAllocation> Of(IReadOnlyList<double[]> returns, decimal confidence, WeightLimits limits, double? leastMeanReturn = null)
    {
        Check.Rectangular(limits.Count, returns, nameof(returns));
        if (returns.Count == 0) throw new ArgumentException("At least one asset is needed.", nameof(returns));
        foreach (var series in returns) Check.Finite(series, nameof(returns));
        double[] means = [.. returns.Select(series => Volatility.Mean(series))];
        if (FeasibleWeights.Of(limits) is not { } feasible) return NoAllocation.LimitsExcludeAll;
        var binds = false;
        if (leastMeanReturn is { } least && feasible.Reaching(means, least, atLeast: true, out binds) is var reaching)
        {
            if (reaching is null) return NoAllocation.TargetOutOfReach;
            feasible = reaching;
        }
        var problem = Programme(returns, confidence, feasible, binds ? [.. means.Select(mean => leastMeanReturn!.Value - mean)] : null);
        if (InteriorPoint.Minimise(problem, [.. feasible.Known, null]) is not { } found) return NoAllocation.DidNotConverge;
        var weights = feasible.Within(found[..limits.Count])!;
        return new CvarAllocation(weights, ExpectedShortfall.Of(LinearPnl.Total(weights, returns), confidence)!.Value);
    }

    /// <summary>
    /// In the weights and z, with returns from their common mean in units of the largest: weights that sum to one lose as much more or less
    /// whatever they are, and what all assets earn every day alike leaves the search nothing to turn by.
    /// </summary>
    private static ConvexProblem Programme(IReadOnlyList<double[]> returns, decimal confidence, FeasibleWeights feasible, double[]? shortOfMean)
    {
        var (count, scenarios) = (returns.Count, returns[0].Length);
        var centre = Volatility.Mean([.. returns.Select(series => Volatility.Mean(series))]);
        var unit = returns.Max(series => series.Max(r => Math.Abs(r - centre))) is > 0 and var largest ? largest : 1;
        var price = 1 / ((double)QuantileRank.Tail(confidence) * scenarios);
        var losses = Enumerable.Range(0, scenarios).Select(t => new LimitRow([.. returns.Select(series => (centre - series[t]) / unit), -1], 0, price));
        IEnumerable<LimitRow> mean = shortOfMean is null ? [] : [new LimitRow([.. shortOfMean, 0], 0)];
        return new ConvexProblem(
            null,
            FeasibleWeights.Unit(count + 1, count, 1),
            [new EqualityRow([.. Enumerable.Repeat(1.0, count), 0], 1)],
            [.. feasible.Rows(count + 1), .. mean, .. losses]);
    }
}
