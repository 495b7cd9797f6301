using Risk.Domain.Instruments;
using Risk.Domain.Options;

namespace Risk.Domain.Stress;

/// <summary>
/// An option position that is valued anew when its underlying moves: Black–Scholes–Merton at the volatility that its own price implies,
/// which stays, as do the time to expiry and the rates (r and q are zero). Whatever the price says of rates and dividends is
/// in that volatility.
/// </summary>
internal sealed class HeldOption
{
    private const double DaysPerYear = 365;

    private readonly EuropeanOption option;
    private readonly OptionMarket market;
    private readonly double scale, before;

    private HeldOption(EuropeanOption option, OptionMarket market, double scale)
    {
        (this.option, this.market, this.scale) = (option, market, scale);
        before = BlackScholes.Price(option, market);
    }

    /// <summary>Null when no volatility gives the price: below its intrinsic value, or above its bound.</summary>
    /// <param name="price">Of one unit.</param>
    /// <param name="spot">Of the underlying, in the same currency.</param>
    /// <param name="scale">Units held × the rate to base currency.</param>
    /// <param name="today">The date of the prices. From the expiry on the option is its intrinsic value.</param>
    public static HeldOption? Of(OptionTerms terms, double price, double spot, double scale, DateOnly today)
    {
        var years = Math.Max(0, terms.Expiry.DayNumber - today.DayNumber) / DaysPerYear;
        var (strike, market) = ((double)terms.Strike, new OptionMarket(spot, 0));
        if (years > BlackScholes.MaxYears) return null;
        var implied = ImpliedVolatility.Of(terms.Right, strike, years, market, price);
        if (implied.Reason is NoVolatility.BelowIntrinsic or NoVolatility.AboveBound) return null;
        return new HeldOption(new EuropeanOption(terms.Right, strike, years, implied.Value ?? 0), market, scale);
    }

    /// <summary>The change of value in base currency, rates of exchange unmoved, when the underlying moves by this ratio; zero for zero.</summary>
    public double Pnl(double move) =>
        scale * (BlackScholes.Price(option, market with { Spot = market.Spot * Math.Max(OptionBook.LeastSpot, 1 + move) }) - before);
}
