using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Risk.Benchmarks.Compare;

/// <summary>What this machine can do at most just now, on one thread: the figures of the kernels mean little without it.</summary>
internal static class MachineLimits
{
    private const int Lanes = 8;

    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(200);

    /// <summary>As many bytes as the returns of 500 scenarios × 100 positions.</summary>
    private static readonly double[] Matrix = new double[512 * 100];

    private static double sink;

    public static string Measure()
    {
        Array.Fill(Matrix, 1e-9);
        var multiplyAdds = 8.0 * Lanes * Matrix.Length / 64 / Best(MultiplyAdd) / 1e9;
        var bytes = sizeof(double) * Matrix.Length / Best(Read) / 1e9;
        return string.Create(
            CultureInfo.InvariantCulture, $"this machine, one thread: {multiplyAdds:F1} fused multiply-adds of doubles a nanosecond, reads {bytes:F0} bytes a nanosecond of a matrix of 400 KB");
    }

    private static double Best(Func<double> work)
    {
        var best = double.MaxValue;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Length;)
        {
            var start = Stopwatch.GetTimestamp();
            Volatile.Write(ref sink, work());
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    /// <summary>Eight sums of registers: nothing is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double MultiplyAdd()
    {
        var (x, y) = (Vector512.Create(1.0000001), Vector512.Create(1e-9));
        var (a, b, c, d, e, f, g, h) = (x, x, x, x, y, y, y, y);
        for (var i = 0; i < Matrix.Length; i += 64)
        {
            (a, b) = (Vector512.FusedMultiplyAdd(a, x, y), Vector512.FusedMultiplyAdd(b, x, y));
            (c, d) = (Vector512.FusedMultiplyAdd(c, x, y), Vector512.FusedMultiplyAdd(d, x, y));
            (e, f) = (Vector512.FusedMultiplyAdd(e, x, y), Vector512.FusedMultiplyAdd(f, x, y));
            (g, h) = (Vector512.FusedMultiplyAdd(g, x, y), Vector512.FusedMultiplyAdd(h, x, y));
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Read()
    {
        ref var from = ref Matrix[0];
        var (a, b, c, d) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        for (var i = 0; i < Matrix.Length; i += 4 * Lanes)
        {
            (a, b) = (a + Vector512.LoadUnsafe(ref from, (nuint)i), b + Vector512.LoadUnsafe(ref from, (nuint)(i + Lanes)));
            (c, d) = (c + Vector512.LoadUnsafe(ref from, (nuint)(i + 2 * Lanes)), d + Vector512.LoadUnsafe(ref from, (nuint)(i + 3 * Lanes)));
        }
        return Vector512.Sum(a + b + c + d);
    }
}
