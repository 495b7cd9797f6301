namespace Risk.Domain.Measures;

/// <summary>
/// P&amp;L of today's position values over historical returns: value·return, in the currency of the values; positive = gain. Returns are
/// <c>returns[position][scenario]</c>. For positions whose value moves in proportion to the return; the live path is in the room Scenarios.
/// </summary>
public static class LinearPnl
{
    /// <summary>The P&amp;L of the portfolio in each scenario.</summary>
    /// <exception cref="ArgumentException">No position, as many series as positions are expected, or series of different lengths.</exception>
    public static double[] Total(double[] values, IReadOnlyList<double[]> returns) => Sum(ByPosition(values, returns));

    /// <summary>The P&amp;L as <c>[position][scenario]</c>.</summary>
    /// <inheritdoc cref="Total"/>
    public static double[][] ByPosition(double[] values, IReadOnlyList<double[]> returns)
    {
        Check.Rectangular(values.Length, returns, nameof(returns));
        Check.AtLeast(1, values, nameof(values));
        return [.. values.Select((value, i) => returns[i].Select(r => value * r).ToArray())];
    }

    /// <summary>The sum over the positions in each scenario, optionally without one of them.</summary>
    /// <exception cref="ArgumentException">No position, or series of different lengths.</exception>
    public static double[] Sum(IReadOnlyList<double[]> byPosition, int? without = null)
    {
        if (byPosition.Count == 0) throw new ArgumentException("At least one position is needed.", nameof(byPosition));
        Check.Rectangular(byPosition.Count, byPosition, nameof(byPosition));
        var sum = new double[byPosition[0].Length];
        for (var i = 0; i < byPosition.Count; i++)
        {
            if (i == without) continue;
            for (var s = 0; s < sum.Length; s++) sum[s] += byPosition[i][s];
        }
        return sum;
    }
}
