using System.Text.Json;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Returns to be walked through, and the method that forecasts each day's VaR and shortfall from the window before it.</summary>
internal sealed record WalkForwardInput(
    double[] Returns, string Method, int Window, QuantileConvention Quantile, ShortfallConvention Shortfall, double Lambda, double DegreesOfFreedom)
{
    /// <summary>Decay of the age-weighted scenarios where none is given (Boudoukh, Richardson, Whitelaw 1998).</summary>
    private const double UsualLambda = 0.98;

    public static readonly string[] Methods = ["historical", "age_weighted", "parametric_normal", "student_t", "cornish_fisher"];

    public static WalkForwardInput Read(JsonElement body, List<Fault> faults)
    {
        var reader = new BodyReader(body, "/walk_forward", faults, "returns", "method", "window", "quantile", "es", "lambda", "degrees_of_freedom");
        var method = reader.Choice("method", Methods) ?? "historical";
        var returns = reader.Numbers("returns", CalculatorLimits.MaxWalkForwardReturns, -CalculatorLimits.MaxReturn, CalculatorLimits.MaxReturn);
        var window = reader.Whole("window", RiskConventions.MinObservations, CalculatorLimits.MaxWalkForwardWindow) ?? TrafficLight.TableDays;
        if (returns.Length > 0 && returns.Length <= window) reader.Add("returns", $"{returns.Length} returns leave nothing to forecast after a window of {window}.");
        if (method == "student_t" && reader.Find("degrees_of_freedom") is null) reader.Missing("degrees_of_freedom");
        foreach (var (name, user) in ((string, string)[])[("quantile", "historical"), ("es", "historical"), ("lambda", "age_weighted"), ("degrees_of_freedom", "student_t")])
            if (method != user && reader.Find(name) is not null) reader.Add(name, $"Is not used by the method {method}.");
        return new WalkForwardInput(
            returns, method, window,
            Conventions.Quantiles[reader.Choice("quantile", Conventions.Quantiles.Keys) ?? "type7"],
            Conventions.Shortfalls[reader.Choice("es", Conventions.Shortfalls.Keys) ?? "acerbi_tasche"],
            reader.Real("lambda", 0.5, 1) ?? UsualLambda,
            reader.Real("degrees_of_freedom", 2.1, 1_000) ?? 5);
    }

    public WalkForwardRun Run(decimal confidence) => WalkForward.Of(Returns, Window, Forecast(confidence));

    private TailForecast Forecast(decimal confidence) => Method switch
    {
        "age_weighted" => past => AgeWeightedVar.Of(past, Lambda, confidence) is var tail ? (tail.VarInterpolated, tail.Shortfall) : default,
        "parametric_normal" => past => Volatility.Sample(past) is var sd ? (ParametricVar.Normal(sd, confidence), ParametricVar.NormalShortfall(sd, confidence)) : default,
        "student_t" => past => Volatility.Sample(past) is var sd
            ? (ParametricVar.StudentT(sd, DegreesOfFreedom, confidence), ParametricVar.StudentTShortfall(sd, DegreesOfFreedom, confidence)) : default,
        "cornish_fisher" => past => CornishFisher.Of(past) is var moments ? (moments.Var(confidence), moments.OperationalShortfall(confidence)) : default,
        _ => WalkForward.Historical(confidence, Quantile, Shortfall),
    };
}

/// <summary>The words for conventions that a caller may choose.</summary>
internal static class Conventions
{
    public static readonly Dictionary<string, QuantileConvention> Quantiles = Enum.GetValues<QuantileConvention>().ToDictionary(Figures.WordOf);
    public static readonly Dictionary<string, ShortfallConvention> Shortfalls = Enum.GetValues<ShortfallConvention>().ToDictionary(Figures.WordOf);
}
