using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Allocation;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Weights, trades, and the account before and after them.</summary>
public sealed record OptimiseAnswer(
    string AccountId,
    string Objective,
    string Outcome,
    string Currency,
    double? Capital,
    decimal LotSize,
    string Rounding,
    IReadOnlyList<PlannedTradeAnswer> Trades,
    double? CashChange,
    OptimiseSideAnswer Before,
    OptimiseSideAnswer? After,
    double? RiskFreeAnnual,
    decimal Confidence,
    string Method,
    string Quantile,
    string EsConvention,
    int WindowDays,
    int NumObservations,
    int HorizonDays,
    string? AsOf,
    string Timestamp,
    long HistoryVersion,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<string> StaleSymbols,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static OptimiseAnswer Of(OptimiseReport x, OptimiseRequest asked)
    {
        var (model, before, reasons) = (x.Priced.Live.Model, x.Before.Snapshot, new Dictionary<string, string>());
        var missing = x.HasShortHistory ? FigureReason.ShortHistory : FigureReason.NotApplicable;
        if (x.After is null) reasons["after"] = FigureWords.Of(x.Reason == NoAllocation.DidNotConverge ? FigureReason.DidNotConverge : missing);
        if (x.After is null) reasons["cash_change"] = reasons["after"];
        if (x.Assets.Count == 0) reasons["capital"] = FigureWords.Of(missing);
        if (x.Search is null) reasons["risk_free_annual"] = FigureWords.Of(missing);
        var capital = x.Assets.Count == 0 ? default(double?) : x.Assets.Sum(y => y.MarketValue.Value!.Value);
        return new OptimiseAnswer(
            model.Portfolio.Account.Text, OptimiseBody.WordOf(asked.Objective), OutcomeOf(x), model.Portfolio.BaseCurrency.Code, capital,
            asked.LotSize, "towards no trade, to whole lots", [.. x.Trades.Select(PlannedTradeAnswer.Of)],
            x.After is null ? null : 0.0 - x.Trades.Sum(y => y.Value),
            OptimiseSideAnswer.Of(x.Before, x.Search, x.Search is null ? [] : x.Assets.Select(y => y.MarketValue.Value!.Value / capital!.Value), isChosen: false, missing),
            x.After is { } after ? OptimiseSideAnswer.Of(after, x.Search, x.Trades.Select(y => y.ReachedWeight), isChosen: true, missing) : null,
            x.Search?.RiskFreeAnnual, asked.Confidence, FigureWords.Historical, FigureWords.Of(model.Conventions.Quantile), FigureWords.Of(model.Conventions.Shortfall),
            model.Conventions.WindowDays, before.Observations, RiskConventions.HorizonDays, x.Priced.AsOf.Into(reasons), x.Priced.Now.ToString(), model.History.Version,
            before.CoverageRatio.Into(reasons, "coverage"), LeftOutAnswer.Of(before.LeftOut), [.. x.Priced.StaleSymbols.Select(y => y.Text)],
            Figures.FlagsOf(x.Priced, before.Flags), reasons);
    }

    internal static CsvTable TableOf(OptimiseAnswer answer)
    {
        var table = new CsvTable("symbol", "weight_before", "weight", "reached_weight", "held", "side", "quantity", "value");
        foreach (var x in answer.Trades) table.Add(x.Symbol, x.WeightBefore, x.Weight, x.ReachedWeight, x.Held, x.Side, x.Quantity, x.Value);
        return table;
    }

    private static string OutcomeOf(OptimiseReport x) => x.Reason switch
    {
        null => x.After is not null ? "solved" : x.Assets.Count == 0 ? "nothing_to_optimise" : "no_capital",
        NoAllocation.LimitsExcludeAll => "bounds_exclude_all",
        NoAllocation.TargetOutOfReach => "target_out_of_reach",
        NoAllocation.NoExcessReturn => "no_excess_return",
        NoAllocation.SingularCovariance => "singular_covariance",
        NoAllocation.IndefiniteCovariance => "indefinite_covariance",
        NoAllocation.DependentViews => "dependent_views",
        _ => "did_not_converge",
    };
}

/// <param name="ReachedWeight">With the rounded trade done.</param>
/// <param name="Side">buy, sell or hold.</param>
/// <param name="Quantity">Never negative.</param>
/// <param name="Value">Of the trade, in base currency; never negative for a long position.</param>
public sealed record PlannedTradeAnswer(string Symbol, double WeightBefore, double Weight, double ReachedWeight, decimal Held, string Side, decimal Quantity, double Value)
{
    internal static PlannedTradeAnswer Of(PlannedTrade x) => new(
        x.Symbol.Text, x.WeightBefore, x.Weight + 0.0, x.ReachedWeight + 0.0, x.Held, x.Quantity > 0 ? "buy" : x.Quantity < 0 ? "sell" : "hold", Math.Abs(x.Quantity), Math.Abs(x.Value));
}

/// <param name="ExpectedReturnAnnual">Of the capital in the optimised positions; null where none was searched.</param>
/// <param name="ExpectedReturnAnnualStandardError">For want of days, the weights taken as fixed; null where expected returns were given or come from views.</param>
/// <param name="Flags">in_sample: the weights were chosen on the days that measure them; thin_tail: on fewer than five in the tail of min_cvar; heavy_tails of the error of the volatility.</param>
public sealed record OptimiseSideAnswer(
    double Nav,
    double? ExpectedReturnAnnual,
    double? ExpectedReturnAnnualStandardError,
    double? VolatilityAnnual,
    double? VolatilityAnnualStandardError,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static OptimiseSideAnswer Of(RiskReport report, AllocationSearch? search, IEnumerable<double> weights, bool isChosen, FigureReason missing)
    {
        var (x, sheet, shares) = (report.Snapshot, new FigureSheet(), weights.ToArray());
        var (found, reasons) = (shares.Length > 0 ? search : null, sheet.Reasons);
        var errors = found?.ErrorsOf(shares);
        var flags = AllocationErrorFigures.FlagsOf(isChosen, isChosen && found?.HasThinTail == true, errors?.HasHeavyTails == true);
        return new OptimiseSideAnswer(
            x.Nav + 0.0,
            sheet.Of("expected_return_annual", found?.ExpectedReturnOf(shares), missing), sheet.Of("expected_return_annual_standard_error", errors?.ExpectedReturn, missing),
            sheet.Of("volatility_annual", found?.VolatilityOf(shares), missing), sheet.Of("volatility_annual_standard_error", errors?.Volatility, missing),
            x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            x.At95.IntervalInto(reasons, "interval_95"), x.At99.IntervalInto(reasons, "interval_99"),
            x.At95.EsStandardError.Into(reasons, "es_95_standard_error"), x.At99.EsStandardError.Into(reasons, "es_99_standard_error"), flags, reasons);
    }
}
