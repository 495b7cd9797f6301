using Gaussian = MathNet.Numerics.Distributions.Normal;

namespace Risk.Domain.Measures;

/// <summary>
/// VaR and expected shortfall from four moments: the normal quantile bent by skewness and kurtosis (Cornish and Fisher 1938; Favre and
/// Galeano 2002), also called modified VaR. Figures are positive losses in the unit of the returns.
/// </summary>
/// <param name="Mean">Of the returns.</param>
/// <param name="Sigma">Standard deviation of the returns.</param>
/// <param name="Skewness">S; 0 for a normal distribution.</param>
/// <param name="ExcessKurtosis">K; 0 for a normal distribution.</param>
public sealed record CornishFisher(double Mean, double Sigma, double Skewness, double ExcessKurtosis)
{
    /// <summary>
    /// Whether the bent quantile rises with the probability everywhere, as a quantile must (the domain of Maillard 2012). Outside of it a
    /// higher confidence can give a lower VaR, and the figures deserve no trust.
    /// </summary>
    public bool IsMonotone
    {
        get
        {
            // The slope dh/dz is a·z² + b·z + c; it must not fall below zero for any z.
            var a = ExcessKurtosis / 8 - Skewness * Skewness / 6;
            var b = Skewness / 3;
            var c = 1 - ExcessKurtosis / 8 + 5 * Skewness * Skewness / 36;
            return a > 0 ? b * b <= 4 * a * c : a == 0 && b == 0 && c >= 0;
        }
    }

    /// <summary>The moments of returns with divisor n, about the mean. Skewness and kurtosis are zero for returns that never move.</summary>
    /// <param name="isSample">Whether the variance, and it alone, has the divisor n − 1 instead.</param>
    /// <exception cref="ArgumentException">No return, only one for a sample, or one that is not finite.</exception>
    public static CornishFisher Of(ReadOnlySpan<double> returns, bool isSample = false)
    {
        Check.AtLeast(isSample ? 2 : 1, returns, nameof(returns));
        Check.Finite(returns, nameof(returns));
        var mean = Volatility.Mean(returns);
        double second = 0, third = 0, fourth = 0;
        foreach (var r in returns)
        {
            var square = (r - mean) * (r - mean);
            (second, third, fourth) = (second + square, third + square * (r - mean), fourth + square * square);
        }
        return FromMoments(mean, second / (isSample ? returns.Length - 1 : returns.Length), third / returns.Length, fourth / returns.Length);
    }

    /// <param name="second">Central moments, in powers of the unit of the returns.</param>
    public static CornishFisher FromMoments(double mean, double second, double third, double fourth) =>
        new(mean, Math.Sqrt(second), second > 0 ? third / Math.Pow(second, 1.5) : 0, second > 0 ? fourth / (second * second) - 3 : 0);

    /// <summary>h = z + (z² − 1)S/6 + (z³ − 3z)K/24 − (2z³ − 5z)S²/36 with z the normal quantile of the tail.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public double Quantile(decimal confidence)
    {
        var z = ParametricVar.Normal01(confidence);
        return z + (z * z - 1) * Skewness / 6 + (z * z * z - 3 * z) * ExcessKurtosis / 24 - (2 * z * z * z - 5 * z) * Skewness * Skewness / 36;
    }

    /// <summary>−mean + σ·tail, a VaR or a shortfall.</summary>
    public double Loss(BentTail tail) => -Mean + Sigma * tail.Value;

    /// <summary>−mean − σ·h.</summary>
    /// <inheritdoc cref="Quantile"/>
    public double Var(decimal confidence) => Loss(VarTail(confidence));

    /// <summary>
    /// Expected shortfall by the Edgeworth expansion of the density below h (Boudt, Peterson, Croux 2008). At high kurtosis it breaks down:
    /// it can fall below the VaR or turn negative, which <see cref="OperationalShortfall"/> exceeding it shows.
    /// </summary>
    /// <inheritdoc cref="Quantile"/>
    public double Shortfall(decimal confidence) => Loss(ShortfallTail(confidence));

    /// <summary><see cref="Shortfall"/>, but at least the VaR.</summary>
    /// <inheritdoc cref="Quantile"/>
    public double OperationalShortfall(decimal confidence) => Math.Max(Shortfall(confidence), Var(confidence));

    /// <summary>Expected shortfall as the mean of −mean − σ·h over all tails up to the confidence's: consistent with the VaR wherever that is monotone.</summary>
    /// <inheritdoc cref="Quantile"/>
    public double QuantileMeanShortfall(decimal confidence) => Loss(QuantileMeanTail(confidence));

    /// <summary>The tail of <see cref="Var"/>: −h.</summary>
    /// <inheritdoc cref="Quantile"/>
    public BentTail VarTail(decimal confidence)
    {
        var (bySkewness, byKurtosis) = QuantileSlopes(ParametricVar.Normal01(confidence));
        return new BentTail(-Quantile(confidence), -bySkewness, -byKurtosis);
    }

    /// <summary>The tail of <see cref="Shortfall"/>: φ(h)·E/tail with the expansion E of the density, whose h bends with the moments, too.</summary>
    /// <inheritdoc cref="Quantile"/>
    public BentTail ShortfallTail(decimal confidence)
    {
        var (s, k, h) = (Skewness, ExcessKurtosis, Quantile(confidence));
        var (h2, h3, h4) = (h * h, h * h * h, h * h * h * h);
        var (withKurtosis, withSquare) = ((h4 - 2 * h2 - 1) / 24, (h4 * h2 - 9 * h4 + 9 * h2 + 3) / 72);
        var expansion = 1 + s / 6 * h3 + k * withKurtosis + s * s * withSquare;
        var byH = s / 2 * h2 + k * (h3 - h) / 6 + s * s * (h4 * h - 6 * h3 + 3 * h) / 12 - h * expansion;
        var (hBySkewness, hByKurtosis) = QuantileSlopes(ParametricVar.Normal01(confidence));
        var scale = Gaussian.PDF(0, 1, h) / (double)QuantileRank.Tail(confidence);
        return new BentTail(
            scale * expansion, scale * (byH * hBySkewness + h3 / 6 + 2 * s * withSquare), scale * (byH * hByKurtosis + withKurtosis));
    }

    /// <summary>The tail of <see cref="QuantileMeanShortfall"/>.</summary>
    /// <inheritdoc cref="Quantile"/>
    public BentTail QuantileMeanTail(decimal confidence)
    {
        var z = ParametricVar.Normal01(confidence);
        var scale = Gaussian.PDF(0, 1, z) / (double)QuantileRank.Tail(confidence);
        var (withKurtosis, withSquare) = ((z * z - 1) / 24, (2 * z * z - 1) / 36);
        return new BentTail(
            scale * (1 + Skewness / 6 * z + ExcessKurtosis * withKurtosis - Skewness * Skewness * withSquare),
            scale * (z / 6 - 2 * Skewness * withSquare),
            scale * withKurtosis);
    }

    private (double BySkewness, double ByKurtosis) QuantileSlopes(double z) =>
        ((z * z - 1) / 6 - (2 * z * z * z - 5 * z) * Skewness / 18, (z * z * z - 3 * z) / 24);
}

/// <summary>What σ is multiplied with for a figure, −mean + σ·value, and how fast that changes with the moments.</summary>
/// <param name="BySkewness">Change for one more of skewness.</param>
/// <param name="ByKurtosis">Change for one more of excess kurtosis.</param>
public readonly record struct BentTail(double Value, double BySkewness, double ByKurtosis);
