using Risk.Application.Calculators;
using Risk.Application.Reporting;
using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <summary>What may be said of a method in a body. What is not listed has no part in it and is refused.</summary>
/// <param name="Quantiles">The usual one first.</param>
/// <param name="Shortfalls">The usual one first.</param>
/// <param name="Options">Members that only some methods read.</param>
/// <param name="Overlaps">Why overlapping returns are not defined for it; null where they are.</param>
internal sealed record VarMethodWords(string Word, VarMethod Method, string[] Quantiles, string[] Shortfalls, string[] Options, string? Overlaps = null)
{
    private const string NoDailyVariance = "the returns of overlapping days have no variance of their day that could be scaled";

    private static readonly string[] AnyQuantile = ["type7", "type1", "type2", "type3", "type4", "type5", "type6", "type8", "type9", "kth_worst"];
    private static readonly string[] AnyShortfall = ["acerbi_tasche", "mean_worst_floor", "mean_worst_k", "beyond_var"];
    private static readonly string[] Closed = ["closed_form"];

    public static readonly VarMethodWords[] All =
    [
        new("historical", VarMethod.Historical, AnyQuantile, AnyShortfall, []),
        // Interpolated between weights the VaR can lie beyond the shortfall, so that is not the usual one.
        new("age_weighted", VarMethod.AgeWeighted, ["type1", "type4"], ["acerbi_tasche"], ["lambda"]),
        new("volatility_scaled", VarMethod.VolatilityScaled, AnyQuantile, AnyShortfall, ["lambda", "scaling"], NoDailyVariance),
        new("filtered_garch", VarMethod.FilteredGarch, AnyQuantile, AnyShortfall, ["garch"], NoDailyVariance),
        new("parametric_normal", VarMethod.ParametricNormal, Closed, Closed, ["mean", "standard_deviation"]),
        new("student_t", VarMethod.StudentT, Closed, Closed, ["degrees_of_freedom", "mean", "standard_deviation"]),
        new("delta_normal", VarMethod.DeltaNormal, Closed, Closed, ["covariance"]),
        new("cornish_fisher", VarMethod.CornishFisher, ["cornish_fisher"], ["operational", "modified", "quantile_mean"], ["standard_deviation"]),
        new("monte_carlo_normal", VarMethod.MonteCarloNormal, ["type7"], ["acerbi_tasche"], ["covariance", "paths", "seed"]),
        new("monte_carlo_t", VarMethod.MonteCarloT, ["type7"], ["acerbi_tasche"], ["degrees_of_freedom", "covariance", "paths", "seed"]),
    ];

    public static readonly Dictionary<string, QuantileConvention> Quantile = Enum.GetValues<QuantileConvention>().ToDictionary(FigureWords.Of);
    public static readonly Dictionary<string, ShortfallConvention> Shortfall = Enum.GetValues<ShortfallConvention>().ToDictionary(FigureWords.Of);

    public static readonly Dictionary<string, ModifiedShortfall> Modified = new()
    {
        ["operational"] = ModifiedShortfall.Operational,
        ["modified"] = ModifiedShortfall.Modified,
        ["quantile_mean"] = ModifiedShortfall.QuantileMean,
    };

    private static readonly (LossWarnings Warning, string Word)[] WarningWords =
    [
        (LossWarnings.ThinTail, "thin_tail"),
        (LossWarnings.NotMonotone, "not_monotone"),
        (LossWarnings.ShortfallBelowVar, "shortfall_below_var"),
        (LossWarnings.SqrtTimeWithMean, "sqrt_time_with_mean"),
        (LossWarnings.InfiniteVariance, "infinite_variance"),
        (LossWarnings.ShortfallFalls, "shortfall_falls"),
        (LossWarnings.ForecastTakenAsKnown, "forecast_taken_as_known"),
        (LossWarnings.NoLongRunVariance, "no_long_run_variance"),
        (LossWarnings.AtBoundary, "at_boundary"),
        (LossWarnings.CovarianceTakenAsKnown, "covariance_taken_as_known"),
        (LossWarnings.HeavyTails, "heavy_tails"),
    ];

    public static VarMethodWords Of(VarMethod method) => All.First(x => x.Method == method);

    /// <summary>The word of an account's convention where the method reads one, and else of its own.</summary>
    public string QuantileOf(QuantileConvention convention) => Quantiles.Contains(FigureWords.Of(convention)) ? FigureWords.Of(convention) : Quantiles[0];

    /// <inheritdoc cref="QuantileOf"/>
    public string ShortfallOf(ShortfallConvention convention) => Shortfalls.Contains(FigureWords.Of(convention)) ? FigureWords.Of(convention) : Shortfalls[0];

    public bool Reads(string option) => Options.Contains(option);

    public static IReadOnlyList<string> WordsOf(LossWarnings warnings) => [.. WarningWords.Where(x => warnings.HasFlag(x.Warning)).Select(x => x.Word)];
}
