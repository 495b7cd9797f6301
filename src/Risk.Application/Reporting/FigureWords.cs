using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>The words of the API for how a figure was measured, why one is missing and what to mind of it.</summary>
public static class FigureWords
{
    /// <summary>The method of every live figure.</summary>
    public const string Historical = "historical";

    private static readonly (RiskFlags Flag, string Word)[] FlagWords =
    [
        (RiskFlags.ThinTail95, "thin_tail_95"),
        (RiskFlags.ThinTail99, "thin_tail_99"),
        (RiskFlags.PartialCoverage, "partial_coverage"),
        (RiskFlags.AtLastClose, "at_last_close"),
        (RiskFlags.FallbackVolatility, "fallback_volatility"),
    ];

    public static string Of(FigureReason reason) => reason switch
    {
        FigureReason.ShortHistory => "short_history",
        FigureReason.MissingPrice => "missing_price",
        FigureReason.MissingFx => "missing_fx",
        FigureReason.StalePrices => "stale_prices",
        FigureReason.NotApplicable => "not_applicable",
        _ => "did_not_converge",
    };

    /// <summary><c>type1</c> to <c>type9</c>, <c>kth_worst</c>.</summary>
    public static string Of(QuantileConvention convention) =>
        convention == QuantileConvention.KthWorst ? "kth_worst" : FormattableString.Invariant($"type{(int)convention + 1}");

    public static string Of(ShortfallConvention convention) => convention switch
    {
        ShortfallConvention.AcerbiTasche => "acerbi_tasche",
        ShortfallConvention.MeanWorstFloor => "mean_worst_floor",
        ShortfallConvention.MeanWorstK => "mean_worst_k",
        _ => "beyond_var",
    };

    public static IReadOnlyList<string> Of(RiskFlags flags) => [.. FlagWords.Where(x => flags.HasFlag(x.Flag)).Select(x => x.Word)];
}
