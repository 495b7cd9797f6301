using Risk.Domain.Instruments;

namespace Risk.Domain.Options;

/// <summary>
/// Black–Scholes–Merton value and Greeks of European options with continuous r and q (Haug, The Complete Guide to Option Pricing Formulas,
/// chapters 1 and 2). Every figure is finite within the limits; where the formula divides by σ√T = 0 its limits stand: the option is
/// worth its discounted intrinsic value, gamma is 0, and delta is that of a certain exercise, or half of it where forward and strike are
/// equal (there delta jumps, gamma and the decay at expiry have no limit, and the finite part is given).
/// </summary>
public static class BlackScholes
{
    /// <summary>Spot and strike lie between 1/<see cref="MaxPrice"/> and this.</summary>
    public const double MaxPrice = 1e15;

    public const double MaxYears = 1_000;

    /// <summary>Per year, as a ratio.</summary>
    public const double MaxVolatility = 1_000;

    /// <summary>|r| and |q|, times the years to expiry: beyond this no market discounts, and exponentials overflow.</summary>
    public const double MaxDiscount = 100;

    /// <summary>A σ√T below this is zero: figures that divide by it would overflow.</summary>
    internal const double LeastDeviation = 1e-100;

    /// <exception cref="ArgumentOutOfRangeException">An argument that is not finite or outside the limits; a negative time or volatility.</exception>
    public static OptionFigures Of(in EuropeanOption option, in OptionMarket market)
    {
        MustBeWithinLimits(option, market);
        return Evaluate(option, market);
    }

    /// <summary>The value alone.</summary>
    /// <inheritdoc cref="Of"/>
    public static double Price(in EuropeanOption option, in OptionMarket market) => Of(option, market).Price;

    internal static void MustBeWithinLimits(in EuropeanOption option, in OptionMarket market)
    {
        Require(option.Volatility is >= 0 and <= MaxVolatility, nameof(option.Volatility), option.Volatility);
        RequireTerms(option.Strike, option.Years, market);
    }

    /// <summary>Throws for terms that no formula here takes; the volatility aside.</summary>
    internal static void RequireTerms(double strike, double years, in OptionMarket market)
    {
        Require(market.Spot is >= 1 / MaxPrice and <= MaxPrice, nameof(market.Spot), market.Spot);
        Require(strike is >= 1 / MaxPrice and <= MaxPrice, nameof(strike), strike);
        Require(years is >= 0 and <= MaxYears, nameof(years), years);
        Require(Math.Abs(market.Rate * years) <= MaxDiscount && double.IsFinite(market.Rate), nameof(market.Rate), market.Rate);
        Require(Math.Abs(market.DividendYield * years) <= MaxDiscount && double.IsFinite(market.DividendYield), nameof(market.DividendYield), market.DividendYield);
    }

    /// <summary>Step by step the same as in <see cref="OptionColumns"/>.</summary>
    private static OptionFigures Evaluate(in EuropeanOption option, in OptionMarket market)
    {
        var sign = option.Right == OptionRight.Call ? 1.0 : -1.0;
        var (r, q, years) = (market.Rate, market.DividendYield, option.Years);
        var growth = Math.Exp(-q * years);
        var spot = market.Spot * growth;
        var strike = option.Strike * Math.Exp(-r * years);
        var root = Math.Sqrt(years);
        var deviation = option.Volatility * root is > LeastDeviation and var known ? known : 0;
        var moneyness = Math.Log(market.Spot / option.Strike) + (r - q) * years;
        // Far out, one and zero are reached to the last bit; cutting there keeps infinities away from what follows.
        var far = deviation > 0 ? moneyness / deviation + 0.5 * deviation : moneyness * double.MaxValue;
        var d1 = Math.Clamp(far, -NormalTail.Beyond, NormalTail.Beyond);
        var d2 = Math.Clamp(far - deviation, -NormalTail.Beyond, NormalTail.Beyond);
        var density = NormalTail.Density(d1);
        var (tail1, tail2) = (density * NormalTail.Mills(Math.Abs(d1)), density * (spot / strike) * NormalTail.Mills(Math.Abs(d2)));
        var (exercise1, exercise2) = (sign * d1 > 0 ? 1 - tail1 : tail1, sign * d2 > 0 ? 1 - tail2 : tail2);
        // The option out of the money is valued, the other follows by parity: no cancellation, no negative price.
        var outside = spot < strike ? 1.0 : -1.0;
        var (outside1, outside2) = (outside * d1 > 0 ? 1 - tail1 : tail1, outside * d2 > 0 ? 1 - tail2 : tail2);
        var timeValue = Math.Max(0, outside * (spot * outside1 - strike * outside2));
        var carry = sign * (q * spot * exercise1 - r * strike * exercise2);
        return new OptionFigures(
            Price: timeValue + Math.Max(0, sign * (spot - strike)),
            Delta: sign * growth * exercise1,
            Gamma: deviation > 0 ? growth * density / (market.Spot * deviation) : 0,
            Vega: spot * density * root,
            Theta: years > 0 ? carry - spot * density * option.Volatility / (2 * root) : carry,
            Rho: sign * years * strike * exercise2);
    }

    private static void Require(bool holds, string name, double value)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, "Must be finite and within the limits of BlackScholes.");
    }
}
