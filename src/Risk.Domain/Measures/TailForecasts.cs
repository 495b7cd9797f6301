namespace Risk.Domain.Measures;

/// <summary>
/// Methods for <see cref="WalkForward"/> beside plain historical simulation. Each reads a window of P&amp;L, oldest first, and gives VaR and
/// shortfall of the next day as positive losses.
/// </summary>
public static class TailForecasts
{
    /// <summary>The decay of <see cref="AgeWeighted"/>.</summary>
    public const double AgeDecay = 0.98;

    /// <summary>Historical simulation with fading scenarios; VaR interpolated in the cumulative weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast AgeWeighted(decimal confidence, double lambda = AgeDecay)
    {
        QuantileRank.Tail(confidence);
        return past =>
        {
            var tail = AgeWeightedVar.Of(past, lambda, confidence);
            return (tail.VarInterpolated, tail.Shortfall);
        };
    }

    /// <summary>Historical simulation of the P&amp;L brought to the volatility that an EWMA forecasts for the next day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast VolatilityScaled(decimal confidence, double lambda = Ewma.DefaultLambda)
    {
        var historical = WalkForward.Historical(confidence);
        return past => historical(VolatilityScaling.Scale(past, lambda).Returns);
    }

    /// <summary>Normal with mean and standard deviation of the window.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast Normal(decimal confidence)
    {
        QuantileRank.Tail(confidence);
        return past =>
        {
            var (sigma, mean) = (Volatility.Sample(past), Volatility.Mean(past));
            return (ParametricVar.Normal(sigma, confidence, mean), ParametricVar.NormalShortfall(sigma, confidence, mean));
        };
    }

    /// <summary>The normal quantile bent by skewness and kurtosis of the window; the shortfall at least the VaR.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast CornishFisher(decimal confidence)
    {
        QuantileRank.Tail(confidence);
        return past =>
        {
            var moments = Measures.CornishFisher.Of(past);
            return (moments.Var(confidence), moments.OperationalShortfall(confidence));
        };
    }
}
