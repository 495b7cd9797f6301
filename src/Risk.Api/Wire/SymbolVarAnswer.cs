using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>The risk of one unit of a symbol. From <see cref="HorizonMethod"/> on: of a calculation, with what its method was told or fell back on; else left out.</summary>
/// <param name="Results">One for each confidence, as the calculators answer, with errors, scenarios and components.</param>
public sealed record SymbolVarAnswer(
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
    long? HistoryVersion,
    string? AsOf,
    string Timestamp,
    double Coverage,
    IReadOnlyList<string> StaleSymbols,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HorizonMethod = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Lambda = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EwmaSeed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scaling = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mean = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StandardDeviation = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? DegreesOfFreedom = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GarchAnswer? Garch = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Paths = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? Seed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LossAnswer>? Results = null)
{
    public static readonly IReadOnlyList<decimal> UsualConfidence = [0.95m, 0.99m];

    public static SymbolVarAnswer Of(MeasuredSymbol measured)
    {
        var (risk, reasons) = (measured.Risk, new Dictionary<string, string>());
        return new SymbolVarAnswer(
            risk.Symbol.Text,
            risk.At95.Var.Into(reasons, "var_95"), risk.At99.Var.Into(reasons, "var_99"), risk.At95.Es.Into(reasons, "es_95"), risk.At99.Es.Into(reasons, "es_99"),
            risk.At95.IntervalInto(reasons, "interval_95"), risk.At99.IntervalInto(reasons, "interval_99"),
            risk.At95.EsStandardError.Into(reasons, "es_95_standard_error"), risk.At99.EsStandardError.Into(reasons, "es_99_standard_error"),
            risk.Price.Into(reasons, "current_price"), risk.Currency.Code, Figures.UnitOf(measured.Instrument.AssetClass),
            risk.Observations, FigureWords.Historical, FigureWords.Of(risk.Conventions.Quantile), FigureWords.Of(risk.Conventions.Shortfall), UsualConfidence,
            risk.Conventions.WindowDays, RiskConventions.HorizonDays, risk.HistoryVersion, measured.AsOf.Into(reasons), measured.Now.ToString(),
            risk.At95.Var.Value is null ? 0 : 1,
            measured.IsStale ? [risk.Symbol.Text] : [],
            FigureWords.Of(FlagsOf(risk.At95, risk.At99) | (risk.HasFallbackVolatility ? RiskFlags.FallbackVolatility : 0)),
            reasons);
    }

    /// <summary>The body of <c>GET /var/{symbol}</c>.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Default.SymbolVarAnswer);

    internal static RiskFlags FlagsOf(LossFigures at95, LossFigures at99) =>
        (at95.HasThinTail ? RiskFlags.ThinTail95 : 0) | (at99.HasThinTail ? RiskFlags.ThinTail99 : 0);
}
