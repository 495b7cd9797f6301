using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// All of a portfolio's risk that no live price changes: returns in base currency, which price moves which position, and the ranks of the
/// tail. Built once per version of positions, history and instruments; immutable, so threads and <see cref="LivePortfolio"/>s may share it.
/// </summary>
public sealed class PortfolioModel
{
    private PortfolioModel(Portfolio portfolio, PriceHistory history, RiskConventions conventions)
    {
        Portfolio = portfolio;
        History = history;
        Conventions = conventions;
    }

    public Portfolio Portfolio { get; }

    public PriceHistory History { get; }

    public RiskConventions Conventions { get; }

    /// <summary>
    /// Every symbol whose live price or version matters: what is held (cash aside), the FX pairs in use, proxies and underlyings. A price
    /// is given to <see cref="LivePortfolio.SetPrice"/> under its index here.
    /// </summary>
    public IReadOnlyList<Symbol> PricedSymbols { get; private init; } = [];

    /// <summary>The newest close of each priced symbol; NaN if the history has none.</summary>
    public IReadOnlyList<double> LastCloses { get; private init; } = [];

    /// <summary>The scenarios: returns in base currency of the positions that have them. Options follow as revalued columns.</summary>
    public ScenarioSet Scenarios { get; private init; } = ScenarioSet.Of([], []);

    /// <summary>The number of scenarios.</summary>
    public int Observations => Scenarios.Count;

    /// <summary>The ranks of the tails; null where there are too few observations.</summary>
    public TailPlan? Tail95 { get; private init; }

    public TailPlan? Tail99 { get; private init; }

    /// <summary>In the order of the portfolio.</summary>
    internal ModelPosition[] Positions { get; private init; } = [];

    /// <summary>Of the positions those that are options with scenarios, in the order of their columns.</summary>
    internal int[] OptionPositions { get; private init; } = [];

    internal ModelRoute[] Routes { get; private init; } = [];

    /// <summary>For each priced symbol the routes that use it.</summary>
    internal int[][] RoutesOf { get; private init; } = [];

    /// <summary>For each priced symbol the positions that it moves, through their price, their underlying or their rate.</summary>
    internal int[][] PositionsOf { get; private init; } = [];

    /// <summary>The same columns without the rates: returns in each position's own currency.</summary>
    internal ScenarioSet LocalScenarios { get; private init; } = ScenarioSet.Of([], []);

    internal int TailDepth => Math.Max(Tail95?.Depth ?? 0, Tail99?.Depth ?? 0);

    /// <summary>
    /// Positions whose instrument is unknown, whose returns (or those of whose underlying) or rates lack history, and options without
    /// terms or on an underlying in another currency have no scenarios: they are left out of the figures and named.
    /// </summary>
    /// <param name="instruments">What is known of the symbols held, their proxies, and the FX pairs.</param>
    public static PortfolioModel Build(
        Portfolio portfolio, IReadOnlyDictionary<Symbol, Instrument> instruments, PriceHistory history, RiskConventions conventions)
    {
        var draft = new ModelDraft(portfolio, instruments, new ReturnWindow(history, conventions.WindowDays));
        foreach (var position in portfolio.Positions) draft.Add(position);
        var scenarios = ScenarioSet.Of(draft.Window.Dates, draft.Columns);
        var symbols = draft.Priced;
        // Options are counted among themselves until the number of the other columns is known.
        ModelPosition[] positions = [.. draft.Positions.Select(x => x.Option is null ? x : x with { Column = draft.Columns.Count + x.Column })];
        var routes = draft.Routes.ToArray();
        int[][] routesOf = [.. symbols.Select((_, i) => Indexes(routes, route => route.Legs.Any(leg => leg.Priced == i)))];
        return new PortfolioModel(portfolio, history, conventions)
        {
            PricedSymbols = symbols,
            LastCloses = [.. symbols.Select(symbol => ReturnWindow.LastClose(history, symbol))],
            Scenarios = scenarios,
            Tail95 = PlanOf(scenarios.Count, 0.95m, conventions),
            Tail99 = PlanOf(scenarios.Count, 0.99m, conventions),
            Positions = positions,
            OptionPositions = Indexes(positions, p => p.Option is not null),
            Routes = routes,
            RoutesOf = routesOf,
            PositionsOf = [.. symbols.Select((_, i) => Indexes(positions, p => p.Priced == i || p.Option?.Underlying == i || routesOf[i].Contains(p.Route)))],
            LocalScenarios = routes.Length == 0 ? scenarios : ScenarioSet.Of(draft.Window.Dates, draft.LocalColumns),
        };
    }

    private static TailPlan? PlanOf(int observations, decimal confidence, RiskConventions conventions) =>
        observations < RiskConventions.MinObservations ? null : new TailPlan(observations, confidence, conventions.Quantile, conventions.Shortfall);

    private static int[] Indexes<T>(T[] items, Func<T, bool> isWanted) => [.. Enumerable.Range(0, items.Length).Where(i => isWanted(items[i]))];
}

/// <summary>A model while its positions are added.</summary>
internal sealed class ModelDraft(Portfolio portfolio, IReadOnlyDictionary<Symbol, Instrument> instruments, ReturnWindow window)
{
    private readonly Dictionary<Symbol, int> pricedIndexes = [];
    private readonly Dictionary<Currency, int> routeIndexes = [];
    private readonly List<double[]?> routeReturns = [];

    public ReturnWindow Window => window;

    public List<Symbol> Priced { get; } = [];

    public List<ModelRoute> Routes { get; } = [];

    public List<ModelPosition> Positions { get; } = [];

    private int optionCount;

    public List<double[]> Columns { get; } = [];

    public List<double[]> LocalColumns { get; } = [];

    public void Add(Position held)
    {
        if (!instruments.TryGetValue(held.Symbol, out var instrument))
        {
            Positions.Add(new ModelPosition(held, null, 0, Price(held.Symbol), ModelPosition.None, ModelPosition.None, FigureReason.NotApplicable, 0, 0));
            return;
        }
        var isCash = instrument.AssetClass == AssetClass.Cash;
        var priced = isCash ? ModelPosition.None : Price(held.Symbol);
        if (instrument.Proxy is { } proxy && !isCash) Price(proxy);
        if (instrument.Option is { } option) Price(option.Underlying);
        var route = instrument.Currency == portfolio.BaseCurrency ? ModelPosition.None : Route(instrument.Currency);
        var units = (double)held.Quantity * (double)instrument.Multiplier;
        if (instrument.AssetClass == AssetClass.Option)
        {
            var (terms, why) = OptionOf(instrument, route);
            var place = terms is null ? ModelPosition.None : optionCount++;
            Positions.Add(new ModelPosition(held, instrument, units, priced, route, place, why, ObservationsOf(instrument), terms?.Borrowed ?? 0, terms));
            return;
        }
        var (local, reason) = LocalReturnsOf(instrument, route);
        var column = local is null ? ModelPosition.None : Columns.Count;
        if (local is not null)
        {
            LocalColumns.Add(local.Values);
            Columns.Add(route == ModelPosition.None ? local.Values : [.. local.Values.Zip(routeReturns[route]!, FxRoute.Compound)]);
        }
        Positions.Add(new ModelPosition(held, instrument, units, priced, route, column, reason, ObservationsOf(instrument), local?.Borrowed ?? 0));
    }

    private (ModelOption? Option, FigureReason? Reason) OptionOf(Instrument instrument, int route)
    {
        if (instrument.Option is not { } terms) return (null, FigureReason.NotApplicable);
        var underlying = instruments.GetValueOrDefault(terms.Underlying);
        if (underlying is not null && underlying.Currency != instrument.Currency) return (null, FigureReason.NotApplicable);
        if (underlying?.Proxy is { } proxy) Price(proxy);
        if (window.Find(terms.Underlying, underlying?.Proxy) is not { } moves) return (null, FigureReason.ShortHistory);
        if (route != ModelPosition.None && routeReturns[route] is null) return (null, FigureReason.MissingFx);
        return (ModelOption.Of(instrument, underlying, Price(terms.Underlying), moves, route == ModelPosition.None ? null : routeReturns[route]), null);
    }

    /// <summary>Null with a reason where the scenarios cannot be had; null without where there is no risk (cash in base currency).</summary>
    private (SymbolReturns? Returns, FigureReason? Reason) LocalReturnsOf(Instrument instrument, int route)
    {
        var isCash = instrument.AssetClass == AssetClass.Cash;
        if (isCash && route == ModelPosition.None) return (null, null);
        var local = isCash ? new SymbolReturns(new double[window.Dates.Count], 0) : window.Find(instrument.Symbol, instrument.Proxy);
        if (local is null) return (null, FigureReason.ShortHistory);
        return route != ModelPosition.None && routeReturns[route] is null ? (null, FigureReason.MissingFx) : (local, null);
    }

    /// <summary>Whatever the reason why they may not suffice.</summary>
    private int ObservationsOf(Instrument instrument)
    {
        if (instrument.AssetClass == AssetClass.Cash) return window.Dates.Count;
        var moving = instrument.Option is { } option ? instruments.GetValueOrDefault(option.Underlying) : instrument;
        return moving is null ? 0 : window.Count(moving.Symbol, moving.Proxy);
    }

    private int Price(Symbol symbol)
    {
        if (pricedIndexes.TryGetValue(symbol, out var known)) return known;
        pricedIndexes.Add(symbol, Priced.Count);
        Priced.Add(symbol);
        return Priced.Count - 1;
    }

    /// <summary>The best route whose rates have a history, else the best one: it still gives a value.</summary>
    private int Route(Currency currency)
    {
        if (routeIndexes.TryGetValue(currency, out var known)) return known;
        var candidates = FxRoute.Find(currency, portfolio.BaseCurrency, instruments).Select(route => (route, Returns: route.Returns(window, instruments))).ToList();
        var (chosen, returns) = candidates.FirstOrDefault(x => x.Returns is not null, candidates.FirstOrDefault());
        foreach (var leg in chosen?.Legs ?? [])
            if (instruments[leg.Pair].Proxy is { } proxy) Price(proxy);
        routeIndexes.Add(currency, Routes.Count);
        routeReturns.Add(returns);
        Routes.Add(new ModelRoute([.. (chosen?.Legs ?? []).Select(leg => new ModelLeg(Price(leg.Pair), leg.IsInverse))]));
        return Routes.Count - 1;
    }
}

/// <param name="Instrument">Null where it is unknown.</param>
/// <param name="Units">Quantity × multiplier.</param>
/// <param name="Priced">Its index among the priced symbols; <see cref="None"/> for cash, whose price is 1.</param>
/// <param name="Route">Its currency's way to the base currency; <see cref="None"/> if it is the base currency.</param>
/// <param name="Column">Its column of returns, or of an option the revalued column; <see cref="None"/> where it has none.</param>
/// <param name="Reason">Why it has no column; null for what has one, and for cash in base currency, which needs none.</param>
/// <param name="Observations">In how many scenarios it has a return, or its underlying, or their proxies.</param>
/// <param name="Borrowed">In how many scenarios its proxy, or that of its underlying, stands in.</param>
/// <param name="Option">Null for what moves in proportion to a return.</param>
internal sealed record ModelPosition(
    Position Held, Instrument? Instrument, double Units, int Priced, int Route, int Column, FigureReason? Reason, int Observations, int Borrowed,
    ModelOption? Option = null)
{
    public const int None = -1;
}

/// <param name="Legs">Empty where no pair leads to the base currency.</param>
internal sealed record ModelRoute(ModelLeg[] Legs)
{
    /// <summary>Base currency per unit; NaN without a way, or a price on it.</summary>
    /// <param name="prices">Of the priced symbols.</param>
    public double RateAt(ReadOnlySpan<double> prices)
    {
        if (Legs.Length == 0) return double.NaN;
        var rate = 1d;
        foreach (var leg in Legs) rate *= leg.IsInverse ? 1 / prices[leg.Priced] : prices[leg.Priced];
        return rate;
    }
}

internal readonly record struct ModelLeg(int Priced, bool IsInverse);
