using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Risk.Domain.Measures;

/// <summary>
/// Standard errors of a <see cref="GarchFit"/> that hold whatever the distribution of the shocks: the sandwich A⁻¹BA⁻¹ of the Hessian and
/// the products of the scores (Bollerslev and Wooldridge 1992); those of forecasts by the delta method. Never negative.
/// </summary>
/// <param name="Mu">In the unit of the returns.</param>
/// <param name="Omega">In their unit squared.</param>
/// <param name="NextVolatility">Of √h(n+1), in the unit of the returns.</param>
/// <param name="RelativeToPast">
/// Of ln √h(n+1) less the mean of the ln √h(t): how far past returns brought to the forecast are off as one, a ratio. A level common to all
/// variances cancels there, and what is left does not go with the quantile of the standardised returns (Gao and Song 2008).
/// </param>
public sealed record GarchErrors(double Mu, double Omega, double Alpha, double Beta, double NextVolatility, double RelativeToPast)
{
    /// <summary>Nearer than this to 0, or their sum to 1, α and β count as lying there.</summary>
    private const double Boundary = 1e-6;

    /// <summary>ω counts as 0 below this share of the next variance.</summary>
    private const double NoFloor = 1e-9;

    /// <summary>A maximum in the likelihood of which a Newton step would still gain more is none inside of the range.</summary>
    private const double StepLikelihood = 1e-3;

    /// <summary>Of the smallest to the largest direction, in units in which every parameter has the same weight.</summary>
    private const double Flat = 1e-10;

    /// <param name="returns">Those that <paramref name="fit"/> was fitted to.</param>
    /// <returns>
    /// Null at the boundary: ω, α or β at 0, their sum at 1, or a likelihood that is flat in some direction. There the errors are not those of a
    /// normal distribution, and β means nothing without α.
    /// </returns>
    /// <exception cref="ArgumentException">No return.</exception>
    public static GarchErrors? Of(ReadOnlySpan<double> returns, GarchFit fit)
    {
        var (_, omega, alpha, beta) = fit.Parameters;
        if (omega < NoFloor * fit.NextVolatility * fit.NextVolatility) return null;
        if (Math.Min(alpha, beta) < Boundary || alpha + beta > 1 - Boundary) return null;
        var derivatives = new GarchDerivatives(returns, fit.Parameters);
        var information = -DenseMatrix.OfArray(derivatives.Hessian);
        if (information.Diagonal().Any(x => !(x > 0 && double.IsFinite(x)))) return null;
        var scale = Matrix<double>.Build.DiagonalOfDiagonalVector(information.Diagonal().Map(x => 1 / Math.Sqrt(x)));
        var scaled = scale * information * scale;
        var directions = scaled.Evd(Symmetricity.Symmetric).EigenValues.Map(x => x.Real);
        if (!(directions.Minimum() > Flat * directions.Maximum())) return null;
        var inverse = scale * scaled.Inverse() * scale;
        var score = DenseVector.OfArray(derivatives.Score);
        if (!(score * inverse * score / 2 < StepLikelihood)) return null;
        var covariance = inverse * DenseMatrix.OfArray(derivatives.ScoreProducts) * inverse;
        double Error(Vector<double> slope) => Math.Sqrt(Math.Max(0, slope * covariance * slope));
        var (next, mean) = (DenseVector.OfArray(derivatives.NextSlope), DenseVector.OfArray(derivatives.MeanSlope));
        double[] own = [.. Enumerable.Range(0, covariance.RowCount).Select(i => Math.Sqrt(Math.Max(0, covariance[i, i])))];
        return new GarchErrors(own[0], own[1], own[2], own[3], fit.NextVolatility * Error(next) / 2, Error(next - mean) / 2);
    }
}
