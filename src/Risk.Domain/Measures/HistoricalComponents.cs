namespace Risk.Domain.Measures;

/// <summary>
/// What each position has to do with a historical VaR or shortfall, from the P&amp;L as <c>[position][scenario]</c>. Figures are losses in the
/// unit of the P&amp;L: positive where the position adds risk, negative where it hedges.
/// </summary>
public static class HistoricalComponents
{
    /// <summary>
    /// The loss of each position in the scenarios that set a figure, with their weights; sums to the figure. The scenarios come from
    /// <see cref="HistoricalVar.Scenarios"/> or <see cref="ExpectedShortfall.Scenarios"/> of the total.
    /// </summary>
    public static double[] Of(IReadOnlyList<double[]> byPosition, IReadOnlyList<ScenarioWeight> scenarios) =>
        [.. byPosition.Select(pnl => -scenarios.Sum(s => s.Weight * pnl[s.Scenario]))];

    /// <summary>
    /// Component VaR smoothed over the ranks around the k-th worst scenario, k = ⌊n·tail⌋ + 1: the mean loss of each position over ranks
    /// k − h … k + h (cut at 1 and n), rescaled to sum to the k-th worst loss. Null when those means cancel to zero.
    /// </summary>
    /// <param name="halfWidth">h; <see cref="WindowHalfWidth"/> by default.</param>
    /// <exception cref="ArgumentException">No position, no scenario, series of different lengths, a P&amp;L that is not finite, or a confidence outside (0, 1).</exception>
    public static double[]? Smoothed(IReadOnlyList<double[]> byPosition, decimal confidence, int? halfWidth = null)
    {
        var total = new SortedPnl(LinearPnl.Sum(byPosition));
        var k = QuantileRank.Of(total.Count, confidence, QuantileConvention.KthWorst).Lower;
        var h = halfWidth ?? WindowHalfWidth(total.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(h, nameof(halfWidth));
        var (first, last) = (Math.Max(1, k - h), Math.Min(total.Count, k + h));
        var weight = 1.0 / (last - first + 1);
        var means = Of(byPosition, [.. Enumerable.Range(first, last - first + 1).Select(rank => new ScenarioWeight(total.ScenarioAt(rank), weight))]);
        var sum = means.Sum();
        return sum == 0 ? null : [.. means.Select(mean => mean * -total[k] / sum)];
    }

    /// <summary>One percent of the scenarios, rounded half to even, at least 1.</summary>
    public static int WindowHalfWidth(int count) => Math.Max(1, (int)decimal.Round(count * 0.01m, MidpointRounding.ToEven));

    /// <summary>
    /// Incremental VaR of each position: VaR of the portfolio − VaR of the portfolio without it (its value held in cash instead), each
    /// with its own quantile. Does not sum to the VaR. Zero for a position that never moves.
    /// </summary>
    /// <exception cref="ArgumentException">No position, no scenario, series of different lengths, a P&amp;L that is not finite, or a confidence outside (0, 1).</exception>
    public static double[] Incremental(IReadOnlyList<double[]> byPosition, decimal confidence, QuantileConvention convention = QuantileConvention.Type7)
    {
        var total = HistoricalVar.Of(LinearPnl.Sum(byPosition), confidence, convention);
        return [.. byPosition.Select((_, i) => total - HistoricalVar.Of(LinearPnl.Sum(byPosition, without: i), confidence, convention))];
    }
}
