using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>What each position has to do with the risk of the whole.</summary>
internal static class ComponentFamilies
{
    private static readonly string[] Shortfalls = ["es_mean_worst_m", "es_mean_worst_k", "es_acerbi_tasche", "es_beyond_type7"];

    public static JsonNode Historical(GoldenCase golden)
    {
        var byPosition = LinearPnl.ByPosition(golden.Inputs.Positions(), golden.Inputs.SimpleReturns());
        var total = new SortedPnl(LinearPnl.Sum(byPosition));
        return Json.Of(golden.ConfidencesAt(), level => level.Key, level => Figures(byPosition, total, level.Confidence));
    }

    public static JsonNode Parametric(GoldenCase golden)
    {
        var positions = golden.Inputs.Positions();
        var returns = golden.Inputs.SimpleReturns();
        var covariance = Covariance.Matrix(returns);
        double[] means = [.. returns.Select(asset => Volatility.Mean(asset))];
        return Json.Of(golden.ConfidencesAt(), level => level.Key, level =>
        {
            var components = ParametricComponents.Normal(positions, covariance, level.Confidence);
            return new JsonObject
            {
                ["var_total"] = components.Var,
                ["marginal_var"] = Json.Of(components.Marginal),
                ["component_var"] = Json.Of(components.Components),
                ["component_sum"] = components.Components.Sum(),
                ["incremental_var"] = Json.Of(components.Incremental),
                ["es_total"] = components.Shortfall,
                ["component_es"] = Json.Of(components.ShortfallComponents),
                ["component_var_with_mean"] = Json.Of(ParametricComponents.Normal(positions, covariance, level.Confidence, means).Components),
            };
        });
    }

    /// <summary>The confidence is among the inputs, as a ratio or in percent, or else in the name of the case.</summary>
    public static JsonNode Modified(GoldenCase golden)
    {
        var named = golden.Name.Split('_').Select(word => Keys.TryConfidence(word, out var level) ? level : 0).FirstOrDefault(level => level > 0, 0.99m);
        var confidence = golden.Inputs.Has("confidence") ? Keys.Confidence(golden.Inputs.Root.GetProperty("confidence").GetDecimal()) : named;
        var components = ParametricComponents.Modified(golden.Inputs.Positions(), golden.Inputs.SimpleReturns(), confidence);
        return new JsonObject { ["var_total"] = components.Var, ["component_var"] = Json.Of(components.Components), ["is_monotone"] = components.IsMonotone };
    }

    private static JsonObject Figures(double[][] byPosition, SortedPnl total, decimal confidence)
    {
        const QuantileConvention KthWorst = QuantileConvention.KthWorst;
        var kth = HistoricalVar.Scenarios(total, confidence, KthWorst);
        var result = new JsonObject
        {
            ["k"] = QuantileRank.Of(total.Count, confidence, KthWorst).Lower,
            ["m_floor"] = ExpectedShortfall.TailCount(total.Count, confidence),
            ["var_kth_worst"] = HistoricalVar.Of(total, confidence, KthWorst),
            ["scenario_index_kth_worst"] = kth[0].Scenario,
            ["component_var_at_kth_scenario"] = Json.Of(HistoricalComponents.Of(byPosition, kth)),
            ["window_half_width"] = HistoricalComponents.WindowHalfWidth(total.Count),
            ["component_var_window_rescaled"] = HistoricalComponents.Smoothed(byPosition, confidence) is { } smoothed ? Json.Of(smoothed) : null,
            ["incremental_var_kth_worst"] = Json.Of(HistoricalComponents.Incremental(byPosition, confidence, KthWorst)),
        };
        foreach (var key in Shortfalls)
        {
            ShortfallFigures.TryConvention(key, out var convention);
            var scenarios = ExpectedShortfall.Scenarios(total, confidence, convention);
            result[key] = ExpectedShortfall.Of(total, confidence, convention);
            result[$"component_{key}"] = scenarios.Count == 0 ? null : Json.Of(HistoricalComponents.Of(byPosition, scenarios));
        }
        return result;
    }
}
