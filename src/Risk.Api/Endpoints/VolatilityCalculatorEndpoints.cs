using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Domain.Measures;

namespace Risk.Api.Endpoints;

/// <summary>Volatilities, covariances and correlations of series that the caller brings.</summary>
internal static class VolatilityCalculatorEndpoints
{
    private static readonly string[] Methods = ["sample", "ewma", "garch_fit", "garch_filter", "covariance", "correlation"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/volatility", Calculate).AsCalculator<VolatilityRequest, VolatilityCalculation>(
            "Volatility, covariance and correlation of series you bring",
            $"method: sample (n − 1), ewma (RiskMetrics, lambda 0.94 unless given), garch_fit, garch_filter (with garch), covariance, correlation. "
            + "prices or returns: an object of series by name, ascending in time and as long as each other, or one array. A day is a period of "
            + "which periods_per_year (252) make a year; GARCH parameters are in the unit of the returns. covariance and correlation answer matrix; "
            + "weights, one for each series, add the volatility of that portfolio. Fewer than 30 returns (50 for garch_fit) give null figures with the reason "
            + "short_history. standard_errors gives that of each figure under its name, and conventions what it takes for granted; a GARCH fit with "
            + "α or β at 0, a sum of 1, a likelihood that is flat in some direction or a point that is no maximum of it has none and is flagged at_boundary; those of sample, covariance and correlation come out too small where tails are fat (heavy_tails). "
            + $"At most {CalculatorLimits.MaxAssets} series of {CalculatorLimits.MaxObservations} returns, and {CalculatorLimits.MaxFittedReturns} returns in all for garch_fit.",
            CalculatorExamples.Volatility, CalculatorExamples.VolatilityBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, VolatilityCalculation.Of, ApiJson.Default.VolatilityCalculation, cancellation);

    private static VolatilityInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "method", "prices", "returns", "periods_per_year", "lambda", "garch", "weights");
        if (reader.Find("method") is null) reader.Missing("method");
        var method = reader.Choice("method", Methods) ?? "";
        var table = reader.Returns(CalculatorLimits.MaxAssets) ?? ReturnTable.Of("returns", ["CUSTOM"], [[]]);
        if (method == "garch_fit") reader.IsWithin(table.Prices is null ? "returns" : "prices", table.Returns.Sum(x => (long)x.Length), CalculatorLimits.MaxFittedReturns, "returns to fit");
        var input = new VolatilityInput(
            method, table, reader.Real("periods_per_year", 1, 1e6) ?? Volatility.DaysPerYear, reader.Real("lambda", 0.01, 1) ?? Ewma.DefaultLambda,
            ReadGarch(reader, method, faults), reader.NumbersOf("weights", table.Names.Length, -CalculatorLimits.MaxAmount, CalculatorLimits.MaxAmount));
        foreach (var (name, isUsed) in ((string, bool)[])[("lambda", method == "ewma"), ("garch", method == "garch_filter"), ("weights", method is "covariance" or "correlation")])
            if (!isUsed && method != "" && reader.Find(name) is not null) reader.Add(name, $"Is not used by the method {method}.");
        return input;
    }

    private static GarchInput? ReadGarch(BodyReader body, string method, List<Fault> faults)
    {
        if (body.Find("garch") is not { } given)
        {
            if (method == "garch_filter") body.Missing("garch");
            return null;
        }
        const double most = 1e9;
        var reader = new BodyReader(given, "/garch", faults, "mu", "omega", "alpha", "beta", "initial_variance");
        if (given.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in (string[])["omega", "alpha", "beta"])
            if (reader.Find(name) is null) reader.Missing(name);
        return new GarchInput(
            new GarchParameters(reader.Real("mu", -most, most) ?? 0, reader.Real("omega", 0, most) ?? 0, reader.Real("alpha", 0, 2) ?? 0, reader.Real("beta", 0, 2) ?? 0),
            reader.Real("initial_variance", 1e-30, most));
    }
}

/// <summary>Series stand by name, or one without.</summary>
public sealed record VolatilityRequest(
    string Method, Dictionary<string, double[]>? Prices = null, Dictionary<string, double[]>? Returns = null, double? PeriodsPerYear = null, double? Lambda = null,
    GarchRequest? Garch = null, double[]? Weights = null);

public sealed record GarchRequest(double Omega, double Alpha, double Beta, double? Mu = null, double? InitialVariance = null);
