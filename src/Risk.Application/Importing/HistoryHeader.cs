using Risk.Domain.Instruments;

namespace Risk.Application.Importing;

/// <summary>
/// The columns of a file of closes. In the wide form <see cref="Columns"/> names the symbol of each column (null for the date and for a
/// faulty name); in the long form it is empty and the named indexes count.
/// </summary>
internal sealed record HistoryHeader(int Width, int Date, int Symbol, int Close, int Volume, IReadOnlyList<Symbol?> Columns)
{
    private const string Expected = "Expected is 'date,AAPL,MSFT,…' (one column a symbol) or 'date,symbol,close[,volume]'.";

    public bool IsLong => Symbol >= 0;

    /// <summary>Null, with a fault, when the form can't be told.</summary>
    public static HistoryHeader? Read(CsvRows rows, FaultList faults)
    {
        if (!rows.Read())
        {
            faults.Add("", "The file is empty. " + Expected);
            return null;
        }
        var names = rows.ReadHeader();
        var date = Find(names, "date");
        if (date < 0)
        {
            var hint = names.Count == 1 && names[0].Contains(';', StringComparison.Ordinal) ? "Columns are separated by commas, not by semicolons. " : "";
            faults.Add(rows.Line, $"The header has no column 'date'. {hint}{Expected}");
            return null;
        }
        if (Find(names, "symbol") >= 0) return Long(names, date, rows.Line, faults);
        if (Find(names, "close") >= 0 || Find(names, "adj close") >= 0)
        {
            faults.Add(rows.Line, $"This looks like the open, high, low and close of one symbol, which it does not name. {Expected}");
            return null;
        }
        return Wide(names, date, rows.Line, faults);
    }

    private static HistoryHeader? Long(List<string> names, int date, int line, FaultList faults)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].ToLowerInvariant() is not ("date" or "symbol" or "close" or "volume")) faults.Add(line, $"Unknown column {HistoryFile.Quoted(names[i])}. {Expected}");
            else if (Find(names, names[i]) != i) faults.Add(line, $"Column '{names[i]}' stands there twice.");
        }
        if (Find(names, "close") >= 0) return new HistoryHeader(names.Count, date, Find(names, "symbol"), Find(names, "close"), Find(names, "volume"), []);
        faults.Add(line, $"The header has no column 'close'. {Expected}");
        return null;
    }

    private static HistoryHeader? Wide(List<string> names, int date, int line, FaultList faults)
    {
        if (date != 0 || names.Count == 1)
        {
            faults.Add(line, date != 0 ? $"'date' must be the first column. {Expected}" : $"The header names no symbol. {Expected}");
            return null;
        }
        if (names.Count - 1 > ImportLimits.MaxHistorySymbols)
        {
            faults.Add(line, $"{names.Count - 1} symbols; at most {ImportLimits.MaxHistorySymbols} are read.");
            return null;
        }
        var columns = new Symbol?[names.Count];
        var seen = new HashSet<Symbol>();
        for (var i = 1; i < names.Count; i++)
        {
            if (!Domain.Instruments.Symbol.TryParse(names[i], out var symbol)) faults.Add(line, $"Column {i + 1}: {HistoryFile.Quoted(names[i])} is not a symbol. {Expected}");
            else if (!seen.Add(symbol)) faults.Add(line, $"Column {i + 1}: '{symbol}' stands there twice.");
            else columns[i] = symbol;
        }
        return new HistoryHeader(names.Count, 0, -1, -1, -1, columns);
    }

    private static int Find(List<string> names, string name) => names.FindIndex(x => x.Equals(name, StringComparison.OrdinalIgnoreCase));
}
