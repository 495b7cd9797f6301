using MathNet.Numerics.Distributions;
using Risk.Domain.Measures;

namespace Risk.Domain.Options;

/// <summary>An option held: the quantity counts units of the underlying (contracts × multiplier), negative when written.</summary>
public readonly record struct OptionHolding(EuropeanOption Option, double Quantity);

/// <summary>
/// Options on one underlying, with units of the underlying itself beside them. A shock moves the spot; time, volatilities and rates stay.
/// All P&amp;L is signed, in the currency of the underlying.
/// </summary>
public sealed class OptionBook
{
    /// <summary>A shocked spot is held above this share of today's: a price does not fall below zero.</summary>
    public const double LeastSpot = 1e-6;

    /// <summary>Slices of a normal move unless given.</summary>
    public const int UsualSlices = 20_000;

    private readonly OptionMarket market;
    private readonly OptionHolding[] holdings;
    private readonly double units;

    /// <param name="units">Of the underlying; negative when short.</param>
    /// <exception cref="ArgumentException">Options outside the limits of <see cref="BlackScholes"/>, or quantities that are not finite.</exception>
    public OptionBook(OptionMarket market, IEnumerable<OptionHolding> holdings, double units = 0)
    {
        (this.market, this.holdings, this.units) = (market, [.. holdings], units);
        Check.Finite([units, .. this.holdings.Select(x => x.Quantity)], nameof(holdings));
        (Value, Delta, Gamma) = (units * market.Spot, units, 0);
        foreach (var (option, quantity) in this.holdings)
        {
            var figures = BlackScholes.Of(option, market);
            Value += quantity * figures.Price;
            Delta += quantity * figures.Delta;
            Gamma += quantity * figures.Gamma;
        }
    }

    /// <summary>What the book is worth, the underlying included; negative when more is owed than owned.</summary>
    public double Value { get; }

    /// <summary>Change of value for one unit of spot.</summary>
    public double Delta { get; }

    /// <summary>Change of delta for one unit of spot.</summary>
    public double Gamma { get; }

    /// <summary>The P&amp;L at each relative move of the spot (0.01 is one percent up), every option valued anew.</summary>
    /// <exception cref="ArgumentException">A move that is not finite.</exception>
    public double[] FullRevaluation(ReadOnlySpan<double> moves)
    {
        Check.Finite(moves, nameof(moves));
        var pnl = new double[moves.Length];
        for (var i = 0; i < moves.Length; i++)
        {
            var shocked = market with { Spot = market.Spot * Math.Max(LeastSpot, 1 + moves[i]) };
            var value = units * shocked.Spot;
            foreach (var (option, quantity) in holdings) value += quantity * BlackScholes.Price(option, shocked);
            pnl[i] = value - Value;
        }
        return pnl;
    }

    /// <summary>The P&amp;L at each relative move by the second-order expansion: delta·dS + gamma/2·dS².</summary>
    /// <inheritdoc cref="FullRevaluation"/>
    public double[] DeltaGamma(ReadOnlySpan<double> moves)
    {
        Check.Finite(moves, nameof(moves));
        var pnl = new double[moves.Length];
        for (var i = 0; i < moves.Length; i++)
        {
            var change = market.Spot * moves[i];
            pnl[i] = Delta * change + 0.5 * Gamma * change * change;
        }
        return pnl;
    }

    /// <summary>The second-order P&amp;L when the relative move is normal with mean zero and this standard deviation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A volatility that is negative or not finite.</exception>
    public QuadraticPnl NormalDeltaGamma(double volatility)
    {
        var sigma = market.Spot * CheckedVolatility(volatility);
        return new QuadraticPnl(Delta * sigma, 0.5 * Gamma * sigma * sigma);
    }

    /// <summary>
    /// The full P&amp;L at normal moves, without random numbers: at the middles of equally probable slices. Quantiles are best read by
    /// <see cref="QuantileConvention.Type5"/>, whose positions the middles are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A volatility that is negative or not finite, or no slice.</exception>
    public double[] NormalFullRevaluation(double volatility, int slices = UsualSlices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        CheckedVolatility(volatility);
        return FullRevaluation([.. Enumerable.Range(0, slices).Select(i => volatility * Normal.InvCDF(0, 1, (i + 0.5) / slices))]);
    }

    private static double CheckedVolatility(double volatility) => volatility >= 0 && double.IsFinite(volatility)
        ? volatility
        : throw new ArgumentOutOfRangeException(nameof(volatility), volatility, "Must be finite and not negative.");
}
