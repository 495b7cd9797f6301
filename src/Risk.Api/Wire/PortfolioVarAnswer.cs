using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>The risk of an account and of each of its positions. Money is in base currency unless said otherwise; losses are positive.</summary>
public sealed record PortfolioVarAnswer(
    string AccountId,
    IReadOnlyList<PositionVarRow> Results,
    PortfolioVarFigures Portfolio,
    int Count,
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
    string Timestamp,
    Dictionary<string, string> Reasons)
{
    public static PortfolioVarAnswer Of(PricedPortfolio priced)
    {
        var (report, reasons) = (priced.Report(), new Dictionary<string, string>());
        var snapshot = report.Snapshot;
        var stale = priced.StaleSymbols.ToHashSet();
        var rows = report.Positions.Select(position => PositionVarRow.Of(position, priced, snapshot, stale.Contains(position.Symbol))).ToList();
        return new PortfolioVarAnswer(
            snapshot.Account.Text, rows, PortfolioVarFigures.Of(report, priced), rows.Count, snapshot.BaseCurrency.Code,
            FigureWords.Historical, FigureWords.Of(snapshot.Conventions.Quantile), FigureWords.Of(snapshot.Conventions.Shortfall), SymbolVarAnswer.UsualConfidence,
            snapshot.Conventions.WindowDays, snapshot.Observations, RiskConventions.HorizonDays, snapshot.Version.History, priced.AsOf.Into(reasons), priced.Now.ToString(), reasons);
    }

    /// <summary>The body of <c>GET /portfolio/var</c>.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Default.PortfolioVarAnswer);

    internal static CsvTable TableOf(PortfolioVarAnswer answer)
    {
        var table = new CsvTable(
            "symbol", "quantity", "market_value", "current_price", "currency", "unit", "var_95", "var_99", "es_95", "es_99", "interval_95_low", "interval_95_high",
            "interval_99_low", "interval_99_high", "es_95_standard_error", "es_99_standard_error", "risk_class", "position_var_95", "position_var_95_ratio", "position_var_99", "position_interval_95_low",
            "position_interval_95_high", "position_interval_99_low", "position_interval_99_high", "component_var_95", "component_var_99", "component_es_95", "incremental_var_95",
            "num_observations", "method", "quantile", "es_convention", "window_days", "horizon_days", "history_version", "as_of", "is_stale", "reasons");
        foreach (var x in answer.Results)
            table.Add(
                x.Symbol, x.Quantity, x.MarketValue, x.CurrentPrice, x.Currency, x.Unit, x.Var95, x.Var99, x.Es95, x.Es99, x.Interval95?.Low, x.Interval95?.High,
                x.Interval99?.Low, x.Interval99?.High, x.Es95StandardError, x.Es99StandardError, x.RiskClass, x.PositionVar95, x.PositionVar95Ratio, x.PositionVar99, x.PositionInterval95?.Low,
                x.PositionInterval95?.High, x.PositionInterval99?.Low, x.PositionInterval99?.High, x.ComponentVar95, x.ComponentVar99, x.ComponentEs95, x.IncrementalVar95,
                x.NumObservations, x.Method, x.Quantile, x.EsConvention, x.WindowDays, x.HorizonDays, x.HistoryVersion, x.AsOf, x.IsStale,
                string.Join(' ', x.Reasons.Values.Distinct()));
        return table;
    }
}

/// <summary>A position. <c>var</c>, <c>es</c> and <c>interval</c> are of one unit in the instrument's currency, all others in base currency.</summary>
public sealed record PositionVarRow(
    string Symbol,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    double? CurrentPrice,
    string? Currency,
    string Unit,
    int NumObservations,
    string Method,
    string Quantile,
    string EsConvention,
    IReadOnlyList<decimal> Confidence,
    int WindowDays,
    int HorizonDays,
    long HistoryVersion,
    string? AsOf,
    string Timestamp,
    decimal Quantity,
    double? MarketValue,
    string? RiskClass,
    [property: JsonPropertyName("position_var_95")] double? PositionVar95,
    [property: JsonPropertyName("position_var_95_ratio")] double? PositionVar95Ratio,
    [property: JsonPropertyName("position_var_99")] double? PositionVar99,
    [property: JsonPropertyName("position_interval_95")] IntervalAnswer? PositionInterval95,
    [property: JsonPropertyName("position_interval_99")] IntervalAnswer? PositionInterval99,
    [property: JsonPropertyName("component_var_95")] double? ComponentVar95,
    [property: JsonPropertyName("component_var_99")] double? ComponentVar99,
    [property: JsonPropertyName("component_es_95")] double? ComponentEs95,
    [property: JsonPropertyName("incremental_var_95")] double? IncrementalVar95,
    int BorrowedScenarios,
    bool IsStale,
    Dictionary<string, string> Reasons)
{
    internal static PositionVarRow Of(PositionRisk x, PricedPortfolio priced, RiskSnapshot snapshot, bool isStale)
    {
        var reasons = new Dictionary<string, string>();
        return new PositionVarRow(
            x.Symbol.Text,
            x.Unit95.Var.Into(reasons, "var_95"), x.Unit99.Var.Into(reasons, "var_99"), x.Unit95.Es.Into(reasons, "es_95"), x.Unit99.Es.Into(reasons, "es_99"),
            x.Unit95.IntervalInto(reasons, "interval_95"), x.Unit99.IntervalInto(reasons, "interval_99"),
            x.Unit95.EsStandardError.Into(reasons, "es_95_standard_error"), x.Unit99.EsStandardError.Into(reasons, "es_99_standard_error"),
            x.Price.Into(reasons, "current_price"), Figures.WordInto(x.Currency?.Code, x.Price, reasons, "currency"), Figures.UnitOf(priced.Instruments.GetValueOrDefault(x.Symbol)?.AssetClass),
            x.Observations, FigureWords.Historical, FigureWords.Of(snapshot.Conventions.Quantile), FigureWords.Of(snapshot.Conventions.Shortfall), SymbolVarAnswer.UsualConfidence,
            snapshot.Conventions.WindowDays, RiskConventions.HorizonDays, snapshot.Version.History, priced.AsOf.Into(reasons), priced.Now.ToString(),
            x.Quantity,
            x.MarketValue.Into(reasons, "market_value"),
            Figures.WordInto(x.Var95Ratio.Value is { } ratio ? Application.Reporting.RiskClass.Of(ratio) : null, x.Var95Ratio, reasons, "risk_class"),
            x.At95.Var.Into(reasons, "position_var_95"), x.Var95Ratio.Into(reasons, "position_var_95_ratio"), x.At99.Var.Into(reasons, "position_var_99"),
            x.At95.IntervalInto(reasons, "position_interval_95"), x.At99.IntervalInto(reasons, "position_interval_99"),
            x.ComponentVar95.Into(reasons, "component_var_95"), x.ComponentVar99.Into(reasons, "component_var_99"), x.ComponentEs95.Into(reasons, "component_es_95"),
            x.IncrementalVar95.Into(reasons, "incremental_var_95"),
            x.BorrowedScenarios, isStale, reasons);
    }
}

/// <param name="Coverage">Share of gross exposure that the figures contain, null where a position without a known value is among what they do not: <paramref name="LeftOut"/>.</param>
/// <param name="Epoch">The versions of positions, history and prices; the figures are a function of them.</param>
public sealed record PortfolioVarFigures(
    double MarketValue,
    double Nav,
    double GrossExposure,
    decimal Cash,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("var_95_ratio")] double? Var95Ratio,
    [property: JsonPropertyName("var_99_ratio")] double? Var99Ratio,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    [property: JsonPropertyName("diversification_benefit_95")] double? DiversificationBenefit95,
    double? Hhi,
    double? EffectivePositions,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<string> StaleSymbols,
    string Epoch,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static PortfolioVarFigures Of(RiskReport report, PricedPortfolio priced)
    {
        var (x, reasons) = (report.Snapshot, new Dictionary<string, string>());
        return new PortfolioVarFigures(
            x.MarketValue + 0.0, x.Nav + 0.0, x.GrossExposure, priced.Live.Model.Portfolio.Cash,
            x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            report.Var95Ratio.Into(reasons, "var_95_ratio"), report.Var99Ratio.Into(reasons, "var_99_ratio"),
            x.At95.IntervalInto(reasons, "interval_95"), x.At99.IntervalInto(reasons, "interval_99"),
            x.At95.EsStandardError.Into(reasons, "es_95_standard_error"), x.At99.EsStandardError.Into(reasons, "es_99_standard_error"),
            report.DiversificationBenefit95.Into(reasons, "diversification_benefit_95"), report.Hhi.Into(reasons, "hhi"), report.EffectivePositions.Into(reasons, "effective_positions"),
            x.CoverageRatio.Into(reasons, "coverage"),
            LeftOutAnswer.Of(x.LeftOut),
            [.. priced.StaleSymbols.Select(symbol => symbol.Text)],
            FormattableString.Invariant($"{x.Version.Positions}.{x.Version.History}.{x.Version.SymbolSum}"),
            Figures.FlagsOf(priced, x.Flags),
            reasons);
    }
}

public sealed record LeftOutAnswer(string Symbol, string Reason)
{
    internal static IReadOnlyList<LeftOutAnswer> Of(IReadOnlyList<LeftOutPosition> left) => [.. left.Select(x => new LeftOutAnswer(x.Symbol.Text, FigureWords.Of(x.Reason)))];
}
