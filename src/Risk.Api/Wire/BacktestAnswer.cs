using System.Text.Json.Serialization;
using Risk.Application.Calculators;
using Risk.Application.Reporting;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>How an account's VaR stood up to what followed.</summary>
/// <param name="DegreesOfFreedom">Where they were given.</param>
public sealed record BacktestAnswer(
    string AccountId,
    string Method,
    Dictionary<string, string> Conventions,
    decimal Confidence,
    string Quantile,
    string EsConvention,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? DegreesOfFreedom,
    int WindowDays,
    int Days,
    int HorizonDays,
    int NumObservations,
    string Currency,
    string? AsOf,
    string Timestamp,
    long HistoryVersion,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<string> StaleSymbols,
    BacktestedAnswer? WalkForward,
    BacktestedAnswer? Published,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static BacktestAnswer Of(BacktestReport x)
    {
        var (model, asked, reasons) = (x.Priced.Live.Model, x.Asked, new Dictionary<string, string>());
        var method = VarMethodWords.Of(asked.Method);
        if (x.Walk.Reason is { } walk) reasons["walk_forward"] = FigureWords.Of(walk);
        if (x.Published.Reason is { } published) reasons["published"] = FigureWords.Of(published);
        var (quantile, shortfall, window) = (method.QuantileOf(model.Conventions.Quantile), method.ShortfallOf(model.Conventions.Shortfall), asked.WindowDays!.Value);
        return new BacktestAnswer(
            model.Portfolio.Account.Text, method.Word, BacktestConventions.Of(method, window, quantile, shortfall, asked.OptionsUnder(model.Conventions), asked.IsFitted),
            asked.Confidence, quantile, shortfall, asked.DegreesOfFreedom, window, asked.Days, RiskConventions.HorizonDays,
            x.Snapshot.Observations, model.Portfolio.BaseCurrency.Code, x.Priced.AsOf.Into(reasons), x.Priced.Now.ToString(), model.History.Version,
            x.Snapshot.CoverageRatio.Into(reasons, "coverage"), LeftOutAnswer.Of(x.Snapshot.LeftOut), [.. x.Priced.StaleSymbols.Select(y => y.Text)],
            BacktestedAnswer.Of(x.Walk, asked.IsFitted), BacktestedAnswer.Of(x.Published, isFitted: false), Figures.FlagsOf(x.Priced, x.Snapshot.Flags.WithoutTails()), reasons);
    }

    internal static CsvTable TableOf(BacktestAnswer answer)
    {
        var table = new CsvTable("series", "date", "pnl", "var", "es", "exceeded", "excess", "run", "recent", "zone");
        foreach (var (series, timeline) in (IEnumerable<(string, IReadOnlyList<ExceedanceAnswer>?)>)[("walk_forward", answer.WalkForward?.Timeline), ("published", answer.Published?.Timeline)])
            foreach (var x in timeline ?? []) table.Add(series, x.Date, x.Pnl, x.Var, x.Es, x.Exceeded, x.Excess, x.Run, x.Recent, x.Zone);
        return table;
    }
}

/// <param name="Days">Days tested.</param>
/// <param name="DaysWithoutForecast">Of a walk, beside these: the method had no forecast for them, and reasons says why.</param>
/// <param name="Z2StandardError">Null without an exceedance: the losses beyond the VaR tell how far it is off.</param>
/// <param name="ExpectedExceedances">days × (1 − confidence).</param>
/// <param name="ExceedanceRate">exceedances / days.</param>
/// <param name="ProbabilityOfAsMany">That a right VaR is exceeded as often or more.</param>
public sealed record BacktestedAnswer(
    DateOnly From,
    DateOnly To,
    int Days,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? DaysWithoutForecast,
    int Exceedances,
    double ExpectedExceedances,
    double ExceedanceRate,
    RateInterval ExceedanceRateInterval,
    double ProbabilityOfAsMany,
    LikelihoodRatioAnswer Kupiec,
    LikelihoodRatioAnswer Independence,
    LikelihoodRatioAnswer ConditionalCoverage,
    string Zone,
    [property: JsonPropertyName("multiplier_1996")] double? Multiplier1996,
    [property: JsonPropertyName("multiplier_mar99")] double? MultiplierMar99,
    double? Z2,
    double? Z2StandardError,
    string? Z2Zone,
    IReadOnlyList<ExceedanceAnswer> Timeline,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static BacktestedAnswer? Of(Backtested x, bool isFitted)
    {
        if (x.Result is not { } result) return null;
        var reasons = new Dictionary<string, string>();
        var (z2, z2Error) = (result.Shortfall?.Z2, result.Shortfall?.StandardError);
        foreach (var (name, value) in (IEnumerable<(string, double?)>)[("multiplier_1996", result.Multiplier1996), ("multiplier_mar99", result.MultiplierMar99), ("z2", z2), ("z2_standard_error", z2Error), ("z2_zone", z2)])
            if (value is null) reasons[name] = FigureWords.Of(FigureReason.NotApplicable);
        if (x.Shortfalls.Contains(null)) reasons["timeline/es"] = FigureWords.Of(FigureReason.NotApplicable);
        if (x.DaysWithoutForecast > 0) reasons["days_without_forecast"] = FigureWords.Of(MethodForecasts.ReasonOf(isFitted));
        return new BacktestedAnswer(
            x.Dates[0], x.Dates[^1], result.Test.Days, x.DaysWithoutForecast, result.Test.Exceedances, result.Expected, result.Test.Rate, RateInterval.Of(result.Test.RateInterval), result.Test.ProbabilityOfAsMany,
            LikelihoodRatioAnswer.Of(result.Test.Coverage), LikelihoodRatioAnswer.Of(result.Test.Independence), LikelihoodRatioAnswer.Of(result.Test.ConditionalCoverage),
            WordOf(result.Zone), result.Multiplier1996, result.MultiplierMar99, z2, z2Error, result.Shortfall is { } shortfall ? WordOf(shortfall.Zone) : null,
            [.. result.Timeline.Select((day, i) => new ExceedanceAnswer(x.Dates[i], day.Pnl + 0.0, day.Var + 0.0, x.Shortfalls[i] + 0.0, day.Exceeded, day.Excess, day.Run, day.Recent, WordOf(day.Zone)))],
            BacktestFlags.Of(result.Test, x.HasThinTail, x.HasConstantWindow, x.DaysWithoutForecast > 0), reasons);
    }

    private static string WordOf(Zone zone) => zone.ToString().ToLowerInvariant();
}

public sealed record LikelihoodRatioAnswer(double Ratio, int DegreesOfFreedom, double PValue, bool Rejected)
{
    internal static LikelihoodRatioAnswer Of(LikelihoodRatio x) => new(x.Ratio, x.DegreesOfFreedom, x.PValue, x.RejectedAt());
}

/// <param name="Excess">Loss beyond the VaR; 0 without an exceedance.</param>
/// <param name="Run">Exceedances in a row up to this day.</param>
/// <param name="Recent">Exceedances of the last 250 days, which the zone is of.</param>
public sealed record ExceedanceAnswer(DateOnly Date, double Pnl, double Var, double? Es, bool Exceeded, double Excess, int Run, int Recent, string Zone);
