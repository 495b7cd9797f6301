using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Risk.Domain.Stress;

namespace Risk.Api.Wire;

/// <summary>What windows of the past and shocks do to an account. P&amp;L is signed: a loss is negative.</summary>
/// <param name="StressedVar">Left out where it was not asked for.</param>
public sealed record ScenariosAnswer(
    string AccountId,
    string Currency,
    double Nav,
    string? AsOf,
    string Timestamp,
    long HistoryVersion,
    DateOnly? HistoryFrom,
    DateOnly? HistoryTo,
    IReadOnlyList<string> StaleSymbols,
    string Method,
    string OptionRevaluation,
    IReadOnlyList<StressScenarioAnswer> Scenarios,
    int Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StressedVarAnswer? StressedVar,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static ScenariosAnswer Of(StressReport x)
    {
        var (model, dates) = (x.Priced.Live.Model, x.Priced.Live.Model.History.Dates);
        var snapshot = x.Priced.Live.Measure(x.Priced.AsOf, x.Priced.Version);
        List<StressScenarioAnswer> scenarios =
            [.. x.Replays.Select(y => StressScenarioAnswer.Of(y, model.History)), .. x.Shocked.Select(StressScenarioAnswer.Of)];
        // A scenario needs no history of a position, or another one than the snapshot: what it leaves out is its own.
        var valuation = snapshot.Flags.WithoutTails() & ~RiskFlags.PartialCoverage;
        var isPartial = x.Replays.Select(y => y.Result).Concat(x.Shocked.Select(y => y.Result)).Any(y => y?.LeftOut.Count > 0);
        var reasons = new Dictionary<string, string>();
        foreach (var name in dates.Count == 0 ? (string[])["history_from", "history_to"] : []) reasons[name] = FigureWords.Of(FigureReason.ShortHistory);
        return new ScenariosAnswer(
            model.Portfolio.Account.Text, model.Portfolio.BaseCurrency.Code, snapshot.Nav + 0.0, x.Priced.AsOf.Into(reasons), x.Priced.Now.ToString(), model.History.Version,
            dates.Count == 0 ? null : dates[0], dates.Count == 0 ? null : dates[^1], [.. x.Priced.StaleSymbols.Select(symbol => symbol.Text)],
            "revaluation", "black_scholes at the volatility implied by the option's price, which stays; rates zero",
            scenarios, scenarios.Count, x.StressedVar is { } stressed ? StressedVarAnswer.Of(stressed, model.Conventions, valuation) : null,
            Figures.FlagsOf(x.Priced, valuation | (isPartial || x.StressedVar?.Figures.LeftOut.Count > 0 ? RiskFlags.PartialCoverage : 0)), reasons);
    }

    internal static CsvTable TableOf(ScenariosAnswer answer)
    {
        var table = new CsvTable("scenario", "kind", "from", "to", "covered", "pnl", "nav_ratio", "worst_pnl", "worst_date", "coverage");
        foreach (var x in answer.Scenarios) table.Add(x.Name, x.Kind, x.From, x.To, x.Covered, x.Pnl, x.NavRatio, x.WorstPnl, x.WorstDate, x.Coverage);
        return table;
    }
}

/// <summary>What does not belong to the kind of a scenario is left out.</summary>
/// <param name="Kind">historical, stored or custom.</param>
/// <param name="From">Of a window; its two ends are the closes that prices move between.</param>
/// <param name="Covered">Whether there is a P&amp;L.</param>
/// <param name="Detail">Why the history does not cover a window.</param>
/// <param name="WithoutEffect">The shocks that met no position.</param>
public sealed record StressScenarioAnswer(
    string Name,
    string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? To,
    bool Covered,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ShocksAnswer? Shocks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ShocksAnswer? WithoutEffect,
    double? Pnl,
    double? NavRatio,
    double? WorstPnl,
    DateOnly? WorstDate,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<StressedPositionAnswer> Positions,
    Dictionary<string, string> Reasons)
{
    internal static StressScenarioAnswer Of(WindowReplay x, Domain.Scenarios.PriceHistory history)
    {
        var (window, reasons) = (x.Window, new Dictionary<string, string>());
        var missing = Figure.Missing(FigureReason.ShortHistory);
        if (x.WorstDate is null) reasons["worst_date"] = FigureWords.Of(x.WorstPnl.Reason ?? FigureReason.NotApplicable);
        var detail = x.Result is not null ? null
            : history.Dates.Count == 0 ? "There is no history."
            : FormattableString.Invariant($"The history goes from {history.Dates[0]:yyyy-MM-dd} to {history.Dates[^1]:yyyy-MM-dd}; the window needs closes of both its ends.");
        return new StressScenarioAnswer(
            window.Name, "historical", window.Title, x.From ?? window.From, x.To ?? window.To, x.Result?.Pnl.Value is not null, detail, null, null,
            (x.Result?.Pnl ?? missing).Into(reasons, "pnl"), (x.Result?.NavRatio ?? missing).Into(reasons, "nav_ratio"), x.WorstPnl.Into(reasons, "worst_pnl"), x.WorstDate,
            (x.Result?.CoverageRatio ?? Figure.Of(0)).Into(reasons, "coverage"), LeftOutAnswer.Of(x.Result?.LeftOut ?? []), StressedPositionAnswer.Of(x.Result), reasons);
    }

    internal static StressScenarioAnswer Of(ShockedScenario x)
    {
        var reasons = new Dictionary<string, string> { ["worst_pnl"] = FigureWords.Of(FigureReason.NotApplicable), ["worst_date"] = FigureWords.Of(FigureReason.NotApplicable) };
        return new StressScenarioAnswer(
            x.Name, x.IsStored ? "stored" : "custom", null, null, null, x.Result.Pnl.Value is not null, null, ShocksAnswer.Of(x.Shocks), ShocksAnswer.Of(x.WithoutEffect),
            x.Result.Pnl.Into(reasons, "pnl"), x.Result.NavRatio.Into(reasons, "nav_ratio"), null, null,
            x.Result.CoverageRatio.Into(reasons, "coverage"), LeftOutAnswer.Of(x.Result.LeftOut), StressedPositionAnswer.Of(x.Result), reasons);
    }
}

public sealed record ShocksAnswer(
    Dictionary<string, double> Symbols, Dictionary<string, double> Sectors, Dictionary<string, double> AssetClasses, Dictionary<string, double> Currencies)
{
    internal static ShocksAnswer Of(PriceShocks x) => new(Texts(x.Symbols), Texts(x.Sectors), Texts(x.AssetClasses), Texts(x.Currencies));

    private static Dictionary<string, double> Texts<T>(IReadOnlyDictionary<T, double> shocks)
        where T : notnull => shocks.ToDictionary(x => x.Key is AssetClass ? x.Key.ToString()!.ToLowerInvariant() : x.Key.ToString()!, x => x.Value);
}

/// <param name="LocalReturn">Of its price in its own currency; of its underlying's where of_underlying says so.</param>
/// <param name="Source">Where the move comes from: none, history, proxy, symbol, currency, sector or asset_class.</param>
public sealed record StressedPositionAnswer(
    string Symbol, double? MarketValue, double? LocalReturn, double? FxReturn, bool OfUnderlying, string Source, double? Pnl, Dictionary<string, string> Reasons)
{
    internal static IReadOnlyList<StressedPositionAnswer> Of(StressResult? result) => [.. (result?.Positions ?? []).Select(Of)];

    private static StressedPositionAnswer Of(StressedPosition x)
    {
        var (move, reasons) = (x.Move, new Dictionary<string, string>());
        foreach (var name in move.Reason is null ? [] : (string[])["local_return", "fx_return"]) reasons[name] = FigureWords.Of(move.Reason!.Value);
        return new StressedPositionAnswer(
            x.Symbol.Text, x.Value.Into(reasons, "market_value"), move.Reason is null ? move.Local : null, move.Reason is null ? move.Fx : null, move.IsOfUnderlying,
            move.Source == MoveSource.AssetClass ? "asset_class" : move.Source.ToString().ToLowerInvariant(), x.Pnl.Into(reasons, "pnl"), reasons);
    }
}

/// <param name="Search">worst: the window of the highest VaR at the confidence among all of the history; fixed: the one asked for.</param>
public sealed record StressedVarAnswer(
    string Search,
    decimal Confidence,
    DateOnly? From,
    DateOnly? To,
    int WindowDays,
    int NumObservations,
    int WindowsSearched,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    string Method,
    string Quantile,
    string EsConvention,
    int HorizonDays,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static StressedVarAnswer Of(StressedVarReport report, RiskConventions conventions, RiskFlags valuation)
    {
        var (asked, x, reasons) = (report.Asked, report.Figures, new Dictionary<string, string>());
        foreach (var name in (x.From ?? asked.From) is null ? (string[])["from", "to"] : []) reasons[name] = FigureWords.Of(x.At95.Var.Reason ?? FigureReason.ShortHistory);
        return new StressedVarAnswer(
            asked.IsFixed ? "fixed" : "worst", asked.Confidence, x.From ?? asked.From, x.To ?? asked.To, asked.IsFixed ? x.Observations : asked.WindowDays, x.Observations, x.WindowsSearched,
            x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            x.At95.IntervalInto(reasons, "interval_95"), x.At99.IntervalInto(reasons, "interval_99"),
            x.At95.EsStandardError.Into(reasons, "es_95_standard_error"), x.At99.EsStandardError.Into(reasons, "es_99_standard_error"),
            x.CoverageRatio.Into(reasons, "coverage"), LeftOutAnswer.Of(x.LeftOut), FigureWords.Historical, FigureWords.Of(conventions.Quantile), FigureWords.Of(conventions.Shortfall), RiskConventions.HorizonDays,
            FigureWords.Of(SymbolVarAnswer.FlagsOf(x.At95, x.At99) | valuation | (x.LeftOut.Count > 0 ? RiskFlags.PartialCoverage : 0)), reasons);
    }
}
