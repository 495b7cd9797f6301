using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Reporting;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Endpoints;

/// <summary>VaR of prices that the caller brings. Nothing is kept.</summary>
internal static class CalculateEndpoints
{
    private const int MaxPrices = 20_000;
    private const int MaxConfidences = 20;
    private const int MaxHorizonDays = 250;
    private const int MaxNameLength = 64;

    /// <summary>Each further method joins here.</summary>
    private static readonly string[] Methods = [Figures.Method];

    private static readonly Dictionary<string, QuantileConvention> Quantiles = Enum.GetValues<QuantileConvention>().ToDictionary(Figures.WordOf);
    private static readonly Dictionary<string, ShortfallConvention> Shortfalls = Enum.GetValues<ShortfallConvention>().ToDictionary(Figures.WordOf);

    private static readonly Dictionary<string, HorizonMethod> Horizons = new()
    {
        ["sqrt_time"] = HorizonMethod.SqrtTime,
        ["overlapping"] = HorizonMethod.Overlapping,
    };

    private static readonly string[] Known = ["symbol", "prices", "confidence", "method", "quantile", "es", "horizon_days", "horizon_method"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/var/calculate", Calculate).Needs(Role.Trader).WithTags("VaR").Accepts<CalculateRequest>(RequestBody.Json).Produces<SymbolVarAnswer>().Describe(
            "VaR and expected shortfall of prices you bring",
            "prices ascend in time. Figures are of one unit at the last price; a loss is positive. Fewer than 30 returns give null "
            + "figures with the reason short_history. confidence (a number or an array, each above 0.5 and below 1) adds results for "
            + "those confidences. quantile: type1 … type9, kth_worst. es: acerbi_tasche, mean_worst_floor, mean_worst_k, beyond_var. "
            + "horizon_method: sqrt_time scales the one-day figure, overlapping takes returns over horizon_days. At most 4 MB.",
            new RouteDocs([], Examples.Calculate, Examples.CalculateBody), 400, 413, 415);

    private static async Task<IResult> Calculate(HttpRequest request, TimeProvider time, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.ImportLimit, cancellation, RequestBody.Json);
        if (body.Problem is { } refused) return refused;
        using var document = body.Parse(out var malformed);
        if (document is null) return malformed!;
        var faults = new List<Fault>();
        var sample = Read(document.RootElement, faults);
        if (faults.Count > 0) return Problems.Invalid(faults);
        return TypedResults.Json(Answer(sample, time.GetUtcNow()), ApiJson.Default.SymbolVarAnswer);
    }

    private static Sample Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, Known);
        if (root.ValueKind != JsonValueKind.Object) return default;
        var prices = (reader.Array("prices", MaxPrices) ?? []).ConvertAll(x => reader.Positive(x.Element, x.Name, 1e9) ?? 0);
        reader.Choice("method", Methods);
        var options = new SampleOptions(
            ConfidencesOf(reader),
            Quantiles[reader.Choice("quantile", Quantiles.Keys) ?? "type7"],
            Shortfalls[reader.Choice("es", Shortfalls.Keys) ?? "acerbi_tasche"],
            reader.Whole("horizon_days", 1, MaxHorizonDays) ?? RiskConventions.HorizonDays,
            Horizons[reader.Choice("horizon_method", Horizons.Keys) ?? "sqrt_time"]);
        return new Sample(reader.Text("symbol", MaxNameLength) ?? "CUSTOM", prices, options);
    }

    private static List<decimal> ConfidencesOf(BodyReader reader)
    {
        const decimal least = 0.500001m, most = 0.999999m;
        if (reader.Find("confidence") is not { } given) return [];
        if (given.ValueKind == JsonValueKind.Number) return [reader.Number(given, "confidence", least, most) ?? least];
        return (reader.Array("confidence", MaxConfidences) ?? []).ConvertAll(x => reader.Number(x.Element, x.Name, least, most) ?? least);
    }

    private static SymbolVarAnswer Answer(Sample sample, DateTimeOffset now)
    {
        var options = sample.Options;
        var asked = options.Confidences;
        var result = SampleVar.Of(sample.Prices, options with { Confidences = [.. SymbolVarAnswer.UsualConfidence, .. asked] });
        var (at95, at99, reasons) = (result.Results[0].Figures, result.Results[1].Figures, new Dictionary<string, string>());
        return new SymbolVarAnswer(
            sample.Name, at95.Var.Into(reasons, "var_95"), at99.Var.Into(reasons, "var_99"), at95.Es.Into(reasons, "es_95"), at99.Es.Into(reasons, "es_99"),
            at95.Interval.ToAnswer(), result.Price, null, Figures.UnitOf(null), result.Observations,
            Figures.Method, Figures.WordOf(options.Quantile), Figures.WordOf(options.Shortfall), asked.Count > 0 ? asked : SymbolVarAnswer.UsualConfidence,
            result.Observations, options.HorizonDays, null, null, now.ToWire(), at95.Var.Value is null ? 0 : 1, [], SymbolVarAnswer.FlagsOf(at95, at99), reasons,
            options.HorizonMethod == HorizonMethod.Overlapping ? "overlapping" : "sqrt_time",
            asked.Count == 0 ? null : [.. result.Results.Skip(2).Select(ResultOf)]);
    }

    private static ConfidenceAnswer ResultOf(SampleLoss loss)
    {
        var (x, reasons) = (loss.Figures, new Dictionary<string, string>());
        return new ConfidenceAnswer(
            loss.Confidence, x.Var.Into(reasons, "var"), x.Es.Into(reasons, "es"), x.Interval.ToAnswer(), x.HasThinTail ? ["thin_tail"] : [], reasons);
    }

    private readonly record struct Sample(string Name, IReadOnlyList<double> Prices, SampleOptions Options);
}

public sealed record CalculateRequest(
    IReadOnlyList<double> Prices, string? Symbol = null, IReadOnlyList<decimal>? Confidence = null, string? Method = null, string? Quantile = null, string? Es = null,
    int? HorizonDays = null, string? HorizonMethod = null);
