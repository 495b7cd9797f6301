using System.Runtime.Intrinsics;

namespace Risk.Domain.Measures;

/// <summary>
/// Sample covariance and correlation (divisor n − 1) of series of returns given as <c>series[asset][day]</c>; matrices are
/// <c>[asset][asset]</c>, symmetric to the last bit.
/// </summary>
public static class Covariance
{
    /// <exception cref="ArgumentException">No series, series of different lengths, or fewer than two returns.</exception>
    public static double[][] Matrix(IReadOnlyList<double[]> series)
    {
        Check.Rectangular(series.Count, series, nameof(series));
        if (series.Count == 0) throw new ArgumentException("At least one series is needed.", nameof(series));
        Check.AtLeast(2, series[0], nameof(series));
        var matrix = new double[series.Count][];
        for (var i = 0; i < matrix.Length; i++) matrix[i] = new double[matrix.Length];
        using var products = new DeviationProducts(series, Vector512.IsHardwareAccelerated);
        for (var i = 0; i < matrix.Length; i++)
            for (var j = i; j < matrix.Length; j++) matrix[i][j] = matrix[j][i] = products[i, j] / (series[0].Length - 1);
        return matrix;
    }

    /// <summary>
    /// c(i,j)/√(c(i,i)·c(j,j)), kept within −1 … 1; null wherever one of the two never moves, for then it is not defined (also with itself).
    /// </summary>
    /// <param name="covariance">A covariance matrix.</param>
    public static double?[][] ToCorrelation(IReadOnlyList<double[]> covariance)
    {
        Check.Rectangular(covariance.Count, covariance, nameof(covariance));
        var sd = covariance.Select((row, i) => Math.Sqrt(row[i])).ToArray();
        return [.. covariance.Select((row, i) => row.Select((c, j) => Correlate(c, sd[i], sd[j], i == j)).ToArray())];
    }

    /// <summary>S·x: the covariance of each asset with the portfolio x.</summary>
    /// <exception cref="ArgumentException">The matrix is not as large as x is long.</exception>
    public static double[] Times(IReadOnlyList<double[]> covariance, double[] x)
    {
        Check.Rectangular(x.Length, covariance, nameof(covariance));
        return [.. covariance.Select(row => Dot(row, x))];
    }

    /// <summary>Eight sums beside each other, by the place modulo eight, then these in pairs, then what is left over: in this order on any processor.</summary>
    internal static double Dot(double[] a, double[] b)
    {
        Check.SameLength(a.Length, b.Length, nameof(b));
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a[i]), Vector256.LoadUnsafe(ref b[i]), low);
            high = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a[i + 4]), Vector256.LoadUnsafe(ref b[i + 4]), high);
        }
        var four = low + high;
        var sum = (four[0] + four[2]) + (four[1] + four[3]);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double? Correlate(double covariance, double sdLeft, double sdRight, bool itself)
    {
        if (!(sdLeft > 0 && sdRight > 0)) return null;
        return itself ? 1 : Math.Clamp(covariance / sdLeft / sdRight, -1, 1);
    }
}
