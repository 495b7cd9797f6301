namespace Risk.Domain.Measures;

/// <summary>How few positions carry a portfolio, and how much they offset each other. All figures are ratios.</summary>
public static class Concentration
{
    /// <summary>Herfindahl–Hirschman index: Σ weight². 1 for a single position, 1/n for n equal ones; 0 for none.</summary>
    public static double Hhi(ReadOnlySpan<double> weights)
    {
        Check.Finite(weights, nameof(weights));
        var sum = 0.0;
        foreach (var w in weights) sum += w * w;
        return sum;
    }

    /// <summary>|value| / Σ|value|: weights of the gross exposure, so that shorts concentrate too. All zero when nothing is held.</summary>
    public static double[] GrossWeights(ReadOnlySpan<double> values)
    {
        Check.Finite(values, nameof(values));
        var weights = new double[values.Length];
        var gross = 0.0;
        foreach (var value in values) gross += Math.Abs(value);
        for (var i = 0; i < weights.Length; i++) weights[i] = gross > 0 ? Math.Abs(values[i]) / gross : 0;
        return weights;
    }

    /// <summary>1/HHI: the number of equal positions that would be as concentrated. Null when nothing is held.</summary>
    public static double? EffectivePositions(ReadOnlySpan<double> weights) => Hhi(weights) is > 0 and var hhi ? 1 / hhi : null;

    /// <summary>½·Σ|weight − benchmark weight|: the share of the portfolio that differs from the benchmark (Cremers and Petajisto 2009); 0 … 1 without shorts.</summary>
    /// <exception cref="ArgumentException">Different lengths, or a weight that is not finite.</exception>
    public static double ActiveShare(ReadOnlySpan<double> weights, ReadOnlySpan<double> benchmarkWeights)
    {
        Check.SameLength(weights.Length, benchmarkWeights.Length, nameof(benchmarkWeights));
        Check.Finite(weights, nameof(weights));
        Check.Finite(benchmarkWeights, nameof(benchmarkWeights));
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += Math.Abs(weights[i] - benchmarkWeights[i]);
        return sum / 2;
    }

    /// <summary>
    /// Σ weight·σ(i) / √(w'Sw): how many times the volatility would be larger if nothing offset anything (Choueifaty and Coignard 2008).
    /// Null when the portfolio never moves.
    /// </summary>
    /// <param name="weights">Or exposures; negative when short.</param>
    /// <exception cref="ArgumentException">The matrix does not fit the weights.</exception>
    public static double? DiversificationRatio(double[] weights, IReadOnlyList<double[]> covariance)
    {
        var whole = PortfolioVolatility.Of(weights, covariance);
        return whole > 0 ? weights.Select((w, i) => w * Math.Sqrt(covariance[i][i])).Sum() / whole : null;
    }

    /// <summary>√((w − b)'S(w − b)): the tracking error against a benchmark that the covariance foresees, per period.</summary>
    /// <exception cref="ArgumentException">The benchmark or the matrix does not fit the weights.</exception>
    public static double TrackingError(double[] weights, double[] benchmarkWeights, IReadOnlyList<double[]> covariance)
    {
        Check.SameLength(weights.Length, benchmarkWeights.Length, nameof(benchmarkWeights));
        return PortfolioVolatility.Of([.. weights.Select((w, i) => w - benchmarkWeights[i])], covariance);
    }

    /// <summary>The sum of the <paramref name="count"/> largest weights; of all when there are fewer.</summary>
    /// <exception cref="ArgumentException">A negative count, or a weight that is not finite.</exception>
    public static double Top(ReadOnlySpan<double> weights, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Check.Finite(weights, nameof(weights));
        var sorted = weights.ToArray();
        Array.Sort(sorted, (a, b) => b.CompareTo(a));
        return sorted.Take(count).Sum();
    }

    /// <summary>
    /// 1 − VaR / Σ stand-alone VaR: the share of risk that the positions take off each other. Below zero where the VaR is not
    /// sub-additive. Null when the stand-alone VaRs do not sum to a positive figure.
    /// </summary>
    public static double? DiversificationBenefit(double portfolioVar, ReadOnlySpan<double> standAloneVars)
    {
        var sum = 0.0;
        foreach (var alone in standAloneVars) sum += alone;
        return sum > 0 ? 1 - portfolioVar / sum : null;
    }
}
