using Risk.Domain.Amounts;

namespace Risk.Domain.Measures;

/// <summary>
/// Positions in several currencies seen from one base currency: value = quantity · local price · rate, the rate being the price of one
/// unit of the local currency in base currency. A scenario moves local price and rate together: (1 + r)(1 + fx) − 1 on today's value,
/// today being the last price of each series. Linear positions only.
/// </summary>
public sealed class CurrencyBook
{
    private readonly Currency baseCurrency;
    private readonly IReadOnlyList<CurrencyPosition> positions;
    private readonly Dictionary<Currency, double[]> fxReturns = [];
    private readonly double[][] localReturns;

    /// <param name="positions">All price series as long as each other, in ascending order of time.</param>
    /// <param name="ratesInBase">Base currency per unit of each foreign currency, as long as the prices. The base currency needs none.</param>
    /// <exception cref="ArgumentException">
    /// No position, a foreign currency without rates, series of different lengths, or a price or rate that is not positive and finite.
    /// </exception>
    public CurrencyBook(Currency baseCurrency, IReadOnlyList<CurrencyPosition> positions, IReadOnlyDictionary<Currency, double[]> ratesInBase)
    {
        if (positions.Count == 0) throw new ArgumentException("At least one position is needed.", nameof(positions));
        (this.baseCurrency, this.positions) = (baseCurrency, positions);
        var days = positions[0].LocalPrices.Length;
        if (days == 0) throw new ArgumentException("At least one price is needed.", nameof(positions));
        foreach (var position in positions) Check.SameLength(days, position.LocalPrices.Length, nameof(positions));
        localReturns = [.. positions.Select(position => Returns.Simple(position.LocalPrices))];
        var lastRates = new Dictionary<Currency, double> { [baseCurrency] = 1 };
        foreach (var currency in ForeignCurrencies())
        {
            if (!ratesInBase.TryGetValue(currency, out var rates)) throw new ArgumentException($"No rates of {currency} in {baseCurrency}.", nameof(ratesInBase));
            Check.SameLength(days, rates.Length, nameof(ratesInBase));
            fxReturns[currency] = Returns.Simple(rates);
            lastRates[currency] = rates[^1];
        }
        Values = [.. positions.Select(position => position.Quantity * position.LocalPrices[^1] * lastRates[position.Currency])];
    }

    /// <summary>Today's value of each position in base currency; negative when short.</summary>
    public double[] Values { get; }

    /// <summary>Today's net value per currency, in base currency.</summary>
    public IReadOnlyDictionary<Currency, double> Exposures() =>
        positions.Zip(Values).GroupBy(x => x.First.Currency).ToDictionary(group => group.Key, group => group.Sum(x => x.Second));

    /// <summary>The P&amp;L in base currency in each scenario, with the moves of both, of the local prices only, or of the rates only.</summary>
    public double[] Pnl(CurrencyMoves moves = CurrencyMoves.LocalAndFx)
    {
        var still = new double[localReturns[0].Length];
        return LinearPnl.Total(Values, [.. positions.Select((position, i) => Returns.InBaseCurrency(
            moves == CurrencyMoves.FxOnly ? still : localReturns[i],
            moves == CurrencyMoves.LocalOnly ? still : fxReturns.GetValueOrDefault(position.Currency, still)))]);
    }

    /// <summary>
    /// The P&amp;L in base currency by delta-normal, mean zero: the factors are the local returns and the foreign rates' returns,
    /// the exposures the position values and the totals per foreign currency. Ignores the product of the two moves.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer than two scenarios.</exception>
    public EllipticalRisk DeltaNormal()
    {
        var (exposures, returns) = Factors();
        return new EllipticalRisk(exposures, Covariance.Matrix(returns));
    }

    /// <summary>How far the figures of <see cref="DeltaNormal"/> are off, by the P&amp;L that it sees.</summary>
    /// <inheritdoc cref="DeltaNormal"/>
    public EllipticalErrors DeltaNormalErrors()
    {
        var (exposures, returns) = Factors();
        return EllipticalErrors.OfLinear(exposures, returns);
    }

    private (double[] Exposures, double[][] Returns) Factors()
    {
        var (foreign, byCurrency) = (ForeignCurrencies().ToArray(), Exposures());
        return ([.. Values, .. foreign.Select(currency => byCurrency[currency])], [.. localReturns, .. foreign.Select(currency => fxReturns[currency])]);
    }

    private IEnumerable<Currency> ForeignCurrencies() => positions.Select(position => position.Currency).Where(currency => currency != baseCurrency).Distinct();
}

/// <param name="Quantity">Units held; negative when short.</param>
/// <param name="LocalPrices">In the position's currency, ascending in time, the last one today's.</param>
public sealed record CurrencyPosition(Currency Currency, double Quantity, double[] LocalPrices);

public enum CurrencyMoves
{
    LocalAndFx,
    LocalOnly,
    FxOnly,
}
