namespace Risk.Domain.Measures;

/// <summary>The lower triangle L with L·Lᵀ = S (Cholesky), also of a covariance in which assets repeat or never move.</summary>
public static class CovarianceFactor
{
    /// <summary>What is left of a variance after taking out the other assets counts as zero below this share of it.</summary>
    private const double Rounding = 1e-12;

    /// <summary>How much of the scale of an entry it may be off before the matrix is refused: covariances are often given in few digits.</summary>
    private const double Tolerance = 1e-6;

    private const string NoCovariance = "The matrix is no covariance: some portfolio would have a negative variance.";

    /// <returns>Rows of L, row i of length i + 1.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, not symmetric, not finite, or no covariance: some portfolio has a negative variance.</exception>
    public static double[][] Of(IReadOnlyList<double[]> covariance) =>
        Factor(covariance, out var fault) ?? throw new ArgumentException(fault, nameof(covariance));

    /// <summary>Why the matrix is no covariance; null when it is one.</summary>
    /// <exception cref="ArgumentException">The matrix is not square, or not finite.</exception>
    public static string? FaultOf(IReadOnlyList<double[]> covariance)
    {
        Factor(covariance, out var fault);
        return fault;
    }

    private static double[][]? Factor(IReadOnlyList<double[]> covariance, out string? fault)
    {
        fault = Asymmetry(covariance);
        if (fault is not null) return null;
        var factor = new double[covariance.Count][];
        for (var i = 0; i < factor.Length; i++)
        {
            factor[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var rest = covariance[i][j];
                for (var k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k];
                var entry = i == j ? Pivot(rest, covariance[i][i]) : Below(rest, factor[j][j], covariance[i][i], covariance[j][j]);
                if (entry is not { } value)
                {
                    fault = NoCovariance;
                    return null;
                }
                factor[i][j] = value;
            }
        }
        return factor;
    }

    private static double? Pivot(double rest, double variance) =>
        rest < -Tolerance * variance ? null : rest <= Rounding * variance ? 0 : Math.Sqrt(rest);

    private static double? Below(double rest, double pivot, double variance, double other)
    {
        if (pivot > 0) return rest / pivot;
        return Math.Abs(rest) <= Tolerance * Math.Sqrt(variance * other) ? 0 : null;
    }

    private static string? Asymmetry(IReadOnlyList<double[]> covariance)
    {
        Check.Rectangular(covariance.Count, covariance, nameof(covariance));
        for (var i = 0; i < covariance.Count; i++)
        {
            Check.SameLength(covariance.Count, covariance[i].Length, nameof(covariance));
            Check.Finite(covariance[i], nameof(covariance));
            if (covariance[i][i] < 0) return NoCovariance;
            for (var j = 0; j < i; j++)
                if (Math.Abs(covariance[i][j] - covariance[j][i]) > Tolerance * Math.Sqrt(covariance[i][i] * covariance[j][j]))
                    return $"Entries ({i}, {j}) and ({j}, {i}) differ: a covariance is symmetric.";
        }
        return null;
    }
}
