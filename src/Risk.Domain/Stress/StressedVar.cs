using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Domain.Stress;

/// <summary>
/// One-day historical VaR and shortfall of today's portfolio over a window of the past, chosen or the worst there was. A position that has
/// no P&amp;L on some day of a window is left out of that window and named; a window that leaves out more than a fifth of the gross exposure
/// is not looked at, and neither does one young position cut the search short.
/// </summary>
/// <param name="From">The first return date; null where no window was found.</param>
/// <param name="Observations">Return dates in the window; where they are too few for a figure, how many there are.</param>
/// <param name="WindowsSearched">How many windows were compared; 1 for a fixed one.</param>
/// <param name="At95">In base currency; a loss is positive. Where nothing that could move has a value, its reason.</param>
/// <param name="CoverageRatio">Share of the gross exposure in the figures, as in a <see cref="StressResult"/>.</param>
public sealed record StressedVar(
    DateOnly? From, DateOnly? To, int Observations, int WindowsSearched, LossFigures At95, LossFigures At99, Figure CoverageRatio, IReadOnlyList<LeftOutPosition> LeftOut)
{
    /// <summary>Of the gross exposure, in a window that counts.</summary>
    public const double LeastCoverage = 0.8;

    /// <summary>A bound on the work of a search: seconds, not minutes.</summary>
    public const long MaxSteps = 2_000_000_000;

    /// <summary>
    /// The window of so many days with the highest VaR, of several the earliest. It is exact: every window is looked at. Sliding by a day
    /// costs one P&amp;L of the portfolio and a place in a sorted list; where the covered positions change, the window is summed anew. In all
    /// at most (days + changes × window) × positions steps, bounded by <see cref="MaxSteps"/>: beyond it there is no figure (not applicable).
    /// </summary>
    /// <param name="windowDays">30 to 2,500.</param>
    /// <param name="confidence">At which windows are compared.</param>
    public static StressedVar Worst(PnlHistory history, int windowDays, decimal confidence, RiskConventions conventions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowDays, RiskConventions.MinObservations);
        if (history.Dates.Count < windowDays) return None(FigureReason.ShortHistory) with { Observations = history.Dates.Count };
        var unvalued = history.Book.Unvalued;
        if (unvalued.Count > 0 && unvalued.Count == history.Book.Positions.Count(x => !x.IsRiskless)) return None(unvalued[0].Reason) with { LeftOut = unvalued };
        var rank = QuantileRank.Of(windowDays, confidence, conventions.Quantile);
        var sliding = new SlidingWindow(history, windowDays);
        var (worst, at, searched) = (double.NegativeInfinity, -1, 0);
        for (var start = 0; start + windowDays <= history.Dates.Count; start++)
        {
            if (!sliding.MoveTo(start, MaxSteps)) return None(FigureReason.NotApplicable);
            if (sliding.CoverageRatio < LeastCoverage) continue;
            searched++;
            var var = sliding.Var(rank);
            if (var > worst) (worst, at) = (var, start);
        }
        return at < 0 ? None(FigureReason.ShortHistory) : Measure(history, at, windowDays, conventions) with { WindowsSearched = searched };
    }

    /// <summary>Over the return dates from one day to another, both included.</summary>
    public static StressedVar Over(PnlHistory history, DateOnly from, DateOnly to, RiskConventions conventions)
    {
        var first = history.Dates.TakeWhile(x => x < from).Count();
        var count = history.Dates.Skip(first).TakeWhile(x => x <= to).Count();
        return count < RiskConventions.MinObservations
            ? None(FigureReason.ShortHistory) with { Observations = count }
            : Measure(history, first, count, conventions);
    }

    private static StressedVar Measure(PnlHistory history, int first, int count, RiskConventions conventions)
    {
        var total = new double[count];
        List<LeftOutPosition> left = [];
        var (gross, covered, isAnyMeasured) = (0.0, 0.0, false);
        foreach (var (i, position) in history.Book.Positions.Index())
        {
            var size = Math.Abs(position.Value.Value ?? 0);
            var pnl = history.Pnl[i].AsSpan(first, count);
            gross += size;
            if (HasGap(pnl)) left.Add(new LeftOutPosition(position.Symbol, position.Value.Reason ?? FigureReason.ShortHistory));
            else
            {
                covered += size;
                isAnyMeasured |= !position.IsRiskless;
                for (var t = 0; t < count; t++) total[t] += pnl[t];
            }
        }
        var (sorted, coverage) = (new SortedPnl(total), history.Book.CoverageOf(covered, gross, left.Count > 0));
        var (at95, at99) = left.Count > 0 && !isAnyMeasured
            ? (LossFigures.Missing(left[0].Reason), LossFigures.Missing(left[0].Reason))
            : (LossAt(sorted, 0.95m, conventions), LossAt(sorted, 0.99m, conventions));
        return new StressedVar(history.Dates[first], history.Dates[first + count - 1], count, 1, at95, at99, coverage, left);
    }

    private static bool HasGap(ReadOnlySpan<double> pnl)
    {
        foreach (var x in pnl)
            if (double.IsNaN(x)) return true;
        return false;
    }

    private static LossFigures LossAt(SortedPnl pnl, decimal confidence, RiskConventions conventions)
    {
        var es = ExpectedShortfall.Of(pnl, confidence, conventions.Shortfall, conventions.Quantile);
        var interval = HistoricalVar.Interval(pnl, confidence);
        return new LossFigures(
            Figure.Of(HistoricalVar.Of(pnl, confidence, conventions.Quantile)),
            LossFigures.OrNone(es),
            interval.Low is { } low ? new LossInterval(low, interval.High) : null,
            LossFigures.OrNone(es is null ? null : new TailReading(conventions.Quantile, conventions.Shortfall).ShortfallError(pnl, confidence)),
            ExpectedShortfall.HasThinTail(pnl.Count, confidence));
    }

    private static StressedVar None(FigureReason reason) => new(null, null, 0, 0, LossFigures.Missing(reason), LossFigures.Missing(reason), Figure.Of(0), []);
}
