using Risk.Domain.Allocation;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>
/// What an account should hold of what it holds, by an objective: weights of the capital that lies in the chosen positions, the trades that
/// lead there, and the account's VaR and shortfall before and after them. Nothing is changed. Cash, options and positions without returns
/// are no part of it and stay.
/// </summary>
public sealed class OptimisePortfolio(MeasurePortfolio measure)
{
    /// <summary>A bound on the searches: their work grows with the cube of it.</summary>
    public const int MaxAssets = 100;

    private const decimal LargestQuantity = 1_000_000_000_000_000m;

    /// <summary>Null for an unknown account.</summary>
    public async Task<OptimiseReport?> RunAsync(AccountId account, OptimiseRequest request, CancellationToken cancellation)
    {
        if (await measure.RunAsync(account, cancellation) is not { } priced) return null;
        var before = priced.Report();
        var assets = before.Positions.Where(x => IsAsset(x, priced) && request.Symbols?.Contains(x.Symbol) != false).ToList();
        var named = request.NamedSymbols.Where(x => assets.All(y => y.Symbol != x)).Distinct().ToList();
        var report = new OptimiseReport(priced, before, assets, named, [], null, null, null, null);
        if (named.Count > 0 || assets.Count > MaxAssets) return report;
        var capital = assets.Sum(x => x.MarketValue.Value!.Value);
        if (!(capital > 0)) return report;
        double[] now = [.. assets.Select(x => x.MarketValue.Value!.Value / capital)];
        var search = new AllocationSearch(request, [.. assets.Select(x => x.Symbol)], ReturnsOf(priced, assets), now, priced.Live.Model.Portfolio.BaseCurrency);
        var found = search.Run();
        if (found.Value is not { } weights) return report with { Reason = found.Reason, Search = search };
        var trades = assets.Select((x, i) => TradeOf(x, now[i], weights[i], capital, request.LotSize)).ToList();
        return report with { Trades = trades, After = After(priced, trades), Search = search, Weights = weights };
    }

    private static bool IsAsset(PositionRisk x, PricedPortfolio priced) =>
        x.Quantity != 0 && x.At95.Var.Value is not null && x.MarketValue.Value is not (null or 0)
        && priced.Instruments.GetValueOrDefault(x.Symbol) is { AssetClass: not (AssetClass.Cash or AssetClass.Option) };

    /// <summary>In base currency, <c>[asset][scenario]</c>.</summary>
    private static double[][] ReturnsOf(PricedPortfolio priced, List<PositionRisk> assets)
    {
        var model = priced.Live.Model;
        var chosen = assets.Select(x => x.Symbol).ToHashSet();
        var only = model.Portfolio with { Positions = [.. model.Portfolio.Positions.Where(x => chosen.Contains(x.Symbol))] };
        ScenarioSet set = PortfolioModel.Build(only, priced.Instruments, model.History, model.Conventions).Scenarios;
        return [.. assets.Select((_, column) => Enumerable.Range(0, set.Count).Select(s => set[column, s]).ToArray())];
    }

    /// <summary>Rounded towards no trade, to whole lots.</summary>
    private static PlannedTrade TradeOf(PositionRisk asset, double before, double weight, double capital, decimal lot)
    {
        var unit = asset.MarketValue.Value!.Value / (double)asset.Quantity;
        var wanted = weight * capital / unit;
        var target = Math.Abs(wanted) < (double)LargestQuantity ? (decimal)wanted : Math.Sign(wanted) * LargestQuantity;
        var quantity = decimal.Truncate((target - asset.Quantity) / lot) * lot;
        return new PlannedTrade(asset.Symbol, before, weight, asset.Quantity, quantity, (double)quantity * unit, ((double)(asset.Quantity + quantity)) * unit / capital);
    }

    private static RiskReport After(PricedPortfolio priced, List<PlannedTrade> trades)
    {
        var model = priced.Live.Model;
        var bought = trades.ToDictionary(x => x.Symbol, x => x.Quantity);
        var positions = model.Portfolio.Positions.Select(x => x with { Quantity = x.Quantity + bought.GetValueOrDefault(x.Symbol) }).Where(x => x.Quantity != 0);
        var traded = model.Portfolio with { Positions = [.. positions], Cash = model.Portfolio.Cash - (decimal)trades.Sum(x => x.Value) };
        var live = priced.Live.At(PortfolioModel.Build(traded, priced.Instruments, model.History, model.Conventions));
        return RiskReport.Of(live, priced.AsOf, priced.Version);
    }
}

/// <param name="Unknown">Symbols that the request names and that are no assets of the account; with any, nothing was searched.</param>
/// <param name="Assets">What was divided; none, or long and short ones that leave no capital, have no weights and no reason.</param>
/// <param name="Trades">One for each asset, those of no quantity among them; none without weights.</param>
/// <param name="Reason">Why the search found no weights.</param>
/// <param name="After">The account with the trades done at today's prices, without costs.</param>
public sealed record OptimiseReport(
    PricedPortfolio Priced,
    RiskReport Before,
    IReadOnlyList<PositionRisk> Assets,
    IReadOnlyList<Symbol> Unknown,
    IReadOnlyList<PlannedTrade> Trades,
    NoAllocation? Reason,
    RiskReport? After,
    AllocationSearch? Search,
    double[]? Weights)
{
    /// <summary>Nothing could be divided because the returns of some position are too few.</summary>
    public bool HasShortHistory => Assets.Count == 0 && Before.Positions.Any(x => x.At95.Var.Reason == FigureReason.ShortHistory);
}

/// <param name="Weight">What the search found, of the capital in the assets.</param>
/// <param name="Held">Before.</param>
/// <param name="Quantity">To buy; negative to sell.</param>
/// <param name="Value">Of <paramref name="Quantity"/>, in base currency.</param>
/// <param name="ReachedWeight">With the rounded trade.</param>
public sealed record PlannedTrade(Symbol Symbol, double WeightBefore, double Weight, decimal Held, decimal Quantity, double Value, double ReachedWeight);
