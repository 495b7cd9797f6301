using Risk.Domain.Allocation;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;

namespace Risk.Application.Reporting;

/// <summary>
/// One search for weights. Covariance (n − 1) and mean of simple daily returns, both × 252: all rates in and out are per year. Minimum CVaR
/// is searched over the daily scenarios themselves.
/// </summary>
public sealed class AllocationSearch
{
    private readonly OptimiseRequest request;
    private readonly IReadOnlyList<Symbol> symbols;
    private readonly double[][] returns;
    private readonly double[] now;

    internal AllocationSearch(OptimiseRequest request, IReadOnlyList<Symbol> symbols, double[][] returns, double[] now, Currency currency)
    {
        (this.request, this.symbols, this.returns, this.now) = (request, symbols, returns, now);
        RiskFreeAnnual = request.RiskFreeAnnual ?? (currency == Currency.Inr ? 0.06 : 0);
        CovarianceAnnual = [.. Covariance.Matrix(returns).Select(row => row.Select(x => x * Volatility.DaysPerYear).ToArray())];
        MeansAnnual = [.. symbols.Select((symbol, i) => request.ExpectedReturns?.TryGetValue(symbol, out var given) == true ? given : Volatility.Mean(returns[i]) * Volatility.DaysPerYear)];
    }

    /// <summary>6 % for the Indian rupee and nothing for other currencies, unless the request says otherwise.</summary>
    public double RiskFreeAnnual { get; }

    public double[][] CovarianceAnnual { get; }

    /// <summary>Expected returns: those of the request, else the means of the window; after a Black–Litterman search its posterior.</summary>
    public double[] MeansAnnual { get; private set; }

    /// <summary>Whether the search itself looked at a tail, and fewer than five scenarios make it.</summary>
    public bool HasThinTail => request.Objective == Objective.MinCvar && ExpectedShortfall.HasThinTail(returns[0].Length, request.Confidence);

    public double ExpectedReturnOf(IEnumerable<double> weights) => weights.Zip(MeansAnnual, (w, m) => w * m).Sum();

    public double VolatilityOf(double[] weights) => Math.Sqrt(Math.Max(0, Covariance.Times(CovarianceAnnual, weights).Zip(weights, (x, w) => x * w).Sum()));

    /// <summary>
    /// How far the two are off on average for want of days, the weights taken as fixed. That of the return is null where expected returns were
    /// given or come from views: they are taken as known.
    /// </summary>
    public (double? ExpectedReturn, double Volatility, bool HasHeavyTails) ErrorsOf(double[] weights)
    {
        var errors = MixErrors.Of(weights, returns);
        var isEstimated = request.ExpectedReturns is not { Count: > 0 } && request.Objective != Objective.BlackLitterman;
        return (isEstimated ? errors.Mean * Volatility.DaysPerYear : null, errors.Volatility * Math.Sqrt(Volatility.DaysPerYear), errors.HasHeavyTails);
    }

    internal Allocated<double[]> Run()
    {
        var s = CovarianceAnnual;
        var limits = new WeightLimits(symbols.Select(x => BoundsOf(x).Lower), symbols.Select(x => BoundsOf(x).Upper));
        return request.Objective switch
        {
            Objective.MinVariance => MinimumVariance.Of(s, limits),
            Objective.TargetReturn => MinimumVariance.ForReturn(s, MeansAnnual, request.TargetReturn!.Value, limits),
            Objective.MaxSharpe => MaximumSharpe.Of(s, MeansAnnual, RiskFreeAnnual, limits),
            Objective.RiskParity => RiskBudget.Parity(s),
            Objective.RiskBudget => RiskBudget.Of(s, [.. symbols.Select(x => request.Budgets!.GetValueOrDefault(x))]),
            Objective.Hrp => Only(HierarchicalParity.Of(s), x => x.Weights),
            Objective.MinCvar => Only(MinimumCvar.Of(returns, request.Confidence, limits, request.TargetReturn / Volatility.DaysPerYear), x => x.Weights),
            _ => BlackLittermanWeights(s, limits),
        };
    }

    /// <summary>The highest Sharpe ratio of the posterior, within the limits: without any it is the posterior's optimum, scaled to one.</summary>
    private Allocated<double[]> BlackLittermanWeights(double[][] covariance, WeightLimits limits)
    {
        double[] market = request.MarketWeights is { } given ? [.. symbols.Select(x => given.GetValueOrDefault(x))] : now;
        IReadOnlyList<ReturnView> views = [.. request.Views.Select(x => new ReturnView([.. symbols.Select(y => x.Positions.GetValueOrDefault(y))], x.Return, x.Variance))];
        var posterior = BlackLitterman.Of(covariance, market, views, request.RiskAversion, request.Tau);
        if (posterior.Value is not { } known) return posterior.Reason!.Value;
        MeansAnnual = [.. known.PosteriorReturns.Select(x => x + RiskFreeAnnual)];
        return MaximumSharpe.Of(known.PosteriorCovariance, known.PosteriorReturns, 0, limits);
    }

    private WeightBounds BoundsOf(Symbol symbol) => request.SymbolBounds.GetValueOrDefault(symbol) ?? request.Bounds;

    private static Allocated<double[]> Only<T>(Allocated<T> found, Func<T, double[]> weights)
        where T : class => found.Value is { } value ? weights(value) : found.Reason!.Value;
}

public enum Objective
{
    MinVariance,
    MaxSharpe,
    TargetReturn,
    RiskParity,
    RiskBudget,
    Hrp,
    BlackLitterman,
    MinCvar,
}

/// <summary>What to optimise. Rates are per year.</summary>
public sealed record OptimiseRequest(Objective Objective)
{
    /// <summary>Only these, and the rest stays; null for all that can be.</summary>
    public IReadOnlyCollection<Symbol>? Symbols { get; init; }

    public WeightBounds Bounds { get; init; } = new(0, 1);

    public IReadOnlyDictionary<Symbol, WeightBounds> SymbolBounds { get; init; } = new Dictionary<Symbol, WeightBounds>();

    /// <summary>Needed by <see cref="Objective.TargetReturn"/>; at least this for <see cref="Objective.MinCvar"/>.</summary>
    public double? TargetReturn { get; init; }

    /// <summary>Needed by <see cref="Objective.RiskBudget"/>: shares of the variance; who is not named has none.</summary>
    public IReadOnlyDictionary<Symbol, double>? Budgets { get; init; }

    public IReadOnlyList<SymbolView> Views { get; init; } = [];

    public IReadOnlyDictionary<Symbol, double>? ExpectedReturns { get; init; }

    /// <summary>Today's weights where not given.</summary>
    public IReadOnlyDictionary<Symbol, double>? MarketWeights { get; init; }

    public double? RiskFreeAnnual { get; init; }

    public double RiskAversion { get; init; } = 2.5;

    public double Tau { get; init; } = 0.05;

    public decimal Confidence { get; init; } = 0.95m;

    public decimal LotSize { get; init; } = 1;

    internal IEnumerable<Symbol> NamedSymbols =>
        [.. Symbols ?? [], .. SymbolBounds.Keys, .. Budgets?.Keys ?? [], .. Views.SelectMany(x => x.Positions.Keys), .. ExpectedReturns?.Keys ?? [], .. MarketWeights?.Keys ?? []];
}

public sealed record WeightBounds(double Lower, double Upper);

/// <inheritdoc cref="ReturnView"/>
public sealed record SymbolView(IReadOnlyDictionary<Symbol, double> Positions, double Return, double? Variance);
