namespace Risk.Domain.Measures;

/// <summary>
/// How VaR and shortfall are read off scenarios: by conventions, or weighted by age. Each figure is −Σ weight·P&amp;L over the scenarios
/// that set it, so its parts by position follow from the same weights.
/// </summary>
/// <param name="AgeLambda">Decay of the weights with age, in (0, 1]; null weighs all scenarios alike.</param>
/// <param name="Quantile">With weights by age only type 1 (discrete) and type 4 (interpolated) are defined.</param>
/// <param name="Shortfall">With weights by age only Acerbi–Tasche is defined.</param>
public sealed record TailReading(
    QuantileConvention Quantile = QuantileConvention.Type7, ShortfallConvention Shortfall = ShortfallConvention.AcerbiTasche, double? AgeLambda = null)
{
    /// <summary>The one or two scenarios that set the VaR, worst first.</summary>
    /// <exception cref="ArgumentException">A confidence outside (0, 1), λ out of range, or a convention that is not defined with weights.</exception>
    public IReadOnlyList<ScenarioWeight> VarScenarios(SortedPnl pnl, decimal confidence)
    {
        if (AgeLambda is not { } lambda) return HistoricalVar.Scenarios(pnl, confidence, Quantile);
        if (Quantile is not (QuantileConvention.Type1 or QuantileConvention.Type4))
            throw new ArgumentException($"{Quantile} is not defined for weighted scenarios.", nameof(pnl));
        return AgeWeightedVar.VarScenarios(pnl, lambda, confidence, isInterpolated: Quantile == QuantileConvention.Type4);
    }

    /// <summary>The scenarios that set the shortfall, worst first; empty where it is not applicable.</summary>
    /// <inheritdoc cref="VarScenarios"/>
    public IReadOnlyList<ScenarioWeight> ShortfallScenarios(SortedPnl pnl, decimal confidence)
    {
        if (AgeLambda is not { } lambda) return ExpectedShortfall.Scenarios(pnl, confidence, Shortfall, Quantile);
        if (Shortfall != ShortfallConvention.AcerbiTasche) throw new ArgumentException($"{Shortfall} is not defined for weighted scenarios.", nameof(pnl));
        return AgeWeightedVar.ShortfallScenarios(pnl, lambda, confidence);
    }

    /// <summary>−Σ weight·P&amp;L.</summary>
    /// <inheritdoc cref="VarScenarios"/>
    public double Var(SortedPnl pnl, decimal confidence)
    {
        if (AgeLambda is not { } lambda) return HistoricalVar.Of(pnl, confidence, Quantile);
        var tail = AgeWeightedVar.Of(pnl, lambda, confidence);
        return Quantile == QuantileConvention.Type4 ? tail.VarInterpolated : tail.VarDiscrete;
    }

    /// <summary>Where the true VaR lies with 95 % probability, whatever the distribution; scenarios are taken for independent.</summary>
    /// <inheritdoc cref="VarScenarios"/>
    public VarInterval Interval(SortedPnl pnl, decimal confidence) =>
        AgeLambda is { } lambda ? AgeWeightedVar.Interval(pnl, lambda, confidence) : HistoricalVar.Interval(pnl, confidence);

    /// <summary>
    /// How far the shortfall is off on average because it comes from finitely many independent scenarios: √Σ(w·(y − ȳ))²/tail with the weights w
    /// and y the loss beyond the VaR (Chen 2008, for equal weights); null where no loss lies beyond it, or the squares leave the range of a double. Too small where few scenarios make the tail.
    /// </summary>
    /// <inheritdoc cref="VarScenarios"/>
    public double? ShortfallError(SortedPnl pnl, decimal confidence)
    {
        var weights = AgeLambda is { } lambda ? AgeWeightedVar.Weights(pnl.Count, lambda) : null;
        var (var, mean, squares) = (Var(pnl, confidence), 0.0, 0.0);
        double Weight(int rank) => weights?[pnl.ScenarioAt(rank)] ?? 1.0 / pnl.Count;
        double Beyond(int rank) => Math.Max(0, -pnl[rank] - var);
        if (!(Beyond(1) > 0)) return null;
        for (var rank = 1; rank <= pnl.Count; rank++) mean += Weight(rank) * Beyond(rank);
        for (var rank = 1; rank <= pnl.Count; rank++) squares += Math.Pow(Weight(rank) * (Beyond(rank) - mean), 2);
        return double.IsNormal(squares) ? Math.Sqrt(squares) / (double)QuantileRank.Tail(confidence) : null;
    }

    /// <summary>−Σ weight·P&amp;L; null where the convention's tail is empty.</summary>
    /// <inheritdoc cref="VarScenarios"/>
    public double? ShortfallOf(SortedPnl pnl, decimal confidence) =>
        AgeLambda is { } lambda ? AgeWeightedVar.Of(pnl, lambda, confidence).Shortfall : ExpectedShortfall.Of(pnl, confidence, Shortfall, Quantile);
}
