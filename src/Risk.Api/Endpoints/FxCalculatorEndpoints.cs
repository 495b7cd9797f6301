using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Domain.Amounts;
using Risk.Domain.Measures;

namespace Risk.Api.Endpoints;

/// <summary>Positions in several currencies seen from one, with and without the risk of the rates.</summary>
internal static class FxCalculatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/fx", Calculate).AsCalculator<FxRequest, FxCalculation>(
            "Value and VaR of positions in several currencies",
            "base: the currency of all figures. positions: symbol, currency and quantity (negative when short). local_prices by symbol and fx_base_per_unit by currency (base "
            + "currency for one unit) ascend in time and are as long as each other; the last ones are today's. A scenario moves price and rate together: "
            + "(1 + r)(1 + fx) − 1; local_only leaves the rates, fx_only the prices where they are. delta_normal takes local and FX returns as factors, mean zero. "
            + "interval is that of the VaR from order statistics, its high null beyond the worst scenario; standard errors take days for independent, those of delta_normal come "
            + "from the moments of its P&L and are too small where tails are fat (heavy_tails). coverage is 1: a position without prices or rates is refused, and so are prices without a position, rates that no position needs and any rate but 1 of the base. Fewer than 30 scenarios give null figures with the reason short_history. "
            + $"At most {CalculatorLimits.MaxFxPositions} positions and {CalculatorLimits.MaxObservations} prices each.",
            CalculatorExamples.Fx, CalculatorExamples.FxBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, FxCalculation.Of, ApiJson.Default.FxCalculation, cancellation);

    private static FxInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "base", "positions", "local_prices", "fx_base_per_unit", "confidence", "quantile", "es");
        if (reader.Find("base") is null) reader.Missing("base");
        var given = reader.Currency("base");
        var home = given ?? Currency.Usd;
        var prices = Series(reader, "local_prices", CalculatorLimits.MaxFxPositions, x => x);
        var rates = reader.Find("fx_base_per_unit") is null ? [] : Series(reader, "fx_base_per_unit", CalculatorLimits.MaxFxPositions, x => x.ToUpperInvariant());
        foreach (var (code, rate) in rates)
            if (!Currency.TryParse(code, out _)) reader.Add($"fx_base_per_unit/{rate.Key}", "Expected is a currency code of three letters.");
        var rows = reader.Elements(reader.Find("positions"), "positions", CalculatorLimits.MaxFxPositions, "positions");
        var positions = rows.Select((x, i) => ReadPosition(x, i, prices, faults)).ToList();
        foreach (var (currency, i) in positions.Select((x, i) => (x.Currency, i)).Where(x => x.Currency.Code != "" && x.Currency != home))
            if (!rates.ContainsKey(currency.Code)) reader.Add($"positions/{i}/currency", $"fx_base_per_unit has no rates of {currency}.");
        string[] symbols = [.. rows.Select(x => x.ValueKind == JsonValueKind.Object && x.TryGetProperty("symbol", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "")];
        // Of a faulty position nobody knows what it would have used.
        if (given is not null && positions.TrueForAll(x => x.Currency.Code != "") && !symbols.Contains("")) MustBeUsed(reader, home, symbols, positions, prices, rates);
        MustBeOfOneLength(reader, [.. prices.Values.Select(x => ("local_prices", x)), .. rates.Values.Select(x => ("fx_base_per_unit", x))]);
        return new FxInput(
            home, symbols, positions, rates.Where(x => Currency.TryParse(x.Key, out _)).ToDictionary(x => Currency.Parse(x.Key), x => x.Value.Values), reader.Confidences(),
            VarMethodWords.Quantile[reader.Choice("quantile", VarMethodWords.Quantile.Keys) ?? "type7"],
            VarMethodWords.Shortfall[reader.Choice("es", VarMethodWords.Shortfall.Keys) ?? "acerbi_tasche"]);
    }

    private static CurrencyPosition ReadPosition(JsonElement row, int i, Dictionary<string, (string Key, double[] Values)> prices, List<Fault> faults)
    {
        var reader = new BodyReader(row, $"/positions/{i}", faults, "symbol", "currency", "quantity");
        foreach (var name in (string[])["symbol", "currency", "quantity"])
            if (row.ValueKind == JsonValueKind.Object && reader.Find(name) is null) reader.Missing(name);
        var symbol = reader.Text("symbol", CalculatorLimits.MaxNameLength);
        if (symbol is not null && !prices.ContainsKey(symbol)) reader.Add("symbol", $"local_prices has no prices of {symbol}.");
        return new CurrencyPosition(
            reader.Currency("currency") ?? default, reader.Real("quantity", -1e12, 1e12) ?? 0, symbol is null ? [] : prices.GetValueOrDefault(symbol).Values ?? []);
    }

    private static Dictionary<string, (string Key, double[] Values)> Series(BodyReader reader, string name, int limit, Func<string, string> keyOf)
    {
        var series = new Dictionary<string, (string, double[])>();
        foreach (var (key, place, element) in reader.Members(name, limit, "series"))
        {
            var values = reader.Numbers(element, place, CalculatorLimits.MaxObservations + 1, CalculatorLimits.MinPrice, CalculatorLimits.MaxPrice);
            if (!series.TryAdd(keyOf(key), (place[(name.Length + 1)..], values))) reader.Add(place, "The name stands there twice.");
        }
        return series;
    }

    private static void MustBeUsed(
        BodyReader reader, Currency home, string[] symbols, List<CurrencyPosition> positions,
        Dictionary<string, (string Key, double[] Values)> prices, Dictionary<string, (string Key, double[] Values)> rates)
    {
        foreach (var (name, series) in prices.Where(x => !symbols.Contains(x.Key))) reader.Add($"local_prices/{series.Key}", $"{name} has no position: leave the series out.");
        foreach (var (code, series) in rates)
            if (code == home.Code && !Array.TrueForAll(series.Values, x => x == 1)) reader.Add($"fx_base_per_unit/{series.Key}", $"{code} is the base itself, whose rate is 1: leave it out.");
            else if (code != home.Code && positions.TrueForAll(x => x.Currency.Code != code)) reader.Add($"fx_base_per_unit/{series.Key}", $"No position is in {code}: leave its rates out.");
    }

    private static void MustBeOfOneLength(BodyReader reader, List<(string Name, (string Key, double[] Values) Series)> all)
    {
        foreach (var (name, series) in all.Skip(1))
            if (series.Values.Length > 0 && series.Values.Length != all[0].Series.Values.Length)
                reader.Add($"{name}/{series.Key}", $"Has {series.Values.Length} numbers, the first series {all[0].Series.Values.Length}.");
    }
}

public sealed record FxRequest(
    string Base, FxPositionRequest[] Positions, Dictionary<string, double[]> LocalPrices, Dictionary<string, double[]>? FxBasePerUnit = null, decimal[]? Confidence = null,
    string? Quantile = null, string? Es = null);

public sealed record FxPositionRequest(string Symbol, string Currency, double Quantity);
