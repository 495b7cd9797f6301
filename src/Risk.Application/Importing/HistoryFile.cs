using System.Globalization;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Importing;

/// <summary>
/// Reads daily closes from CSV, wide (<c>date,AAPL,MSFT,…</c>) or long (<c>date,symbol,close[,volume]</c>, in any column order), told
/// apart by the header. Rows in any order. Dates as <c>2020-12-31</c> or <c>12/31/2020</c>. An empty cell is a missing close; so are
/// <c>NaN</c>, <c>N/A</c>, <c>null</c> and <c>-</c>, with a warning. A volume is kept beside its close. Prices are taken as they stand:
/// nothing is adjusted or cleaned. All faults are listed at once; with a fault the history is empty.
/// </summary>
public static class HistoryFile
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "M/d/yyyy"];

    public static FileReading<PriceHistory> Read(ReadOnlyMemory<byte> content)
    {
        var faults = new FaultList();
        var warnings = new WarningList();
        var cells = new HistoryCells(faults);
        using (var rows = CsvRows.Open(content, faults))
        {
            if (rows is not null && HistoryHeader.Read(rows, faults) is { } header) ReadRows(rows, header, cells, faults);
        }
        var history = cells.ToHistory(warnings);
        return new FileReading<PriceHistory>(faults.Any ? PriceHistory.Empty : history, warnings.ToWarnings(), faults.ToFaults());
    }

    private static void ReadRows(CsvRows rows, HistoryHeader header, HistoryCells cells, FaultList faults)
    {
        var columns = header.Columns.Select(symbol => symbol is { } known ? cells.IndexOf(known) : -1).ToArray();
        var any = false;
        while (rows.Read())
        {
            any = true;
            if (!rows.Fits(header.Width))
            {
                faults.Add(rows.Line, $"{rows.Count} fields where the header has {header.Width}.");
                continue;
            }
            var day = ReadDay(rows, header.Date, faults);
            var goesOn = header.IsLong ? ReadLong(rows, header, day, cells, faults) : ReadWide(rows, columns, day, cells, faults);
            if (!goesOn) return;
        }
        if (!any) faults.Add("", "The file has a header and no rows.");
    }

    private static bool ReadWide(CsvRows rows, int[] columns, int? day, HistoryCells cells, FaultList faults)
    {
        for (var column = 1; column < columns.Length; column++)
        {
            if (columns[column] < 0 || ReadClose(rows, column, columns[column], null, cells, faults) is not { } close || day is not { } date) continue;
            if (!cells.Add(date, columns[column], close, rows.Line)) return false;
        }
        return true;
    }

    private static bool ReadLong(CsvRows rows, HistoryHeader header, int? day, HistoryCells cells, FaultList faults)
    {
        var index = -1;
        if (!Symbol.TryParse(rows[header.Symbol], out var symbol)) faults.Add(rows.Line, "symbol", $"{Quoted(rows[header.Symbol])} is not a symbol.");
        else index = cells.IndexOf(symbol);
        var volume = double.NaN;
        if (header.Volume >= 0 && !TryVolume(rows[header.Volume], out volume)) faults.Add(rows.Line, "volume", $"{Quoted(rows[header.Volume])} is not a volume: a number from 0 up, or empty.");
        var close = ReadClose(rows, header.Close, index, "close", cells, faults);
        return day is not { } date || index < 0 || close is not { } value || cells.Add(date, index, value, rows.Line, volume);
    }

    private static int? ReadDay(CsvRows rows, int column, FaultList faults)
    {
        if (DateOnly.TryParseExact(rows[column], DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1900 and < 2200)
            return date.DayNumber;
        faults.Add(rows.Line, "date", $"{Quoted(rows[column])} is not a date: 2020-12-31 or 12/31/2020 is expected.");
        return null;
    }

    /// <summary>Null for a missing close, and for a faulty one.</summary>
    private static double? ReadClose(CsvRows rows, int column, int symbol, string? name, HistoryCells cells, FaultList faults)
    {
        var utf8 = rows.Utf8(column);
        if (utf8.IsEmpty) return null;
        var isNumber = double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var close);
        if (isNumber && close is > 0 and <= ImportLimits.MaxPrice) return close;
        var text = rows[column];
        if (IsMissing(text))
        {
            if (symbol >= 0) cells.CountMissing(symbol);
            return null;
        }
        var fault = !isNumber ? "is not a number."
            : double.IsInfinity(close) ? "is not finite."
            : close <= 0 ? "is not positive."
            : "is above 10^9 and not believed.";
        faults.Add(rows.Line, name ?? cells.SymbolAt(symbol).Text, $"{Quoted(text)} {fault}");
        return null;
    }

    private static bool IsMissing(string text) =>
        text == "-" || text.Equals("NaN", StringComparison.OrdinalIgnoreCase) || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
        || text.Equals("null", StringComparison.OrdinalIgnoreCase);

    /// <summary>NaN for a missing one.</summary>
    private static bool TryVolume(string text, out double volume)
    {
        volume = double.NaN;
        return text.Length == 0 || IsMissing(text)
            || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out volume) && double.IsFinite(volume) && volume >= 0);
    }

    /// <summary>What the file says, short enough to be repeated in a message.</summary>
    internal static string Quoted(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
}
