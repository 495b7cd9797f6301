using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Measures;

/// <summary>
/// Σ over the days of deviation × deviation for each pair of series. The deviations lie day by day, so that a vector holds the same day of
/// neighbouring assets; every sum runs over the days in their order by fused multiply-adds, so that no bit depends on the vectors' width.
/// </summary>
public readonly ref struct DeviationProducts
{
    /// <summary>Assets to which a row is filled up, with zeros: two of the widest vectors fit wherever a row of products starts.</summary>
    private const int Block = 8;

    /// <summary>Rows of products computed at once: with two vectors of each, eight sums that hide the latency of the multiply-adds.</summary>
    private const int Rows = 4;

    /// <summary>Days that are turned at once: what is written stays in the nearest cache.</summary>
    private const int DaysAtOnce = 64;

    private readonly int days, stride;
    private readonly double[] deviations, products;

    /// <param name="series"><c>[asset][day]</c>, of one length, with at least one day; at least one series.</param>
    /// <param name="isWide">512 bits at once, or as many as <see cref="Vector{T}"/> has.</param>
    public DeviationProducts(IReadOnlyList<double[]> series, bool isWide)
    {
        days = series[0].Length;
        var whole = (series.Count + Block - 1) / Block * Block;
        stride = whole + Block;
        deviations = ArrayPool<double>.Shared.Rent(days * stride);
        products = ArrayPool<double>.Shared.Rent(whole * stride);
        Transpose(series);
        Center();
        for (var i = 0; i < series.Count; i += Rows)
            for (var j = i / Block * Block; j < series.Count; j += 2 * (isWide ? Vector512<double>.Count : Vector<double>.Count))
                if (isWide) Multiply512(i, j);
                else Multiply(i, j);
    }

    /// <summary>Of the assets i and j.</summary>
    /// <param name="i">Not above <paramref name="j"/>: the other half is not computed.</param>
    public double this[int i, int j] => products[i * stride + j];

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(deviations);
        ArrayPool<double>.Shared.Return(products);
    }

    private void Transpose(IReadOnlyList<double[]> series)
    {
        deviations.AsSpan(0, days * stride).Clear();
        for (var first = 0; first < days; first += DaysAtOnce)
            for (var asset = 0; asset < series.Count; asset++)
            {
                ref var at = ref deviations[first * stride + asset];
                foreach (var value in series[asset].AsSpan(first, Math.Min(DaysAtOnce, days - first)))
                {
                    at = value;
                    at = ref Unsafe.Add(ref at, stride);
                }
            }
    }

    /// <summary>Subtracts the mean of each asset, computed as <see cref="Volatility.Mean"/> does: equal returns deviate by exactly zero.</summary>
    private void Center()
    {
        var count = new Vector<double>(days);
        for (var asset = 0; asset < stride; asset += Vector<double>.Count)
        {
            var (first, sum) = (new Vector<double>(deviations, asset), Vector<double>.Zero);
            for (var at = asset; at < days * stride; at += stride) sum += new Vector<double>(deviations, at) - first;
            var mean = first + sum / count;
            for (var at = asset; at < days * stride; at += stride) (new Vector<double>(deviations, at) - mean).CopyTo(deviations, at);
        }
    }

    private void Multiply512(int i, int j)
    {
        var zero = Vector512<double>.Zero;
        var (a0, a1, b0, b1, c0, c1, d0, d1) = (zero, zero, zero, zero, zero, zero, zero, zero);
        ref var day = ref MemoryMarshal.GetArrayDataReference(deviations);
        for (var left = days; left > 0; left--)
        {
            var (x, y) = (Vector512.LoadUnsafe(ref day, (nuint)j), Vector512.LoadUnsafe(ref day, (nuint)j + 8));
            ref var own = ref Unsafe.Add(ref day, i);
            var (a, b) = (Vector512.Create(own), Vector512.Create(Unsafe.Add(ref own, 1)));
            var (c, d) = (Vector512.Create(Unsafe.Add(ref own, 2)), Vector512.Create(Unsafe.Add(ref own, 3)));
            (a0, a1) = (Vector512.FusedMultiplyAdd(a, x, a0), Vector512.FusedMultiplyAdd(a, y, a1));
            (b0, b1) = (Vector512.FusedMultiplyAdd(b, x, b0), Vector512.FusedMultiplyAdd(b, y, b1));
            (c0, c1) = (Vector512.FusedMultiplyAdd(c, x, c0), Vector512.FusedMultiplyAdd(c, y, c1));
            (d0, d1) = (Vector512.FusedMultiplyAdd(d, x, d0), Vector512.FusedMultiplyAdd(d, y, d1));
            day = ref Unsafe.Add(ref day, stride);
        }
        var at = products.AsSpan(i * stride + j);
        a0.CopyTo(at);
        a1.CopyTo(at[8..]);
        b0.CopyTo(at[stride..]);
        b1.CopyTo(at[(stride + 8)..]);
        c0.CopyTo(at[(2 * stride)..]);
        c1.CopyTo(at[(2 * stride + 8)..]);
        d0.CopyTo(at[(3 * stride)..]);
        d1.CopyTo(at[(3 * stride + 8)..]);
    }

    /// <summary>The same for other widths.</summary>
    private void Multiply(int i, int j)
    {
        var (zero, n) = (Vector<double>.Zero, Vector<double>.Count);
        var (a0, a1, b0, b1, c0, c1, d0, d1) = (zero, zero, zero, zero, zero, zero, zero, zero);
        for (var day = 0; day < days * stride; day += stride)
        {
            var (x, y) = (new Vector<double>(deviations, day + j), new Vector<double>(deviations, day + j + n));
            var (a, b) = (new Vector<double>(deviations[day + i]), new Vector<double>(deviations[day + i + 1]));
            var (c, d) = (new Vector<double>(deviations[day + i + 2]), new Vector<double>(deviations[day + i + 3]));
            (a0, a1) = (Vector.FusedMultiplyAdd(a, x, a0), Vector.FusedMultiplyAdd(a, y, a1));
            (b0, b1) = (Vector.FusedMultiplyAdd(b, x, b0), Vector.FusedMultiplyAdd(b, y, b1));
            (c0, c1) = (Vector.FusedMultiplyAdd(c, x, c0), Vector.FusedMultiplyAdd(c, y, c1));
            (d0, d1) = (Vector.FusedMultiplyAdd(d, x, d0), Vector.FusedMultiplyAdd(d, y, d1));
        }
        var at = i * stride + j;
        a0.CopyTo(products, at);
        a1.CopyTo(products, at + n);
        b0.CopyTo(products, at + stride);
        b1.CopyTo(products, at + stride + n);
        c0.CopyTo(products, at + 2 * stride);
        c1.CopyTo(products, at + 2 * stride + n);
        d0.CopyTo(products, at + 3 * stride);
        d1.CopyTo(products, at + 3 * stride + n);
    }
}
