using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Calculators;
using Risk.Domain.Measures;

namespace Risk.Api.Endpoints;

/// <summary>VaR of a portfolio that the caller brings, by any method. Nothing is kept.</summary>
internal static class VarCalculatorEndpoints
{
    private static readonly string[] Known = ["prices", "returns", "covariance", "positions", .. AskedVar.Known];
    private static readonly decimal[] UsualConfidences = [0.95m, 0.975m, 0.99m];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/var", CalculateAsync).AsCalculator<VarCalculatorRequest, CalculatedVarAnswer>(
            "VaR and expected shortfall of positions you bring, by ten methods", Description, VarExamples.Var, VarExamples.VarBody);

    private static Task<IResult> CalculateAsync(HttpRequest request, CalculateVar calculate, CancellationToken cancellation) =>
        Calculation.AnswerAsync(
            request,
            Read,
            asked => calculate.Run(asked!.Value.Question, cancellation) is { } calculated
                ? TypedResults.Json(CalculatedVarAnswer.Of(asked.Value.How, asked.Value.Symbols, calculated), ApiJson.Default.CalculatedVarAnswer)
                : TooSlow(),
            cancellation);

    public static IResult TooSlow() => Problems.Of(
        503, "too-slow", $"The calculation was stopped after its limit of {VarCalculatorLimits.Deadline.TotalSeconds:0} s. Ask for fewer paths, positions, observations or confidences.");

    /// <summary>Null, or without meaning, where there are faults.</summary>
    private static (AskedVar How, string[] Symbols, VarQuestion Question)? Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, Known);
        var asked = AskedVar.Read(reader, faults, UsualConfidences);
        var positions = reader.Members("positions", VarCalculatorLimits.MaxPositions, "positions");
        var values = positions.Select(x => reader.Real(x.Element, x.Name, -CalculatorLimits.MaxAmount, CalculatorLimits.MaxAmount) ?? 0).ToArray();
        if (asked.Method.Method == VarMethod.FilteredGarch && positions.Count > 0 && !(values.Sum() > 0))
            reader.Add("positions", "filtered_garch measures returns on the sum of the positions, which must be above zero.");
        string[] symbols = [.. positions.Select(x => x.Key)];
        if (asked.Options.HasComponents)
            reader.IsWithin("positions", symbols.Sum(x => (long)JsonText.LengthOf(x)) * asked.Confidences.Count, CalculatorLimits.MaxComponentNames, "bytes of names × confidences, as JSON escapes them,");
        if (asked.Method.Reads("covariance") && reader.Find("covariance") is not null)
        {
            var covariance = CovarianceOf(reader, asked, symbols.Length, faults);
            asked.CheckWork(reader, "positions", symbols.Length, null, "covariance");
            return (asked, symbols, new VarQuestion(asked.Method.Method, values, null, null, covariance, asked.Confidences, asked.Options));
        }
        if (reader.Returns(VarCalculatorLimits.MaxPositions) is not { } table) return null;
        var series = table.Prices is null ? "returns" : "prices";
        var order = symbols.Select(symbol => Array.IndexOf(table.Names, symbol)).ToArray();
        foreach (var (position, i) in positions.Zip(order).Where(x => x.Second < 0)) reader.Add(position.Name, $"Has no series in {series}.");
        foreach (var name in table.Names.Except(symbols)) reader.Add(series, $"'{name}' has no position: give one of 0, or leave the series out.");
        if (asked.Options.HasOverlap && table.Prices is null && table.Returns.Any(x => Array.Exists(x, r => r <= -1)))
            reader.Add("returns", "overlapping compounds the returns: each must be above -1.");
        asked.CheckWork(reader, "positions", symbols.Length, table.Observations, series);
        if (faults.Count > 0) return null;
        IReadOnlyList<double[]>? InOrder(double[][]? rows) => rows is null ? null : [.. order.Select(i => rows[i])];
        return (asked, symbols, new VarQuestion(
            asked.Method.Method, values, InOrder(table.Prices), table.Prices is null ? InOrder(table.Returns) : null, null, asked.Confidences, asked.Options));
    }

    private static double[][]? CovarianceOf(BodyReader reader, AskedVar asked, int count, List<Fault> faults)
    {
        foreach (var name in (string[])["prices", "returns"])
            if (reader.Find(name) is not null) reader.Add(name, "Give a covariance or a past, not both.");
        if (asked.Options.HasOverlap)
            reader.Add("horizon_method", "overlapping needs a past: a covariance has none.");
        var before = faults.Count;
        var covariance = reader.Symmetric("covariance", VarCalculatorLimits.MaxPositions, CalculatorLimits.MaxReturn);
        if (faults.Count > before || covariance is null) return covariance;
        if (covariance.Length != count) reader.Add("covariance", $"Expected are {count} rows, one for each position in their order; {covariance.Length} are given.");
        else if (CovarianceFactor.FaultOf(covariance) is { } fault) reader.Add("covariance", fault);
        return covariance;
    }

    private const string Description =
        "positions are values in one currency, negative when short; prices or returns are series by the same names, ascending in time; a loss is "
        + "positive. delta_normal and the Monte Carlo methods also take a covariance (rows in the order of the positions) in their place. Fewer "
        + "than 30 returns give null figures with the reason short_history. confidence: a number or an array, each above 0.5 and below 1.\n\n"
        + "method: historical (default; quantile type1 … type9, kth_worst; es acerbi_tasche, mean_worst_floor, mean_worst_k, beyond_var). "
        + "age_weighted (lambda, 0.98 where not given; quantile type1, or type4, which interpolates the weights and may exceed the es). volatility_scaled (lambda, "
        + "0.94; scaling portfolio or asset: one EWMA volatility for all, or each asset by its own). filtered_garch (garch with omega, alpha, "
        + "beta, mu and initial_variance in returns of the portfolio on the sum of the positions; fitted where left out). parametric_normal and "
        + "student_t with given degrees_of_freedom (mean zero or sample; standard_deviation sample or population). student_t without: location, "
        + "scale and degrees of freedom fitted. delta_normal (mean zero). cornish_fisher (standard_deviation population or sample; es operational, "
        + "modified, quantile_mean). monte_carlo_normal, monte_carlo_t (mean zero; paths, seed: the same seed gives the same figures anywhere).\n\n"
        + "horizon_method: sqrt_time multiplies every one-day figure by the root of horizon_days and flags figures that count a mean; overlapping "
        + "takes returns over horizon_days, and is not defined for volatility_scaled and filtered_garch.\n\n"
        + "components: true adds for each position what it adds to VaR and ES (sums to the total), the change for one more unit of it, and the "
        + "figure minus that without it. Historical methods read them off the scenarios of the tail, with the day's scaling held; closed forms "
        + "by Euler's theorem, a fitted t by the slopes of its fit, fitted anew without the position; Monte Carlo off the paths of the tail. Without a position a GARCH "
        + "keeps its parameters.\n\n"
        + "interval: where the true VaR lies with 95 % probability, by order statistics; the standard errors tell how far a closed form or a shortfall is off on "
        + "average. All take the observations for independent, so overlapping returns have none, nor has a given t of 4 degrees of freedom or fewer, whose "
        + "variance varies without bound. Those of Monte Carlo are the simulation's alone, with the covariance taken as known: none with less than one path in the tail (short_history), both too small with one to five (thin_tail). Those of "
        + "parametric_normal, delta_normal, a given t and cornish_fisher come from the moments of the P&L, for a given t of 5 degrees of freedom or more with its own kurtosis if that is larger, and "
        + "come out too small where tails are fat (heavy_tails); that of a shortfall is too "
        + "small with few scenarios in its tail (thin_tail), for weights by age most of all. A t fitted with ν at an end of its range (0.5, 1,000) has none (at_boundary). "
        + "Components, marginal and incremental figures have none of their own.\n\n"
        + "Limits: 500 positions, 20,000 returns of each (5,000 where something is fitted), 20 confidences, 250 days; Monte Carlo 1,000,000 paths "
        + "of 100 positions, 125,000,000 shocks with those of the tails whose components are asked for; 8 s.";
}

public sealed record VarCalculatorRequest(
    IReadOnlyDictionary<string, double> Positions,
    IReadOnlyDictionary<string, IReadOnlyList<double>>? Prices = null,
    IReadOnlyDictionary<string, IReadOnlyList<double>>? Returns = null,
    IReadOnlyList<IReadOnlyList<double>>? Covariance = null,
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
