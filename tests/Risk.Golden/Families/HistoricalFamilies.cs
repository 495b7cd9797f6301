using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Historical simulation: plain, age-weighted, volatility-scaled, over horizons.</summary>
internal static class HistoricalFamilies
{
    public static JsonNode Plain(GoldenCase golden) => HistoricalFigures.Of(golden, Pnl(golden.Inputs));

    public static JsonNode AgeWeighted(GoldenCase golden)
    {
        var pnl = Pnl(golden.Inputs);
        var lambda = golden.Inputs.Number("lambda");
        return Json.Of(golden.ConfidencesAt(), level => level.Key, level =>
        {
            var tail = AgeWeightedVar.Of(pnl, lambda, level.Confidence);
            return new JsonObject
            {
                ["var_discrete"] = tail.VarDiscrete,
                ["var_interpolated"] = tail.VarInterpolated,
                ["es_weighted"] = tail.Shortfall,
                ["order_stat"] = tail.Rank,
            };
        });
    }

    public static JsonNode VolatilityScaled(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var lambda = inputs.Number("lambda", Ewma.DefaultLambda);
        var value = inputs.PortfolioValue();
        double? portfolioSeed = inputs.Has("seed_variance_portfolio") ? inputs.Number("seed_variance_portfolio") : null;
        var assetSeeds = inputs.Has("seed_variance_assets") ? inputs.Vector("seed_variance_assets") : null;
        var portfolio = VolatilityScaling.Scale([.. Pnl(inputs).Select(pnl => pnl / value)], lambda, portfolioSeed);
        var assets = inputs.SimpleReturns().Select((returns, i) => VolatilityScaling.Scale(returns, lambda, assetSeeds?[i])).ToArray();
        return new JsonObject
        {
            ["portfolio_level"] = HistoricalFigures.Of(golden, LinearPnl.Total([value], [portfolio.Returns]), "portfolio_level"),
            ["asset_level"] = HistoricalFigures.Of(golden, LinearPnl.Total(inputs.Positions(), [.. assets.Select(asset => asset.Returns)]), "asset_level"),
            ["sigma_next_portfolio"] = portfolio.NextVolatility,
            ["sigma_next_assets"] = Json.Of(assets.Select(asset => asset.NextVolatility)),
        };
    }

    public static JsonNode Horizon(GoldenCase golden)
    {
        var days = (int)golden.Inputs.Number("h");
        var overlapping = golden.Inputs.Series("prices").Select(prices => Returns.Overlapping(prices, days)).ToArray();
        return new JsonObject
        {
            ["sqrt_time"] = HistoricalFigures.Of(
                golden, Pnl(golden.Inputs), ["var_type7", "es_acerbi_tasche"], figure => ParametricVar.OverHorizon(figure, days), ["sqrt_time"]),
            ["overlapping"] = HistoricalFigures.Of(golden, LinearPnl.Total(golden.Inputs.Positions(), overlapping), "overlapping"),
        };
    }

    internal static double[] Pnl(Inputs inputs) => LinearPnl.Total(inputs.Positions(), inputs.SimpleReturns());
}
