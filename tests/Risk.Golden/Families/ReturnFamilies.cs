using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Returns, volatility, covariance.</summary>
internal static class ReturnFamilies
{
    public static JsonNode ReturnsSimpleLog(GoldenCase golden)
    {
        var prices = golden.Inputs.Vector("prices");
        return new JsonObject { ["simple"] = Json.Of(Returns.Simple(prices)), ["log"] = Json.Of(Returns.Log(prices)) };
    }

    public static JsonNode VolatilityAnnualised(GoldenCase golden)
    {
        var prices = golden.Inputs.Vector("prices");
        var periods = golden.Inputs.Number("periods_per_year", Volatility.DaysPerYear);
        var (simple, log) = (Volatility.Sample(Returns.Simple(prices)), Volatility.Sample(Returns.Log(prices)));
        return new JsonObject
        {
            ["daily_vol_simple"] = simple,
            ["daily_vol_log"] = log,
            ["annual_vol_simple"] = Volatility.Annualised(simple, periods),
            ["annual_vol_log"] = Volatility.Annualised(log, periods),
        };
    }

    public static JsonNode EwmaVolatility(GoldenCase golden)
    {
        var returns = golden.Inputs.SimpleReturns()[0];
        var lambda = golden.Inputs.Number("lambda", Ewma.DefaultLambda);
        var recursive = Ewma.Variances(returns, lambda);
        var normalised = Ewma.NormalisedVariance(returns, lambda);
        var result = new JsonObject
        {
            ["variance_recursive_last"] = recursive[^1],
            ["vol_recursive_last"] = Math.Sqrt(recursive[^1]),
            ["annual_vol_recursive_last"] = Volatility.Annualised(Math.Sqrt(recursive[^1]), golden.Inputs.Number("periods_per_year", Volatility.DaysPerYear)),
            ["variance_normalised_weights"] = normalised,
            ["vol_normalised_weights"] = Math.Sqrt(normalised),
        };
        foreach (var key in golden.KeysAt([], ["variance_recursive_first5"]))
            if (key.StartsWith("variance_recursive_first", StringComparison.Ordinal) && Keys.NumberIn(key) is { } count)
                result[key] = Json.Of(recursive.Take(count));
        return result;
    }

    public static JsonNode CovarianceCorrelation(GoldenCase golden)
    {
        var covariance = Covariance.Matrix(golden.Inputs.SimpleReturns());
        return new JsonObject { ["covariance_daily"] = Json.Of(covariance), ["correlation"] = Json.Of(Covariance.ToCorrelation(covariance)) };
    }

    public static JsonNode PortfolioVolatilityOf(GoldenCase golden)
    {
        var covariance = Covariance.Matrix(golden.Inputs.SimpleReturns());
        var weights = golden.Inputs.Vector("weights");
        var daily = PortfolioVolatility.Of(weights, covariance);
        return new JsonObject
        {
            ["daily_vol"] = daily,
            ["annual_vol"] = Volatility.Annualised(daily, golden.Inputs.Number("periods_per_year", Volatility.DaysPerYear)),
            ["vol_contribution"] = Json.Of(PortfolioVolatility.Contributions(weights, covariance)),
        };
    }
}
