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
            Figures.Method, Figures.WordOf(conventions.Quantile), Figures.WordOf(conventions.Shortfall), conventions.WindowDays, RiskConventions.HorizonDays);
    }

    internal static CsvTable TableOf(VarHistoryAnswer answer)
    {
        var table = new CsvTable("time", "var_95", "var_99", "es_95", "es_99", "nav", "pnl", "breach_95", "breach_99");
        foreach (var x in answer.Points) table.Add(x.Time, x.Var95, x.Var99, x.Es95, x.Es99, x.Nav, x.Pnl, x.Breach95, x.Breach99);
        return table;
    }
}

public sealed record VarPointAnswer(
    string? Time,
    [property: JsonPropertyName("var_95")] double? Var95,
    [property: JsonPropertyName("var_99")] double? Var99,
    [property: JsonPropertyName("es_95")] double? Es95,
    [property: JsonPropertyName("es_99")] double? Es99,
    double Nav,
    double? Pnl,
    [property: JsonPropertyName("breach_95")] bool? Breach95,
    [property: JsonPropertyName("breach_99")] bool? Breach99,
    double? Coverage,
    int NumObservations,
    long HistoryVersion,
    Dictionary<string, string> Reasons)
{
    internal static VarPointAnswer Of(VarPoint point)
    {
        var (x, reasons) = (point.Snapshot, new Dictionary<string, string>());
        return new VarPointAnswer(
            x.AsOf.ToWire(), x.At95.Var.Into(reasons, "var_95"), x.At99.Var.Into(reasons, "var_99"), x.At95.Es.Into(reasons, "es_95"), x.At99.Es.Into(reasons, "es_99"),
            x.Nav + 0.0, point.Pnl, point.Breach95, point.Breach99, x.CoverageRatio.Into(reasons, "coverage"), x.Observations, x.Version.History, reasons);
    }
}
