namespace Risk.Domain.Measures;

/// <summary>
/// Standard deviation of a linear portfolio from the covariance of its assets. With weights the figures are ratios per period; with
/// exposures in currency they are the standard deviation of the P&amp;L in that currency.
/// </summary>
public static class PortfolioVolatility
{
    /// <summary>√(x'Sx), never below zero.</summary>
    /// <param name="exposures">Weights or position values; negative when short.</param>
    /// <param name="covariance">S, as <see cref="Covariance.Matrix"/> gives it.</param>
    /// <exception cref="ArgumentException">The matrix does not fit the exposures.</exception>
    public static double Of(double[] exposures, IReadOnlyList<double[]> covariance) =>
        Math.Sqrt(Math.Max(0, Covariance.Dot(exposures, Covariance.Times(covariance, exposures))));

    /// <summary>x(i)·(Sx)(i)/σ: what each position contributes; sums to σ. All zero when σ is.</summary>
    /// <inheritdoc cref="Of"/>
    public static double[] Contributions(double[] exposures, IReadOnlyList<double[]> covariance)
    {
        var withPortfolio = Covariance.Times(covariance, exposures);
        var sigma = Of(exposures, covariance);
        return [.. exposures.Select((x, i) => sigma > 0 ? x * withPortfolio[i] / sigma : 0)];
    }
}
