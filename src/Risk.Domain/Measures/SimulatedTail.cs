namespace Risk.Domain.Measures;

/// <summary>
/// VaR and expected shortfall of simulated P&amp;L (type 7, Acerbi–Tasche) with the standard error that the finite number of paths leaves.
/// Positive losses, in the unit of the P&amp;L.
/// </summary>
/// <param name="VarStandardError">√(n·tail·confidence) × the mean distance of neighbouring ranks around the VaR, which estimates the density there; null where less than one path lies in the tail.</param>
/// <param name="ShortfallStandardError">√((variance of the tail + confidence·(ES − VaR)²) / (n·tail)) (Manistre and Hancock 2005); null as that of the VaR. Both come out too small of fewer than about five paths in the tail.</param>
/// <param name="Paths">n.</param>
public sealed record SimulatedTail(
    decimal Confidence, double Var, double? VarStandardError, double Shortfall, double? ShortfallStandardError, int Paths)
{
    /// <summary>Neighbours on each side from which the density is estimated, in standard errors of the rank.</summary>
    private const double DensityWidth = 2;

    /// <param name="pnl">With at least <see cref="RanksNeeded"/> ranks.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static SimulatedTail Of(SortedPnl pnl, decimal confidence)
    {
        var tail = (double)QuantileRank.Tail(confidence);
        var (first, last) = Neighbours(pnl.Count, confidence);
        var rankError = Math.Sqrt(pnl.Count * tail * (1 - tail));
        var var = HistoricalVar.Of(pnl, confidence);
        var shortfall = ExpectedShortfall.Of(pnl, confidence)!.Value;
        double variance = 0;
        foreach (var s in ExpectedShortfall.Scenarios(pnl, confidence).Select((s, i) => (s.Weight, Loss: -pnl[i + 1])))
            variance += s.Weight * (s.Loss - shortfall) * (s.Loss - shortfall);
        var isReached = pnl.Count * QuantileRank.Tail(confidence) >= 1;
        return new SimulatedTail(
            confidence,
            var,
            !isReached ? null : last > first ? rankError * (pnl[last] - pnl[first]) / (last - first) : 0,
            shortfall,
            isReached ? Math.Sqrt((variance + (1 - tail) * (shortfall - var) * (shortfall - var)) / (pnl.Count * tail)) : null,
            pnl.Count);
    }

    /// <summary>How many of the worst ranks the figures at this confidence, and at any higher one, are read from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No path, or a confidence outside (0, 1).</exception>
    public static int RanksNeeded(int paths, decimal confidence) =>
        Math.Max(Neighbours(paths, confidence).Last, Math.Min(paths, ExpectedShortfall.TailCount(paths, confidence) + 1));

    /// <summary>
    /// The paths around the VaR, alike in weight, from which its components are read: the scenario of the VaR alone says little about them.
    /// </summary>
    public static IReadOnlyList<ScenarioWeight> AroundVar(SortedPnl pnl, decimal confidence)
    {
        var (first, last) = Neighbours(pnl.Count, confidence);
        return [.. Enumerable.Range(first, last - first + 1).Select(rank => new ScenarioWeight(pnl.ScenarioAt(rank), 1.0 / (last - first + 1)))];
    }

    private static (int First, int Last) Neighbours(int paths, decimal confidence)
    {
        var rank = QuantileRank.Of(paths, confidence);
        var tail = (double)QuantileRank.Tail(confidence);
        var width = (int)Math.Ceiling(DensityWidth * Math.Sqrt(paths * tail * (1 - tail)));
        return (Math.Max(1, rank.Lower - width), (int)Math.Min(paths, (long)rank.Upper + width));
    }
}
