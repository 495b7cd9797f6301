namespace Risk.Domain.Measures;

/// <summary>
/// The relative bid-ask spread (ask − bid) / mid, as a ratio, and what selling into it adds to a VaR: the exogenous liquidity cost of
/// Bangia, Diebold, Schuermann and Stroughair, "Modeling Liquidity Risk" (1999), ½·|value|·(mean + a·deviation). It is added to the VaR of
/// the price, since wide spreads and falling prices come together; so a portfolio's cost is the sum of its positions'.
/// </summary>
/// <param name="MeanRatio">Never negative.</param>
/// <param name="DeviationRatio">Sample standard deviation over the history; 0 where only the present spread is known.</param>
public readonly record struct BidAskSpread(double MeanRatio, double DeviationRatio)
{
    /// <summary>The paper's a, for the 99 % tail of spreads: between 2 for normal ones and 4.5 for the most erratic.</summary>
    public const double UsualScale = 3;

    /// <summary>The present spread. Null unless 0 &lt; bid ≤ ask, finite: a crossed or one-sided quote is no spread.</summary>
    public static BidAskSpread? Of(double bid, double ask) =>
        bid > 0 && ask >= bid && double.IsFinite(ask) ? new BidAskSpread((ask - bid) / (0.5 * bid + 0.5 * ask), 0) : null;

    /// <summary>Mean and deviation of relative spreads observed over time.</summary>
    /// <exception cref="ArgumentException">Fewer than two, or one that is negative or not finite.</exception>
    public static BidAskSpread OfHistory(ReadOnlySpan<double> ratios)
    {
        Check.Finite(ratios, nameof(ratios));
        foreach (var ratio in ratios)
            if (ratio < 0) throw new ArgumentException($"A spread of {ratio} is negative.", nameof(ratios));
        return new BidAskSpread(Volatility.Mean(ratios), Volatility.Sample(ratios));
    }

    /// <summary>What it costs to sell, or buy back, a position: ½·|value|·(mean + scale·deviation), in the currency of the value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value that is not finite, or a scale that is negative or not finite.</exception>
    public double LiquidityCost(double value, double scale = UsualScale)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "Must be finite.");
        if (!(scale >= 0 && double.IsFinite(scale))) throw new ArgumentOutOfRangeException(nameof(scale), scale, "Must be finite and not negative.");
        return 0.5 * Math.Abs(value) * (MeanRatio + scale * DeviationRatio);
    }
}
