using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>GARCH(1,1), given and fitted.</summary>
internal static class GarchFamilies
{
    private const string First = "variance_first";

    public static JsonNode Filter(GoldenCase golden)
    {
        var returns = golden.Inputs.Has("returns_percent") ? golden.Inputs.Vector("returns_percent") : golden.Inputs.SimpleReturns()[0];
        var variances = Garch.Variances(returns, Parameters(golden.Inputs), InitialVariance(golden.Inputs));
        var result = new JsonObject { ["variance_next_h_n_plus_1"] = variances[^1], ["sigma_next"] = Math.Sqrt(variances[^1]) };
        foreach (var key in golden.KeysAt([], [$"{First}5_h1_to_h5"]))
            if (key.StartsWith(First, StringComparison.Ordinal) && Keys.NumberIn(key) is { } count)
                result[key] = Json.Of(variances.Take(count));
        return result;
    }

    public static JsonNode FilteredHistorical(GoldenCase golden)
    {
        var value = golden.Inputs.PortfolioValue();
        var filtered = Garch.Filter([.. HistoricalFamilies.Pnl(golden.Inputs).Select(pnl => pnl / value)], Parameters(golden.Inputs), InitialVariance(golden.Inputs));
        var result = HistoricalFigures.Of(golden, LinearPnl.Total([value], [filtered.Returns]));
        result["sigma_next"] = filtered.NextVolatility;
        return result;
    }

    public static JsonNode Fit(GoldenCase golden)
    {
        var fit = GarchFit.Of(golden.Inputs.Vector("returns_percent")) ?? throw new NotSupportedException("The fit did not converge.");
        return new JsonObject
        {
            ["mu"] = fit.Parameters.Mu,
            ["omega"] = fit.Parameters.Omega,
            ["alpha"] = fit.Parameters.Alpha,
            ["beta"] = fit.Parameters.Beta,
            ["log_likelihood"] = fit.LogLikelihood,
            ["next_day_sigma"] = fit.NextVolatility,
        };
    }

    private static GarchParameters Parameters(Inputs inputs) => new(inputs.Number("mu", 0), inputs.Number("omega"), inputs.Number("alpha"), inputs.Number("beta"));

    private static double? InitialVariance(Inputs inputs) => inputs.Has("initial_variance") ? inputs.Number("initial_variance") : null;
}
