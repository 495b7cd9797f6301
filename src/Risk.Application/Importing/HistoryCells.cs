using System.Globalization;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Importing;

/// <summary>Gathers closes and volumes in the order of a file and sets them up as a history. Finds closes given twice with different values.</summary>
internal sealed class HistoryCells(FaultList faults)
{
    private readonly List<Cell> cells = [];
    private readonly List<Symbol> symbols = [];
    private readonly List<int> missing = [];
    private readonly Dictionary<Symbol, int> indexes = [];

    public Symbol SymbolAt(int index) => symbols[index];

    public int IndexOf(Symbol symbol)
    {
        if (indexes.TryGetValue(symbol, out var known)) return known;
        indexes.Add(symbol, symbols.Count);
        symbols.Add(symbol);
        missing.Add(0);
        return symbols.Count - 1;
    }

    public void CountMissing(int symbol) => missing[symbol]++;

    /// <summary>False, with a fault, when there are too many.</summary>
    public bool Add(int day, int symbol, double close, int line, double volume = double.NaN)
    {
        if (cells.Count == ImportLimits.MaxHistoryCells || symbols.Count > ImportLimits.MaxHistorySymbols)
        {
            faults.Add(line, $"Too much for one file: at most {ImportLimits.MaxHistorySymbols} symbols and {ImportLimits.MaxHistoryCells} closes are read.");
            return false;
        }
        cells.Add(new Cell(day, symbol, line, close, volume));
        return true;
    }

    /// <summary>Symbols in ordinal order, dates ascending; symbols and dates without any close are left out. Empty when a bound is passed.</summary>
    public PriceHistory ToHistory(WarningList warnings)
    {
        var days = cells.Select(cell => cell.Day).Distinct().Order().ToArray();
        var dayIndexes = days.Select((day, index) => (day, index)).ToDictionary(x => x.day, x => x.index);
        if (HistoryMerge.BoundPassed(symbols.Count, days.Length) is { } bound)
        {
            faults.Add("", bound);
            return PriceHistory.Empty;
        }
        var closes = new double[symbols.Count][];
        for (var i = 0; i < closes.Length; i++) Array.Fill(closes[i] = new double[days.Length], double.NaN);
        var volumes = new double[]?[symbols.Count];
        var seen = new bool[symbols.Count];
        foreach (var cell in cells)
        {
            ref var stored = ref closes[cell.Symbol][dayIndexes[cell.Day]];
            if (double.IsNaN(stored)) stored = cell.Close;
            else if (stored != cell.Close) AddTwice(cell, stored);
            seen[cell.Symbol] = true;
            if (double.IsNaN(cell.Volume)) continue;
            if (volumes[cell.Symbol] is null) Array.Fill(volumes[cell.Symbol] = new double[days.Length], double.NaN);
            volumes[cell.Symbol]![dayIndexes[cell.Day]] = cell.Volume;
        }
        if (cells.Count == 0 && !faults.Any) faults.Add("", "The file holds no close.");
        Warn(seen, warnings);
        var order = Enumerable.Range(0, symbols.Count).Where(i => seen[i]).OrderBy(i => symbols[i]).ToArray();
        return new PriceHistory([.. days.Select(DateOnly.FromDayNumber)], [.. order.Select(i => symbols[i])], [.. order.Select(i => closes[i])],
            Volumes: volumes.Any(x => x is not null) ? [.. order.Select(i => volumes[i])] : null);
    }

    private void AddTwice(Cell cell, double stored) =>
        faults.Add(cell.Line, symbols[cell.Symbol].Text, string.Create(CultureInfo.InvariantCulture,
            $"{DateOnly.FromDayNumber(cell.Day):yyyy-MM-dd} was given before as {stored} and is {cell.Close} here."));

    private void Warn(bool[] seen, WarningList warnings)
    {
        for (var i = 0; i < symbols.Count; i++)
        {
            if (missing[i] > 0) warnings.Add($"{symbols[i]}: {missing[i]} cells that say NaN, N/A, null or - are read as missing.");
            if (!seen[i]) warnings.Add($"{symbols[i]} has no close at all and is left out.");
        }
    }

    private readonly record struct Cell(int Day, int Symbol, int Line, double Close, double Volume);
}
