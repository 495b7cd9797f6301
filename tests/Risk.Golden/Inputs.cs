using System.Text.Json;
using Risk.Domain.Measures;

namespace Risk.Golden;

/// <summary>Reads the inputs of a case. Series are returned as <c>[asset][day]</c>, whichever way they are written.</summary>
public sealed class Inputs(JsonElement root)
{
    public JsonElement Root => root;

    public bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public double Number(string name) => root.GetProperty(name).GetDouble();

    public double Number(string name, double otherwise) => Has(name) ? Number(name) : otherwise;

    public double[] Vector(string name) => Vector(root.GetProperty(name));

    public static double[] Vector(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetDouble())];

    public static Dictionary<string, JsonElement> Map(JsonElement json) => json.EnumerateObject().ToDictionary(x => x.Name, x => x.Value);

    /// <summary>Rows of days, or one vector, as one series an asset.</summary>
    public double[][] Series(string name)
    {
        var rows = root.GetProperty(name).EnumerateArray().ToArray();
        if (rows.Length == 0 || rows[0].ValueKind == JsonValueKind.Number) return [Vector(name)];
        var days = rows.Select(Vector).ToArray();
        return [.. Enumerable.Range(0, days[0].Length).Select(asset => days.Select(day => day[asset]).ToArray())];
    }

    /// <summary>Simple daily returns of every asset.</summary>
    public double[][] SimpleReturns() => Has("prices") ? [.. Series("prices").Select(prices => Returns.Simple(prices))] : Series("returns");

    /// <summary>Position values in currency; weights are those of a portfolio of `portfolio_value` (1 if not given).</summary>
    public double[] Positions()
    {
        foreach (var name in (string[])["positions_value", "position_value", "exposures"])
            if (Has(name)) return root.GetProperty(name).ValueKind == JsonValueKind.Array ? Vector(name) : [Number(name)];
        var value = Number("portfolio_value", 1);
        return Has("weights") ? [.. Vector("weights").Select(weight => weight * value)] : [value];
    }

    /// <summary>The value that returns of the portfolio are relative to; the sum of its positions unless given.</summary>
    public double PortfolioValue() => Has("portfolio_value") ? Number("portfolio_value") : Positions().Sum();
}
