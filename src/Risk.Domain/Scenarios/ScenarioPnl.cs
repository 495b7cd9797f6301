using System.Runtime.CompilerServices;

namespace Risk.Domain.Scenarios;

/// <summary>
/// The P&amp;L of a portfolio over its scenarios, Σ exposure × return, as 64-bit integers on the grid 2^<see cref="Exponent"/> of base currency
/// (see <see cref="ScenarioKernel"/>). Behind the columns of the set may stand revalued ones, which bring a P&amp;L for each scenario themselves,
/// since no return and exposure give it. Integers add exactly in any order, and the exponent is a function of the exposures and revalued
/// P&amp;Ls alone, so any sequence of changes ends at the same bits as a new object with the final ones. Nothing is allocated after construction.
/// Not safe for several threads at once.
/// </summary>
public sealed class ScenarioPnl
{
    /// <summary>The largest |exposure × return| of one column, about 1.2·10²⁴: keeps exact 128-bit sums from overflowing.</summary>
    public const double MaxProduct = 1208925819614629174706176d;

    /// <summary>The bound counts in 2⁻¹⁶, so that a portfolio worth pennies keeps its digits.</summary>
    private const int BoundBits = 16;

    /// <summary>Below this share of changed columns, changing each is faster than all anew.</summary>
    private const int RecomputeShare = 3;

    private readonly double[] exposures;
    private readonly double[][] revalued;
    private readonly double[] bounds;
    private readonly CacheAligned<long> pnl;
    private readonly KernelWidth width;
    private Int128 bound;
    private double magic;

    /// <param name="width">The instructions to use; null for the widest. The bits are the same.</param>
    /// <param name="revaluedColumns">How many columns bring their own P&amp;L; they follow those of the set.</param>
    public ScenarioPnl(ScenarioSet set, KernelWidth? width = null, int revaluedColumns = 0)
    {
        Set = set;
        exposures = new double[set.Columns];
        revalued = new double[revaluedColumns][];
        for (var i = 0; i < revaluedColumns; i++) revalued[i] = new double[set.Count];
        bounds = new double[set.Columns + revaluedColumns];
        pnl = new CacheAligned<long>(set.TileCount * ScenarioKernel.TileLength);
        this.width = width ?? ScenarioKernel.Widest;
        UseGrid(ExponentOf(0));
    }

    public ScenarioSet Set { get; }

    /// <summary>Those of the set and the revalued ones.</summary>
    public int Columns => bounds.Length;

    /// <summary>
    /// One unit is 2^Exponent of base currency: the smallest with which every P&amp;L stays within ±2⁵⁰ units, by the exact bound
    /// Σ ⌈|exposure|·max|return|⌉ over the columns; of a revalued one ⌈max|P&amp;L|⌉.
    /// </summary>
    public int Exponent { get; private set; }

    /// <summary>Base currency per unit.</summary>
    public double Grid { get; private set; }

    /// <summary>The P&amp;L of each scenario in units; a gain is positive.</summary>
    public ReadOnlySpan<long> Units => pnl.Span[..Set.Count];

    /// <summary>The same with the padding up to whole tiles, which is zero.</summary>
    internal ReadOnlySpan<long> PaddedUnits => pnl.Span;

    /// <summary>Of the columns of the set.</summary>
    public ReadOnlySpan<double> Exposures => exposures;

    /// <summary>Whether a column can carry an exposure: finite, and its products at most <see cref="MaxProduct"/>.</summary>
    public static bool CanCarry(double exposure, double maxAbsReturn) => Math.Abs(exposure) * maxAbsReturn <= MaxProduct && double.IsFinite(exposure);

    /// <summary>Changes the exposure of a column, in base currency; negative is short.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An exposure that <see cref="CanCarry"/> denies, or no such column.</exception>
    public void SetExposure(int column, double exposure)
    {
        var before = exposures[column];
        if (before == exposure) return;
        bound += Put(column, exposure);
        if (!Regrid()) Exchange(column, before, exposure);
    }

    /// <summary>Changes the exposures of several columns.</summary>
    public void SetExposures(ReadOnlySpan<int> columns, ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, columns.Length, nameof(values));
        if (columns.Length * RecomputeShare <= exposures.Length)
        {
            for (var i = 0; i < columns.Length; i++) SetExposure(columns[i], values[i]);
            return;
        }
        var growth = Int128.Zero;
        for (var i = 0; i < columns.Length; i++) growth += Put(columns[i], values[i]);
        bound += growth;
        if (!Regrid()) Recompute();
    }

    /// <summary>
    /// Changes the P&amp;L that a revalued column brings, one number a scenario, in base currency. False, changing nothing, if one is not finite
    /// or above <see cref="MaxProduct"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A column of the set or none at all, or another count.</exception>
    public bool SetPnl(int column, ReadOnlySpan<double> values)
    {
        var index = column - exposures.Length;
        if ((uint)index >= (uint)revalued.Length) throw new ArgumentOutOfRangeException(nameof(column), column, "Not a revalued column.");
        if (values.Length != Set.Count) throw new ArgumentException($"Expected {Set.Count} scenarios, got {values.Length}.", nameof(values));
        var largest = 0d;
        foreach (var value in values)
        {
            if (!(Math.Abs(value) <= MaxProduct)) return false;
            largest = Math.Max(largest, Math.Abs(value));
        }
        bound += Grow(column, largest);
        var before = revalued[index];
        if (ExponentOf(bound) != Exponent)
        {
            values.CopyTo(before);
            return Regrid();
        }
        var units = pnl.Span;
        for (var s = 0; s < values.Length; s++)
        {
            units[s] += BitConverter.DoubleToInt64Bits(values[s] + magic) - BitConverter.DoubleToInt64Bits(before[s] + magic);
            before[s] = values[s];
        }
        return true;
    }

    /// <summary>Takes a column out of the P&amp;L, whichever kind it is.</summary>
    public void Clear(int column)
    {
        if (column < exposures.Length)
        {
            SetExposure(column, 0);
            return;
        }
        var values = revalued[column - exposures.Length];
        bound += Grow(column, 0);
        if (ExponentOf(bound) == Exponent) Add(values, -1, pnl.Span);
        Array.Clear(values);
        Regrid();
    }

    /// <summary>Computes the P&amp;L of every scenario anew from the exposures and revalued P&amp;Ls; changes no bit of it.</summary>
    public void Recompute()
    {
        ScenarioKernel.Recompute(Set.Tiles, exposures, magic, pnl.Span, width);
        foreach (var values in revalued) Add(values, 1, pnl.Span);
    }

    /// <summary>The part of one column in the P&amp;L of one scenario, in units. The parts of all columns add up to <see cref="Units"/>.</summary>
    public long UnitsOf(int column, int scenario)
    {
        var sum = column < exposures.Length
            ? Math.FusedMultiplyAdd(exposures[column], Set[column, scenario], magic)
            : revalued[column - exposures.Length][scenario] + magic;
        return BitConverter.DoubleToInt64Bits(sum) - BitConverter.DoubleToInt64Bits(magic);
    }

    /// <summary>The part of one column in the P&amp;L of each scenario, in base currency.</summary>
    public double[] PnlOf(int column)
    {
        var pnl = new double[Set.Count];
        for (var s = 0; s < pnl.Length; s++) pnl[s] = UnitsOf(column, s) * Grid;
        return pnl;
    }

    /// <summary>Writes the P&amp;L of the scenarios without one column, in units, padding included.</summary>
    internal void CopyWithout(int column, Span<long> destination)
    {
        pnl.Span.CopyTo(destination);
        if (column >= exposures.Length) Add(revalued[column - exposures.Length], -1, destination);
        else ScenarioKernel.Exchange(Set.Tiles, Set.Columns, column, exposures[column], 0, magic, destination, width);
    }

    /// <summary>By how much the bound grows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Int128 Put(int column, double exposure)
    {
        if (!CanCarry(exposure, Set.MaxAbs(column)))
            throw new ArgumentOutOfRangeException(nameof(exposure), exposure, "Not finite, or too large to measure.");
        exposures[column] = exposure;
        return Grow(column, Math.Abs(exposure) * Set.MaxAbs(column));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Int128 Grow(int column, double largest)
    {
        var now = Math.Ceiling(largest * (1 << BoundBits));
        var growth = ExactInteger.Difference(now, bounds[column]);
        bounds[column] = now;
        return growth;
    }

    /// <summary>The same rounding to the grid as in the kernel.</summary>
    private void Add(double[] values, int sign, Span<long> units)
    {
        for (var s = 0; s < values.Length; s++) units[s] += sign * (BitConverter.DoubleToInt64Bits(values[s] + magic) - BitConverter.DoubleToInt64Bits(magic));
    }

    /// <summary>True if the bound asked for another grid and all was computed anew on it.</summary>
    private bool Regrid()
    {
        var exponent = ExponentOf(bound);
        if (exponent == Exponent) return false;
        UseGrid(exponent);
        Recompute();
        return true;
    }

    private void Exchange(int column, double before, double after) =>
        ScenarioKernel.Exchange(Set.Tiles, Set.Columns, column, before, after, magic, pnl.Span, width);

    private void UseGrid(int exponent)
    {
        Exponent = exponent;
        Grid = Math.ScaleB(1, exponent);
        magic = Math.ScaleB(1.5, 52 + exponent);
    }

    private static int ExponentOf(Int128 bound) => 128 - (int)Int128.LeadingZeroCount(bound) - BoundBits - 50;
}
