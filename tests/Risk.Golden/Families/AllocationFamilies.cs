using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Domain.Allocation;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Weights by objective. Limits are one number for all assets or one for each.</summary>
internal static class AllocationFamilies
{
    public static JsonNode MinimumVarianceOf(GoldenCase golden) =>
        Figures(golden.Inputs, MinimumVariance.Of(CovarianceOf(golden.Inputs), Limits(golden, usualLower: 0, usualUpper: 1)));

    public static JsonNode MaximumSharpeOf(GoldenCase golden)
    {
        var riskFree = golden.Inputs.Number("risk_free", 0);
        var result = Figures(golden.Inputs, MaximumSharpe.Of(CovarianceOf(golden.Inputs), golden.Inputs.Vector("expected_returns"), riskFree, Limits(golden, 0, 1)));
        if (result["expected_return"] is { } mean) result["sharpe"] = ((double)mean - riskFree) / (double)result["volatility"]!;
        return result;
    }

    public static JsonNode Frontier(GoldenCase golden)
    {
        var (covariance, returns) = (CovarianceOf(golden.Inputs), golden.Inputs.Vector("expected_returns"));
        return new JsonObject
        {
            ["points"] = new JsonArray([.. golden.Inputs.Vector("targets").Select(target =>
            {
                var point = Figures(golden.Inputs, MinimumVariance.ForReturn(covariance, returns, target, Limits(golden, 0, 1)));
                point["target"] = target;
                return (JsonNode?)point;
            })]),
        };
    }

    public static JsonNode RiskBudgetOf(GoldenCase golden)
    {
        var covariance = CovarianceOf(golden.Inputs);
        var found = golden.Inputs.Has("risk_budget") ? RiskBudget.Of(covariance, golden.Inputs.Vector("risk_budget")) : RiskBudget.Parity(covariance);
        var result = Figures(golden.Inputs, found);
        if (found.Value is not { } weights) return result;
        var sigma = PortfolioVolatility.Of(weights, covariance);
        result["risk_share"] = Json.Of(PortfolioVolatility.Contributions(weights, covariance).Select(x => x / sigma));
        return result;
    }

    public static JsonNode HierarchicalParityOf(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var found = HierarchicalParity.Of(CovarianceOf(inputs), inputs.Has("correlation") ? Matrix(inputs, "correlation") : null);
        if (found.Value is not { } tree) return Missing(found.Reason);
        string[] assets = [.. inputs.Root.GetProperty("assets").EnumerateArray().Select(x => x.GetString()!)];
        return new JsonObject
        {
            ["weights"] = Json.Of(tree.Weights),
            ["leaf_order"] = new JsonArray([.. tree.LeafOrder.Select(i => (JsonNode?)assets[i])]),
            ["merge_heights"] = Json.Of(tree.MergeHeights),
        };
    }

    public static JsonNode BlackLittermanOf(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var variances = inputs.Has("omega_diag") ? inputs.Vector("omega_diag") : null;
        var views = Matrix(inputs, "P").Zip(inputs.Vector("Q"), (positions, value) => (positions, value)).Select((x, i) => new ReturnView(x.positions, x.value, variances?[i])).ToArray();
        var found = BlackLitterman.Of(CovarianceOf(inputs), inputs.Vector("market_weights"), views, inputs.Number("delta"), inputs.Number("tau"));
        return found.Value is not { } model ? Missing(found.Reason) : new JsonObject
        {
            ["equilibrium_returns"] = Json.Of(model.EquilibriumReturns),
            ["posterior_returns"] = Json.Of(model.PosteriorReturns),
            ["posterior_covariance"] = Json.Of(model.PosteriorCovariance),
            ["optimal_weights"] = Json.Of(model.OptimalWeights),
        };
    }

    public static JsonNode MinimumCvarOf(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var returns = inputs.SimpleReturns();
        var target = inputs.Has("target_mean_return") ? inputs.Number("target_mean_return") : (double?)null;
        var found = MinimumCvar.Of(returns, Keys.Confidence(inputs.Root.GetProperty("confidence").GetDecimal()), Limits(golden, 0, 1), target);
        return found.Value is not { } best ? Missing(found.Reason) : new JsonObject
        {
            ["cvar"] = best.Cvar,
            ["weights"] = Json.Of(best.Weights),
            ["portfolio_mean"] = returns.Zip(best.Weights, (series, weight) => Volatility.Mean(series) * weight).Sum(),
        };
    }

    private static JsonObject Figures(Inputs inputs, Allocated<double[]> found)
    {
        if (found.Value is not { } weights) return Missing(found.Reason);
        var covariance = CovarianceOf(inputs);
        var variance = weights.Zip(Covariance.Times(covariance, weights), (w, x) => w * x).Sum();
        var result = new JsonObject { ["weights"] = Json.Of(weights), ["variance"] = variance, ["volatility"] = PortfolioVolatility.Of(weights, covariance) };
        if (inputs.Has("expected_returns")) result["expected_return"] = weights.Zip(inputs.Vector("expected_returns"), (w, r) => w * r).Sum();
        return result;
    }

    private static JsonObject Missing(NoAllocation? reason) => new() { ["weights"] = null, ["reason"] = $"{reason}" };

    private static WeightLimits Limits(GoldenCase golden, double usualLower, double usualUpper)
    {
        var count = golden.Inputs.Root.GetProperty("assets").GetArrayLength();
        return golden.Name.Contains("unconstrained", StringComparison.Ordinal)
            ? WeightLimits.None(count)
            : new WeightLimits(ForEach(golden.Inputs, "lower", count, usualLower), ForEach(golden.Inputs, "upper", count, usualUpper));
    }

    private static IEnumerable<double> ForEach(Inputs inputs, string name, int count, double usual) =>
        inputs.Has(name) && inputs.Root.GetProperty(name).ValueKind == JsonValueKind.Array ? inputs.Vector(name) : Enumerable.Repeat(inputs.Number(name, usual), count);

    private static double[][] CovarianceOf(Inputs inputs)
    {
        if (inputs.Has("covariance")) return Matrix(inputs, "covariance");
        if (!inputs.Has("volatility")) return Covariance.Matrix(inputs.SimpleReturns());
        var sd = inputs.Vector("volatility");
        return [.. Matrix(inputs, "correlation").Select((row, i) => row.Select((x, j) => x * sd[i] * sd[j]).ToArray())];
    }

    private static double[][] Matrix(Inputs inputs, string name) => [.. inputs.Root.GetProperty(name).EnumerateArray().Select(Inputs.Vector)];
}
