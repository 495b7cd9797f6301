namespace Risk.Domain.Measures;

/// <summary>
/// Standard errors of volatilities by the delta method, with the fourth moment of the returns themselves: they hold whatever the
/// distribution, for independent returns of one distribution. Never negative; zero where nothing moves, not a number
/// where something does but its squares vanish.
/// </summary>
public static class VolatilityErrors
{
    /// <summary>Of <see cref="Volatility.Sample"/>: σ·√((m4/m2² − 1)/(4n)), moments about the mean; in the unit of the returns.</summary>
    /// <exception cref="ArgumentException">Fewer than two returns.</exception>
    public static double Sample(ReadOnlySpan<double> returns) =>
        Volatility.Sample(returns) * Math.Sqrt(SpreadOfSquares(returns, Volatility.Mean(returns)) / returns.Length) / 2;

    /// <summary>
    /// √((m4/m2² − 1)·Σw²), moments about zero: of a variance Σw·r² whose weights sum to one, as a share of it (<see cref="Ewma"/>). Half of
    /// it is that of the volatility.
    /// </summary>
    /// <param name="squaredWeights">Σw², above 0 and at most 1.</param>
    /// <exception cref="ArgumentException">No return.</exception>
    public static double OfWeighted(ReadOnlySpan<double> returns, double squaredWeights) => Math.Sqrt(SpreadOfSquares(returns, 0) * squaredWeights);

    /// <summary>
    /// Of <see cref="PortfolioVolatility.Contributions"/>, whose covariances and volatility go together: per period, in the unit of the exposures.
    /// </summary>
    /// <param name="exposures">Weights or position values.</param>
    /// <param name="series"><c>[asset][day]</c>.</param>
    /// <exception cref="ArgumentException">Series that do not fit the exposures, or no return.</exception>
    public static double[] Contributions(double[] exposures, IReadOnlyList<double[]> series)
    {
        var pnl = LinearPnl.Total(exposures, series);
        double[] whole = Deviations(pnl);
        var variance = Volatility.MeanSquare(whole);
        return [.. exposures.Select((x, i) =>
        {
            if (!(variance > 0)) return Array.TrueForAll(pnl, y => y == pnl[0]) ? 0 : double.NaN;
            var own = Deviations(series[i]);
            var (covariance, squares) = (Covariance.Dot(own, whole) / own.Length, 0.0);
            for (var t = 0; t < own.Length; t++)
            {
                var off = own[t] * whole[t] - covariance - covariance * (whole[t] * whole[t] / variance - 1) / 2;
                squares += off * off;
            }
            return Math.Abs(x) * Math.Sqrt(squares / variance) / own.Length;
        })];
    }

    /// <summary>m4/m2² − 1: the variance of the squares at a mean square of one.</summary>
    private static double SpreadOfSquares(ReadOnlySpan<double> returns, double centre)
    {
        Check.AtLeast(1, returns, nameof(returns));
        double meanSquare = 0, spread = 0;
        foreach (var r in returns) meanSquare += (r - centre) * (r - centre) / returns.Length;
        if (!(meanSquare > 0)) return returns.ContainsAnyExcept(centre) ? double.NaN : 0;
        foreach (var r in returns)
        {
            var off = (r - centre) * (r - centre) / meanSquare - 1;
            spread += off * off;
        }
        return spread / returns.Length;
    }

    private static double[] Deviations(double[] returns)
    {
        var mean = Volatility.Mean(returns);
        return [.. returns.Select(r => r - mean)];
    }
}
