using System.Diagnostics.CodeAnalysis;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Stress;

/// <summary>
/// Relative changes of prices (−0.2 is a fall by a fifth), by what they are the price of. The most specific one moves a position, and only
/// it: its symbol, else its sector, else its asset class. A currency's shock is the change of its price in base currency and
/// multiplies on top: (1 + r)(1 + fx) − 1. Without one, the rate follows the shocked symbols of the FX pairs that it is made of.
/// An option moves by its own symbol, else with its underlying, valued anew; sector and asset class of its own count where that has no shock.
/// A held FX pair moves by its symbol, else with its two currencies, else by sector and asset class. Cash has no price but its currency's.
/// </summary>
/// <param name="Sectors">Compared without regard to case.</param>
public sealed record PriceShocks(
    IReadOnlyDictionary<Symbol, double> Symbols,
    IReadOnlyDictionary<string, double> Sectors,
    IReadOnlyDictionary<AssetClass, double> AssetClasses,
    IReadOnlyDictionary<Currency, double> Currencies)
{
    /// <summary>Nothing keeps less than nothing.</summary>
    public const double Least = -1;

    /// <summary>Eleven times as high: beyond any price that is still a shock.</summary>
    public const double Most = 10;

    /// <summary>A currency that were worth nothing would have no rate the other way.</summary>
    public const double LeastCurrency = -0.99;

    public static PriceShocks None { get; } = new(
        new Dictionary<Symbol, double>(), new Dictionary<string, double>(), new Dictionary<AssetClass, double>(), new Dictionary<Currency, double>());

    /// <summary>One move for each position of the book.</summary>
    public ShockedMoves MovesOf(StressBook book)
    {
        var resolution = new ShockResolution(this, book);
        List<PositionMove> moves = [.. book.Positions.Select(resolution.MoveOf)];
        return new ShockedMoves(moves, new PriceShocks(Unused(Symbols), Unused(Sectors), Unused(AssetClasses), Unused(Currencies)));

        Dictionary<T, double> Unused<T>(IReadOnlyDictionary<T, double> given)
            where T : notnull => given.Where(x => !resolution.Used.Contains(x.Key)).ToDictionary(x => x.Key, x => x.Value);
    }

    public int Count => Symbols.Count + Sectors.Count + AssetClasses.Count + Currencies.Count;
}

/// <param name="WithoutEffect">The shocks that met no position of the book.</param>
public sealed record ShockedMoves(IReadOnlyList<PositionMove> Moves, PriceShocks WithoutEffect);

/// <summary>Which shock meets which position of one book.</summary>
internal sealed class ShockResolution(PriceShocks shocks, StressBook book)
{
    private readonly Dictionary<Currency, double> rates = [];

    /// <summary>The keys of the shocks that met something.</summary>
    public HashSet<object> Used { get; } = [];

    public PositionMove MoveOf(StressPosition position)
    {
        if (position.Instrument is not { } instrument) return PositionMove.None;
        var fx = RateOf(instrument.Currency);
        if (instrument.AssetClass == AssetClass.Cash) return new PositionMove(0, fx, fx == 0 ? MoveSource.None : MoveSource.Currency);
        if (Take(shocks.Symbols, instrument.Symbol, out var own)) return new PositionMove(own, fx, MoveSource.Symbol);
        if (instrument.Option is { } option && OfUnderlying(option.Underlying) is { Source: not MoveSource.None } lent)
            return lent with { Fx = fx, IsOfUnderlying = true };
        if (PairOf(instrument) is var (quoted, quoting) && (RateOf(quoted) != 0 || RateOf(quoting) != 0))
            return new PositionMove((1 + RateOf(quoted)) / (1 + RateOf(quoting)) - 1, fx, MoveSource.Currency);
        var (local, source) = ByKind(instrument);
        return new PositionMove(local, fx, source == MoveSource.None && fx != 0 ? MoveSource.Currency : source);
    }

    private PositionMove OfUnderlying(Symbol underlying)
    {
        if (Take(shocks.Symbols, underlying, out var own)) return new PositionMove(own, 0, MoveSource.Symbol);
        if (!book.Instruments.TryGetValue(underlying, out var instrument)) return PositionMove.None;
        var (local, source) = ByKind(instrument);
        return new PositionMove(local, 0, source);
    }

    private (double Local, MoveSource Source) ByKind(Instrument instrument)
    {
        if (instrument.Sector is { } sector)
            foreach (var name in shocks.Sectors.Keys)
                if (string.Equals(name, sector, StringComparison.OrdinalIgnoreCase) && Take(shocks.Sectors, name, out var bySector)) return (bySector, MoveSource.Sector);
        return Take(shocks.AssetClasses, instrument.AssetClass, out var byClass) ? (byClass, MoveSource.AssetClass) : (0, MoveSource.None);
    }

    /// <summary>The change of the price of a currency in base currency.</summary>
    private double RateOf(Currency currency)
    {
        if (currency == book.BaseCurrency) return 0;
        if (Take(shocks.Currencies, currency, out var shock)) return shock;
        if (rates.TryGetValue(currency, out var known)) return known;
        var factor = 1.0;
        foreach (var leg in FxRoute.Find(currency, book.BaseCurrency, book.Instruments) is [var best, ..] ? best.Legs : [])
            if (Take(shocks.Symbols, leg.Pair, out var pair)) factor *= leg.IsInverse ? 1 / (1 + pair) : 1 + pair;
        return rates[currency] = factor - 1;
    }

    private static (Currency Quoted, Currency Quoting)? PairOf(Instrument instrument) =>
        instrument.AssetClass == AssetClass.Fx && instrument.Symbol.Text.Length == 6 && Currency.TryParse(instrument.Symbol.Text[..3], out var quoted)
            ? (quoted, instrument.Currency)
            : null;

    private bool Take<T>(IReadOnlyDictionary<T, double> from, T key, [NotNullWhen(true)] out double shock)
        where T : notnull
    {
        if (!from.TryGetValue(key, out shock)) return false;
        Used.Add(key);
        return true;
    }
}
