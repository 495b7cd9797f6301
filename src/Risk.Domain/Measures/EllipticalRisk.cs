namespace Risk.Domain.Measures;

/// <summary>
/// VaR and shortfall of a linear portfolio whose returns are normal, Student t or any other elliptical distribution: −mean + multiple·σ,
/// where the multiple belongs to the distribution and the confidence. Losses are positive, in the unit of the exposures. Computed once for
/// all multiples; costs positions³ operations.
/// </summary>
public sealed class EllipticalRisk
{
    private readonly double[] exposures;
    private readonly double[] means;
    private readonly double[] slopes;
    private readonly double mean;
    private readonly Lazy<double[]> sigmasWithout;

    /// <param name="exposures">Position values; negative when short.</param>
    /// <param name="covariance">Of the returns, as <see cref="Covariance.Matrix"/> gives it.</param>
    /// <param name="means">Mean returns per position; zero when null.</param>
    /// <exception cref="ArgumentException">The covariance or the means do not fit the exposures.</exception>
    public EllipticalRisk(double[] exposures, IReadOnlyList<double[]> covariance, double[]? means = null)
    {
        (this.exposures, this.means) = (exposures, means ?? new double[exposures.Length]);
        Sigma = PortfolioVolatility.Of(exposures, covariance);
        mean = Covariance.Dot(exposures, this.means);
        slopes = [.. Covariance.Times(covariance, exposures).Select(s => Sigma > 0 ? s / Sigma : 0)];
        sigmasWithout = new Lazy<double[]>(() => [.. exposures.Select((_, i) => PortfolioVolatility.Of([.. exposures.Select((x, j) => j == i ? 0 : x)], covariance))]);
    }

    /// <summary>Standard deviation of the P&amp;L; never negative.</summary>
    public double Sigma { get; }

    /// <summary>The standard deviation of the P&amp;L that is left without each position.</summary>
    public IReadOnlyList<double> SigmasWithout => sigmasWithout.Value;

    /// <summary>−mean + multiple·σ.</summary>
    public double Loss(double multiple) => multiple * Sigma - mean;

    /// <summary>The parts of <see cref="Loss"/> by Euler's theorem: it is proportional to the positions, so position × slope sums to it.</summary>
    public LossParts Parts(double multiple) => LossParts.Of(
        exposures,
        [.. slopes.Select((s, i) => multiple * s - means[i])],
        [.. exposures.Select((x, i) => (double?)(Loss(multiple) - (multiple * SigmasWithout[i] - (mean - x * means[i]))))]);
}
