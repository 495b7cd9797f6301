using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Domain.Measures;

namespace Risk.Api.Endpoints;

/// <summary>What a series of returns earned and what it took, and how concentrated weights are.</summary>
internal static class PerformanceCalculatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/performance", Calculate).AsCalculator<PerformanceRequest, PerformanceCalculation>(
            "Performance of returns you bring, beside a benchmark, and concentration of weights",
            "returns are simple, ascending in time; benchmark_returns and dates (yyyy-MM-dd) are as many. A period earns risk_free_annual / periods_per_year "
            + "(0 and 252 unless given). Wealth starts at 1 before the first return: peak_date is then start and peak_index −1. Figures without a benchmark are null. Fewer "
            + "than 30 returns give null figures with the reason short_history. standard_errors has one under the name of each figure, in its unit: first order by the sample's "
            + "own moments, periods taken for independent (beta and alpha: White's), that of the volatility too small where tails are fat (heavy_tails); null where none holds, with the reason under standard_errors/name. concentration is a block of its own, with or without returns: "
            + "weights, and beside them benchmark_weights and covariance_daily for the figures that need them; top: how many of the largest to add up (5 unless given); they are exact for what is given. "
            + $"At most {CalculatorLimits.MaxObservations} returns and {CalculatorLimits.MaxPositions} weights, {CalculatorLimits.MaxAssets} with a covariance.",
            CalculatorExamples.Performance, CalculatorExamples.PerformanceBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, PerformanceCalculation.Of, ApiJson.Default.PerformanceCalculation, cancellation);

    private static PerformanceInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "returns", "benchmark_returns", "risk_free_annual", "periods_per_year", "dates", "concentration");
        double[] returns = reader.Find("returns") is null ? [] : reader.Numbers("returns", CalculatorLimits.MaxObservations, -1, CalculatorLimits.MaxReturn);
        if (reader.Find("returns") is null && reader.Find("concentration") is null) reader.Add("returns", "Is missing: give returns, concentration, or both.");
        return new PerformanceInput(
            returns,
            reader.NumbersOf("benchmark_returns", returns.Length, -1, CalculatorLimits.MaxReturn),
            reader.Real("risk_free_annual", -1, 10) ?? 0,
            reader.Real("periods_per_year", 1, 1e6) ?? Volatility.DaysPerYear,
            reader.Dates(returns.Length),
            ReadConcentration(reader, faults));
    }

    private static ConcentrationInput? ReadConcentration(BodyReader body, List<Fault> faults)
    {
        if (body.Find("concentration") is not { } given) return null;
        var reader = new BodyReader(given, "/concentration", faults, "weights", "benchmark_weights", "covariance_daily", "top");
        if (given.ValueKind != JsonValueKind.Object) return null;
        const double most = CalculatorLimits.MaxAmount;
        var weights = reader.Numbers("weights", CalculatorLimits.MaxPositions, -most, most);
        var before = faults.Count;
        var covariance = reader.Symmetric("covariance_daily", CalculatorLimits.MaxAssets, most);
        if (faults.Count == before && covariance is not null && CovarianceFactor.FaultOf(covariance) is { } fault) reader.Add("covariance_daily", fault);
        if (covariance is { Length: > 0 } && covariance.Length != weights.Length) reader.Add("covariance_daily", $"Expected are {weights.Length} rows, {covariance.Length} are given.");
        var top = reader.Find("top") is not { } counts ? [5]
            : reader.Elements(counts, "top", CalculatorLimits.MaxTopCounts, "counts").Select((x, i) => reader.Whole(x, $"top/{i}", 1, CalculatorLimits.MaxPositions) ?? 1);
        return new ConcentrationInput(weights, reader.NumbersOf("benchmark_weights", weights.Length, -most, most), covariance, [.. top]);
    }
}

public sealed record PerformanceRequest(
    double[]? Returns = null, double[]? BenchmarkReturns = null, double? RiskFreeAnnual = null, double? PeriodsPerYear = null, string[]? Dates = null,
    ConcentrationRequest? Concentration = null);

public sealed record ConcentrationRequest(double[] Weights, double[]? BenchmarkWeights = null, double[][]? CovarianceDaily = null, int[]? Top = null);
