namespace Risk.Application.Importing;

/// <summary>Technical bounds of imported files and of the history that results from them.</summary>
public static class ImportLimits
{
    public const int MaxFileBytes = 128 * 1024 * 1024;

    public const int MaxHistorySymbols = 10_000;

    public const int MaxHistoryDays = 20_000;

    /// <summary>Symbols times days: 40 MB of closes, 1,000 symbols over twenty years.</summary>
    public const int MaxHistoryCells = 5_000_000;

    public const int MaxInstruments = 10_000;

    public const int MaxPositions = 10_000;

    /// <summary>Faults listed; the rest are only counted.</summary>
    public const int MaxListedFaults = 1_000;

    /// <summary>Warnings listed; the rest are only counted.</summary>
    public const int MaxListedWarnings = 200;

    /// <summary>The largest price, cost or strike that is believed.</summary>
    public const double MaxPrice = 1e9;

    /// <summary>The largest quantity, long or short, that is believed.</summary>
    public const decimal MaxQuantity = 1_000_000_000_000m;
}
