using System.Globalization;
using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>VaR and ES from an assumed distribution.</summary>
internal static class ParametricFamilies
{
    public static JsonNode DeltaNormal(GoldenCase golden)
    {
        var sigma = PortfolioVolatility.Of(golden.Inputs.Positions(), Covariance.Matrix(golden.Inputs.SimpleReturns()));
        var result = new JsonObject { ["sd_pnl"] = sigma };
        foreach (var (key, confidence) in golden.ConfidencesAt())
            result[key] = Json.Of(golden.KeysAt([key], ["var", "es", "var_10d"]), name => name, name => Figure(name, sigma, confidence));
        return result;
    }

    public static JsonNode NormalPortfolio(GoldenCase golden)
    {
        var returns = PortfolioReturns(golden.Inputs);
        var moments = (Mean: Volatility.Mean(returns), Sample: Volatility.Sample(returns), Population: Math.Sqrt(Volatility.PopulationVariance(returns)));
        var result = new JsonObject { ["mean"] = moments.Mean, ["sd_sample"] = moments.Sample, ["sd_population"] = moments.Population };
        string[] usual =
        [
            "var_sample_sd_zero_mean", "es_sample_sd_zero_mean", "var_sample_sd_with_mean", "es_sample_sd_with_mean",
            "var_population_sd_with_mean", "es_population_sd_with_mean", "var_10d_sqrt_zero_mean",
        ];
        foreach (var (level, confidence) in golden.ConfidencesAt())
            result[level] = Json.Of(golden.KeysAt([level], usual), key => key, key => Figure(
                key,
                (Says(key, "population") ? moments.Population : moments.Sample) * golden.Inputs.PortfolioValue(),
                confidence,
                Says(key, "with_mean") ? moments.Mean * golden.Inputs.PortfolioValue() : 0));
        return result;
    }

    public static JsonNode StudentTGivenNu(GoldenCase golden)
    {
        var value = golden.Inputs.Number("portfolio_value", 1);
        var (mean, sigma) = (golden.Inputs.Number("mean", 0) * value, golden.Inputs.Number("sd_sample") * value);
        return Json.Of(golden.Inputs.Vector("nus"), NuKey, nu => Json.Of(golden.ConfidencesAt(NuKey(nu)), level => level.Key, level => new JsonObject
        {
            ["var_zero_mean"] = ParametricVar.StudentT(sigma, nu, level.Confidence),
            ["es_zero_mean"] = ParametricVar.StudentTShortfall(sigma, nu, level.Confidence),
            ["var_with_mean"] = ParametricVar.StudentT(sigma, nu, level.Confidence, mean),
            ["es_with_mean"] = ParametricVar.StudentTShortfall(sigma, nu, level.Confidence, mean),
        }));
    }

    public static JsonNode StudentTMle(GoldenCase golden)
    {
        var fit = StudentTFit.Of(golden.Inputs.Vector("returns_percent")) ?? throw new NotSupportedException("All returns are equal.");
        var result = new JsonObject { ["nu"] = fit.Nu, ["location"] = fit.Location, ["scale"] = fit.Scale, ["log_likelihood"] = fit.LogLikelihood };
        foreach (var key in golden.KeysAt([], ["var_99_percent"]))
            if (key.StartsWith("var_", StringComparison.Ordinal) && Keys.TryConfidence(key.Split('_')[1], out var confidence))
                result[key] = fit.Var(confidence);
        return result;
    }

    public static JsonNode ModifiedVar(GoldenCase golden)
    {
        var value = golden.Inputs.PortfolioValue();
        var moments = CornishFisher.Of(PortfolioReturns(golden.Inputs));
        var result = new JsonObject
        {
            ["mean"] = moments.Mean,
            ["sd_population"] = moments.Sigma,
            ["skewness"] = moments.Skewness,
            ["excess_kurtosis"] = moments.ExcessKurtosis,
            ["is_monotone"] = moments.IsMonotone,
        };
        foreach (var (key, confidence) in golden.ConfidencesAt())
            result[key] = new JsonObject
            {
                ["var_modified"] = value * moments.Var(confidence),
                ["es_modified_boudt"] = value * moments.Shortfall(confidence),
                ["es_modified_operational"] = value * moments.OperationalShortfall(confidence),
                ["es_cornish_fisher_quantile_mean"] = value * moments.QuantileMeanShortfall(confidence),
                ["z_cf"] = moments.Quantile(confidence),
            };
        return result;
    }

    private static double[] PortfolioReturns(Inputs inputs)
    {
        var value = inputs.PortfolioValue();
        return [.. HistoricalFamilies.Pnl(inputs).Select(pnl => pnl / value)];
    }

    private static JsonNode? Figure(string key, double sigma, decimal confidence, double mean = 0) =>
        ParametricVar.OverHorizon(
            key.StartsWith("es", StringComparison.Ordinal) ? ParametricVar.NormalShortfall(sigma, confidence, mean) : ParametricVar.Normal(sigma, confidence, mean),
            Keys.NumberIn(key) ?? 1);

    private static bool Says(string key, string word) => key.Contains(word, StringComparison.Ordinal);

    private static string NuKey(double nu) => string.Create(CultureInfo.InvariantCulture, $"nu_{nu}");
}
