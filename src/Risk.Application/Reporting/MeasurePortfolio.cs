using System.Collections.Concurrent;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>
/// Prices an account for a reader, at the prices stored now. At the same versions its figures equal those of the stored snapshot bit for
/// bit: both are a function of the model and the prices alone. Models are kept warm and trusted only while the versions of positions,
/// history and instruments stand. Any number of callers at once.
/// </summary>
public sealed class MeasurePortfolio(
    PortfolioStore portfolios,
    InstrumentStore instruments,
    HistoryStore history,
    PriceStore prices,
    RiskConventions conventions,
    ReportingSettings settings,
    TimeProvider time)
{
    private const int MaxWarmModels = 256;

    private readonly ConcurrentDictionary<AccountId, WarmModel> warm = new();

    /// <summary>Null for an unknown account.</summary>
    public async Task<PricedPortfolio?> RunAsync(AccountId account, CancellationToken cancellation)
    {
        var known = await instruments.LoadAllAsync(cancellation);
        var current = await history.LoadCurrentAsync(cancellation);
        if (await portfolios.LoadAsync(account, cancellation) is not { } portfolio) return null;
        var model = ModelOf(portfolio, known, current.History);
        var states = await prices.LoadAsync([.. model.PricedSymbols], cancellation);
        return Price(model, known.Instruments, states, current.Fault);
    }

    private PortfolioModel ModelOf(Portfolio portfolio, InstrumentMap known, PriceHistory closes)
    {
        if (warm.TryGetValue(portfolio.Account, out var kept) && kept.Matches(portfolio.Version, closes, known.Version)) return kept.Model;
        if (warm.Count >= MaxWarmModels) warm.Clear();
        var model = PortfolioModel.Build(portfolio, known.Instruments, closes, conventions);
        warm[portfolio.Account] = new WarmModel(model, known.Version);
        return model;
    }

    private PricedPortfolio Price(
        PortfolioModel model, IReadOnlyDictionary<Symbol, Instrument> known, Dictionary<Symbol, SymbolState> states, string? fault)
    {
        var live = new LivePortfolio(model);
        var now = EventTime.From(time.GetUtcNow());
        var (sum, newest) = (0L, EventTime.Min);
        var stale = new List<Symbol>();
        // Proxies lend their past, not their price.
        var held = model.Portfolio.Positions.Select(position => position.Symbol).ToHashSet();
        held.UnionWith(model.Portfolio.Positions.Select(x => known.GetValueOrDefault(x.Symbol)?.Option?.Underlying).OfType<Symbol>());
        for (var i = 0; i < model.PricedSymbols.Count; i++)
        {
            var symbol = model.PricedSymbols[i];
            var quote = states.TryGetValue(symbol, out var state) ? Quote.Of(state) : default;
            sum += quote.Version;
            if (quote.Time > newest) newest = quote.Time;
            if (quote.Price > 0) live.SetPrice(i, quote.Price);
            var isPriced = held.Contains(symbol) || (known.TryGetValue(symbol, out var instrument) && instrument.AssetClass == AssetClass.Fx);
            if (isPriced && settings.IsStale(quote.Time, now)) stale.Add(symbol);
        }
        var asOf = newest > EventTime.Min ? newest : LastClose(model.History);
        live.MoveTo(asOf);
        var version = new SnapshotVersion(model.Portfolio.Version, model.History.Version, sum);
        return new PricedPortfolio(live, known, states, asOf, version, now, [.. stale.Order()], fault);
    }

    private static EventTime LastClose(PriceHistory closes) =>
        closes.Dates.Count == 0 ? EventTime.Min : EventTime.From(new DateTimeOffset(closes.Dates[^1], TimeOnly.MinValue, TimeSpan.Zero));

    private sealed record WarmModel(PortfolioModel Model, long InstrumentsVersion)
    {
        public bool Matches(long positions, PriceHistory closes, long instruments) =>
            Model.Portfolio.Version == positions && Model.History.Version == closes.Version && Model.History.ContentHash == closes.ContentHash
            && InstrumentsVersion == instruments;
    }
}

/// <summary>A portfolio at the prices of one moment, of one reader.</summary>
/// <param name="States">Of the priced symbols that had a tick.</param>
/// <param name="AsOf">The newest price in use: of a tick, else the last close; the epoch when there is neither.</param>
/// <param name="StaleSymbols">Held symbols and currency pairs that were silent for too long, in ordinal order.</param>
/// <param name="HistoryFault">Why the history in use could not be read, when an older one stands in.</param>
public sealed record PricedPortfolio(
    LivePortfolio Live,
    IReadOnlyDictionary<Symbol, Instrument> Instruments,
    IReadOnlyDictionary<Symbol, SymbolState> States,
    EventTime AsOf,
    SnapshotVersion Version,
    EventTime Now,
    IReadOnlyList<Symbol> StaleSymbols,
    string? HistoryFault)
{
    public RiskReport Report() => RiskReport.Of(Live, AsOf, Version);

    /// <summary>With the spreads between the newest bid and ask.</summary>
    public RiskMetrics Metrics() => RiskMetrics.Of(
        Live, AsOf, Version, symbol => States.TryGetValue(symbol, out var state) ? BidAskSpread.Of(state.Bid.ToDouble(), state.Ask.ToDouble()) : null);

    /// <inheritdoc cref="RiskReport.Explain"/>
    public VarExplanation Explain(decimal confidence) => RiskReport.Explain(Live, confidence);
}
