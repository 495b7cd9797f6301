using System.Text.Json;
using Risk.Domain.Instruments;
using Risk.Domain.Options;

namespace Risk.Api.Wire;

/// <summary>One row of options: what is not among the terms of its table is zero.</summary>
internal readonly record struct OptionRow(EuropeanOption Option, OptionMarket Market, double Price, double Quantity);

/// <summary>A term of options and its range.</summary>
/// <param name="OtherName">Another spelling that is read, too.</param>
/// <param name="Usual">Where it is given neither as a column nor beside the rows; null where it must be.</param>
internal sealed record OptionTerm(string Name, string OtherName, double Min, double Max, double? Usual = null)
{
    public static readonly OptionTerm Strike = new("K", "K", 1 / BlackScholes.MaxPrice, BlackScholes.MaxPrice);
    public static readonly OptionTerm Years = new("T", "T_years", 0, BlackScholes.MaxYears);
    public static readonly OptionTerm Volatility = new("vol", "vol", 0, BlackScholes.MaxVolatility);
    public static readonly OptionTerm Spot = new("spot", "spot", 1 / BlackScholes.MaxPrice, BlackScholes.MaxPrice);
    public static readonly OptionTerm Rate = new("r", "rate", -BlackScholes.MaxDiscount, BlackScholes.MaxDiscount, 0);
    public static readonly OptionTerm Yield = new("q", "dividend_yield", -BlackScholes.MaxDiscount, BlackScholes.MaxDiscount, 0);
    public static readonly OptionTerm Price = new("price", "price", -CalculatorLimits.MaxAmount, CalculatorLimits.MaxAmount);
    public static readonly OptionTerm Quantity = new("quantity", "quantity", -1e12, 1e12, 0);

    /// <summary>C or P, also call or put; a column.</summary>
    public const string Right = "type";

    public static string[] NamesOf(IEnumerable<OptionTerm> terms) => [.. terms.SelectMany(x => new[] { x.Name, x.OtherName }).Distinct()];
}

/// <summary>Options as rows under named columns; a term stands in the column of its name, or once for all rows beside them.</summary>
internal sealed class OptionRows
{
    private readonly BodyReader reader;
    private readonly string name;
    private readonly JsonElement[][] rows;

    private OptionRows(BodyReader reader, string name, string[] columns, JsonElement[][] rows) => (this.reader, this.name, Columns, this.rows) = (reader, name, columns, rows);

    public string[] Columns { get; }

    public bool Has(OptionTerm term) => Array.Exists(Columns, x => x == term.Name || x == term.OtherName);

    /// <param name="name">Of the rows.</param>
    public static OptionRows Read(BodyReader reader, string name, IReadOnlyList<OptionTerm> terms)
    {
        string[] known = [OptionTerm.Right, .. OptionTerm.NamesOf(terms)];
        var names = reader.Elements(reader.Find("columns"), "columns", known.Length, "the names of the columns");
        string[] columns = [.. names.Select(x => x.ValueKind == JsonValueKind.String ? x.GetString()! : "")];
        for (var i = 0; i < columns.Length; i++)
            if (!known.Contains(columns[i])) reader.Add($"columns/{i}", $"Known are {string.Join(", ", known)}.");
            else if (Array.IndexOf(columns, columns[i]) < i) reader.Add($"columns/{i}", "The column stands there twice.");
        var rows = reader.Elements(reader.Find(name), name, CalculatorLimits.MaxOptionRows, "rows");
        var cells = new JsonElement[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            cells[i] = rows[i].ValueKind == JsonValueKind.Array ? [.. rows[i].EnumerateArray()] : [];
            if (cells[i].Length != columns.Length && columns.Length > 0) reader.Add($"{name}/{i}", $"Expected is an array of {columns.Length} cells.");
        }
        return new OptionRows(reader, name, columns, cells);
    }

    /// <summary>The options of the rows; what is faulty has its fault, and means nothing.</summary>
    public OptionRow[] Options(IReadOnlyCollection<OptionTerm> terms)
    {
        double[] Column(OptionTerm term) => terms.Contains(term) ? Values(term) : new double[rows.Length];
        var (strikes, years, volatilities, spots) = (Column(OptionTerm.Strike), Column(OptionTerm.Years), Column(OptionTerm.Volatility), Column(OptionTerm.Spot));
        var (rates, yields, prices, quantities) = (Column(OptionTerm.Rate), Column(OptionTerm.Yield), Column(OptionTerm.Price), Column(OptionTerm.Quantity));
        var rights = Rights();
        for (var i = 0; i < rows.Length; i++)
            if (Math.Max(Math.Abs(rates[i]), Math.Abs(yields[i])) * years[i] > BlackScholes.MaxDiscount) reader.Add($"{name}/{i}", $"r·T and q·T are at most {BlackScholes.MaxDiscount} in size.");
        return [.. Enumerable.Range(0, rows.Length).Select(i => new OptionRow(
            new EuropeanOption(rights[i], strikes[i], years[i], volatilities[i]), new OptionMarket(spots[i], rates[i], yields[i]), prices[i], quantities[i]))];
    }

    private double[] Values(OptionTerm term)
    {
        var at = Array.FindIndex(Columns, x => x == term.Name || x == term.OtherName);
        var beside = reader.Find(term.Name) is not null ? term.Name : term.OtherName;
        if (at >= 0 && reader.Find(beside) is not null) reader.Add(beside, "Stands in the columns, too.");
        if (at < 0)
        {
            var value = reader.Real(beside, term.Min, term.Max);
            if (value is null && term.Usual is null && reader.Find(beside) is null) reader.Add(term.Name, "Is missing: give it as a column, or once for all rows.");
            return [.. Enumerable.Repeat(value ?? term.Usual ?? 0, rows.Length)];
        }
        return [.. rows.Select((cells, i) => at < cells.Length ? reader.Real(cells[at], $"{name}/{i}/{at}", term.Min, term.Max) ?? 0 : 0)];
    }

    private OptionRight[] Rights()
    {
        var at = Array.IndexOf(Columns, OptionTerm.Right);
        if (at < 0) reader.Add("columns", "The column type is missing.");
        return [.. rows.Select((cells, i) => RightOf(cells, i, at))];
    }

    private OptionRight RightOf(JsonElement[] cells, int i, int at)
    {
        if (at < 0 || at >= cells.Length) return default;
        var text = cells[at].ValueKind == JsonValueKind.String ? cells[at].GetString() : "";
        if (text is "C" or "c" or "call") return OptionRight.Call;
        if (text is not ("P" or "p" or "put")) reader.Add($"{name}/{i}/{at}", "Expected is C or P.");
        return OptionRight.Put;
    }
}
