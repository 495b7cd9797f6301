namespace Risk.Domain.Scenarios;

/// <summary>
/// The returns of a portfolio's columns over its scenarios: simple returns in base currency, one scenario a return date, oldest first.
/// Stored in tiles of <see cref="ScenarioKernel.TileLength"/> scenarios, within a tile column by column, and padded with returns of zero.
/// Immutable.
/// </summary>
public sealed class ScenarioSet
{
    /// <summary>The most scenarios a set can hold, so that a P&amp;L and its scenario's index fit one sortable 64-bit key.</summary>
    public const int MaxScenarios = 4096;

    private readonly CacheAligned<double> tiles;
    private readonly double[] maxAbs;

    private ScenarioSet(IReadOnlyList<DateOnly> dates, int columns)
    {
        Dates = dates;
        Columns = columns;
        maxAbs = new double[columns];
        TileCount = (dates.Count + ScenarioKernel.TileLength - 1) / ScenarioKernel.TileLength;
        tiles = new CacheAligned<double>(TileCount * ScenarioKernel.TileLength * columns);
    }

    /// <summary>The date of each scenario: the return from the date before it to this date.</summary>
    public IReadOnlyList<DateOnly> Dates { get; }

    /// <summary>The number of scenarios.</summary>
    public int Count => Dates.Count;

    public int Columns { get; }

    public int TileCount { get; }

    /// <summary>For each tile, for each column, the tile's returns.</summary>
    public ReadOnlySpan<double> Tiles => tiles.Span;

    /// <param name="columns">For each column one return per date.</param>
    /// <exception cref="ArgumentException">A column of another length, a return that is not finite, or too many dates.</exception>
    public static ScenarioSet Of(IReadOnlyList<DateOnly> dates, IReadOnlyList<double[]> columns)
    {
        if (dates.Count > MaxScenarios) throw new ArgumentException($"At most {MaxScenarios} scenarios.", nameof(dates));
        var set = new ScenarioSet(dates, columns.Count);
        for (var c = 0; c < columns.Count; c++) set.Fill(c, columns[c]);
        return set;
    }

    /// <summary>The return of a column in a scenario.</summary>
    public double this[int column, int scenario] => tiles.Span[Offset(column, scenario)];

    /// <summary>The largest absolute return of a column.</summary>
    public double MaxAbs(int column) => maxAbs[column];

    /// <summary>A set of one of the columns.</summary>
    public ScenarioSet Only(int column)
    {
        var returns = new double[Count];
        for (var s = 0; s < returns.Length; s++) returns[s] = this[column, s];
        return Of(Dates, [returns]);
    }

    private void Fill(int column, double[] returns)
    {
        if (returns.Length != Count) throw new ArgumentException($"Column {column} has {returns.Length} returns for {Count} dates.", nameof(returns));
        var to = tiles.Span;
        for (var s = 0; s < returns.Length; s++)
        {
            if (!double.IsFinite(returns[s])) throw new ArgumentException($"Column {column} has no finite return at scenario {s}.", nameof(returns));
            to[Offset(column, s)] = returns[s];
            maxAbs[column] = Math.Max(maxAbs[column], Math.Abs(returns[s]));
        }
    }

    private int Offset(int column, int scenario)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)scenario, (uint)Count, nameof(scenario));
        var (tile, within) = Math.DivRem((uint)scenario, (uint)ScenarioKernel.TileLength);
        return ((int)tile * Columns + column) * ScenarioKernel.TileLength + (int)within;
    }
}
