using MathNet.Numerics.LinearAlgebra;
using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>A view: the portfolio with these positions will return this much, give or take.</summary>
/// <param name="Positions">One for each asset: a single 1 for an absolute view, positions that sum to zero for a relative one.</param>
/// <param name="Return">Expected, per the period of the covariance.</param>
/// <param name="Variance">Of that expectation; 0 for certainty. Null for the variance that the equilibrium itself gives it: P·τS·P'.</param>
public sealed record ReturnView(double[] Positions, double Return, double? Variance = null);

/// <summary>
/// Expected returns between what the market's weights imply and what views say, by their certainty (Black and Litterman 1992; He and
/// Litterman 1999). π = δSw; μ = π + τSP'(PτSP' + Ω)⁻¹(Q − Pπ), the same as the published form but without inverting Ω or τS.
/// </summary>
/// <param name="EquilibriumReturns">π: excess returns at which the market's weights are the best.</param>
/// <param name="PosteriorReturns">μ.</param>
/// <param name="PosteriorCovariance">S + τS − τSP'(PτSP' + Ω)⁻¹PτS: that of returns, the doubt about their mean included.</param>
/// <param name="OptimalWeights">(δ·posterior covariance)⁻¹μ; not scaled, they need not sum to one.</param>
public sealed record BlackLitterman(double[] EquilibriumReturns, double[] PosteriorReturns, double[][] PosteriorCovariance, double[] OptimalWeights)
{
    /// <param name="riskAversion">δ; positive.</param>
    /// <param name="tau">τ, the variance of the equilibrium's mean as a share of S; positive, often 0.025 to 0.05.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, a matrix that is not symmetric, figures that are not finite, δ or τ not positive, or a negative variance.</exception>
    public static Allocated<BlackLitterman> Of(
        IReadOnlyList<double[]> covariance, double[] marketWeights, IReadOnlyList<ReturnView> views, double riskAversion, double tau)
    {
        CovarianceMatrix.MustBeOne(covariance, marketWeights.Length);
        Check.Finite([riskAversion, tau, .. marketWeights, .. views.SelectMany(x => x.Positions), .. views.Select(x => x.Return), .. views.Select(x => x.Variance ?? 0)], nameof(views));
        foreach (var view in views) Check.SameLength(marketWeights.Length, view.Positions.Length, nameof(views));
        if (!(riskAversion > 0 && tau > 0) || views.Any(x => x.Variance < 0)) throw new ArgumentException("Risk aversion and tau are positive, variances not negative.", nameof(views));
        if (CovarianceMatrix.Fault(covariance, mustBeDefinite: true) is { } fault) return fault;
        var s = Matrix<double>.Build.DenseOfRowArrays(covariance);
        var equilibrium = riskAversion * s * Vector<double>.Build.Dense(marketWeights);
        var (posterior, spread) = (equilibrium, (1 + tau) * s);
        if (views.Count > 0)
        {
            var p = Matrix<double>.Build.DenseOfRowArrays(views.Select(x => x.Positions));
            var prior = p * (tau * s) * p.Transpose();
            var doubt = prior + Matrix<double>.Build.DenseOfDiagonalArray([.. views.Select((x, i) => x.Variance ?? prior[i, i])]);
            // Two certain views on one portfolio leave no inverse.
            if (CovarianceMatrix.Fault([.. doubt.ToRowArrays()], mustBeDefinite: true) is not null) return NoAllocation.DependentViews;
            var gain = doubt.LU().Solve(p * (tau * s)).Transpose();
            posterior = equilibrium + gain * (Vector<double>.Build.Dense([.. views.Select(x => x.Return)]) - p * equilibrium);
            spread -= gain * p * (tau * s);
        }
        return new BlackLitterman([.. equilibrium], [.. posterior], spread.ToRowArrays(), [.. (riskAversion * spread).LU().Solve(posterior)]);
    }
}
