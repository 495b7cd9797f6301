using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Importing;

/// <summary>How a new file meets the history in use.</summary>
public static class HistoryMerge
{
    /// <summary>
    /// The union of symbols and dates. Where both have a close (or a volume) of a symbol on a date the newer one wins; a missing cell of the newer one
    /// takes nothing away. Symbols come out in ordinal order, dates ascending; version and hash are those of no store.
    /// </summary>
    public static PriceHistory Of(PriceHistory older, PriceHistory newer)
    {
        var dates = older.Dates.Union(newer.Dates).Order().ToArray();
        var symbols = older.Symbols.Union(newer.Symbols).Order().ToArray();
        var fromOlder = Places(older, dates);
        var fromNewer = Places(newer, dates);
        double[] Merge(double[]? old, double[]? fresh)
        {
            var row = new double[dates.Length];
            Array.Fill(row, double.NaN);
            Lay(old, fromOlder, row);
            Lay(fresh, fromNewer, row);
            return row;
        }
        double[]? MergeVolumes(Symbol symbol) =>
            (older.FindVolumes(symbol), newer.FindVolumes(symbol)) is var (old, fresh) && (old ?? fresh) is not null ? Merge(old, fresh) : null;

        var hasVolumes = older.Volumes is not null || newer.Volumes is not null;
        return new PriceHistory(
            dates, symbols, Array.ConvertAll(symbols, symbol => Merge(older.Find(symbol), newer.Find(symbol))),
            Volumes: hasVolumes ? Array.ConvertAll(symbols, MergeVolumes) : null);
    }

    /// <summary>Says which bound a history of that size passes; null when it fits.</summary>
    public static string? BoundPassed(int symbols, int days) =>
        symbols > ImportLimits.MaxHistorySymbols ? $"{symbols} symbols; at most {ImportLimits.MaxHistorySymbols} are kept."
        : days > ImportLimits.MaxHistoryDays ? $"{days} days; at most {ImportLimits.MaxHistoryDays} are kept."
        : (long)symbols * days > ImportLimits.MaxHistoryCells ? $"{symbols} symbols on {days} days; symbols times days may be {ImportLimits.MaxHistoryCells} at most."
        : null;

    private static int[] Places(PriceHistory history, DateOnly[] dates) => [.. history.Dates.Select(date => Array.BinarySearch(dates, date))];

    private static void Lay(double[]? values, int[] places, double[] row)
    {
        if (values is null) return;
        for (var day = 0; day < values.Length; day++)
            if (!double.IsNaN(values[day])) row[places[day]] = values[day];
    }
}
