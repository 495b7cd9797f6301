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
        var risk = new EllipticalRisk(exposures, covariance, means);
        var (atVar, atShortfall) = (ParametricVar.Normal(1, confidence), ParametricVar.NormalShortfall(1, confidence));
        var (var, shortfall) = (risk.Parts(atVar), risk.Parts(atShortfall));
        return new NormalComponents(
            risk.Loss(atVar), var.Marginal, var.Components, [.. var.Incremental.Select(x => x!.Value)], risk.Loss(atShortfall), shortfall.Components);
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
        var risk = new ModifiedRisk(exposures, returns, isSample: true);
        if (!(risk.Moments.Sigma > 0)) throw new ArgumentException("The portfolio never moves: it has no skewness or kurtosis.", nameof(returns));
        return new ModifiedComponents(risk.Moments.Var(confidence), risk.Parts(moments => moments.VarTail(confidence)).Components, risk.Moments.IsMonotone);
    }
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
