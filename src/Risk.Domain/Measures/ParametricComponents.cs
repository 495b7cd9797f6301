namespace Risk.Domain.Measures;

/// <summary>
/// What each position has to do with a parametric VaR, by Euler's theorem: the VaR is proportional to the positions, so position times
/// slope sums to it exactly. Figures are losses in the unit of the exposures: positive where the position adds risk.
/// </summary>
public static class ParametricComponents
{
    /// <param name="exposures">Position values; negative when short.</param>
    /// <param name="covariance">Of the returns, as <see cref="Covariance.Matrix"/> gives it.</param>
    /// <param name="means">Mean returns per position; zero when null.</param>
    /// <exception cref="ArgumentException">The covariance or the means do not fit the exposures, or a confidence outside (0, 1).</exception>
    public static NormalComponents Normal(double[] exposures, IReadOnlyList<double[]> covariance, decimal confidence, double[]? means = null)
    {
        var mu = means ?? new double[exposures.Length];
        var sigma = PortfolioVolatility.Of(exposures, covariance);
        var withPortfolio = Covariance.Times(covariance, exposures);
        var mean = Covariance.Dot(exposures, mu);
        double[] MarginalAt(double multiple) => [.. withPortfolio.Select((s, i) => (sigma > 0 ? multiple * s / sigma : 0) - mu[i])];
        var marginal = MarginalAt(ParametricVar.Normal(1, confidence));
        var total = ParametricVar.Normal(sigma, confidence, mean);
        return new NormalComponents(
            total,
            marginal,
            Times(exposures, marginal),
            [.. exposures.Select((_, i) => total - Without(i, exposures, covariance, confidence, mu))],
            ParametricVar.NormalShortfall(sigma, confidence, mean),
            Times(exposures, MarginalAt(ParametricVar.NormalShortfall(1, confidence))));
    }

    /// <summary>
    /// Components of the modified VaR (Boudt, Peterson, Croux 2008): exposure × slope of −mean − σ·h, with the variance from the sample
    /// covariance (n − 1) and the third and fourth moments with divisor n, mean included. They sum to the VaR.
    /// </summary>
    /// <param name="exposures">Position values; negative when short.</param>
    /// <param name="returns">As <c>[position][scenario]</c>.</param>
    /// <exception cref="ArgumentException">Returns that do not fit the exposures, fewer than two, a portfolio that never moves, or a confidence outside (0, 1).</exception>
    public static ModifiedComponents Modified(double[] exposures, IReadOnlyList<double[]> returns, decimal confidence)
    {
        Check.Rectangular(exposures.Length, returns, nameof(returns));
        var withPortfolio = Covariance.Times(Covariance.Matrix(returns), exposures);
        var m2 = Covariance.Dot(exposures, withPortfolio);
        if (!(m2 > 0)) throw new ArgumentException("The portfolio never moves: it has no skewness or kurtosis.", nameof(returns));
        var portfolio = Deviations(LinearPnl.Total(exposures, returns));
        var slopes = returns.Select(asset => MomentSlopes(Deviations(asset), portfolio)).ToArray();
        var (m3, m4) = (Times(exposures, [.. slopes.Select(s => s.Third / 3)]).Sum(), Times(exposures, [.. slopes.Select(s => s.Fourth / 4)]).Sum());
        var moments = CornishFisher.FromMoments(exposures.Select((x, i) => x * Volatility.Mean(returns[i])).Sum(), m2, m3, m4);
        var z = ParametricVar.Normal01(confidence);
        var (h, bySkewness, byKurtosis) = (
            moments.Quantile(confidence), (z * z - 1) / 6 - (2 * z * z * z - 5 * z) * moments.Skewness / 18, (z * z * z - 3 * z) / 24);
        var components = exposures.Select((x, i) =>
        {
            var slope2 = 2 * withPortfolio[i];
            var skewness = slopes[i].Third / Math.Pow(m2, 1.5) - 1.5 * m3 * slope2 / Math.Pow(m2, 2.5);
            var kurtosis = slopes[i].Fourth / (m2 * m2) - 2 * m4 * slope2 / (m2 * m2 * m2);
            return x * (-Volatility.Mean(returns[i]) - slope2 / (2 * moments.Sigma) * h - moments.Sigma * (bySkewness * skewness + byKurtosis * kurtosis));
        });
        return new ModifiedComponents(moments.Var(confidence), [.. components], moments.IsMonotone);
    }

    private static double Without(int position, double[] exposures, IReadOnlyList<double[]> covariance, decimal confidence, double[] means)
    {
        double[] rest = [.. exposures.Select((x, i) => i == position ? 0 : x)];
        return ParametricVar.Normal(PortfolioVolatility.Of(rest, covariance), confidence, Covariance.Dot(rest, means));
    }

    /// <summary>How the third and fourth central moments of the portfolio grow with the position: 3·E[d·p²] and 4·E[d·p³].</summary>
    private static (double Third, double Fourth) MomentSlopes(double[] asset, double[] portfolio)
    {
        double third = 0, fourth = 0;
        for (var t = 0; t < asset.Length; t++)
        {
            var term = asset[t] * portfolio[t] * portfolio[t];
            (third, fourth) = (third + term, fourth + term * portfolio[t]);
        }
        return (3 * third / asset.Length, 4 * fourth / asset.Length);
    }

    private static double[] Deviations(double[] values)
    {
        var mean = Volatility.Mean(values);
        return [.. values.Select(value => value - mean)];
    }

    private static double[] Times(double[] exposures, double[] slopes) => [.. exposures.Select((x, i) => x * slopes[i])];
}

/// <param name="Var">Of the portfolio.</param>
/// <param name="Marginal">Slope of the VaR per unit of exposure.</param>
/// <param name="Components">Exposure × slope; sums to the VaR.</param>
/// <param name="Incremental">VaR − VaR with the position closed to cash, each fully recomputed; does not sum to the VaR.</param>
/// <param name="Shortfall">Of the portfolio.</param>
/// <param name="ShortfallComponents">Exposure × slope of the shortfall; sums to it.</param>
public sealed record NormalComponents(
    double Var, double[] Marginal, double[] Components, double[] Incremental, double Shortfall, double[] ShortfallComponents);

/// <param name="IsMonotone">See <see cref="CornishFisher.IsMonotone"/>; false means that the figures deserve no trust.</param>
public sealed record ModifiedComponents(double Var, double[] Components, bool IsMonotone);
