using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Domain.Funds;
using Risk.Domain.Instruments;

namespace Risk.Api.Endpoints;

/// <summary>Funds opened to what they hold.</summary>
internal static class LookThroughCalculatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/look-through", Calculate).AsCalculator<LookThroughRequest, LookThroughCalculation>(
            "What is really held when funds are opened",
            "positions: values by symbol, in one currency, negative when short. funds: the weights of each fund's holdings as fractions of its net assets; a fund may hold funds, "
            + "to any depth, but not itself. What the weights leave open up to one is kept as OTHER and flagged undisclosed_holdings, uninvested money as CASH; where they "
            + "sum to more, OTHER is negative and weights_above_one flagged. sectors by symbol; what has none "
            + "stands under Other. overlaps: Σ min of two opened funds' weights, for every pair. "
            + $"At most {CalculatorLimits.MaxPositions} positions, {CalculatorLimits.MaxFunds} funds, and {CalculatorLimits.MaxFundHoldings} for funds × distinct holdings.",
            CalculatorExamples.LookThrough, CalculatorExamples.LookThroughBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, LookThroughCalculation.Of, ApiJson.Default.LookThroughCalculation, cancellation);

    private static LookThroughInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "positions", "funds", "sectors");
        var positions = Amounts(reader, [.. reader.Members("positions", CalculatorLimits.MaxPositions, "values")], CalculatorLimits.MaxAmount);
        var funds = new Dictionary<Symbol, IReadOnlyDictionary<Symbol, double>>();
        List<Symbol> order = [];
        foreach (var (key, place, element) in reader.Members("funds", CalculatorLimits.MaxFunds, "funds"))
        {
            var holdings = new BodyReader(element, $"/{place}", faults, element.ValueKind == JsonValueKind.Object ? [.. element.EnumerateObject().Select(x => x.Name)] : []);
            if (element.ValueKind != JsonValueKind.Object) continue;
            var weights = Amounts(holdings, [.. element.EnumerateObject().Select(x => (x.Name, Escaped(x.Name), x.Value))], 1_000);
            if (SymbolAt(reader, key, place) is not { } fund) continue;
            if (funds.TryAdd(fund, weights)) order.Add(fund);
            else reader.Add(place, "The name stands there twice.");
        }
        var distinct = funds.Values.SelectMany(x => x.Keys).Distinct().Count();
        reader.IsWithin("funds", (long)funds.Count * distinct, CalculatorLimits.MaxFundHoldings, "funds × distinct holdings");
        var sectors = ReadSectors(reader);
        return new LookThroughInput(positions, order, faults.Count == 0 ? Open(reader, funds) : null, sectors);
    }

    private static FundLookThrough? Open(BodyReader reader, Dictionary<Symbol, IReadOnlyDictionary<Symbol, double>> funds)
    {
        try
        {
            var opened = new FundLookThrough(funds);
            foreach (var fund in funds.Keys)
                if (opened.HoldingsOf(fund).Values.Any(x => !(Math.Abs(x) <= CalculatorLimits.MaxAmount)))
                    reader.Add($"funds/{Escaped(fund.Text)}", $"Opened, it holds more of something than the limit of {CalculatorLimits.MaxAmount:0} times its net assets.");
            return opened;
        }
        catch (FundCycleException cycle)
        {
            reader.Add($"funds/{Escaped(cycle.Path[0].Text)}", cycle.Message);
            return null;
        }
    }

    private static Dictionary<Symbol, string> ReadSectors(BodyReader reader)
    {
        var sectors = new Dictionary<Symbol, string>();
        if (reader.Find("sectors") is null) return sectors;
        foreach (var (key, place, element) in reader.Members("sectors", CalculatorLimits.MaxPositions, "sectors"))
        {
            if (element.ValueKind != JsonValueKind.String || element.GetString()!.Length is 0 or > CalculatorLimits.MaxNameLength) reader.Add(place, "Expected is the name of a sector.");
            else if (SymbolAt(reader, key, place) is { } symbol && !sectors.TryAdd(symbol, element.GetString()!)) reader.Add(place, "The name stands there twice.");
        }
        return sectors;
    }

    private static Dictionary<Symbol, double> Amounts(BodyReader reader, List<(string Key, string Name, JsonElement Element)> members, double size)
    {
        var amounts = new Dictionary<Symbol, double>();
        foreach (var (key, place, element) in members)
            if (reader.Real(element, place, -size, size) is { } amount && SymbolAt(reader, key, place) is { } symbol && !amounts.TryAdd(symbol, amount))
                reader.Add(place, "The symbol stands there twice: case makes no difference.");
        return amounts;
    }

    private static Symbol? SymbolAt(BodyReader reader, string key, string place)
    {
        if (Symbol.TryParse(key, out var symbol)) return symbol;
        reader.Add(place, $"A symbol has 1 to {Symbol.MaxLength} of A-Z 0-9 . - _ & ^ = : /");
        return null;
    }

    private static string Escaped(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

public sealed record LookThroughRequest(Dictionary<string, double> Positions, Dictionary<string, Dictionary<string, double>> Funds, Dictionary<string, string>? Sectors = null);
