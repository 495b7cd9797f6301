using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Application.Feeds;

/// <summary>The simulated market that goes on where the stored history of closes ends.</summary>
public sealed class HistoricalMarket(InstrumentStore instruments, HistoryStore history, Universe universe)
{
    /// <summary>The source of its ticks, wherever it is simulated.</summary>
    public static readonly SourceName Source = SourceName.Parse("simulation");

    private const double TradingDaysPerYear = 252;
    private const int VolatilityDays = 250;
    private const double OtherwiseVolatility = 0.25;

    /// <summary>Every instrument that has a price history, starting at its last close with the volatility of its last year; null when none has.</summary>
    public async Task<SimulatedMarket?> BuildAsync(long seed, CancellationToken cancellation)
    {
        var closes = (await history.LoadCurrentAsync(cancellation)).History;
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        var simulated = closes.Symbols.Order()
            .Where(symbol => known.GetValueOrDefault(symbol) is { AssetClass: not (AssetClass.Option or AssetClass.Cash) })
            .Select(symbol => InstrumentOf(known[symbol], closes))
            .OfType<SimulatedInstrument>()
            .ToList();
        return simulated.Count == 0 ? null : new SimulatedMarket(seed, simulated, universe.Symbols, Source);
    }

    private static SimulatedInstrument? InstrumentOf(Instrument instrument, PriceHistory closes)
    {
        var known = closes.Find(instrument.Symbol)!.Where(close => close > 0).TakeLast(VolatilityDays + 1).ToArray();
        if (known.Length == 0 || known[^1] > 1_000_000) return null;
        var returns = known.Zip(known.Skip(1), (before, after) => Math.Log(after / before)).ToArray();
        var daily = returns.Length < 20 ? OtherwiseVolatility / Math.Sqrt(TradingDaysPerYear) : Math.Sqrt(returns.Sum(x => x * x) / returns.Length);
        var price = Price.From((decimal)known[^1]).ToDecimal();
        var step = price >= 1 ? 0.01m : new Price(1_000).ToDecimal();
        return price < step ? null : new SimulatedInstrument(instrument.Symbol, price, Math.Min(5, daily * Math.Sqrt(TradingDaysPerYear)), Sector: instrument.Sector, TickSize: step);
    }
}
