using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Limits;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Score, exposures, risk by group and liquidity of an account. Base currency; losses positive, exposures and P&amp;L signed.</summary>
public sealed record RiskMetricsAnswer(
    string AccountId,
    string Timestamp,
    double? RiskScore,
    string? RiskLevel,
    double ScoreCoverage,
    Dictionary<string, ScorePartAnswer> ScoreParts,
    double TotalExposure,
    double GrossExposure,
    double NetExposure,
    double LongExposure,
    double ShortExposure,
    double MarketValue,
    double Nav,
    double? CurrentLeverage,
    double? MarginUtilization,
    double RequiredMarginRatio,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    [property: JsonPropertyName("var_95_ratio")] double? Var95Ratio,
    [property: JsonPropertyName("var_95_without_fx")] double? Var95WithoutFx,
    [property: JsonPropertyName("es_95_without_fx")] double? Es95WithoutFx,
    [property: JsonPropertyName("interval_95_without_fx")] IntervalAnswer? Interval95WithoutFx,
    [property: JsonPropertyName("es_95_without_fx_standard_error")] double? Es95WithoutFxStandardError,
    [property: JsonPropertyName("var_95_fx_part")] double? Var95FxPart,
    double? CorrelationRisk,
    double? DiversificationScore,
    double? UnrealizedPl,
    double? DailyPl,
    int InstrumentCount,
    IReadOnlyList<LimitBreachAnswer> RiskLimitBreaches,
    Dictionary<string, Dictionary<string, LongShortAnswer>> ExposureBy,
    Dictionary<string, Dictionary<string, GroupVarAnswer>> VarBy,
    double? Delta,
    double? Gamma,
    double? Vega,
    LiquidityAnswer Liquidity,
    IReadOnlyList<PositionMetricsRow> Positions,
    string Currency,
    string Method,
    string Quantile,
    string EsConvention,
    IReadOnlyList<decimal> Confidence,
    int WindowDays,
    int NumObservations,
    int HorizonDays,
    long HistoryVersion,
    string? AsOf,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<string> StaleSymbols,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    private static readonly (string Word, Grouping Grouping)[] Groupings =
        [("asset_class", Grouping.AssetClass), ("sector", Grouping.Sector), ("currency", Grouping.Currency)];

    internal static RiskMetricsAnswer Of(ScoredPortfolio scored)
    {
        var (priced, metrics, score, reasons) = (scored.Priced, scored.Metrics, scored.Score, new Dictionary<string, string>());
        var (report, x) = (metrics.Report, metrics.Report.Snapshot);
        return new RiskMetricsAnswer(
            x.Account.Text, priced.Now.ToString(),
            score.Total.Into(reasons, "risk_score"), Figures.WordInto(score.Level?.ToString().ToLowerInvariant(), score.Total, reasons, "risk_level"), score.KnownWeight,
            score.Parts.ToDictionary(part => ScoreWords.Of(part.Part), part => ScorePartAnswer.Of(part, reasons)),
            x.GrossExposure, x.GrossExposure, metrics.NetExposure + 0.0, metrics.LongExposure, metrics.ShortExposure + 0.0, x.MarketValue + 0.0, x.Nav + 0.0,
            metrics.Leverage.Into(reasons, "current_leverage"), metrics.MarginUtilization.Into(reasons, "margin_utilization"), RiskMetrics.RequiredMarginRatio,
            x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            x.At95.IntervalInto(reasons, "interval_95"), x.At99.IntervalInto(reasons, "interval_99"),
            x.At95.EsStandardError.Into(reasons, "es_95_standard_error"), x.At99.EsStandardError.Into(reasons, "es_99_standard_error"),
            report.Var95Ratio.Into(reasons, "var_95_ratio"),
            metrics.WithoutFx.Var.Into(reasons, "var_95_without_fx"), metrics.WithoutFx.Es.Into(reasons, "es_95_without_fx"),
            metrics.WithoutFx.IntervalInto(reasons, "interval_95_without_fx"), metrics.WithoutFx.EsStandardError.Into(reasons, "es_95_without_fx_standard_error"),
            metrics.FxPart95.Into(reasons, "var_95_fx_part"),
            metrics.Correlation.Into(reasons, "correlation_risk"), metrics.DiversificationScore.Into(reasons, "diversification_score"),
            metrics.UnrealizedPnl.Into(reasons, "unrealized_pl"), metrics.DailyPnl.Into(reasons, "daily_pl"),
            metrics.Positions.Count,
            [.. score.Breaches.Select(LimitBreachAnswer.Of)],
            Groupings.ToDictionary(by => by.Word, by => RiskGroups.Exposures(priced.Live, by.Grouping)
                .ToDictionary(group => group.Name, group => new LongShortAnswer(group.LongExposure, group.ShortExposure + 0.0))),
            Groupings[..2].ToDictionary(by => by.Word, by => RiskGroups.Risks(priced.Live, report, by.Grouping).ToDictionary(group => group.Name, GroupVarAnswer.Of)),
            metrics.Delta.Into(reasons, "delta"), metrics.Gamma.Into(reasons, "gamma"), metrics.Vega.Into(reasons, "vega"),
            LiquidityAnswer.Of(metrics.Liquidity, reasons),
            [.. metrics.Positions.Select(PositionMetricsRow.Of)],
            x.BaseCurrency.Code, FigureWords.Historical, FigureWords.Of(x.Conventions.Quantile), FigureWords.Of(x.Conventions.Shortfall), SymbolVarAnswer.UsualConfidence,
            x.Conventions.WindowDays, x.Observations, RiskConventions.HorizonDays, x.Version.History, priced.AsOf.Into(reasons),
            x.CoverageRatio.Into(reasons, "coverage"),
            LeftOutAnswer.Of(x.LeftOut),
            [.. priced.StaleSymbols.Select(symbol => symbol.Text)],
            Figures.FlagsOf(priced, x.Flags),
            reasons);
    }
}

/// <param name="Weight">Of 100.</param>
/// <param name="Metric">The one that sets the part; null, as the score, where none could be computed.</param>
public sealed record ScorePartAnswer(int Weight, double? Score, string? Metric)
{
    internal static ScorePartAnswer Of(PartScore part, Dictionary<string, string> reasons) =>
        new(part.Weight, part.Score.Into(reasons, $"score_parts.{ScoreWords.Of(part.Part)}"), part.Worst is { } worst ? ScoreWords.Of(worst) : null);
}

/// <param name="Direction"><c>above</c> or <c>below</c>: where the value must not go.</param>
public sealed record LimitBreachAnswer(
    string Metric,
    string Severity,
    double Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Warning,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Critical,
    string Direction)
{
    internal static LimitBreachAnswer Of(LimitBreach x) => new(
        ScoreWords.Of(x.Limit.Metric), x.Severity.ToString().ToLowerInvariant(), x.Value, x.Limit.Warning, x.Limit.Critical, x.Limit.IsLowerBound ? "below" : "above");
}

/// <param name="ShortExposure">Never positive.</param>
public sealed record LongShortAnswer([property: JsonPropertyName("long")] double LongExposure, [property: JsonPropertyName("short")] double ShortExposure);

/// <summary>Of a group: its part in the account's figures, which adds up to them, and its own figures without the other groups.</summary>
public sealed record GroupVarAnswer(
    [property: JsonPropertyName("component_var_95")] double? ComponentVar95,
    [property: JsonPropertyName("component_var_99")] double? ComponentVar99,
    [property: JsonPropertyName("component_es_95")] double? ComponentEs95,
    [property: JsonPropertyName("component_es_99")] double? ComponentEs99,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    Dictionary<string, string> Reasons)
{
    internal static GroupVarAnswer Of(GroupRisk x)
    {
        var reasons = new Dictionary<string, string>();
        return new GroupVarAnswer(
            x.ComponentVar95.Into(reasons, "component_var_95"), x.ComponentVar99.Into(reasons, "component_var_99"),
            x.ComponentEs95.Into(reasons, "component_es_95"), x.ComponentEs99.Into(reasons, "component_es_99"),
            x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            x.At95.IntervalInto(reasons, "interval_95"), x.At99.IntervalInto(reasons, "interval_99"),
            x.At95.EsStandardError.Into(reasons, "es_95_standard_error"), x.At99.EsStandardError.Into(reasons, "es_99_standard_error"), reasons);
    }
}

/// <param name="ParticipationRatio">The share of a day's volume that is taken to be sold.</param>
/// <param name="SpreadScale">How many deviations of the spread its cost counts.</param>
public sealed record LiquidityAnswer(
    double? DaysToLiquidate,
    double ParticipationRatio,
    double? LiquidShare,
    double? LargestShareOfVolume,
    double? KnownVolumeShare,
    double? LiquidityCost,
    double SpreadScale,
    double? KnownSpreadShare,
    [property: JsonPropertyName("liquidity_adjusted_var_95")] double? LiquidityAdjustedVar95,
    [property: JsonPropertyName("liquidity_adjusted_var_99")] double? LiquidityAdjustedVar99,
    [property: JsonPropertyName("liquidity_adjusted_interval_95")] IntervalAnswer? LiquidityAdjustedInterval95,
    [property: JsonPropertyName("liquidity_adjusted_interval_99")] IntervalAnswer? LiquidityAdjustedInterval99)
{
    internal static LiquidityAnswer Of(PortfolioLiquidity x, Dictionary<string, string> reasons) => new(
        x.DaysToLiquidate.Into(reasons, "liquidity.days_to_liquidate"), Liquidity.UsualParticipation, x.LiquidShare.Into(reasons, "liquidity.liquid_share"),
        x.LargestShareOfVolume.Into(reasons, "liquidity.largest_share_of_volume"), x.KnownVolumeShare.Into(reasons, "liquidity.known_volume_share"),
        x.LiquidityCost.Into(reasons, "liquidity.liquidity_cost"), BidAskSpread.UsualScale, x.KnownSpreadShare.Into(reasons, "liquidity.known_spread_share"),
        x.AdjustedVar95.Into(reasons, "liquidity.liquidity_adjusted_var_95"), x.AdjustedVar99.Into(reasons, "liquidity.liquidity_adjusted_var_99"),
        x.AdjustedInterval95.Into(reasons, "liquidity.liquidity_adjusted_interval_95", x.AdjustedVar95.Reason),
        x.AdjustedInterval99.Into(reasons, "liquidity.liquidity_adjusted_interval_99", x.AdjustedVar99.Reason));
}
