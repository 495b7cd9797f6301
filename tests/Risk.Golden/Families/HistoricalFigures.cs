using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>The block of figures that every historical-simulation case asks of a P&amp;L, per confidence level.</summary>
internal static class HistoricalFigures
{
    private static readonly string[] UsualKeys =
    [
        "n", "m_floor", "k", "var_kth_worst", "var_type1", "type1_order_stat", "var_type6", "var_type7", "var_loss_type1",
        "es_mean_worst_m", "es_mean_worst_k", "es_beyond_type7", "es_acerbi_tasche",
    ];

    /// <param name="path">Where in `expected` the block stands.</param>
    public static JsonObject Of(GoldenCase golden, double[] pnl, params string[] path) => Of(golden, pnl, UsualKeys, x => x, path);

    /// <summary>The same with other usual keys, each figure scaled (to another horizon).</summary>
    public static JsonObject Of(GoldenCase golden, double[] pnl, string[] usualKeys, Func<double, double> scale, string[] path)
    {
        var sorted = new SortedPnl(pnl);
        return Json.Of(
            golden.ConfidencesAt(path),
            level => level.Key,
            level => Json.Of(golden.KeysAt([.. path, level.Key], usualKeys), key => key, key => Figure(key, sorted, level.Confidence, scale)));
    }

    private static JsonNode? Figure(string key, SortedPnl pnl, decimal confidence, Func<double, double> scale) => key switch
    {
        "n" => pnl.Count,
        "m_floor" => ExpectedShortfall.TailCount(pnl.Count, confidence),
        "k" => QuantileRank.Of(pnl.Count, confidence, QuantileConvention.KthWorst).Lower,
        "type1_order_stat" => QuantileRank.Of(pnl.Count, confidence, QuantileConvention.Type1).Lower,
        "var_loss_type1" => scale(HistoricalVar.OfLosses(pnl, confidence)),
        "var_kth_worst" => scale(HistoricalVar.Of(pnl, confidence, QuantileConvention.KthWorst)),
        _ when key.StartsWith("var_type", StringComparison.Ordinal) && Enum.TryParse<QuantileConvention>(key["var_".Length..], ignoreCase: true, out var convention) =>
            scale(HistoricalVar.Of(pnl, confidence, convention)),
        _ when ShortfallFigures.TryConvention(key, out var convention) =>
            ExpectedShortfall.Of(pnl, confidence, convention) is { } shortfall ? scale(shortfall) : null,
        _ => throw new NotSupportedException($"Unknown figure '{key}'."),
    };
}

/// <summary>The names of the shortfall conventions in the cases.</summary>
internal static class ShortfallFigures
{
    public static bool TryConvention(string key, out ShortfallConvention convention)
    {
        ShortfallConvention? found = key switch
        {
            "es_mean_worst_m" => ShortfallConvention.MeanWorstFloor,
            "es_mean_worst_k" => ShortfallConvention.MeanWorstK,
            "es_beyond_type7" => ShortfallConvention.BeyondVar,
            "es_acerbi_tasche" => ShortfallConvention.AcerbiTasche,
            _ => null,
        };
        convention = found.GetValueOrDefault();
        return found is not null;
    }
}
