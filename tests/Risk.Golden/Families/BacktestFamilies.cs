using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Tests of a VaR against what happened.</summary>
internal static class BacktestFamilies
{
    private const double Level = 0.05;

    public static JsonNode Tests(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var test = VarBacktest.Of(Exceeded(inputs), inputs.Number("tail_probability"));
        var n = test.Transitions;
        return new JsonObject
        {
            ["T"] = test.Days,
            ["exceedances"] = test.Exceedances,
            ["n00"] = n.Neither,
            ["n01"] = n.NoneToExceedance,
            ["n10"] = n.ExceedanceToNone,
            ["n11"] = n.Both,
            ["pi01"] = n.RateAfterNone,
            ["pi11"] = n.RateAfterExceedance,
            ["lr_pof"] = test.Coverage.Ratio,
            ["p_pof"] = test.Coverage.PValue,
            ["lr_ind"] = test.Independence.Ratio,
            ["p_ind"] = test.Independence.PValue,
            ["lr_cc"] = test.ConditionalCoverage.Ratio,
            ["p_cc"] = test.ConditionalCoverage.PValue,
            ["reject_pof_5pct"] = test.Coverage.RejectedAt(Level),
            ["reject_ind_5pct"] = test.Independence.RejectedAt(Level),
            ["reject_cc_5pct"] = test.ConditionalCoverage.RejectedAt(Level),
            ["binomial_prob_x_or_more"] = test.ProbabilityOfAsMany,
        };
    }

    public static JsonNode TrafficLights(GoldenCase golden)
    {
        var (days, tail) = ((int)golden.Inputs.Number("days", TrafficLight.TableDays), golden.Inputs.Number("tail_probability", 0.01));
        int[] counts = [.. Enumerable.Range(0, Math.Min(days, (int)golden.Inputs.Number("max_exceptions", 20)) + 1)];
        return new JsonObject
        {
            ["pmf"] = Json.Of(counts.Select(x => BinomialTail.Exactly(x, days, tail))),
            ["cdf_x_or_fewer"] = Json.Of(counts.Select(x => BinomialTail.AtMost(x, days, tail))),
            ["prob_x_or_more"] = Json.Of(counts.Select(x => BinomialTail.AtLeast(x, days, tail))),
            ["zone"] = new JsonArray([.. counts.Select(x => (JsonNode)TrafficLight.ZoneOf(x, days, tail).ToString().ToLowerInvariant())]),
            ["multiplier_1996_total"] = Json.Of(counts.Select(x => TrafficLight.Multiplier1996(x, days, tail))),
            ["multiplier_mar99"] = Json.Of(counts.Select(x => TrafficLight.MultiplierMar99(x, days, tail))),
        };
    }

    /// <summary>The sequence as ones and zeros or truth values; else P&amp;L against the VaR of each day.</summary>
    private static bool[] Exceeded(Inputs inputs) => inputs.Has("exceedance_sequence")
        ? [.. inputs.Root.GetProperty("exceedance_sequence").EnumerateArray().Select(x => x.ValueKind == JsonValueKind.Number ? x.GetDouble() != 0 : x.GetBoolean())]
        : VarBacktest.ExceededBy(inputs.Vector("pnl"), inputs.Vector("var"));
}
