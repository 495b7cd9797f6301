namespace Risk.Domain.Measures;

/// <summary>
/// Returns from prices in ascending order of time, as ratios (0.01 is one percent). The first price of a series gives none, so fewer than
/// two prices give an empty array. A price that is not positive and finite throws: a missing price must be dealt with before it gets here.
/// </summary>
public static class Returns
{
    /// <summary>r(t) = P(t)/P(t−1) − 1; one fewer than there are prices.</summary>
    /// <exception cref="ArgumentException">A price is not positive and finite.</exception>
    public static double[] Simple(ReadOnlySpan<double> prices) => Overlapping(prices, 1);

    /// <summary>r(t) = ln(P(t)/P(t−1)).</summary>
    /// <inheritdoc cref="Simple"/>
    public static double[] Log(ReadOnlySpan<double> prices)
    {
        var ratios = Ratios(prices, 1);
        for (var t = 0; t < ratios.Length; t++) ratios[t] = Math.Log(ratios[t]);
        return ratios;
    }

    /// <summary>Simple returns over <paramref name="horizonDays"/> prices, one starting each day: P(t)/P(t−h) − 1. Empty when there are at most h prices.</summary>
    /// <exception cref="ArgumentException">A price is not positive and finite, or the horizon is below one day.</exception>
    public static double[] Overlapping(ReadOnlySpan<double> prices, int horizonDays)
    {
        var ratios = Ratios(prices, horizonDays);
        for (var t = 0; t < ratios.Length; t++) ratios[t] -= 1;
        return ratios;
    }

    /// <summary>Returns over <paramref name="horizonDays"/> days from those of one day, one starting each day: Π(1 + r) − 1. Empty when there are fewer days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is below one day.</exception>
    public static double[] Compounded(ReadOnlySpan<double> returns, int horizonDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonDays, 1);
        var compounded = new double[Math.Max(0, returns.Length - horizonDays + 1)];
        for (var t = 0; t < compounded.Length; t++)
        {
            var wealth = 1.0;
            foreach (var r in returns.Slice(t, horizonDays)) wealth *= 1 + r;
            compounded[t] = wealth - 1;
        }
        return compounded;
    }

    /// <summary>
    /// The return in base currency of something quoted in another: (1 + local)(1 + fx) − 1, scenario by scenario, where
    /// <paramref name="fx"/> is the simple return of the price of one unit of the other currency in base currency.
    /// </summary>
    /// <exception cref="ArgumentException">The two have different lengths.</exception>
    public static double[] InBaseCurrency(ReadOnlySpan<double> local, ReadOnlySpan<double> fx)
    {
        Check.SameLength(local.Length, fx.Length, nameof(fx));
        var combined = new double[local.Length];
        for (var t = 0; t < combined.Length; t++) combined[t] = (1 + local[t]) * (1 + fx[t]) - 1;
        return combined;
    }

    private static double[] Ratios(ReadOnlySpan<double> prices, int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        foreach (var price in prices)
            if (!(price > 0 && double.IsFinite(price))) throw new ArgumentException($"A price must be positive and finite, not {price}.", nameof(prices));
        var ratios = new double[Math.Max(0, prices.Length - step)];
        for (var t = 0; t < ratios.Length; t++) ratios[t] = prices[t + step] / prices[t];
        return ratios;
    }
}
