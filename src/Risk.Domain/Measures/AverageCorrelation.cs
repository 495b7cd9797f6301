namespace Risk.Domain.Measures;

/// <summary>How much the positions of a portfolio move together.</summary>
public static class AverageCorrelation
{
    /// <summary>
    /// The weighted average pairwise correlation, Σ wᵢ·wⱼ·ρᵢⱼ / Σ wᵢ·wⱼ over the pairs i &lt; j. Computed in one pass as
    /// (|Σ wᵢ·zᵢ|² − Σ wᵢ²) / ((Σ wᵢ)² − Σ wᵢ²) with zᵢ the standardised series, which is the same without a matrix. What never moves has no
    /// correlation and is left out. Null if fewer than two series are left. −1 … 1.
    /// </summary>
    /// <param name="weights">Not negative, one a series.</param>
    /// <param name="series"><c>[position][scenario]</c>: P&amp;L or returns; a short position's carry its sign, so that a hedge counts as one.</param>
    /// <exception cref="ArgumentException">Different lengths, a negative or infinite number, or fewer than two scenarios.</exception>
    public static double? Of(ReadOnlySpan<double> weights, IReadOnlyList<double[]> series)
    {
        Check.Rectangular(weights.Length, series, nameof(series));
        Check.Finite(weights, nameof(weights));
        var largest = 0d;
        foreach (var weight in weights)
            largest = weight >= 0 ? Math.Max(largest, weight) : throw new ArgumentException($"A weight of {weight} is negative.", nameof(weights));
        if (series.Count == 0 || largest == 0) return null;
        var sum = new double[series[0].Length];
        var (total, squares, count) = (0d, 0d, 0);
        for (var i = 0; i < series.Count; i++)
        {
            var weight = weights[i] / largest;
            if (weight == 0 || !AddStandardised(series[i], weight, sum)) continue;
            (total, squares, count) = (total + weight, squares + weight * weight, count + 1);
        }
        var pairs = total * total - squares;
        return count < 2 || !(pairs > 0) ? null : Math.Clamp((Covariance.Dot(sum, sum) - squares) / pairs, -1, 1);
    }

    /// <summary>Adds weight × the series at mean 0 and length 1; false, adding nothing, if it never moves.</summary>
    private static bool AddStandardised(double[] values, double weight, double[] sum)
    {
        Check.Finite(values, nameof(values));
        var scale = Math.Sqrt(Volatility.SampleVariance(values) * (values.Length - 1));
        if (!(scale > 0 && double.IsFinite(scale))) return false;
        var mean = Volatility.Mean(values);
        for (var s = 0; s < sum.Length; s++) sum[s] += weight * ((values[s] - mean) / scale);
        return true;
    }
}
