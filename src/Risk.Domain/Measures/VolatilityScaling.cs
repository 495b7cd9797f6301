namespace Risk.Domain.Measures;

/// <summary>
/// Historical returns brought to today's volatility (Hull and White 1998): r*(t) = r(t)·σ(n+1)/σ(t), where σ(t) is the EWMA forecast made
/// for day t. A portfolio's series is scaled as one, or each asset by its own σ before the positions are applied.
/// </summary>
public static class VolatilityScaling
{
    /// <param name="returns">In ascending order of time.</param>
    /// <param name="lambda">Decay of the EWMA in (0, 1].</param>
    /// <param name="seedVariance">σ² forecast for the first day; the mean square of the returns when null.</param>
    /// <exception cref="ArgumentException">No return, λ out of range, a negative seed, or a return that met a forecast of zero.</exception>
    public static ScaledReturns Scale(ReadOnlySpan<double> returns, double lambda = Ewma.DefaultLambda, double? seedVariance = null)
    {
        return TryScale(returns, lambda, seedVariance)
            ?? throw new ArgumentException("A return moves though its forecast volatility is zero: the seed must be positive.", nameof(seedVariance));
    }

    /// <summary>As <see cref="Scale"/>, but null where a return moves though its forecast volatility is zero.</summary>
    internal static ScaledReturns? TryScale(ReadOnlySpan<double> returns, double lambda, double? seedVariance = null)
    {
        Check.AtLeast(1, returns, nameof(returns));
        var variances = Ewma.Forecasts(returns, lambda, seedVariance ?? Volatility.MeanSquare(returns));
        if (Factors(returns, variances) is not { } factors) return null;
        var scaled = new double[returns.Length];
        for (var t = 0; t < scaled.Length; t++) scaled[t] = returns[t] * factors[t];
        return new ScaledReturns(scaled, Math.Sqrt(variances[^1]));
    }

    /// <summary>
    /// σ(n+1)/σ(t) for each day; 1 on a day without movement and with a forecast of zero, which cash has. Null where a return moves though
    /// its forecast is zero.
    /// </summary>
    /// <param name="variances">The forecast for each day and, last, for the next.</param>
    internal static double[]? Factors(ReadOnlySpan<double> returns, double[] variances)
    {
        var next = Math.Sqrt(variances[^1]);
        var factors = new double[returns.Length];
        for (var t = 0; t < factors.Length; t++)
        {
            if (variances[t] == 0 && returns[t] != 0) return null;
            factors[t] = variances[t] == 0 ? 1 : next / Math.Sqrt(variances[t]);
        }
        return factors;
    }
}

/// <summary>Scaled returns, in the order of the input, and the volatility they were brought to: the forecast for the next day.</summary>
public sealed record ScaledReturns(double[] Returns, double NextVolatility);
