using Risk.Domain.Instruments;

namespace Risk.Domain.Scenarios;

/// <summary>
/// Daily closes of many symbols on common dates: <c>Closes[symbol][day]</c>, dates ascending, NaN where a close is missing.
/// Immutable once built; the arrays must not be changed by whoever reads them.
/// </summary>
/// <param name="Version">Counts up with each change of the history in use; 0 for a history of no store.</param>
/// <param name="ContentHash">Identifies the content: SHA-256 in lower-case hex; empty for a history of no store.</param>
/// <param name="Volumes">For each symbol the units traded on each date, NaN where that is not known; null for a symbol, or for all, without any.</param>
public sealed record PriceHistory(
    IReadOnlyList<DateOnly> Dates,
    IReadOnlyList<Symbol> Symbols,
    IReadOnlyList<double[]> Closes,
    long Version = 0,
    string ContentHash = "",
    IReadOnlyList<double[]?>? Volumes = null)
{
    private readonly Dictionary<Symbol, int> rows = Symbols.Select((symbol, row) => (symbol, row)).ToDictionary(x => x.symbol, x => x.row);

    public static PriceHistory Empty { get; } = new([], [], []);

    /// <summary>The closes of the symbol, one per date; null if the history does not know it.</summary>
    public double[]? Find(Symbol symbol) => rows.TryGetValue(symbol, out var row) ? Closes[row] : null;

    /// <summary>The volumes of the symbol, one per date; null if none is known.</summary>
    public double[]? FindVolumes(Symbol symbol) => Volumes is not null && rows.TryGetValue(symbol, out var row) ? Volumes[row] : null;

    /// <summary>Units traded a day: the mean over those of the last dates whose volume is known. Null if that is fewer than half of them.</summary>
    /// <param name="days">How many dates, at least 1; all of them if the history has fewer.</param>
    public double? AverageVolume(Symbol symbol, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        if (FindVolumes(symbol) is not { } volumes) return null;
        var (sum, known) = (0d, 0);
        foreach (var volume in volumes.AsSpan(Math.Max(0, volumes.Length - days)))
        {
            if (double.IsNaN(volume)) continue;
            sum += volume;
            known++;
        }
        return known > 0 && 2 * known >= Math.Min(days, volumes.Length) ? sum / known : null;
    }
}
