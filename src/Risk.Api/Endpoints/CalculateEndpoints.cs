using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Calculators;
using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Endpoints;

/// <summary>VaR of prices that the caller brings. Nothing is kept.</summary>
internal static class CalculateEndpoints
{
    private const string Unnamed = "CUSTOM";

    private static readonly string[] Known = ["symbol", "prices", .. AskedVar.Known];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/var/calculate", CalculateAsync).Needs(Role.Trader).WithTags("VaR").Accepts<CalculateRequest>(RequestBody.Json).Produces<SymbolVarAnswer>().Describe(
            "VaR and expected shortfall of prices you bring",
            "prices ascend in time. Figures are of one unit at the last price; a loss is positive. Fewer than 30 returns give null "
            + "figures with the reason short_history. results hold the standard errors, the scenarios "
            + "and the components, for confidence (a number or an array, each above 0.5 and below 1) or else for 95 and 99 %. method, quantile, es, horizon_method and every other option, with their limits: as POST /api/v1/calculate/var "
            + "takes them, of which this is the case of one long position.",
            new RouteDocs([], VarExamples.Calculate, VarExamples.CalculateBody), 400, 413, 415);

    private static Task<IResult> CalculateAsync(HttpRequest request, CalculateVar calculate, TimeProvider time, CancellationToken cancellation) =>
        Calculation.AnswerAsync(
            request,
            Read,
            sample => calculate.Run(sample.Question(), cancellation) is { } calculated
                ? TypedResults.Json(Answer(sample, calculated, time.GetUtcNow()), ApiJson.Default.SymbolVarAnswer)
                : VarCalculatorEndpoints.TooSlow(),
            cancellation);

    private static Sample Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, Known);
        var prices = reader.Numbers("prices", CalculatorLimits.MaxObservations + 1, CalculatorLimits.MinPrice, CalculatorLimits.MaxPrice);
        var asked = AskedVar.Read(reader, faults, []);
        asked.CheckWork(reader, "prices", 1, prices.Length - 1, "prices");
        return new Sample(reader.Text("symbol", CalculatorLimits.MaxNameLength) ?? Unnamed, prices, asked);
    }

    private static SymbolVarAnswer Answer(Sample sample, CalculatedVar calculated, DateTimeOffset now)
    {
        var (asked, options) = (sample.Asked, sample.Asked.Options);
        var (at95, at99, reasons, said) = (calculated.Results[0], calculated.Results[1], new Dictionary<string, string>(), MethodSaid.Of(asked, calculated));
        // They are facts of the market, and these prices are the caller's.
        foreach (var fact in (string[])["currency", "history_version", "as_of"]) reasons[fact] = FigureWords.Of(FigureReason.NotApplicable);
        return new SymbolVarAnswer(
            sample.Name, at95.Var.Into(reasons, "var_95"), at99.Var.Into(reasons, "var_99"), at95.Es.Into(reasons, "es_95"), at99.Es.Into(reasons, "es_99"),
            at95.Interval.Into(reasons, "interval_95", at95.Var.Reason), at99.Interval.Into(reasons, "interval_99", at99.Var.Reason),
            at95.EsStandardError.Into(reasons, "es_95_standard_error"), at99.EsStandardError.Into(reasons, "es_99_standard_error"), sample.Prices[^1], null, Figures.UnitOf(null), calculated.Observations ?? 0,
            asked.Method.Word, asked.Quantile, asked.Shortfall, asked.Confidences.Count > 0 ? asked.Confidences : SymbolVarAnswer.UsualConfidence,
            calculated.Observations ?? 0, options.HorizonDays, null, null, now.ToWire(), CalculatedVarAnswer.CoverageOf(calculated), [],
            [.. VarMethodWords.WordsOf(at95.Warnings).Select(x => $"{x}_95"), .. VarMethodWords.WordsOf(at99.Warnings).Select(x => $"{x}_99")],
            reasons,
            CalculatedVarAnswer.HorizonWord(options),
            said.Lambda, said.EwmaSeed, said.Scaling, said.Mean, said.StandardDeviation, said.DegreesOfFreedom, said.Garch, said.Paths, said.Seed,
            [.. calculated.Results.Skip(asked.Confidences.Count == 0 ? 0 : 2).Select(x => LossAnswer.Of(x, [sample.Name], options.HasComponents))]);
    }

    private sealed record Sample(string Name, double[] Prices, AskedVar Asked)
    {
        public VarQuestion Question() => new(
            Asked.Method.Method, [Prices[^1]], [Prices], null, null, [.. SymbolVarAnswer.UsualConfidence, .. Asked.Confidences], Asked.Options);
    }
}

public sealed record CalculateRequest(
    IReadOnlyList<double> Prices,
    string? Symbol = null,
    IReadOnlyList<decimal>? Confidence = null,
    string? Method = null,
    string? Quantile = null,
    string? Es = null,
    int? HorizonDays = null,
    string? HorizonMethod = null,
    double? Lambda = null,
    string? Scaling = null,
    string? Mean = null,
    string? StandardDeviation = null,
    double? DegreesOfFreedom = null,
    GarchRequest? Garch = null,
    int? Paths = null,
    ulong? Seed = null,
    bool? Components = null);
