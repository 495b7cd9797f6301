namespace Risk.Domain.Measures;

/// <summary>
/// How far the figures of a mix of assets with fixed weights are off on average for want of periods, in the unit of each, per period: first
/// order (delta method) with the moments of the mix's own returns, periods independent. That the weights were chosen on these returns is not
/// counted. Null where a figure has no denominator, not a number where the squares of the moves vanish.
/// </summary>
/// <param name="Variance">2σ × that of the volatility.</param>
/// <param name="Volatility">See <see cref="VolatilityErrors.Sample"/>.</param>
/// <param name="Mean">σ/√n.</param>
/// <param name="HasHeavyTails">Those of variance and volatility come out too small, <see cref="HeavyTails.SpoilSigma"/>.</param>
/// <param name="Sharpe">As that of <see cref="PerformanceErrors"/>, of the mean less a constant.</param>
public sealed record MixErrors(double Variance, double Volatility, double Mean, double? Sharpe, bool HasHeavyTails = false)
{
    /// <param name="series"><c>[asset][period]</c>, two periods or more.</param>
    /// <param name="riskFree">Per period.</param>
    /// <exception cref="ArgumentException">Series that do not fit the weights, or fewer than two periods.</exception>
    public static MixErrors Of(double[] weights, IReadOnlyList<double[]> series, double riskFree = 0)
    {
        var mix = LinearPnl.Total(weights, series);
        var (sigma, error) = (Measures.Volatility.Sample(mix), VolatilityErrors.Sample(mix));
        double[] excess = [.. mix.Select(x => x - riskFree)];
        return new MixErrors(
            2 * sigma * error, error, double.IsNaN(error) ? error : sigma / Math.Sqrt(mix.Length),
            sigma > 0 ? (Estimate.Mean(excess) / Estimate.Deviation(excess)).StandardError : null, HeavyTails.SpoilSigma(mix));
    }
}
