namespace Risk.Domain.Measures;

/// <summary>
/// What each position has to do with simulated figures: the mean loss of each position over the paths of the tail, the same paths that gave
/// the figure. Losses are positive, in the unit of the exposures.
/// </summary>
/// <param name="risk">Of the same exposures and covariance as the simulation, with means of zero.</param>
/// <param name="pnl">Of the simulation, with the ranks that <see cref="SimulatedTail.RanksNeeded"/> says.</param>
public sealed class SimulatedParts(double[] exposures, MonteCarlo simulation, EllipticalRisk risk, SortedPnl pnl)
{
    /// <summary>From the paths around the VaR, <see cref="SimulatedTail.AroundVar"/>, rescaled to add up to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public LossParts Var(SimulatedTail tail) => Of(SimulatedTail.AroundVar(pnl, tail.Confidence), tail.Var);

    /// <summary>From all paths of the tail.</summary>
    /// <inheritdoc cref="Var"/>
    public LossParts Shortfall(SimulatedTail tail) => Of(ExpectedShortfall.Scenarios(pnl, tail.Confidence), tail.Shortfall);

    private LossParts Of(IReadOnlyList<ScenarioWeight> paths, double loss)
    {
        double[] slopes = [.. simulation.Returns(paths).Select(r => -r)];
        var sum = Covariance.Dot(exposures, slopes);
        var rescale = sum != 0 ? loss / sum : 1;
        // The P&L of any linear portfolio has the distribution of this one, times its σ: the same draws give the figure of the rest.
        return LossParts.Of(
            exposures,
            [.. slopes.Select(slope => slope * rescale)],
            [.. risk.SigmasWithout.Select(sigma => (double?)(risk.Sigma > 0 ? loss - loss * sigma / risk.Sigma : 0))]);
    }
}
