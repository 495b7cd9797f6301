using MathNet.Numerics;
using Gaussian = MathNet.Numerics.Distributions.Normal;
using Student = MathNet.Numerics.Distributions.StudentT;

namespace Risk.Domain.Measures;

/// <summary>
/// VaR and expected shortfall of a P&amp;L whose distribution is assumed, as positive losses in the unit of its standard deviation.
/// Normal with σ = √(x'Sx) of exposures in currency and a mean of zero is the delta-normal VaR.
/// </summary>
public static class ParametricVar
{
    /// <summary>−mean − σ·z(tail).</summary>
    /// <param name="sigma">Standard deviation of the P&amp;L over the horizon; not negative.</param>
    /// <param name="confidence">Between 0 and 1, both excluded.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1), or a σ that is negative or not finite.</exception>
    public static double Normal(double sigma, decimal confidence, double mean = 0) => -mean - CheckedSigma(sigma) * Normal01(confidence);

    /// <summary>−mean + σ·φ(z(tail))/tail: the mean loss beyond <see cref="Normal"/>.</summary>
    /// <inheritdoc cref="Normal"/>
    public static double NormalShortfall(double sigma, decimal confidence, double mean = 0) =>
        -mean + CheckedSigma(sigma) * Gaussian.PDF(0, 1, Normal01(confidence)) / (double)QuantileRank.Tail(confidence);

    /// <summary>−mean − s·t(tail), a Student t with ν degrees of freedom scaled to the standard deviation: s = σ·√((ν − 2)/ν).</summary>
    /// <param name="nu">ν; above 2, or the distribution has no variance to scale to.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν not above 2, a confidence outside (0, 1), or a σ that is negative or not finite.</exception>
    /// <inheritdoc cref="Normal"/>
    public static double StudentT(double sigma, double nu, decimal confidence, double mean = 0) =>
        StudentT(mean, StudentScale(sigma, nu), nu, (double)QuantileRank.Tail(confidence));

    /// <summary>−mean + s·f(t)/tail·(ν + t²)/(ν − 1) with t = t(tail): the mean loss beyond <see cref="StudentT(double, double, decimal, double)"/>.</summary>
    /// <inheritdoc cref="StudentT(double, double, decimal, double)"/>
    public static double StudentTShortfall(double sigma, double nu, decimal confidence, double mean = 0) =>
        -mean + StudentScale(sigma, nu) * StudentTTailMean(nu, (double)QuantileRank.Tail(confidence));

    /// <summary>A one-day figure over <paramref name="horizonDays"/> days, if the days are independent, alike and of mean zero: × √h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A horizon below one day.</exception>
    public static double OverHorizon(double oneDay, int horizonDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonDays, 1);
        return oneDay * Math.Sqrt(horizonDays);
    }

    internal static double StudentT(double location, double scale, double nu, double tail) => -location - scale * StudentQuantile(nu, tail);

    /// <summary>The mean loss in the tail of a t with location 0 and scale 1; ν above 1.</summary>
    internal static double StudentTTailMean(double nu, double tail)
    {
        var t = StudentQuantile(nu, tail);
        return Student.PDF(0, 1, nu, t) / tail * (nu + t * t) / (nu - 1);
    }

    private static double StudentScale(double sigma, double nu) =>
        nu > 2
            ? CheckedSigma(sigma) * Math.Sqrt((nu - 2) / nu)
            : throw new ArgumentOutOfRangeException(nameof(nu), nu, "Must be above 2: there is no variance otherwise.");

    /// <summary>The library's root search stops at about nine digits; two steps of Newton give the rest.</summary>
    private static double StudentQuantile(double nu, double tail)
    {
        var t = FarQuantile(nu, tail) is { } far ? far : Student.InvCDF(0, 1, nu, tail);
        for (var step = 0; step < 2; step++) t -= (Student.CDF(0, 1, nu, t) - tail) / Student.PDF(0, 1, nu, t);
        return t;
    }

    /// <summary>
    /// By the power law that the tail of a t approaches; null where the quantile does not lie far out. The library looks no further than some
    /// hundreds, which few degrees of freedom leave behind.
    /// </summary>
    private static double? FarQuantile(double nu, double tail)
    {
        var constant = SpecialFunctions.GammaLn((nu + 1) / 2) - SpecialFunctions.GammaLn(nu / 2) - Math.Log(nu * Math.PI) / 2;
        var t = -Math.Exp((constant + (nu - 1) / 2 * Math.Log(nu) - Math.Log(tail)) / nu);
        return nu < 10 && t < -100 ? t : null;
    }

    internal static double Normal01(decimal confidence) => Gaussian.InvCDF(0, 1, (double)QuantileRank.Tail(confidence));

    private static double CheckedSigma(double sigma) =>
        sigma >= 0 && double.IsFinite(sigma) ? sigma : throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Must be finite and not negative.");
}
