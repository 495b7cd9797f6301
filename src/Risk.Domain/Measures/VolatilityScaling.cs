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
        Check.AtLeast(1, returns, nameof(returns));
        var variances = Ewma.Forecasts(returns, lambda, seedVariance ?? Volatility.MeanSquare(returns));
        var next = Math.Sqrt(variances[^1]);
        var scaled = new double[returns.Length];
        for (var t = 0; t < scaled.Length; t++)
        {
            // A day without movement stays one, whatever was forecast for it: cash has a volatility of zero.
            if (returns[t] == 0) continue;
            if (variances[t] == 0)
                throw new ArgumentException($"Return {t} moves though its forecast volatility is zero: the seed must be positive.", nameof(seedVariance));
            scaled[t] = returns[t] * next / Math.Sqrt(variances[t]);
        }
        return new ScaledReturns(scaled, next);
    }
}

/// <summary>Scaled returns, in the order of the input, and the volatility they were brought to: the forecast for the next day.</summary>
public sealed record ScaledReturns(double[] Returns, double NextVolatility);
