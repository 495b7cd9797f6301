using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>VaR and expected shortfall read off a P&amp;L; losses positive.</summary>
public sealed record TailAnswer(
    double? Var, double? Es, IntervalAnswer? Interval, double? EsStandardError, IReadOnlyList<string> Flags, Dictionary<string, string> Reasons)
{
    /// <summary>How both errors are found.</summary>
    internal const string IntervalConvention = "95 % order statistics, independent days", ErrorConvention = "Chen 2008, independent days";

    internal static TailAnswer Of(double[] pnl, decimal confidence, QuantileConvention quantile, ShortfallConvention shortfall)
    {
        var sheet = FigureSheet.For(pnl.Length);
        var sorted = sheet.IsOpen && Array.TrueForAll(pnl, double.IsFinite) ? new SortedPnl(pnl) : null;
        var reading = new TailReading(quantile, shortfall);
        var es = sheet.Of("es", sorted is null ? null : reading.ShortfallOf(sorted, confidence));
        return new TailAnswer(
            sheet.Of("var", sorted is null ? null : reading.Var(sorted, confidence)),
            es,
            IntervalOf("interval", sorted, confidence, sheet),
            sheet.Of("es_standard_error", es is null ? null : reading.ShortfallError(sorted!, confidence)),
            sorted is null ? [] : FlagsOf(pnl.Length, confidence),
            sheet.Reasons);
    }

    /// <summary>Of the VaR; null without a P&amp;L, or where the best of it does not bound the VaR from below.</summary>
    internal static IntervalAnswer? IntervalOf(string name, SortedPnl? pnl, decimal confidence, FigureSheet sheet, FigureReason otherwise = FigureReason.NotApplicable)
    {
        LossInterval? known = pnl is not null && HistoricalVar.Interval(pnl, confidence) is { Low: { } low } interval ? new LossInterval(low, interval.High) : null;
        return known.Into(sheet.Reasons, name, sheet.Missing ?? otherwise);
    }

    /// <summary>A tail of fewer than five observations is flagged.</summary>
    internal static IReadOnlyList<string> FlagsOf(int observations, decimal confidence) =>
        ExpectedShortfall.HasThinTail(observations, confidence) ? ["thin_tail"] : [];
}
