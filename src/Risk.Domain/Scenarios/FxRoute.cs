using Risk.Domain.Amounts;
using Risk.Domain.Instruments;

namespace Risk.Domain.Scenarios;

/// <summary>
/// How an amount of one currency becomes an amount of another: through one pair, or two that share a currency. A pair is an
/// <see cref="AssetClass.Fx"/> instrument named <c>ABCXYZ</c>, the price of one ABC in XYZ.
/// </summary>
public sealed record FxRoute(IReadOnlyList<FxLeg> Legs)
{
    /// <summary>
    /// Every route, best first: the pair that quotes <paramref name="to"/> per <paramref name="from"/>, the pair the other way round, then
    /// crosses in ordinal order of the currency between.
    /// </summary>
    public static IReadOnlyList<FxRoute> Find(Currency from, Currency to, IReadOnlyDictionary<Symbol, Instrument> instruments)
    {
        if (from == to) return [new FxRoute([])];
        var routes = new List<FxRoute>();
        routes.AddRange(LegsBetween(from, to, instruments).Select(leg => new FxRoute([leg])));
        foreach (var between in Currencies(instruments))
        {
            if (between == from || between == to) continue;
            foreach (var first in LegsBetween(from, between, instruments))
                routes.AddRange(LegsBetween(between, to, instruments).Select(second => new FxRoute([first, second])));
        }
        return routes;
    }

    /// <summary>The change of the rate in each scenario: Π (1 + r) − 1 over the legs. Null where a leg has no complete history.</summary>
    public double[]? Returns(ReturnWindow window, IReadOnlyDictionary<Symbol, Instrument> instruments)
    {
        var returns = new double[window.Dates.Count];
        foreach (var leg in Legs)
        {
            if (window.Find(leg.Pair, instruments[leg.Pair].Proxy) is not { } quoted) return null;
            for (var i = 0; i < returns.Length; i++)
                returns[i] = Compound(returns[i], leg.IsInverse ? 1 / (1 + quoted.Values[i]) - 1 : quoted.Values[i]);
        }
        return returns;
    }

    /// <summary>(1 + a)(1 + b) − 1, written so that a return of zero leaves the other untouched.</summary>
    public static double Compound(double a, double b) => a + b + a * b;

    private static IEnumerable<FxLeg> LegsBetween(Currency from, Currency to, IReadOnlyDictionary<Symbol, Instrument> instruments)
    {
        if (PairNamed(Symbol.Parse(from.Code + to.Code), instruments) is { } direct) yield return new FxLeg(direct, IsInverse: false);
        if (PairNamed(Symbol.Parse(to.Code + from.Code), instruments) is { } inverse) yield return new FxLeg(inverse, IsInverse: true);
    }

    private static Symbol? PairNamed(Symbol name, IReadOnlyDictionary<Symbol, Instrument> instruments) =>
        instruments.TryGetValue(name, out var instrument) && instrument.AssetClass == AssetClass.Fx ? name : null;

    private static IEnumerable<Currency> Currencies(IReadOnlyDictionary<Symbol, Instrument> instruments)
    {
        var found = new SortedSet<Currency>();
        foreach (var (symbol, instrument) in instruments)
        {
            if (instrument.AssetClass != AssetClass.Fx || symbol.Text.Length != 6) continue;
            if (Currency.TryParse(symbol.Text[..3], out var quoted) && Currency.TryParse(symbol.Text[3..], out var quoting)) found.UnionWith([quoted, quoting]);
        }
        return found;
    }
}

/// <summary>One pair on the way. Inverse: the way leads against the quote, so the rate is 1 / price.</summary>
public readonly record struct FxLeg(Symbol Pair, bool IsInverse);
