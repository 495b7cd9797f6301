using MathNet.Numerics.LinearAlgebra;
using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>What the searches demand of a covariance matrix.</summary>
internal static class CovarianceMatrix
{
    /// <summary>Of the largest eigenvalue: what is below its negative is no rounding.</summary>
    private const double Indefinite = 1e-8;

    private const double Singular = 1e-13;

    /// <exception cref="ArgumentException">Not square, not as large as asked for, not symmetric, or not finite.</exception>
    public static void MustBeOne(IReadOnlyList<double[]> covariance, int count)
    {
        Check.Rectangular(count, covariance, nameof(covariance));
        if (count == 0) throw new ArgumentException("At least one asset is needed.", nameof(covariance));
        Check.SameLength(count, covariance[0].Length, nameof(covariance));
        foreach (var row in covariance) Check.Finite(row, nameof(covariance));
        var largest = covariance.Max(row => row.Max(Math.Abs));
        for (var i = 0; i < count; i++)
            for (var j = 0; j < i; j++)
                if (Math.Abs(covariance[i][j] - covariance[j][i]) > 1e-9 * largest) throw new ArgumentException($"Entries ({i}, {j}) and ({j}, {i}) differ.", nameof(covariance));
    }

    /// <summary>Null when the least variance has a place: semidefinite is enough within finite limits, definite is needed without.</summary>
    public static NoAllocation? Fault(IReadOnlyList<double[]> covariance, bool mustBeDefinite)
    {
        var values = Matrix<double>.Build.DenseOfRowArrays(covariance).Evd(Symmetricity.Symmetric).EigenValues.Select(x => x.Real).ToArray();
        var largest = values.Max(Math.Abs);
        return values.Min() < -Indefinite * largest ? NoAllocation.IndefiniteCovariance
            : mustBeDefinite && values.Min() <= Singular * largest ? NoAllocation.SingularCovariance
            : null;
    }
}
