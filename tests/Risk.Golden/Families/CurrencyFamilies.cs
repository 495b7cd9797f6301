using System.Text.Json.Nodes;
using Risk.Domain.Amounts;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Positions in several currencies.</summary>
internal static class CurrencyFamilies
{
    private static readonly (string Key, CurrencyMoves Moves)[] Blocks =
        [("hs_with_fx", CurrencyMoves.LocalAndFx), ("hs_local_only", CurrencyMoves.LocalOnly), ("hs_fx_only", CurrencyMoves.FxOnly)];

    public static JsonNode Portfolio(GoldenCase golden)
    {
        var book = Read(golden.Inputs);
        var result = new JsonObject
        {
            ["value_base"] = Json.Of(book.Values),
            ["total_value_base"] = book.Values.Sum(),
            ["currency_exposure"] = Json.Of(book.Exposures(), x => x.Key.Code, x => x.Value),
        };
        foreach (var (key, moves) in Blocks) result[key] = HistoricalFigures.Of(golden, book.Pnl(moves), key);
        var sigma = book.DeltaNormal().Sigma;
        result["delta_normal_sd_with_fx"] = sigma;
        foreach (var key in golden.KeysAt([], ["delta_normal_var_99_with_fx", "delta_normal_var_95_with_fx"]))
            if (ConfidenceIn(key) is { } confidence) result[key] = ParametricVar.Normal(sigma, confidence);
        return result;
    }

    private static CurrencyBook Read(Inputs inputs)
    {
        var prices = Inputs.Map(inputs.Root.GetProperty("local_prices"));
        var positions = inputs.Root.GetProperty("positions").EnumerateArray().Select(position => new CurrencyPosition(
            Currency.Parse(position.GetProperty("currency").GetString()!),
            position.GetProperty("quantity").GetDouble(),
            Inputs.Vector(prices[position.GetProperty("symbol").GetString()!])));
        var rates = inputs.Has("fx_base_per_unit") ? Inputs.Map(inputs.Root.GetProperty("fx_base_per_unit")) : [];
        return new CurrencyBook(
            Currency.Parse(inputs.Root.GetProperty("base").GetString()!),
            [.. positions],
            rates.ToDictionary(x => Currency.Parse(x.Key), x => Inputs.Vector(x.Value)));
    }

    private static decimal? ConfidenceIn(string key) =>
        key.StartsWith("delta_normal_var_", StringComparison.Ordinal) && Keys.TryConfidence(key.Split('_')[3], out var confidence) ? confidence : null;
}
