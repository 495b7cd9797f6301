using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Scenarios;

/// <summary>
/// Selects the worst scenarios of a P&amp;L without a guess: a bound that lets through a few more than are wanted is searched by counting,
/// which runs through a tile in a few instructions; then each that passed is put where it belongs by counting those below it. No step
/// depends on the order of the data, so no branch is mispredicted on the way. Nothing is allocated after construction.
/// </summary>
internal sealed class TailSelection
{
    /// <summary>Bounds drawn from the shape of the tail; then the interval is halved, so that any shape comes to an end.</summary>
    private const int Draws = 4;

    private readonly int depth;
    private readonly ulong[] padding;

    /// <summary>Keys of those that passed the bound, filled up to whole vectors with the largest key.</summary>
    private readonly long[] passed;

    /// <summary>Where the last bound lay between zero and the worst P&amp;L: tails of the same length have much the same shape.</summary>
    private double share = 0.5;

    public TailSelection(int scenarios, int depth)
    {
        this.depth = depth;
        passed = new long[(depth + depth / 4 + 12 + 7) / 8 * 8];
        padding = new ulong[(scenarios + ScenarioKernel.TileLength - 1) / ScenarioKernel.TileLength];
        for (var i = scenarios; i < padding.Length * ScenarioKernel.TileLength; i++) padding[i / ScenarioKernel.TileLength] |= 1UL << i;
    }

    /// <summary>For each tile the places that are no scenarios.</summary>
    public ReadOnlySpan<ulong> Padding => padding;

    /// <param name="unit">The P&amp;L of the first scenario; whole tiles follow.</param>
    /// <param name="keys">As many as the depth; receives the keys of the worst scenarios, ascending.</param>
    public void Select(ref long unit, Span<long> keys)
    {
        var (bound, count) = Bound(ref unit);
        var found = 0;
        if (count > passed.Length)
        {
            // More ties at the bound than there is room for: those below it are fewer than are wanted, and of the ties the first count.
            found = Collect(ref unit, bound - 1, long.MinValue, 0);
            found = Collect(ref unit, bound, bound, found);
        }
        else
        {
            found = Collect(ref unit, bound, long.MinValue, 0);
        }
        passed.AsSpan(found).Fill(long.MaxValue);
        for (var i = 0; i < found; i++)
        {
            var rank = CountBelow(passed[i]);
            if (rank < keys.Length) keys[rank] = passed[i];
        }
    }

    /// <summary>A bound that at least <see cref="depth"/> scenarios do not exceed, and how many; more than there is room for only if they tie.</summary>
    private (long Bound, int Count) Bound(ref long unit)
    {
        var worst = Worst(ref unit);
        var (below, enough, enoughCount) = (worst - 1, long.MaxValue >> 1, int.MaxValue);
        var bound = worst + (long)((1 - share) * Math.Abs((double)worst));
        for (var step = 0; enough - below > 1; step++)
        {
            bound = Math.Clamp(bound, below + 1, enough - 1);
            var count = CountAtMost(ref unit, bound);
            if (count < depth) below = bound;
            else (enough, enoughCount) = (bound, count);
            if (count >= depth && count <= passed.Length)
            {
                if (worst < 0) share = Math.Clamp(bound / (double)worst, 0, 1);
                break;
            }
            // Far out, the number of scenarios grows by a constant factor for each step inwards.
            bound = step < Draws && count > 1
                ? worst + (long)((bound - worst) * Math.Log((depth + passed.Length) / 2) / Math.Log(count))
                : below + (enough - below) / 2;
        }
        return (enough, enoughCount);
    }

    private int CountAtMost(ref long unit, long bound)
    {
        var count = 0;
        for (var tile = 0; tile < padding.Length; tile++)
            count += BitOperations.PopCount(ScenarioKernel.AtMost(ref Unsafe.Add(ref unit, tile * ScenarioKernel.TileLength), bound) & ~padding[tile]);
        return count;
    }

    /// <summary>Adds the keys of the scenarios from <paramref name="least"/> to <paramref name="bound"/>, in order of their index, as far as there is room.</summary>
    private int Collect(ref long unit, long bound, long least, int found)
    {
        for (var tile = 0; tile < padding.Length; tile++)
        {
            var first = tile * ScenarioKernel.TileLength;
            var members = ScenarioKernel.AtMost(ref Unsafe.Add(ref unit, first), bound) & ~padding[tile];
            for (; members != 0; members &= members - 1)
            {
                var scenario = first + BitOperations.TrailingZeroCount(members);
                var units = Unsafe.Add(ref unit, scenario);
                if (units < least) continue;
                if (found == passed.Length) return found;
                passed[found++] = ScenarioTail.KeyOf(units, scenario);
            }
        }
        return found;
    }

    /// <summary>The least P&amp;L. The padding's zeros count: who seeks a bound only needs to start at or below the worst.</summary>
    private long Worst(ref long unit)
    {
        var length = padding.Length * ScenarioKernel.TileLength;
        if (Vector512.IsHardwareAccelerated)
        {
            var least = Vector512.LoadUnsafe(ref unit);
            for (var i = Vector512<long>.Count; i < length; i += Vector512<long>.Count) least = Vector512.Min(least, Vector512.LoadUnsafe(ref unit, (nuint)i));
            var half = Vector256.Min(least.GetLower(), least.GetUpper());
            return Math.Min(Math.Min(half[0], half[1]), Math.Min(half[2], half[3]));
        }
        var quarter = Vector256.LoadUnsafe(ref unit);
        for (var i = Vector256<long>.Count; i < length; i += Vector256<long>.Count) quarter = Vector256.Min(quarter, Vector256.LoadUnsafe(ref unit, (nuint)i));
        return Math.Min(Math.Min(quarter[0], quarter[1]), Math.Min(quarter[2], quarter[3]));
    }

    private int CountBelow(long key)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(passed);
        var count = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var limit = Vector512.Create(key);
            for (var i = 0; i < passed.Length; i += Vector512<long>.Count)
                count += BitOperations.PopCount(Vector512.LessThan(Vector512.LoadUnsafe(ref first, (nuint)i), limit).ExtractMostSignificantBits());
            return count;
        }
        var four = Vector256.Create(key);
        for (var i = 0; i < passed.Length; i += Vector256<long>.Count)
            count += BitOperations.PopCount(Vector256.LessThan(Vector256.LoadUnsafe(ref first, (nuint)i), four).ExtractMostSignificantBits());
        return count;
    }
}
