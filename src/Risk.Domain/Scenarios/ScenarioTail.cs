using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Risk.Domain.Scenarios;

/// <summary>
/// The worst scenarios of a P&amp;L in order, ties by the scenario's index, found without sorting the rest. What was the tail last time is
/// the first guess; the guess decides how long the search takes, never what it finds. Nothing is allocated after construction.
/// </summary>
public sealed class ScenarioTail
{
    private const int IndexBits = 12;
    private const long IndexMask = (1L << IndexBits) - 1;

    /// <summary>P&amp;L × 4096 + scenario, ascending: distinct numbers, so that ties need no second comparison.</summary>
    private readonly long[] keys;

    /// <summary>For each tile the scenarios that need no look: those in <see cref="keys"/>, and the padding.</summary>
    private readonly ulong[] settled;

    /// <param name="scenarios">The number of scenarios of the P&amp;Ls to come.</param>
    /// <param name="depth">How many of the worst are wanted, at most all.</param>
    public ScenarioTail(int scenarios, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scenarios, ScenarioSet.MaxScenarios);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, scenarios);
        keys = new long[depth];
        settled = new ulong[(scenarios + ScenarioKernel.TileLength - 1) / ScenarioKernel.TileLength];
        for (var i = 0; i < depth; i++) keys[i] = i;
        for (var i = 0; i < depth; i++) settled[i / ScenarioKernel.TileLength] |= 1UL << i;
        for (var i = scenarios; i < settled.Length * ScenarioKernel.TileLength; i++) settled[i / ScenarioKernel.TileLength] |= 1UL << i;
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

    public void Select(ScenarioPnl pnl) => Select(pnl.PaddedUnits);

    internal void Select(ReadOnlySpan<long> units)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(units.Length, settled.Length * ScenarioKernel.TileLength, nameof(units));
        if (keys.Length == 0) return;
        ref var unit = ref MemoryMarshal.GetReference(units);
        SortGuess(ref unit);
        var worst = keys[^1];
        for (var tile = 0; tile < settled.Length; tile++)
        {
            var first = tile * ScenarioKernel.TileLength;
            var newcomers = ScenarioKernel.AtMost(ref Unsafe.Add(ref unit, first), worst >> IndexBits) & ~settled[tile];
            for (; newcomers != 0; newcomers &= newcomers - 1)
            {
                var scenario = first + BitOperations.TrailingZeroCount(newcomers);
                var key = KeyOf(Unsafe.Add(ref unit, scenario), scenario);
                if (key < worst) worst = Replace(key, scenario);
            }
        }
    }

    /// <summary>Insertion sort: the order of the tail rarely changes much between two prices.</summary>
    private void SortGuess(ref long unit)
    {
        var sorted = keys.AsSpan();
        for (var i = 0; i < sorted.Length; i++)
        {
            var scenario = (int)(sorted[i] & IndexMask);
            Insert(sorted, i, KeyOf(Unsafe.Add(ref unit, scenario), scenario));
        }
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

    private static void Insert(Span<long> sorted, int end, long key)
    {
        while (end > 0 && sorted[end - 1] > key) sorted[end] = sorted[--end];
        sorted[end] = key;
    }

    private static long KeyOf(long units, int scenario) => (units << IndexBits) + scenario;
}
