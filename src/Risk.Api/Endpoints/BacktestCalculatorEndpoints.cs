using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Domain.Measures;

namespace Risk.Api.Endpoints;

/// <summary>A VaR held against what happened.</summary>
internal static class BacktestCalculatorEndpoints
{
    private static readonly string[] Known = ["tail_probability", "exceedance_sequence", "pnl", "var", "es", "walk_forward", "dates"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/backtest", Calculate).AsCalculator<BacktestRequest, BacktestCalculation>(
            "Tests of a VaR against exceedances, a P&L, or returns walked through",
            "Give one of exceedance_sequence (1 or true where the loss exceeded the VaR), pnl with var (and es, for Z2), or walk_forward: returns, of which each "
            + "day is forecast from the window (250 days unless given, at least 30) before it by a method: "
            + $"{string.Join(", ", VarMethodWords.All.Select(x => x.Word))}; normal and t have a mean of zero, Monte Carlo has 100,000 paths, and what is fitted is fitted to the "
            + $"window every {TailForecasts.RefitDays} days (student_t unless degrees_of_freedom are given). tail_probability is 1 − confidence: 0.01 for a VaR at 99 %. Kupiec, Christoffersen independence and conditional "
            + "coverage are likelihood ratios with their p-values; the zones are Basel's, the multipliers null in the yellow zone of anything but 250 days at 1 %. "
            + "timeline lists the days of exceedance, each with the zone of the 250 days up to it. exceedance_rate_interval holds the probability of an exceedance with 95 % "
            + "(Clopper and Pearson), pi01_interval and pi11_interval that after a day without and with one; z2_standard_error is unknown without an exceedance. Days count as following each other only "
            + "where none between them is missing. Fewer than 30 days are flagged short_history, forecasts read off fewer than five scenarios thin_tail, and constant_window a walk with "
            + "a window in which nothing moved: what is fitted takes the historical figure there, its limit. A day for which the method has no forecast (a fit that does not converge, a volatility faded to "
            + "zero) is null in forecasts, not tested, counted in days_without_forecast and flagged forecasts_missing. "
            + $"At most {CalculatorLimits.MaxObservations} days, {CalculatorLimits.MaxWalkForwardReturns} to walk through, {CalculatorLimits.MaxFittedWalk} forecasts times window where something is fitted.",
            CalculatorExamples.Backtest, CalculatorExamples.BacktestBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, BacktestCalculation.Of, ApiJson.Default.BacktestCalculation, cancellation);

    private static BacktestInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, Known);
        if (reader.Find("tail_probability") is null) reader.Missing("tail_probability");
        var tail = reader.Number("tail_probability", 0.000001m, 0.499999m) ?? 0.01m;
        string[] given = [.. ((string[])["exceedance_sequence", "pnl", "walk_forward"]).Where(x => reader.Find(x) is not null)];
        if (given.Length != 1) reader.Add(given.Length == 0 ? "exceedance_sequence" : given[^1], "Give one of exceedance_sequence, pnl and walk_forward.");
        foreach (var name in (string[])["var", "es"])
            if (reader.Find(name) is not null && reader.Find("pnl") is null) reader.Add(name, "Goes with pnl.");
        var walk = reader.Find("walk_forward") is { } body ? WalkForwardInput.Read(body, faults) : null;
        var exceeded = reader.Find("exceedance_sequence") is { } sequence ? Sequence(reader, sequence) : null;
        const double most = CalculatorLimits.MaxAmount;
        double[]? pnl = reader.Find("pnl") is null ? null : reader.Numbers("pnl", CalculatorLimits.MaxObservations, -most, most);
        if (pnl is not null && reader.Find("var") is null) reader.Missing("var");
        return new BacktestInput(
            tail, exceeded, pnl, pnl is null ? null : reader.NumbersOf("var", pnl.Length, -most, most), pnl is null ? null : reader.NumbersOf("es", pnl.Length, 1e-12, most), walk,
            reader.Dates(exceeded?.Length ?? pnl?.Length ?? walk?.Returns.Length ?? 0));
    }

    private static bool[] Sequence(BodyReader reader, JsonElement sequence)
    {
        var elements = reader.Elements(sequence, "exceedance_sequence", CalculatorLimits.MaxObservations, "days");
        var exceeded = new bool[elements.Length];
        for (var i = 0; i < exceeded.Length; i++)
        {
            exceeded[i] = elements[i].ValueKind == JsonValueKind.True || elements[i].ValueKind == JsonValueKind.Number && elements[i].TryGetDouble(out var one) && one == 1;
            var isNone = elements[i].ValueKind == JsonValueKind.False || elements[i].ValueKind == JsonValueKind.Number && elements[i].TryGetDouble(out var zero) && zero == 0;
            if (!exceeded[i] && !isNone) reader.Add($"exceedance_sequence/{i}", "Expected is 1 or true for an exceedance, 0 or false for none.");
        }
        return exceeded;
    }
}

public sealed record BacktestRequest(
    decimal TailProbability, int[]? ExceedanceSequence = null, double[]? Pnl = null, double[]? Var = null, double[]? Es = null, WalkForwardRequest? WalkForward = null,
    string[]? Dates = null);

public sealed record WalkForwardRequest(
    double[] Returns, string? Method = null, int? Window = null, string? Quantile = null, string? Es = null, double? Lambda = null, double? DegreesOfFreedom = null);
