using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Scenarios;

/// <summary>
/// The worst scenarios of a P&amp;L in order, ties by the scenario's index, found without sorting the rest. What was the tail last time is
/// the first guess, and where it is far off, all is selected anew; the guess decides how long the search takes, never what it finds.
/// Nothing is allocated after construction.
/// </summary>
public sealed class ScenarioTail
{
    private const int IndexBits = 12;
    private const long IndexMask = (1L << IndexBits) - 1;

    /// <summary>P&amp;L × 4096 + scenario, ascending: distinct numbers, so that ties need no second comparison.</summary>
    private readonly long[] keys;

    /// <summary>For each tile the scenarios that need no look: those in <see cref="keys"/>, and the padding.</summary>
    private readonly ulong[] settled;

    private readonly TailSelection selection;

    /// <param name="scenarios">The number of scenarios of the P&amp;Ls to come.</param>
    /// <param name="depth">How many of the worst are wanted, at most all.</param>
    public ScenarioTail(int scenarios, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scenarios, ScenarioSet.MaxScenarios);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, scenarios);
        keys = new long[depth];
        settled = new ulong[(scenarios + ScenarioKernel.TileLength - 1) / ScenarioKernel.TileLength];
        selection = new TailSelection(scenarios, depth);
        for (var i = 0; i < depth; i++) keys[i] = i;
        Settle();
    }

    public int Depth => keys.Length;

    /// <summary>The scenario of a rank, 0 for the worst.</summary>
    public int Scenario(int rank) => (int)(keys[rank] & IndexMask);

    /// <summary>The P&amp;L of a rank in units of the grid, 0 for the worst.</summary>
    public long Units(int rank) => keys[rank] >> IndexBits;

    /// <summary>The sum of the P&amp;L of the worst, in units.</summary>
    public long SumOfWorst(int count)
    {
        var sum = 0L;
        foreach (var key in keys.AsSpan(0, count)) sum += key >> IndexBits;
        return sum;
    }

    /// <summary>Σ and Σ² of how far the P&amp;L of the worst lies below a value, in units. Four sums side by side whatever the machine has: the same bits everywhere.</summary>
    internal (double Sum, double Squares) Below(double value, int count)
    {
        var worst = keys.AsSpan(0, count);
        ref var first = ref MemoryMarshal.GetReference(worst);
        var (sums, squares, at, of) = (Vector256<double>.Zero, Vector256<double>.Zero, 0, Vector256.Create(value));
        for (; at <= count - Vector256<long>.Count; at += Vector256<long>.Count)
        {
            var off = of - Vector256.ConvertToDouble(Vector256.LoadUnsafe(ref first, (nuint)at) >> IndexBits);
            (sums, squares) = (sums + off, squares + off * off);
        }
        var (sum, square) = (sums[0] + sums[1] + (sums[2] + sums[3]), squares[0] + squares[1] + (squares[2] + squares[3]));
        foreach (var key in worst[at..])
        {
            var off = value - (key >> IndexBits);
            (sum, square) = (sum + off, square + off * off);
        }
        return (sum, square);
    }

    public void Select(ScenarioPnl pnl) => Select(pnl.PaddedUnits);

    internal void Select(ReadOnlySpan<long> units)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(units.Length, settled.Length * ScenarioKernel.TileLength, nameof(units));
        if (keys.Length == 0) return;
        ref var unit = ref MemoryMarshal.GetReference(units);
        if (TryFromGuess(ref unit)) return;
        selection.Select(ref unit, keys);
        Settle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long KeyOf(long units, int scenario) => (units << IndexBits) + scenario;

    /// <summary>False, with the guess in disorder, where it is so far off that selecting anew takes less time.</summary>
    private bool TryFromGuess(ref long unit)
    {
        var descents = 0;
        var last = long.MinValue;
        foreach (ref var key in keys.AsSpan())
        {
            var scenario = (int)(key & IndexMask);
            key = KeyOf(Unsafe.Add(ref unit, scenario), scenario);
            descents += key < last ? 1 : 0;
            last = key;
        }
        if (descents > 4 + keys.Length / 4) return false;
        for (var i = 1; i < keys.Length; i++) Insert(keys, i, keys[i]);
        return TryLetIn(ref unit, patience: 4 + keys.Length / 4);
    }

    /// <summary>Lets every scenario in that is worse than the mildest of the tail; gives up after as many as there is patience.</summary>
    private bool TryLetIn(ref long unit, int patience)
    {
        var worst = keys[^1];
        for (var tile = 0; tile < settled.Length; tile++)
        {
            var first = tile * ScenarioKernel.TileLength;
            var newcomers = ScenarioKernel.AtMost(ref Unsafe.Add(ref unit, first), worst >> IndexBits) & ~settled[tile];
            for (; newcomers != 0; newcomers &= newcomers - 1)
            {
                var scenario = first + BitOperations.TrailingZeroCount(newcomers);
                var key = KeyOf(Unsafe.Add(ref unit, scenario), scenario);
                if (key >= worst) continue;
                worst = Replace(key, scenario);
                if (--patience == 0) return false;
            }
        }
        return true;
    }

    /// <summary>Lets a scenario in for the mildest of the tail, and returns the key of the now mildest.</summary>
    private long Replace(long key, int scenario)
    {
        var leaving = (int)(keys[^1] & IndexMask);
        settled[leaving / ScenarioKernel.TileLength] &= ~(1UL << leaving);
        settled[scenario / ScenarioKernel.TileLength] |= 1UL << scenario;
        Insert(keys, keys.Length - 1, key);
        return keys[^1];
    }

    private void Settle()
    {
        selection.Padding.CopyTo(settled);
        foreach (var key in keys) settled[(int)(key & IndexMask) / ScenarioKernel.TileLength] |= 1UL << (int)(key & IndexMask);
    }

    private static void Insert(Span<long> sorted, int end, long key)
    {
        while (end > 0 && sorted[end - 1] > key) sorted[end] = sorted[--end];
        sorted[end] = key;
    }
}
