using MathNet.Numerics.LinearAlgebra;
using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>
/// Long-only weights whose shares in the variance, w(i)·(Sw)(i)/w'Sw, equal a budget. They are the least ½x'Sx − Σb·ln x, scaled to a sum of
/// one (Spinu 2013): convex, so that there is at most one. Newton's method with halved steps; it ends when every share is met to 10⁻¹³ of
/// itself or a step gains no more, and counts if they are met to 10⁻⁹.
/// </summary>
public static class RiskBudget
{
    private const int MaxSteps = 500;
    private const double Enough = 1e-14;
    private const double Acceptable = 1e-9;

    /// <summary>Every asset with the same share of the risk.</summary>
    /// <inheritdoc cref="Of"/>
    public static Allocated<double[]> Parity(IReadOnlyList<double[]> covariance) => Of(covariance, [.. Enumerable.Repeat(1.0, covariance.Count)]);

    /// <param name="covariance">S, symmetric. Assets may be perfectly alike, but no long-only mix of them may be without risk.</param>
    /// <param name="budget">Not negative, some positive; taken relative to their sum. An asset without budget has no weight.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, a matrix that is not symmetric or finite, or a budget that is none.</exception>
    public static Allocated<double[]> Of(IReadOnlyList<double[]> covariance, double[] budget)
    {
        CovarianceMatrix.MustBeOne(covariance, budget.Length);
        Check.Finite(budget, nameof(budget));
        if (budget.Any(b => b < 0) || !(budget.Sum() > 0)) throw new ArgumentException("No negative share, and some positive one.", nameof(budget));
        int[] held = [.. Enumerable.Range(0, budget.Length).Where(i => budget[i] > 0)];
        if (CovarianceMatrix.Fault(covariance, mustBeDefinite: false) is { } fault) return fault;
        if (held.Any(i => !(covariance[i][i] > 0))) return NoAllocation.SingularCovariance;
        // On correlations: the weights of very calm and very wild assets then are of one size.
        var sd = held.Select(i => Math.Sqrt(covariance[i][i])).ToArray();
        var correlation = Matrix<double>.Build.Dense(held.Length, held.Length, (i, j) => covariance[held[i]][held[j]] / (sd[i] * sd[j]));
        var found = Search(correlation, Vector<double>.Build.Dense([.. held.Select(i => budget[i] / budget.Sum())]));
        if (found is null) return NoAllocation.DidNotConverge;
        var weights = new double[budget.Length];
        var total = found.Select((x, i) => x / sd[i]).Sum();
        for (var i = 0; i < held.Length; i++) weights[held[i]] = found[i] / sd[i] / total;
        return weights;
    }

    private static double[]? Search(Matrix<double> c, Vector<double> budget)
    {
        var x = budget.PointwiseSqrt();
        var (best, bestMiss) = (x, Miss(c, budget, x));
        for (var step = 0; step < MaxSteps && bestMiss > Enough; step++)
        {
            var slope = c * x - budget.PointwiseDivide(x);
            var curve = c + Matrix<double>.Build.DenseOfDiagonalVector(budget.PointwiseDivide(x.PointwisePower(2)));
            var direction = curve.LU().Solve(-slope);
            var size = 1.0;
            while (size > 1e-12 && !(Cost(c, budget, x + size * direction) <= Cost(c, budget, x) + 1e-4 * size * slope.DotProduct(direction) + 1e-15)) size /= 2;
            x += size * direction;
            var miss = Miss(c, budget, x);
            if (!(miss < bestMiss) && bestMiss < Acceptable) break;
            if (miss < bestMiss) (best, bestMiss) = (x, miss);
        }
        return bestMiss <= Acceptable ? [.. best] : null;
    }

    private static double Cost(Matrix<double> c, Vector<double> budget, Vector<double> x) =>
        x.Minimum() > 0 ? 0.5 * x.DotProduct(c * x) - budget.DotProduct(x.PointwiseLog()) : double.PositiveInfinity;

    /// <summary>The largest miss of a share, relative to its budget.</summary>
    private static double Miss(Matrix<double> c, Vector<double> budget, Vector<double> x) => (x.PointwiseMultiply(c * x).PointwiseDivide(budget) - 1).AbsoluteMaximum();
}
