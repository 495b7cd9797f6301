using Risk.Domain.Instruments;

namespace Risk.Domain.Options;

/// <summary>Why no volatility gives a price.</summary>
public enum NoVolatility
{
    /// <summary>At expiry the value does not depend on the volatility.</summary>
    Expired,

    /// <summary>Below the discounted intrinsic value, or below zero: free money, not a volatility.</summary>
    BelowIntrinsic,

    /// <summary>The discounted intrinsic value itself, as far as the digits of the price tell: any small volatility gives it.</summary>
    NoTimeValue,

    /// <summary>A call at or above the discounted spot, a put at or above the discounted strike: no volatility is large enough.</summary>
    AboveBound,
}

/// <summary>The volatility at which Black–Scholes–Merton gives a price, or the reason why there is none. Exactly one of the two is given.</summary>
public readonly record struct ImpliedVolatility
{
    private const int MaxSteps = 200;
    private const double UnitRoundOff = 1.1102230246251565e-16;

    private ImpliedVolatility(double? value, NoVolatility? reason) => (Value, Reason) = (value, reason);

    /// <summary>Per year, as a ratio; not negative. At the money its absolute error is about that of the price divided by the spot.</summary>
    public double? Value { get; }

    public NoVolatility? Reason { get; }

    /// <summary>
    /// The price is turned into the value of the option out of the money (same volatility, by parity) and both are divided by the smaller
    /// of discounted spot and strike. That function of σ√T rises from 0 to 1 with one inflection at √(2|ln F/K|), where Newton's method
    /// starts (Manaster and Koehler 1982); below it the logarithms are matched instead, which are nearly straight there. A bracket
    /// guards every step; the search ends when the bracket or the step is within the last digits.
    /// </summary>
    /// <param name="price">Of the option, in the currency of the spot.</param>
    /// <exception cref="ArgumentOutOfRangeException">Terms outside the limits of <see cref="BlackScholes"/>, or a price that is not finite.</exception>
    public static ImpliedVolatility Of(OptionRight right, double strike, double years, in OptionMarket market, double price)
    {
        BlackScholes.RequireTerms(strike, years, market);
        if (!double.IsFinite(price)) throw new ArgumentOutOfRangeException(nameof(price), price, "Must be finite.");
        if (years == 0) return None(NoVolatility.Expired);
        var spotToday = market.Spot * Math.Exp(-market.DividendYield * years);
        var strikeToday = strike * Math.Exp(-market.Rate * years);
        var intrinsic = Math.Max(0, right == OptionRight.Call ? spotToday - strikeToday : strikeToday - spotToday);
        var noise = intrinsic > 0 ? 16 * UnitRoundOff * Math.Max(spotToday, strikeToday) : 0;
        var share = (price - intrinsic) / Math.Min(spotToday, strikeToday);
        if (price < intrinsic - noise) return None(NoVolatility.BelowIntrinsic);
        if (price <= intrinsic + noise) return None(NoVolatility.NoTimeValue);
        if (share >= 1) return None(NoVolatility.AboveBound);
        var moneyness = Math.Abs(Math.Log(market.Spot / strike) + (market.Rate - market.DividendYield) * years);
        return new ImpliedVolatility(Solve(moneyness, share) / Math.Sqrt(years), null);
    }

    private static ImpliedVolatility None(NoVolatility reason) => new(null, reason);

    /// <summary>The deviation σ√T at which the option out of the money is worth the given share of its upper bound.</summary>
    private static double Solve(double moneyness, double share)
    {
        var inflection = Math.Sqrt(2 * moneyness);
        var byLogarithm = inflection > 0 && share < Share(moneyness, inflection);
        var (low, high) = byLogarithm ? (0, inflection) : (inflection, double.PositiveInfinity);
        var x = Math.Max(inflection, byLogarithm ? 0 : 2.5 * share);
        for (var step = 0; step < MaxSteps; step++)
        {
            var value = Share(moneyness, x);
            if (value == share) return x;
            (low, high) = value < share ? (x, high) : (low, x);
            var slope = NormalTail.Density(-moneyness / x + 0.5 * x);
            var newton = byLogarithm ? x - Math.Log(value / share) * value / slope : x - (value - share) / slope;
            var next = newton > low && newton < high ? newton : double.IsFinite(high) ? 0.5 * (low + high) : 2 * x;
            if (Math.Abs(next - x) <= 4e-16 * x) return next;
            x = next;
        }
        return x;
    }

    /// <summary>N(−m/x + x/2) − eᵐ·N(−m/x − x/2), m ≥ 0: in the far tail both terms share the density, which is taken out.</summary>
    private static double Share(double moneyness, double x)
    {
        var (near, far) = (moneyness / x - 0.5 * x, moneyness / x + 0.5 * x);
        return near > 0
            ? NormalTail.Density(near) * (NormalTail.Mills(near) - NormalTail.Mills(far))
            : NormalTail.Cdf(-near) - NormalTail.Density(near) * NormalTail.Mills(far);
    }
}
