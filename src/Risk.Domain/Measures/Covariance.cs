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
        var deviations = series.Select(Deviations).ToArray();
        var matrix = series.Select(_ => new double[series.Count]).ToArray();
        for (var i = 0; i < matrix.Length; i++)
            for (var j = 0; j <= i; j++)
                matrix[i][j] = matrix[j][i] = Dot(deviations[i], deviations[j]) / (series[0].Length - 1);
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

    internal static double Dot(double[] a, double[] b)
    {
        Check.SameLength(a.Length, b.Length, nameof(b));
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] Deviations(double[] returns)
    {
        Check.AtLeast(2, returns, nameof(returns));
        var mean = Volatility.Mean(returns);
        return [.. returns.Select(r => r - mean)];
    }

    private static double? Correlate(double covariance, double sdLeft, double sdRight, bool itself)
    {
        if (!(sdLeft > 0 && sdRight > 0)) return null;
        return itself ? 1 : Math.Clamp(covariance / sdLeft / sdRight, -1, 1);
    }
}
