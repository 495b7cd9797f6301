namespace Risk.Domain.Measures;

/// <summary>
/// Expected shortfall read off the P&amp;L of historical scenarios: the mean loss in the tail (positive; negative when even the tail gains),
/// in the unit of the P&amp;L. Each convention is a weighting of the worst scenarios, so its parts by position follow from the same weights.
/// </summary>
public static class ExpectedShortfall
{
    /// <summary>The shortfall, or null where the convention is not applicable because its tail is empty (it never falls back on the VaR).</summary>
    /// <param name="quantile">Of the VaR that <see cref="ShortfallConvention.BeyondVar"/> looks beyond; the others do not read it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1), or an unknown convention.</exception>
    public static double? Of(
        SortedPnl pnl, decimal confidence, ShortfallConvention convention = ShortfallConvention.AcerbiTasche, QuantileConvention quantile = QuantileConvention.Type7)
    {
        var (whole, weight, partial) = Tail(pnl, confidence, convention, quantile);
        if (whole == 0 && partial == 0) return null;
        var sum = 0.0;
        for (var rank = 1; rank <= whole; rank++) sum += pnl[rank];
        return partial == 0 ? -(sum * weight) : -(sum * weight + pnl[whole + 1] * partial);
    }

    /// <exception cref="ArgumentException">No scenario, a P&amp;L that is not finite, or a confidence outside (0, 1).</exception>
    /// <inheritdoc cref="Of(SortedPnl, decimal, ShortfallConvention, QuantileConvention)"/>
    public static double? Of(
        ReadOnlySpan<double> pnl, decimal confidence, ShortfallConvention convention = ShortfallConvention.AcerbiTasche, QuantileConvention quantile = QuantileConvention.Type7) =>
        Of(new SortedPnl(pnl), confidence, convention, quantile);

    /// <summary>The scenarios that set the shortfall, worst first: ES = −Σ weight·P&amp;L. Empty where it is not applicable.</summary>
    /// <inheritdoc cref="Of(SortedPnl, decimal, ShortfallConvention, QuantileConvention)"/>
    public static IReadOnlyList<ScenarioWeight> Scenarios(
        SortedPnl pnl, decimal confidence, ShortfallConvention convention = ShortfallConvention.AcerbiTasche, QuantileConvention quantile = QuantileConvention.Type7)
    {
        var (whole, weight, partial) = Tail(pnl, confidence, convention, quantile);
        var scenarios = new List<ScenarioWeight>(whole + 1);
        for (var rank = 1; rank <= whole; rank++) scenarios.Add(new ScenarioWeight(pnl.ScenarioAt(rank), weight));
        if (partial > 0) scenarios.Add(new ScenarioWeight(pnl.ScenarioAt(whole + 1), partial));
        return scenarios;
    }

    /// <summary>⌊n·tail⌋, exactly: how many whole scenarios the tail holds.</summary>
    /// <inheritdoc cref="QuantileRank.Tail"/>
    public static int TailCount(int count, decimal confidence) => (int)decimal.Floor(count * QuantileRank.Tail(confidence));

    /// <summary>Whether the tail holds fewer than five whole scenarios, so that its figures rest on very little.</summary>
    /// <inheritdoc cref="QuantileRank.Tail"/>
    public static bool HasThinTail(int count, decimal confidence) => TailCount(count, confidence) < 5;

    /// <summary>How many of the worst scenarios count with the same weight, and how much the next one counts.</summary>
    private static (int Whole, double Weight, double Partial) Tail(SortedPnl pnl, decimal confidence, ShortfallConvention convention, QuantileConvention quantile)
    {
        var inTail = TailCount(pnl.Count, confidence);
        switch (convention)
        {
            case ShortfallConvention.AcerbiTasche:
                var size = pnl.Count * QuantileRank.Tail(confidence);
                return (inTail, (double)(1 / size), (double)((size - inTail) / size));
            case ShortfallConvention.MeanWorstFloor:
                return (inTail, 1.0 / inTail, 0);
            case ShortfallConvention.MeanWorstK:
                return (inTail + 1, 1.0 / (inTail + 1), 0);
            case ShortfallConvention.BeyondVar:
                var beyond = CountBelow(pnl.Values, -HistoricalVar.Of(pnl, confidence, quantile));
                return (beyond, 1.0 / beyond, 0);
            default:
                throw new ArgumentOutOfRangeException(nameof(convention), convention, "Unknown shortfall convention.");
        }
    }

    private static int CountBelow(ReadOnlySpan<double> ascending, double limit)
    {
        var count = 0;
        while (count < ascending.Length && ascending[count] < limit) count++;
        return count;
    }
}
