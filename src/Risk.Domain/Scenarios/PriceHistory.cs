using Risk.Domain.Instruments;

namespace Risk.Domain.Scenarios;

/// <summary>
/// Daily closes of many symbols on common dates: <c>Closes[symbol][day]</c>, dates ascending, NaN where a close is missing.
/// Immutable once built; the arrays must not be changed by whoever reads them.
/// </summary>
/// <param name="Version">Counts up with each change of the history in use; 0 for a history of no store.</param>
/// <param name="ContentHash">Identifies the content: SHA-256 in lower-case hex; empty for a history of no store.</param>
public sealed record PriceHistory(
    IReadOnlyList<DateOnly> Dates,
    IReadOnlyList<Symbol> Symbols,
    IReadOnlyList<double[]> Closes,
    long Version = 0,
    string ContentHash = "")
{
    private readonly Dictionary<Symbol, int> rows = Symbols.Select((symbol, row) => (symbol, row)).ToDictionary(x => x.symbol, x => x.row);

    public static PriceHistory Empty { get; } = new([], [], []);

    /// <summary>The closes of the symbol, one per date; null if the history does not know it.</summary>
    public double[]? Find(Symbol symbol) => rows.TryGetValue(symbol, out var row) ? Closes[row] : null;
}
