using System.Text.Json;
using Risk.Application.Calculators;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Returns to be walked through, and the method that forecasts each day's VaR and shortfall from the window before it.</summary>
internal sealed record WalkForwardInput(double[] Returns, VarMethodWords Method, int Window, string Quantile, string Shortfall, VarOptions Options)
{
    private static readonly string[] OfSomeMethods = ["lambda", "degrees_of_freedom"];

    public static WalkForwardInput Read(JsonElement body, List<Fault> faults)
    {
        var reader = new BodyReader(body, "/walk_forward", faults, "returns", "method", "window", "quantile", "es", "lambda", "degrees_of_freedom");
        var word = reader.Choice("method", [.. VarMethodWords.All.Select(x => x.Word)]);
        var method = VarMethodWords.All.FirstOrDefault(x => x.Word == word) ?? VarMethodWords.All[0];
        var returns = reader.Numbers("returns", CalculatorLimits.MaxWalkForwardReturns, -CalculatorLimits.MaxReturn, CalculatorLimits.MaxReturn);
        var least = method.Method == VarMethod.FilteredGarch ? GarchFit.MinReturns : RiskConventions.MinObservations;
        var window = reader.Whole("window", least, CalculatorLimits.MaxWalkForwardWindow) ?? TrafficLight.TableDays;
        if (returns.Length > 0 && returns.Length <= window) reader.Add("returns", $"{returns.Length} returns leave nothing to forecast after a window of {window}.");
        if (method.Method == VarMethod.MonteCarloT && reader.Find("degrees_of_freedom") is null) reader.Missing("degrees_of_freedom");
        if (word is not null || reader.Find("method") is null)
            foreach (var option in OfSomeMethods.Where(x => reader.Find(x) is not null && !method.Reads(x))) reader.Add(option, $"Is not used by the method {method.Word}.");
        var (quantile, shortfall) = (reader.Choice("quantile", method.Quantiles) ?? method.Quantiles[0], reader.Choice("es", ShortfallsOf(method)) ?? method.Shortfalls[0]);
        var input = new WalkForwardInput(returns, method, window, quantile, shortfall, new VarOptions(
            VarMethodWords.Quantile.GetValueOrDefault(quantile, QuantileConvention.Type7),
            VarMethodWords.Shortfall.GetValueOrDefault(shortfall, ShortfallConvention.AcerbiTasche),
            Lambda: reader.Real("lambda", 0.01, 1),
            DegreesOfFreedom: reader.Real("degrees_of_freedom", 2.01, 10_000)));
        var work = (long)Math.Max(0, returns.Length - window) * window;
        if (input.IsFitted) reader.IsWithin("returns", work, CalculatorLimits.MaxFittedWalk, $"forecasts times days of the window, for {method.Word} fits parameters,");
        return input;
    }

    /// <summary>Whether parameters are fitted to the window.</summary>
    public bool IsFitted => Method.Method == VarMethod.FilteredGarch || Method.Method == VarMethod.StudentT && Options.DegreesOfFreedom is null;

    public bool HasThinTail(decimal confidence) => MethodForecasts.HasThinTail(Method.Method, confidence, Options, Window);

    public WalkForwardRun Run(decimal confidence) => WalkForward.Of(Returns, Window, MethodForecasts.Of(Method.Method, confidence, Options));

    private static string[] ShortfallsOf(VarMethodWords method) => method.Method == VarMethod.CornishFisher ? [method.Shortfalls[0]] : method.Shortfalls;
}
