using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <summary>VaR and expected shortfall read off a P&amp;L; losses positive.</summary>
public sealed record TailAnswer(double? Var, double? Es, IntervalAnswer? Interval, IReadOnlyList<string> Flags, Dictionary<string, string> Reasons)
{
    internal static TailAnswer Of(double[] pnl, decimal confidence, QuantileConvention quantile, ShortfallConvention shortfall)
    {
        var sheet = FigureSheet.For(pnl.Length);
        if (!sheet.IsOpen || !Array.TrueForAll(pnl, double.IsFinite)) return new TailAnswer(sheet.Of("var", (double?)null), sheet.Of("es", (double?)null), null, [], sheet.Reasons);
        var sorted = new SortedPnl(pnl);
        return new TailAnswer(
            sheet.Of("var", HistoricalVar.Of(sorted, confidence, quantile)),
            sheet.Of("es", ExpectedShortfall.Of(sorted, confidence, shortfall)),
            IntervalOf(sorted, confidence),
            FlagsOf(pnl.Length, confidence),
            sheet.Reasons);
    }

    internal static IntervalAnswer? IntervalOf(SortedPnl pnl, decimal confidence) =>
        HistoricalVar.Interval(pnl, confidence) is { Low: { } low } interval ? new IntervalAnswer(low + 0.0, interval.High + 0.0) : null;

    /// <summary>A tail of fewer than five observations is flagged.</summary>
    internal static IReadOnlyList<string> FlagsOf(int observations, decimal confidence) =>
        ExpectedShortfall.TailCount(observations, confidence) < 5 ? ["thin_tail"] : [];
}
