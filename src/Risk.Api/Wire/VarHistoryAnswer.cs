using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>The risk of an account over time.</summary>
public sealed record VarHistoryAnswer(
    string AccountId,
    string Interval,
    string Currency,
    string From,
    string To,
    IReadOnlyList<VarPointAnswer> Points,
    int Count,
    string Method,
    string Quantile,
    string EsConvention,
    int WindowDays,
    int HorizonDays)
{
    internal static VarHistoryAnswer Of(VarSeries x)
    {
        var conventions = x.Points.Count > 0 ? x.Points[^1].Snapshot.Conventions : RiskConventions.Default;
        return new VarHistoryAnswer(
            x.Portfolio.Account.Text, x.Interval.ToString().ToLowerInvariant(), x.Portfolio.BaseCurrency.Code, x.From.ToWire(), x.To.ToWire(),
            [.. x.Points.Select(VarPointAnswer.Of)], x.Points.Count,
            FigureWords.Historical, FigureWords.Of(conventions.Quantile), FigureWords.Of(conventions.Shortfall), conventions.WindowDays, RiskConventions.HorizonDays);
    }

    internal static CsvTable TableOf(VarHistoryAnswer answer)
    {
        var table = new CsvTable(
            "time", "var_95", "var_99", "es_95", "es_99", "nav", "pnl", "breach_95", "breach_99", "interval_95_low", "interval_95_high", "interval_99_low", "interval_99_high",
            "es_95_standard_error", "es_99_standard_error", "coverage", "num_observations", "history_version", "flags", "reasons");
        foreach (var x in answer.Points)
            table.Add(
                x.Time, x.Var95, x.Var99, x.Es95, x.Es99, x.Nav, x.Pnl, x.Breach95, x.Breach99, x.Interval95?.Low, x.Interval95?.High, x.Interval99?.Low, x.Interval99?.High,
                x.Es95StandardError, x.Es99StandardError, x.Coverage, x.NumObservations, x.HistoryVersion, string.Join(' ', x.Flags), string.Join(' ', x.Reasons.Values.Distinct()));
        return table;
    }
}

public sealed record VarPointAnswer(
    string? Time,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    [property: JsonPropertyName("interval_95")] IntervalAnswer? Interval95,
    [property: JsonPropertyName("interval_99")] IntervalAnswer? Interval99,
    [property: JsonPropertyName("es_95_standard_error")] double? Es95StandardError,
    [property: JsonPropertyName("es_99_standard_error")] double? Es99StandardError,
    double Nav,
    double? Pnl,
    [property: JsonPropertyName("breach_95")] bool? Breach95,
    [property: JsonPropertyName("breach_99")] bool? Breach99,
    double? Coverage,
    int WindowDays,
    int NumObservations,
    long HistoryVersion,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static VarPointAnswer Of(VarPoint point)
    {
        var (x, reasons) = (point.Snapshot, new Dictionary<string, string>());
        foreach (var (name, isMissing) in (IEnumerable<(string, bool)>)[("pnl", point.Pnl is null), ("breach_95", point.Breach95 is null), ("breach_99", point.Breach99 is null)])
            if (isMissing) reasons[name] = FigureWords.Of(FigureReason.NotApplicable);
        return new VarPointAnswer(
            x.AsOf.Into(reasons, "time"), x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            x.At95.IntervalInto(reasons, "interval_95"), x.At99.IntervalInto(reasons, "interval_99"),
            x.At95.EsStandardError.Into(reasons, "es_95_standard_error"), x.At99.EsStandardError.Into(reasons, "es_99_standard_error"),
            x.Nav + 0.0, point.Pnl, point.Breach95, point.Breach99, x.CoverageRatio.Into(reasons, "coverage"), x.Conventions.WindowDays, x.Observations, x.Version.History,
            LeftOutAnswer.Of(x.LeftOut), FigureWords.Of(x.Flags), reasons);
    }
}
