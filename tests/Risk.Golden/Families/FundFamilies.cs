using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Domain.Funds;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Funds opened to what they hold.</summary>
internal static class FundFamilies
{
    public static JsonNode LookThrough(GoldenCase golden)
    {
        var root = golden.Inputs.Root;
        var positions = Amounts(root.GetProperty("positions_value"));
        var funds = root.GetProperty("funds").EnumerateObject().Select(x => (Fund: Symbol.Parse(x.Name), Holdings: Amounts(x.Value))).ToArray();
        var sectors = golden.Inputs.Has("sectors") ? Inputs.Map(root.GetProperty("sectors")) : [];
        var lookThrough = new FundLookThrough(funds.ToDictionary(x => x.Fund, x => x.Holdings));
        var values = lookThrough.Values(positions);
        var weights = FundLookThrough.Weights(values);
        var result = new JsonObject
        {
            ["total_value"] = values.Values.Sum(),
            ["stock_value"] = Named(values),
            ["stock_weight"] = Named(weights),
            ["sector_weight"] = Json.Of(FundLookThrough.BySector(weights, sectors.ToDictionary(x => Symbol.Parse(x.Key), x => x.Value.GetString()!)), x => x.Key, x => x.Value),
            ["hhi_stocks_excl_cash_other"] = Concentration.Hhi([.. FundLookThrough.Stocks(weights).Select(x => x.Value)]),
            ["effective_fund_holdings"] = Json.Of(funds, x => x.Fund.Text, x => Named(lookThrough.HoldingsOf(x.Fund))),
        };
        // The two funds compared are those that are held, in the order given; failing that, the first two.
        var pair = funds.Select(x => x.Fund).OrderBy(fund => positions.ContainsKey(fund) ? 0 : 1).Take(2).ToArray();
        if (pair.Length < 2) return result;
        var overlap = lookThrough.Overlap(pair[0], pair[1]);
        result["fund_overlap"] = overlap.Weight;
        result["fund_overlap_common_count"] = overlap.CommonCount;
        return result;
    }

    private static IReadOnlyDictionary<Symbol, double> Amounts(JsonElement json) =>
        json.EnumerateObject().ToDictionary(x => Symbol.Parse(x.Name), x => x.Value.GetDouble());

    private static JsonObject Named(IReadOnlyDictionary<Symbol, double> held) => Json.Of(held, x => x.Key.Text, x => x.Value);
}
