using System.Numerics;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;

namespace Risk.Domain.Options;

/// <summary>
/// Many options side by side, a column for each term, valued as many at once as the processor's vectors hold. The same steps as
/// <see cref="BlackScholes.Of"/>, which is the scalar twin: results differ by the last digits of exp and log, at most
/// 10⁻¹² of the spot or strike. Nothing is allocated by <see cref="Evaluate"/>.
/// </summary>
public sealed class OptionColumns
{
    private readonly double[] signs, spots, strikes, years, volatilities, rates, yields;

    /// <exception cref="ArgumentException">Terms outside the limits of <see cref="BlackScholes"/>.</exception>
    public OptionColumns(IReadOnlyList<(EuropeanOption Option, OptionMarket Market)> options)
    {
        foreach (var (option, market) in options) BlackScholes.MustBeWithinLimits(option, market);
        double[] Column(Func<EuropeanOption, OptionMarket, double> of) => [.. options.Select(x => of(x.Option, x.Market))];
        signs = Column((option, _) => option.Right == OptionRight.Call ? 1 : -1);
        spots = Column((_, market) => market.Spot);
        strikes = Column((option, _) => option.Strike);
        years = Column((option, _) => option.Years);
        volatilities = Column((option, _) => option.Volatility);
        rates = Column((_, market) => market.Rate);
        yields = Column((_, market) => market.DividendYield);
    }

    public int Count => signs.Length;

    /// <exception cref="ArgumentException">Not a place for each option.</exception>
    public void Evaluate(FigureColumns figures)
    {
        Check.SameLength(Count, figures.Count, nameof(figures));
        var whole = Count - Count % Vector<double>.Count;
        for (var i = 0; i < whole; i += Vector<double>.Count) EvaluateVector(i, figures);
        for (var i = whole; i < Count; i++)
        {
            var option = new EuropeanOption(signs[i] > 0 ? OptionRight.Call : OptionRight.Put, strikes[i], years[i], volatilities[i]);
            figures.Set(i, BlackScholes.Of(option, new OptionMarket(spots[i], rates[i], yields[i])));
        }
    }

    private void EvaluateVector(int i, FigureColumns figures)
    {
        var (sign, time, volatility) = (At(signs, i), At(years, i), At(volatilities, i));
        var (today, rate, yield) = (At(spots, i), At(rates, i), At(yields, i));
        var growth = Vector.Exp(-yield * time);
        var (spot, strike) = (today * growth, At(strikes, i) * Vector.Exp(-rate * time));
        var root = Vector.SquareRoot(time);
        var deviation = volatility * root;
        var isUncertain = Vector.GreaterThan(deviation, new Vector<double>(BlackScholes.LeastDeviation));
        deviation = Vector.ConditionalSelect(isUncertain, deviation, Vector<double>.Zero);
        var moneyness = Vector.Log(today / At(strikes, i)) + (rate - yield) * time;
        var far = Vector.ConditionalSelect(isUncertain, moneyness / deviation + 0.5 * deviation, moneyness * double.MaxValue);
        var beyond = new Vector<double>(NormalTail.Beyond);
        var d1 = Vector.Max(-beyond, Vector.Min(beyond, far));
        var d2 = Vector.Max(-beyond, Vector.Min(beyond, far - deviation));
        var density = NormalTail.Density(d1);
        var (mills1, mills2) = NormalTail.Mills(Vector.Abs(d1), Vector.Abs(d2));
        // spot·φ(d1) = strike·φ(d2), both discounted: a quotient instead of an exponential.
        var (tail1, tail2) = (density * mills1, density * (spot / strike) * mills2);
        var (exercise1, exercise2) = (NormalTail.Below(sign * d1, tail1), NormalTail.Below(sign * d2, tail2));
        var outside = Vector.ConditionalSelect(Vector.LessThan(spot, strike), Vector<double>.One, -Vector<double>.One);
        var timeValue = outside * (spot * NormalTail.Below(outside * d1, tail1) - strike * NormalTail.Below(outside * d2, tail2));
        var carry = sign * (yield * spot * exercise1 - rate * strike * exercise2);
        var isBefore = Vector.GreaterThan(time, Vector<double>.Zero);

        Put(figures.Price, i, Vector.Max(Vector<double>.Zero, timeValue) + Vector.Max(Vector<double>.Zero, sign * (spot - strike)));
        Put(figures.Delta, i, sign * growth * exercise1);
        Put(figures.Gamma, i, Vector.ConditionalSelect(isUncertain, growth * density / (today * deviation), Vector<double>.Zero));
        Put(figures.Vega, i, spot * density * root);
        Put(figures.Theta, i, Vector.ConditionalSelect(isBefore, carry - spot * density * volatility / (2 * root), carry));
        Put(figures.Rho, i, sign * time * strike * exercise2);
    }

    private static Vector<double> At(double[] column, int i) => new(column, i);

    private static void Put(double[] column, int i, Vector<double> values) => values.CopyTo(column, i);
}

/// <summary>A column for each figure of <see cref="OptionFigures"/>, one place for each option.</summary>
public sealed class FigureColumns(int count)
{
    public int Count => Price.Length;

    public OptionFigures this[int i] => new(Price[i], Delta[i], Gamma[i], Vega[i], Theta[i], Rho[i]);

    internal double[] Price { get; } = new double[count];

    internal double[] Delta { get; } = new double[count];

    internal double[] Gamma { get; } = new double[count];

    internal double[] Vega { get; } = new double[count];

    internal double[] Theta { get; } = new double[count];

    internal double[] Rho { get; } = new double[count];

    internal void Set(int i, OptionFigures figures) =>
        (Price[i], Delta[i], Gamma[i], Vega[i], Theta[i], Rho[i]) = (figures.Price, figures.Delta, figures.Gamma, figures.Vega, figures.Theta, figures.Rho);
}
