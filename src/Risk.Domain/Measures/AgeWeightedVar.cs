namespace Risk.Domain.Measures;

/// <summary>
/// Historical VaR with scenarios that fade with age (Boudoukh, Richardson, Whitelaw 1998): the scenario i days old weighs
/// λⁱ(1 − λ)/(1 − λⁿ), the newest being i = 0. Figures are positive losses in the unit of the P&amp;L.
/// </summary>
public static class AgeWeightedVar
{
    /// <param name="pnl">In ascending order of time.</param>
    /// <param name="lambda">Decay in (0, 1]; 1 weighs all scenarios alike.</param>
    /// <exception cref="ArgumentException">No scenario, a P&amp;L that is not finite, or λ or the confidence out of range.</exception>
    public static AgeWeightedTail Of(ReadOnlySpan<double> pnl, double lambda, decimal confidence) => Of(new SortedPnl(pnl), lambda, confidence);

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, double, decimal)"/>
    public static AgeWeightedTail Of(SortedPnl sorted, double lambda, decimal confidence)
    {
        var weights = Weights(sorted.Count, lambda);
        var (rank, before, upTo) = Boundary(sorted, weights, confidence);
        var tail = (double)QuantileRank.Tail(confidence);
        var losses = 0.0;
        for (var worse = 1; worse < rank; worse++) losses -= weights[sorted.ScenarioAt(worse)] * sorted[worse];
        return new AgeWeightedTail(
            VarDiscrete: -sorted[rank],
            VarInterpolated: rank == 1 ? -sorted[1] : -Interpolate(sorted[rank - 1], sorted[rank], Math.Min(1, (tail - before) / (upTo - before))),
            Shortfall: (losses - (tail - before) * sorted[rank]) / tail,
            Rank: rank);
    }

    /// <summary>The scenarios whose weighted P&amp;L is −VaR, worst first: the boundary, and the one before it when interpolated.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{double}, double, decimal)"/>
    public static IReadOnlyList<ScenarioWeight> VarScenarios(SortedPnl pnl, double lambda, decimal confidence, bool isInterpolated)
    {
        var (rank, before, upTo) = Boundary(pnl, Weights(pnl.Count, lambda), confidence);
        if (!isInterpolated || rank == 1) return [new ScenarioWeight(pnl.ScenarioAt(rank), 1)];
        var share = Math.Min(1, ((double)QuantileRank.Tail(confidence) - before) / (upTo - before));
        return [new ScenarioWeight(pnl.ScenarioAt(rank - 1), 1 - share), new ScenarioWeight(pnl.ScenarioAt(rank), share)];
    }

    /// <summary>The scenarios whose weighted P&amp;L is −ES, worst first; the weights sum to one.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{double}, double, decimal)"/>
    public static IReadOnlyList<ScenarioWeight> ShortfallScenarios(SortedPnl pnl, double lambda, decimal confidence)
    {
        var weights = Weights(pnl.Count, lambda);
        var (last, before, _) = Boundary(pnl, weights, confidence);
        var tail = (double)QuantileRank.Tail(confidence);
        return [.. Enumerable.Range(1, last).Select(rank =>
            new ScenarioWeight(pnl.ScenarioAt(rank), (rank == last ? tail - before : weights[pnl.ScenarioAt(rank)]) / tail))];
    }

    /// <summary>
    /// The interval of the VaR as that of <see cref="HistoricalVar.Interval"/>, for as many scenarios as the weights are worth: 1/Σw²
    /// (Kish 1965), their order statistics being read at the same shares of the weight. With λ = 1 it is that interval.
    /// </summary>
    /// <inheritdoc cref="HistoricalVar.Interval"/>
    public static VarInterval Interval(SortedPnl pnl, double lambda, decimal confidence, double level = 0.95)
    {
        var weights = Weights(pnl.Count, lambda);
        var worth = Worth(pnl.Count, lambda);
        var (low, high) = HistoricalVar.IntervalRanks(worth, confidence, level);
        int? lowRank = low is { } l ? RankAt(pnl, weights, (double)l / worth) : null, highRank = high is { } h ? RankAt(pnl, weights, (double)h / worth) : null;
        return new VarInterval(lowRank is { } x ? -pnl[x] : null, highRank is { } y ? -pnl[y] : null, lowRank, highRank);
    }

    /// <summary>As how many scenarios of equal weight: 1/Σw², rounded, at least 1.</summary>
    /// <inheritdoc cref="Weights"/>
    public static int Worth(int count, double lambda) => Math.Max(1, (int)Math.Round(1 / Weights(count, lambda).Sum(w => w * w)));

    /// <summary>The first rank at which the weights of the worst add up to the share; sums of as many weights are right to 10⁻¹².</summary>
    private static int RankAt(SortedPnl pnl, double[] weights, double share)
    {
        var (rank, sum) = (1, weights[pnl.ScenarioAt(1)]);
        while (sum < share - 1e-12 && rank < pnl.Count) sum += weights[pnl.ScenarioAt(++rank)];
        return rank;
    }

    /// <summary>The first rank at which the weights of the worst add up to the tail, and what they add up to before and with it.</summary>
    private static (int Rank, double Before, double UpTo) Boundary(SortedPnl sorted, double[] weights, decimal confidence)
    {
        var tail = (double)QuantileRank.Tail(confidence);
        var rank = 0;
        double before, upTo = 0;
        do (before, upTo) = (upTo, upTo + weights[sorted.ScenarioAt(++rank)]);
        while (upTo < tail && rank < sorted.Count);
        return (rank, before, upTo);
    }

    /// <summary>The weights in the order of the scenarios, oldest first; they sum to one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No scenario, or λ outside (0, 1].</exception>
    public static double[] Weights(int count, double lambda)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Check.Lambda(lambda);
        var weights = new double[count];
        var (weight, sum) = (1.0, 0.0);
        for (var i = count - 1; i >= 0; i--, weight *= lambda) sum += weights[i] = weight;
        for (var i = 0; i < count; i++) weights[i] /= sum;
        return weights;
    }

    private static double Interpolate(double from, double to, double share) => from + share * (to - from);
}

/// <summary>The tail of age-weighted scenarios, sorted worst first with cumulative weight W.</summary>
/// <param name="VarDiscrete">The loss of the first scenario with W ≥ tail.</param>
/// <param name="VarInterpolated">Linear in W between that scenario and the one before; the worst loss when it is the first.</param>
/// <param name="Shortfall">Weighted mean loss of the tail; the boundary scenario takes the part of the tail that is left (Acerbi–Tasche).</param>
/// <param name="Rank">1-based rank of the boundary scenario.</param>
public sealed record AgeWeightedTail(double VarDiscrete, double VarInterpolated, double Shortfall, int Rank);
