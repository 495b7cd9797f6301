using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;

namespace Risk.Api.Endpoints;

/// <summary>Weights by objective.</summary>
internal static class AllocationCalculatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/allocation", Calculate).AsCalculator<AllocationRequest, AllocationCalculation>(
            "Weights of assets by an objective, and the efficient frontier",
            $"objective: {string.Join(", ", AllocationInput.Objectives)}. Risk comes from covariance, from volatility with correlation, or from returns or prices by name (sample, "
            + "n − 1; expected_returns are then their means unless given; at least 30 returns); arrays follow the order of assets. Everything is per the period of the input. "
            + "Weights sum to one; min_variance, max_sharpe, target_return and min_cvar keep lower and upper (a number, or one for each asset; 0 and 1 unless given), or none when "
            + "unconstrained is true. max_sharpe takes risk_free; target_return takes target_return; the three mean-variance objectives add points (so many, evenly "
            + "spaced up to the highest return) or targets for the frontier. risk_budget takes risk_budget. hrp states its leaf_order, on which its weights depend. black_litterman takes "
            + "market_weights, delta, tau, P, Q and omega_diag; its weights are not scaled to one. min_cvar takes returns, confidence (0.95) and target_mean_return. A field that the objective does "
            + "not use is refused. Where there is no allocation the weights are null, with the reason short_history (fewer than 30 returns), or another and a flag that says why. "
            + "Of series, standard_errors tell how far the figures of these weights are off for want of periods; that the weights were chosen on the same periods (in_sample) they leave out, so the "
            + "figures look better than they will be; where tails are fat (heavy_tails) those of variance and volatility are too small. Given covariances and expected returns, and posteriors, are taken as known. "
            + $"At most {CalculatorLimits.MaxAllocationAssets} assets, {CalculatorLimits.MaxFrontierPoints} points, and {CalculatorLimits.MaxCvarWork} for scenarios × assets² in min_cvar.",
            CalculatorExamples.Allocation, CalculatorExamples.AllocationBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, AllocationInput.Read, AllocationCalculation.Of, ApiJson.Default.AllocationCalculation, cancellation);
}

public sealed record AllocationRequest(
    string Objective, string[]? Assets = null, double[][]? Covariance = null, double[]? Volatility = null, double[][]? Correlation = null, Dictionary<string, double[]>? Prices = null,
    Dictionary<string, double[]>? Returns = null, double[]? ExpectedReturns = null, System.Text.Json.JsonElement? Lower = null, System.Text.Json.JsonElement? Upper = null,
    bool? Unconstrained = null, double? RiskFree = null, double? TargetReturn = null, int? Points = null, double[]? Targets = null, double[]? RiskBudget = null,
    double[]? MarketWeights = null, double? Delta = null, double? Tau = null, [property: System.Text.Json.Serialization.JsonPropertyName("P")] double[][]? P = null,
    [property: System.Text.Json.Serialization.JsonPropertyName("Q")] double[]? Q = null, double[]? OmegaDiag = null, decimal? Confidence = null, double? TargetMeanReturn = null);
