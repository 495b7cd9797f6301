using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Measures;

/// <summary>
/// Σ over the days of deviation × deviation for each pair of series. The deviations lie in panels of eight series, day by day, so that a
/// vector holds the same day of neighbouring series and a panel is read from end to end; every sum runs over the days in their order by
/// fused multiply-adds, so that no bit depends on the vectors' width.
/// </summary>
public readonly ref struct DeviationProducts
{
    /// <summary>Series of a panel; as many rows of products are computed at once.</summary>
    private const int Panel = 8;

    private readonly int days, stride;
    private readonly double[] deviations, products;

    /// <param name="series"><c>[asset][day]</c>, of one length, with at least one day; at least one series.</param>
    /// <param name="isWide">512 bits at once where two whole panels are left, or else as many as <see cref="Vector{T}"/> has.</param>
    /// <exception cref="ArgumentException">Series of different lengths: they are read by reference, so it must be known here.</exception>
    public DeviationProducts(IReadOnlyList<double[]> series, bool isWide)
    {
        Check.Rectangular(series.Count, series, nameof(series));
        days = series[0].Length;
        stride = (series.Count + Panel - 1) / Panel * Panel;
        deviations = ArrayPool<double>.Shared.Rent(days * stride);
        products = ArrayPool<double>.Shared.Rent(stride * stride);
        for (var i = 0; i < stride; i += Panel) Fill(series, i);
        for (var i = 0; i < stride; i += Panel)
        {
            var j = i;
            if (isWide)
                for (; j + 2 * Panel <= series.Count; j += 2 * Panel) Multiply512(i, j);
            for (; j < series.Count; j += Vector<double>.Count) Multiply(i, j);
        }
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

    /// <summary>
    /// Turns eight series into days and subtracts the mean of each, computed as <see cref="Volatility.Mean"/> does: equal returns deviate by
    /// exactly zero. Where series are wanting the last one stands in for them: those products nobody reads.
    /// </summary>
    private void Fill(IReadOnlyList<double[]> series, int asset)
    {
        ref var a = ref Returns(series, asset);
        ref var b = ref Returns(series, asset + 1);
        ref var c = ref Returns(series, asset + 2);
        ref var d = ref Returns(series, asset + 3);
        ref var e = ref Returns(series, asset + 4);
        ref var f = ref Returns(series, asset + 5);
        ref var g = ref Returns(series, asset + 6);
        ref var h = ref Returns(series, asset + 7);
        var (left, right) = (Vector256.Create(a, b, c, d), Vector256.Create(e, f, g, h));
        var (leftSum, rightSum) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var panel = deviations.AsSpan(asset * days, Panel * days);
        ref var at = ref panel[0];
        for (nint day = 0; day < days; day++)
        {
            var x = Vector256.Create(Unsafe.Add(ref a, day), Unsafe.Add(ref b, day), Unsafe.Add(ref c, day), Unsafe.Add(ref d, day));
            var y = Vector256.Create(Unsafe.Add(ref e, day), Unsafe.Add(ref f, day), Unsafe.Add(ref g, day), Unsafe.Add(ref h, day));
            x.StoreUnsafe(ref at);
            y.StoreUnsafe(ref at, Panel / 2);
            (leftSum, rightSum) = (leftSum + (x - left), rightSum + (y - right));
            at = ref Unsafe.Add(ref at, Panel);
        }
        var count = Vector256.Create((double)days);
        (left, right) = (left + leftSum / count, right + rightSum / count);
        at = ref panel[0];
        for (var day = 0; day < days; day++)
        {
            (Vector256.LoadUnsafe(ref at) - left).StoreUnsafe(ref at);
            (Vector256.LoadUnsafe(ref at, Panel / 2) - right).StoreUnsafe(ref at, Panel / 2);
            at = ref Unsafe.Add(ref at, Panel);
        }
    }

    private static ref double Returns(IReadOnlyList<double[]> series, int asset) =>
        ref MemoryMarshal.GetArrayDataReference(series[Math.Min(asset, series.Count - 1)]);

    /// <summary>Eight rows of products from i, in the columns of the two panels from j.</summary>
    private void Multiply512(int i, int j)
    {
        var zero = Vector512<double>.Zero;
        var (a0, b0, c0, d0, e0, f0, g0, h0) = (zero, zero, zero, zero, zero, zero, zero, zero);
        var (a1, b1, c1, d1, e1, f1, g1, h1) = (zero, zero, zero, zero, zero, zero, zero, zero);
        ref var own = ref deviations[i * days];
        ref var left = ref deviations[j * days];
        ref var right = ref deviations[(j + Panel) * days];
        for (var day = 0; day < days * Panel; day += Panel)
        {
            var (x, y) = (Vector512.LoadUnsafe(ref left, (nuint)day), Vector512.LoadUnsafe(ref right, (nuint)day));
            ref var at = ref Unsafe.Add(ref own, day);
            var r = Vector512.Create(at);
            (a0, a1) = (Vector512.FusedMultiplyAdd(r, x, a0), Vector512.FusedMultiplyAdd(r, y, a1));
            r = Vector512.Create(Unsafe.Add(ref at, 1));
            (b0, b1) = (Vector512.FusedMultiplyAdd(r, x, b0), Vector512.FusedMultiplyAdd(r, y, b1));
            r = Vector512.Create(Unsafe.Add(ref at, 2));
            (c0, c1) = (Vector512.FusedMultiplyAdd(r, x, c0), Vector512.FusedMultiplyAdd(r, y, c1));
            r = Vector512.Create(Unsafe.Add(ref at, 3));
            (d0, d1) = (Vector512.FusedMultiplyAdd(r, x, d0), Vector512.FusedMultiplyAdd(r, y, d1));
            r = Vector512.Create(Unsafe.Add(ref at, 4));
            (e0, e1) = (Vector512.FusedMultiplyAdd(r, x, e0), Vector512.FusedMultiplyAdd(r, y, e1));
            r = Vector512.Create(Unsafe.Add(ref at, 5));
            (f0, f1) = (Vector512.FusedMultiplyAdd(r, x, f0), Vector512.FusedMultiplyAdd(r, y, f1));
            r = Vector512.Create(Unsafe.Add(ref at, 6));
            (g0, g1) = (Vector512.FusedMultiplyAdd(r, x, g0), Vector512.FusedMultiplyAdd(r, y, g1));
            r = Vector512.Create(Unsafe.Add(ref at, 7));
            (h0, h1) = (Vector512.FusedMultiplyAdd(r, x, h0), Vector512.FusedMultiplyAdd(r, y, h1));
        }
        Store(i, j, [a0, b0, c0, d0, e0, f0, g0, h0]);
        Store(i, j + Panel, [a1, b1, c1, d1, e1, f1, g1, h1]);
    }

    private void Store(int i, int j, ReadOnlySpan<Vector512<double>> rows)
    {
        foreach (var row in rows) row.CopyTo(products, i++ * stride + j);
    }

    /// <summary>Eight rows of products from i, in as many columns from j as a vector has: within one panel.</summary>
    private void Multiply(int i, int j)
    {
        var zero = Vector<double>.Zero;
        var (a, b, c, d, e, f, g, h) = (zero, zero, zero, zero, zero, zero, zero, zero);
        ref var own = ref deviations[i * days];
        ref var other = ref deviations[j / Panel * Panel * days + j % Panel];
        for (var day = 0; day < days * Panel; day += Panel)
        {
            var x = Vector.LoadUnsafe(ref other, (nuint)day);
            ref var at = ref Unsafe.Add(ref own, day);
            a = Vector.FusedMultiplyAdd(new Vector<double>(at), x, a);
            b = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 1)), x, b);
            c = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 2)), x, c);
            d = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 3)), x, d);
            e = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 4)), x, e);
            f = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 5)), x, f);
            g = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 6)), x, g);
            h = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref at, 7)), x, h);
        }
        foreach (var row in (ReadOnlySpan<Vector<double>>)[a, b, c, d, e, f, g, h]) row.CopyTo(products, i++ * stride + j);
    }
}
