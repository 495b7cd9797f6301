using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Scenarios;

/// <summary>How many scenarios one instruction takes. Every width gives the same bits; narrower ones exist for other processors and for the tests.</summary>
public enum KernelWidth
{
    Scalar,
    Bits256,
    Bits512,
}

/// <summary>
/// The two inner loops of <see cref="ScenarioPnl"/>. A product exposure × return is rounded to the grid 2ᵉ by one fused multiply-add with
/// the magic constant 1.5·2⁵²⁺ᵉ: while |product| ≤ 2⁵¹⁺ᵉ the sum stays in one binade, where the bits of a double count grid units. The
/// difference of the bits to those of the magic constant is the product in grid units, and integers add exactly in any order.
/// </summary>
public static class ScenarioKernel
{
    /// <summary>Scenarios in a tile: the returns of one column in one tile are eight 512-bit vectors.</summary>
    public const int TileLength = 64;

    private const int HalfTile = TileLength / 2;

    /// <summary>The widest that this processor has.</summary>
    public static KernelWidth Widest =>
        Vector512.IsHardwareAccelerated ? KernelWidth.Bits512 : Vector256.IsHardwareAccelerated ? KernelWidth.Bits256 : KernelWidth.Scalar;

    /// <summary>Writes the P&amp;L of all columns: for each tile of <paramref name="pnl"/>, Σ over columns of exposure × return in grid units.</summary>
    /// <param name="tiles">For each tile, for each column, <see cref="TileLength"/> returns.</param>
    /// <param name="pnl">A whole number of tiles.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public static void Recompute(ReadOnlySpan<double> tiles, ReadOnlySpan<double> exposures, double magic, Span<long> pnl, KernelWidth width)
    {
        if (tiles.Length != (long)pnl.Length * exposures.Length || pnl.Length % TileLength != 0)
            throw new ArgumentException("The tiles do not match the exposures and scenarios.", nameof(tiles));
        ref var from = ref MemoryMarshal.GetReference(tiles);
        ref var to = ref MemoryMarshal.GetReference(pnl);
        var stride = exposures.Length * TileLength;
        for (var done = 0; done < pnl.Length; done += TileLength)
        {
            if (width == KernelWidth.Bits512)
            {
                Tile512(ref from, exposures, magic, ref to);
            }
            else if (width == KernelWidth.Bits256)
            {
                HalfTile256(ref from, exposures, magic, ref to);
                HalfTile256(ref Unsafe.Add(ref from, HalfTile), exposures, magic, ref Unsafe.Add(ref to, HalfTile));
            }
            else
            {
                TileScalar(ref from, exposures, magic, ref to);
            }
            from = ref Unsafe.Add(ref from, stride);
            to = ref Unsafe.Add(ref to, TileLength);
        }
    }

    /// <summary>Takes one column's products with the exposure <paramref name="before"/> out of the P&amp;L and puts those with <paramref name="after"/> in.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public static void Exchange(
        ReadOnlySpan<double> tiles, int columns, int column, double before, double after, double magic, Span<long> pnl, KernelWidth width)
    {
        if (tiles.Length != (long)pnl.Length * columns || pnl.Length % TileLength != 0 || (uint)column >= (uint)columns)
            throw new ArgumentException("The tiles do not match the columns and scenarios.", nameof(tiles));
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(tiles), column * TileLength);
        ref var to = ref MemoryMarshal.GetReference(pnl);
        var stride = columns * TileLength;
        for (var done = 0; done < pnl.Length; done += TileLength)
        {
            if (width == KernelWidth.Bits512) Exchange512(ref from, before, after, magic, ref to);
            else if (width == KernelWidth.Bits256) Exchange256(ref from, before, after, magic, ref to);
            else ExchangeScalar(ref from, before, after, magic, ref to);
            from = ref Unsafe.Add(ref from, stride);
            to = ref Unsafe.Add(ref to, TileLength);
        }
    }

    /// <summary>The scenarios of one tile whose P&amp;L is at most the bound: bit i for scenario i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong AtMost(ref long tile, long bound)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var limit = Vector512.Create(bound);
            return (Eight(ref tile, 0, limit) | Eight(ref tile, 8, limit) | Eight(ref tile, 16, limit) | Eight(ref tile, 24, limit))
                | (Eight(ref tile, 32, limit) | Eight(ref tile, 40, limit) | Eight(ref tile, 48, limit) | Eight(ref tile, 56, limit));
        }
        var mask = 0UL;
        var quarter = Vector256.Create(bound);
        for (var i = 0; i < TileLength; i += Vector256<long>.Count)
            mask |= (ulong)Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref tile, (nuint)i), quarter).ExtractMostSignificantBits() << i;
        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Eight(ref long tile, int from, Vector512<long> limit) =>
        Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref tile, (nuint)from), limit).ExtractMostSignificantBits() << from;

    private static void Tile512(ref double returns, ReadOnlySpan<double> exposures, double magic, ref long pnl)
    {
        var m = Vector512.Create(magic);
        var start = Vector512.Create(-exposures.Length * BitConverter.DoubleToInt64Bits(magic));
        var (a, b, c, d, e, f, g, h) = (start, start, start, start, start, start, start, start);
        foreach (var exposure in exposures)
        {
            var x = Vector512.Create(exposure);
            a += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns), m).AsInt64();
            b += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 8), m).AsInt64();
            c += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 16), m).AsInt64();
            d += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 24), m).AsInt64();
            e += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 32), m).AsInt64();
            f += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 40), m).AsInt64();
            g += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 48), m).AsInt64();
            h += Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref returns, 56), m).AsInt64();
            returns = ref Unsafe.Add(ref returns, TileLength);
        }
        a.StoreUnsafe(ref pnl);
        b.StoreUnsafe(ref pnl, 8);
        c.StoreUnsafe(ref pnl, 16);
        d.StoreUnsafe(ref pnl, 24);
        e.StoreUnsafe(ref pnl, 32);
        f.StoreUnsafe(ref pnl, 40);
        g.StoreUnsafe(ref pnl, 48);
        h.StoreUnsafe(ref pnl, 56);
    }

    /// <summary>Half a tile, because sixteen 256-bit registers hold eight running sums and their operands, not sixteen.</summary>
    private static void HalfTile256(ref double returns, ReadOnlySpan<double> exposures, double magic, ref long pnl)
    {
        var m = Vector256.Create(magic);
        var start = Vector256.Create(-exposures.Length * BitConverter.DoubleToInt64Bits(magic));
        var (a, b, c, d, e, f, g, h) = (start, start, start, start, start, start, start, start);
        foreach (var exposure in exposures)
        {
            var x = Vector256.Create(exposure);
            a += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns), m).AsInt64();
            b += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 4), m).AsInt64();
            c += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 8), m).AsInt64();
            d += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 12), m).AsInt64();
            e += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 16), m).AsInt64();
            f += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 20), m).AsInt64();
            g += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 24), m).AsInt64();
            h += Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref returns, 28), m).AsInt64();
            returns = ref Unsafe.Add(ref returns, TileLength);
        }
        a.StoreUnsafe(ref pnl);
        b.StoreUnsafe(ref pnl, 4);
        c.StoreUnsafe(ref pnl, 8);
        d.StoreUnsafe(ref pnl, 12);
        e.StoreUnsafe(ref pnl, 16);
        f.StoreUnsafe(ref pnl, 20);
        g.StoreUnsafe(ref pnl, 24);
        h.StoreUnsafe(ref pnl, 28);
    }

    private static void TileScalar(ref double returns, ReadOnlySpan<double> exposures, double magic, ref long pnl)
    {
        var start = -exposures.Length * BitConverter.DoubleToInt64Bits(magic);
        for (var s = 0; s < TileLength; s++)
        {
            var sum = start;
            for (var c = 0; c < exposures.Length; c++)
                sum += BitConverter.DoubleToInt64Bits(Math.FusedMultiplyAdd(exposures[c], Unsafe.Add(ref returns, c * TileLength + s), magic));
            Unsafe.Add(ref pnl, s) = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange512(ref double returns, double before, double after, double magic, ref long pnl)
    {
        var (m, old, now) = (Vector512.Create(magic), Vector512.Create(before), Vector512.Create(after));
        for (nuint i = 0; i < TileLength; i += 8)
        {
            var r = Vector512.LoadUnsafe(ref returns, i);
            var change = Vector512.FusedMultiplyAdd(now, r, m).AsInt64() - Vector512.FusedMultiplyAdd(old, r, m).AsInt64();
            (Vector512.LoadUnsafe(ref pnl, i) + change).StoreUnsafe(ref pnl, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange256(ref double returns, double before, double after, double magic, ref long pnl)
    {
        var (m, old, now) = (Vector256.Create(magic), Vector256.Create(before), Vector256.Create(after));
        for (nuint i = 0; i < TileLength; i += 4)
        {
            var r = Vector256.LoadUnsafe(ref returns, i);
            var change = Vector256.FusedMultiplyAdd(now, r, m).AsInt64() - Vector256.FusedMultiplyAdd(old, r, m).AsInt64();
            (Vector256.LoadUnsafe(ref pnl, i) + change).StoreUnsafe(ref pnl, i);
        }
    }

    private static void ExchangeScalar(ref double returns, double before, double after, double magic, ref long pnl)
    {
        for (var s = 0; s < TileLength; s++)
        {
            var r = Unsafe.Add(ref returns, s);
            Unsafe.Add(ref pnl, s) += BitConverter.DoubleToInt64Bits(Math.FusedMultiplyAdd(after, r, magic))
                - BitConverter.DoubleToInt64Bits(Math.FusedMultiplyAdd(before, r, magic));
        }
    }
}
