using MathNet.Numerics.Distributions;

namespace Risk.Domain.Measures;

/// <summary>
/// Value at risk read off the P&amp;L of historical scenarios: the loss (positive; negative when even the tail gains) that is not exceeded
/// with the given confidence, in the unit of the P&amp;L, over the horizon of the scenarios.
/// </summary>
public static class HistoricalVar
{
    /// <summary>−Q(1 − confidence) of the P&amp;L under the convention; see <see cref="QuantileRank"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static double Of(SortedPnl pnl, decimal confidence, QuantileConvention convention = QuantileConvention.Type7)
    {
        var rank = QuantileRank.Of(pnl.Count, confidence, convention);
        // Written so that two equal neighbours give their own value to the last bit: "beyond the VaR" depends on it.
        return -(pnl[rank.Lower] + rank.UpperWeight * (pnl[rank.Upper] - pnl[rank.Lower]));
    }

    /// <exception cref="ArgumentException">No scenario, a P&amp;L that is not finite, or a confidence outside (0, 1).</exception>
    /// <inheritdoc cref="Of(SortedPnl, decimal, QuantileConvention)"/>
    public static double Of(ReadOnlySpan<double> pnl, decimal confidence, QuantileConvention convention = QuantileConvention.Type7) =>
        Of(new SortedPnl(pnl), confidence, convention);

    /// <summary>
    /// The type 1 quantile of the losses at the confidence, instead of the P&amp;L at the tail: the ⌈n·confidence⌉-th smallest loss. Differs
    /// from type 1 on the P&amp;L exactly when n·tail is whole; equals the k-th worst there.
    /// </summary>
    /// <inheritdoc cref="Of(SortedPnl, decimal, QuantileConvention)"/>
    public static double OfLosses(SortedPnl pnl, decimal confidence) =>
        -pnl[pnl.Count + 1 - QuantileRank.Of(pnl.Count, QuantileRank.Tail(confidence), QuantileConvention.Type1).Lower];

    /// <summary>The one or two scenarios that set the VaR, worst first: VaR = −Σ weight·P&amp;L.</summary>
    /// <inheritdoc cref="Of(SortedPnl, decimal, QuantileConvention)"/>
    public static IReadOnlyList<ScenarioWeight> Scenarios(SortedPnl pnl, decimal confidence, QuantileConvention convention = QuantileConvention.Type7)
    {
        var rank = QuantileRank.Of(pnl.Count, confidence, convention);
        return rank.UpperWeight == 0
            ? [new ScenarioWeight(pnl.ScenarioAt(rank.Lower), 1)]
            : [new ScenarioWeight(pnl.ScenarioAt(rank.Lower), 1 - rank.UpperWeight), new ScenarioWeight(pnl.ScenarioAt(rank.Upper), rank.UpperWeight)];
    }

    /// <summary>
    /// The distribution-free interval of the VaR from order statistics: of n independent scenarios the number in the true tail is binomial
    /// (n, tail), whatever the distribution; each end is cut where the binomial leaves at most (1 − level)/2 beyond it.
    /// </summary>
    /// <param name="level">How surely the interval holds the true VaR; 0.95 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence or a level outside (0, 1).</exception>
    public static VarInterval Interval(SortedPnl pnl, decimal confidence, double level = 0.95)
    {
        var (lowRank, highRank) = IntervalRanks(pnl.Count, confidence, level);
        return new VarInterval(lowRank is { } low ? -pnl[low] : null, highRank is { } high ? -pnl[high] : null, lowRank, highRank);
    }

    /// <summary>The ranks of <see cref="Interval"/> among as many scenarios, worst first.</summary>
    /// <inheritdoc cref="Interval"/>
    internal static (int? Low, int? High) IntervalRanks(int count, decimal confidence, double level)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "Must lie between 0 and 1, both excluded.");
        var inTail = new Binomial((double)QuantileRank.Tail(confidence), count);
        var outside = (1 - level) / 2;
        int worst = 0, best = 0;
        // The true quantile lies below x(r) exactly when fewer than r scenarios lie below it: probability F(r − 1).
        while (worst < count && inTail.CumulativeDistribution(worst) <= outside) worst++;
        while (best <= count && (best == 0 || inTail.CumulativeDistribution(best - 1) < 1 - outside)) best++;
        return (best > count ? null : best, worst == 0 ? null : worst);
    }
}

/// <summary>The ends of the interval of a VaR as losses, <see cref="Low"/> ≤ <see cref="High"/>, and the 1-based ranks of the P&amp;L they are read from.</summary>
/// <param name="Low">Null when it lies beyond the best scenario: too few scenarios to bound the VaR from below.</param>
/// <param name="High">Null when it lies beyond the worst scenario: too few scenarios to bound the VaR from above (250 at 99 %).</param>
public sealed record VarInterval(double? Low, double? High, int? LowRank, int? HighRank);
