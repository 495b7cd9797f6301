using System.Numerics;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;

namespace Risk.Domain.Options;

/// <summary>
/// The value of one option at many spots: what a full revaluation over scenarios asks for. The same steps as
/// <see cref="BlackScholes.Of"/>; a value depends on its spot alone, not on its place. Nothing is allocated.
/// </summary>
public static class OptionLadder
{
    /// <summary>How many spots are valued at once on the widest processor: a count that is a multiple of it leaves no rest on any.</summary>
    public const int Step = 8;

    /// <param name="market">Its spot is not used, but must be within the limits as well.</param>
    /// <param name="spots">A multiple of <see cref="Step"/>; positive, within the limits of <see cref="BlackScholes"/>.</param>
    /// <exception cref="ArgumentException">Another count, or no place for each value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Terms outside the limits of <see cref="BlackScholes"/>.</exception>
    public static void Prices(in EuropeanOption option, in OptionMarket market, ReadOnlySpan<double> spots, Span<double> prices)
    {
        BlackScholes.MustBeWithinLimits(option, market);
        Check.SameLength(spots.Length, prices.Length, nameof(prices));
        if (spots.Length % Step != 0) throw new ArgumentException($"The spots come in multiples of {Step}.", nameof(spots));
        var sign = new Vector<double>(option.Right == OptionRight.Call ? 1 : -1);
        var growth = new Vector<double>(Math.Exp(-market.DividendYield * option.Years));
        var strike = new Vector<double>(option.Strike * Math.Exp(-market.Rate * option.Years));
        var carry = new Vector<double>((market.Rate - market.DividendYield) * option.Years);
        var today = new Vector<double>(option.Strike);
        var known = option.Volatility * Math.Sqrt(option.Years);
        var isCertain = !(known > BlackScholes.LeastDeviation);
        var deviation = new Vector<double>(known);
        for (var i = 0; i < spots.Length; i += Vector<double>.Count)
        {
            var spot = new Vector<double>(spots[i..]);
            var forward = spot * growth;
            var value = Vector.Max(Vector<double>.Zero, sign * (forward - strike));
            if (!isCertain) value += TimeValue(forward, strike, Vector.Log(spot / today) + carry, deviation);
            value.CopyTo(prices[i..]);
        }
    }

    /// <summary>Of the option out of the money: the other follows by parity, without cancellation.</summary>
    private static Vector<double> TimeValue(Vector<double> forward, Vector<double> strike, Vector<double> moneyness, Vector<double> deviation)
    {
        var beyond = new Vector<double>(NormalTail.Beyond);
        var far = moneyness / deviation + 0.5 * deviation;
        var d1 = Vector.Max(-beyond, Vector.Min(beyond, far));
        var d2 = Vector.Max(-beyond, Vector.Min(beyond, far - deviation));
        var (mills1, mills2) = NormalTail.Mills(Vector.Abs(d1), Vector.Abs(d2));
        var (tail1, tail2) = (NormalTail.Density(d1) * mills1, NormalTail.Density(d2) * mills2);
        var outside = Vector.ConditionalSelect(Vector.LessThan(forward, strike), Vector<double>.One, -Vector<double>.One);
        var value = outside * (forward * NormalTail.Below(outside * d1, tail1) - strike * NormalTail.Below(outside * d2, tail2));
        return Vector.Max(Vector<double>.Zero, value);
    }
}
