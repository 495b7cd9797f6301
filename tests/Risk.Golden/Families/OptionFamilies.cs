using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Options;

namespace Risk.Golden.Families;

/// <summary>European options. A term stands in the column of its name, or once for all rows.</summary>
internal static class OptionFamilies
{
    private static readonly (string Name, Func<OptionFigures, double> Of)[] Figures =
    [
        ("price", x => x.Price), ("delta", x => x.Delta), ("gamma", x => x.Gamma), ("vega", x => x.Vega), ("theta", x => x.Theta), ("rho", x => x.Rho),
    ];

    public static JsonNode Greeks(GoldenCase golden)
    {
        // Without columns a row is strike and right, with one set of the other terms, or has all terms of its own.
        var isWhole = golden.Inputs.Root.GetProperty("rows").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Array } row && row.GetArrayLength() > 2;
        string[] usual = isWhole ? ["K", "T_years", "vol", "r", "q", "type"] : ["K", "type"];
        var figures = Rows(golden.Inputs, "rows", usual).Select(row => BlackScholes.Of(row.Option, row.Market)).ToArray();
        return Json.Of(Figures, figure => figure.Name, figure => Json.Of(figures.Select(figure.Of)));
    }

    public static JsonNode Implied(GoldenCase golden)
    {
        var volatilities = Rows(golden.Inputs, "rows", ["K", "T", "r", "q", "type", "price"])
            .Select(row => ImpliedVolatility.Of(row.Option.Right, row.Option.Strike, row.Option.Years, row.Market, row.Price));
        return new JsonObject { ["implied_vol"] = new JsonArray([.. volatilities.Select(x => x.Value is { } value ? (JsonNode)value : "none")]) };
    }

    public static JsonNode Book(GoldenCase golden)
    {
        var rows = Rows(golden.Inputs, "options", ["K", "T_years", "vol", "type", "quantity"]).ToArray();
        var market = new OptionMarket(golden.Inputs.Number("spot"), golden.Inputs.Number("rate", 0), golden.Inputs.Number("dividend_yield", 0));
        var book = new OptionBook(market, rows.Select(row => new OptionHolding(row.Option, row.Quantity)), golden.Inputs.Number("underlying_units", 0));
        var volatility = golden.Inputs.Number("daily_vol_underlying");
        var moves = Returns.Simple(golden.Inputs.Vector("underlying_prices_history"));
        var quadratic = book.NormalDeltaGamma(volatility);
        var (normal, full, expanded) = (new SortedPnl(book.NormalFullRevaluation(volatility)), new SortedPnl(book.FullRevaluation(moves)), new SortedPnl(book.DeltaGamma(moves)));
        var result = new JsonObject
        {
            ["value"] = book.Value,
            ["delta"] = book.Delta,
            ["gamma"] = book.Gamma,
            ["pnl_moments"] = new JsonObject
            {
                ["mean"] = quadratic.Moments.Mean,
                ["sd"] = quadratic.Moments.Sigma,
                ["skewness"] = quadratic.Moments.Skewness,
                ["excess_kurtosis"] = quadratic.Moments.ExcessKurtosis,
            },
        };
        foreach (var (key, confidence) in golden.ConfidencesAt())
            result[key] = new JsonObject
            {
                ["delta_normal_var"] = quadratic.DeltaNormalVar(confidence),
                ["delta_gamma_exact_var"] = quadratic.ExactVar(confidence),
                ["delta_gamma_cornish_fisher_var"] = quadratic.Moments.Var(confidence),
                ["full_revaluation_normal_shock_var"] = HistoricalVar.Of(normal, confidence, QuantileConvention.Type5),
                ["historical_full_revaluation_var_type7"] = HistoricalVar.Of(full, confidence),
                ["historical_delta_gamma_var_type7"] = HistoricalVar.Of(expanded, confidence),
                ["historical_full_revaluation_es"] = ExpectedShortfall.Of(full, confidence),
            };
        return result;
    }

    private static IEnumerable<Row> Rows(Inputs inputs, string name, string[] usualColumns)
    {
        var columns = inputs.Has("columns") ? [.. inputs.Root.GetProperty("columns").EnumerateArray().Select(x => x.GetString()!)] : usualColumns;
        foreach (var row in inputs.Root.GetProperty(name).EnumerateArray())
        {
            var cells = columns.Zip(row.EnumerateArray()).ToDictionary(x => x.First, x => x.Second);
            double Term(params string[] names) => names.Select(x => Number(cells, inputs, x)).FirstOrDefault(x => x is not null) ?? 0;
            var right = cells["type"].GetString()!.StartsWith("c", StringComparison.OrdinalIgnoreCase) ? OptionRight.Call : OptionRight.Put;
            yield return new Row(
                new EuropeanOption(right, Term("K"), Term("T", "T_years"), Term("vol")),
                new OptionMarket(Term("spot", "S"), Term("r", "rate"), Term("q", "dividend_yield")),
                Term("price"),
                Term("quantity"));
        }
    }

    private static double? Number(Dictionary<string, JsonElement> cells, Inputs inputs, string name) =>
        cells.TryGetValue(name, out var cell) ? cell.GetDouble() : inputs.Has(name) ? inputs.Number(name) : null;

    private sealed record Row(EuropeanOption Option, OptionMarket Market, double Price, double Quantity);
}
