using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;

namespace Risk.Api.Endpoints;

/// <summary>European options: value, Greeks and implied volatility of rows, and the VaR of a book on one underlying.</summary>
internal static class OptionCalculatorEndpoints
{
    private static readonly OptionTerm[] Terms =
        [OptionTerm.Strike, OptionTerm.Years, OptionTerm.Volatility, OptionTerm.Spot, OptionTerm.Rate, OptionTerm.Yield, OptionTerm.Quantity];

    private static readonly OptionTerm[] PriceTerms =
        [OptionTerm.Strike, OptionTerm.Years, OptionTerm.Spot, OptionTerm.Rate, OptionTerm.Yield, OptionTerm.Price];

    private static readonly string[] BookNames = ["underlying_units", "daily_vol_underlying", "underlying_prices_history", "confidence"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/calculate/options", Calculate).AsCalculator<OptionsRequest, OptionsCalculation>(
            "Black–Scholes–Merton value and Greeks of options, and VaR of a book of them",
            "rows (or options) are arrays under columns: K, T (years), vol, type (C or P), and spot, r, q (continuous, a year), quantity; a term that is the same in all rows may stand beside "
            + "them instead, r and q are 0 unless given. T_years, rate and dividend_yield are read, too. price … rho are in the order of the rows: theta a year, vega "
            + "and rho for 1.00. With a column quantity (units of the underlying, negative when written) the rows are a book on one underlying, with underlying_units beside "
            + "it; daily_vol_underlying adds VaR under normal shocks, underlying_prices_history under past ones, each by full revaluation and by delta and "
            + "gamma; time, volatilities and rates stay. The given volatility is taken as known: figures under it have no sampling error; those of past shocks have an "
            + $"interval, the shortfall a standard error, days taken for independent. At most {CalculatorLimits.MaxOptionRows} rows; in a book {CalculatorLimits.MaxBookRows}, and {CalculatorLimits.MaxBookPrices} prices.",
            CalculatorExamples.Options, CalculatorExamples.OptionsBody);
        routes.MapPost("/api/v1/calculate/implied-volatility", Imply).AsCalculator<ImpliedVolatilityRequest, ImpliedVolatilityCalculation>(
            "The volatility at which Black–Scholes–Merton gives a price",
            "rows are arrays under columns: K, T, type, price, and spot, r, q; a term that is the same in all rows may stand beside them. A price that no volatility "
            + "gives has null, and stands under unsolved with the reason not_applicable and the detail expired, below_intrinsic, no_time_value or above_bound. "
            + $"At most {CalculatorLimits.MaxOptionRows} rows.",
            CalculatorExamples.ImpliedVolatility, CalculatorExamples.ImpliedVolatilityBody);
    }

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, OptionsCalculation.Of, ApiJson.Default.OptionsCalculation, cancellation);

    private static Task<IResult> Imply(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, ReadPrices, ImpliedVolatilityCalculation.Of, ApiJson.Default.ImpliedVolatilityCalculation, cancellation);

    private static OptionsInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, ["columns", "rows", "options", .. OptionTerm.NamesOf(Terms), .. BookNames]);
        var name = reader.Find("options") is null ? "rows" : "options";
        if (name == "options" && reader.Find("rows") is not null) reader.Add("rows", "Give rows or options, not both.");
        var table = OptionRows.Read(reader, name, Terms);
        var rows = table.Options(Terms);
        if (!table.Has(OptionTerm.Quantity))
        {
            foreach (var given in BookNames.Append("quantity"))
                if (reader.Find(given) is not null) reader.Add(given, "Goes with a column quantity.");
            return new OptionsInput(rows, null);
        }
        foreach (var term in (OptionTerm[])[OptionTerm.Spot, OptionTerm.Rate, OptionTerm.Yield])
            if (table.Has(term)) reader.Add("columns", $"A book has one underlying: give {term.Name} once, beside the rows.");
        reader.IsWithin(name, rows.Length, CalculatorLimits.MaxBookRows, "rows of a book");
        return new OptionsInput(rows, new BookInput(
            reader.Real("underlying_units", -1e12, 1e12) ?? 0,
            reader.Real("daily_vol_underlying", 0, 10),
            reader.Find("underlying_prices_history") is { } prices
                ? reader.Numbers(prices, "underlying_prices_history", CalculatorLimits.MaxBookPrices, CalculatorLimits.MinPrice, CalculatorLimits.MaxPrice) : null,
            reader.Confidences()));
    }

    private static OptionRow[] ReadPrices(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, ["columns", "rows", .. OptionTerm.NamesOf(PriceTerms)]);
        return OptionRows.Read(reader, "rows", PriceTerms).Options(PriceTerms);
    }
}

/// <summary>A cell is a number, or text in the column type. The rows stand under rows or options, a term of all rows beside them.</summary>
public sealed record OptionsRequest(
    string[] Columns, JsonElement[][]? Rows = null, JsonElement[][]? Options = null, [property: JsonPropertyName("K")] double? Strike = null,
    [property: JsonPropertyName("T")] double? Years = null, [property: JsonPropertyName("T_years")] double? YearsInFull = null, double? Vol = null, double? Spot = null,
    double? R = null, double? Rate = null, double? Q = null, double? DividendYield = null, double? UnderlyingUnits = null, double? DailyVolUnderlying = null,
    double[]? UnderlyingPricesHistory = null, decimal[]? Confidence = null);

/// <summary>A cell is a number, or text in the column type. A term of all rows stands beside them.</summary>
public sealed record ImpliedVolatilityRequest(
    string[] Columns, JsonElement[][] Rows, [property: JsonPropertyName("K")] double? Strike = null, [property: JsonPropertyName("T")] double? Years = null,
    [property: JsonPropertyName("T_years")] double? YearsInFull = null, double? Spot = null, double? R = null, double? Rate = null, double? Q = null,
    double? DividendYield = null, double? Price = null);
