using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Arrays are in the order of the assets; risk and return are per the period of the input.</summary>
/// <param name="Observations">Of the series that the covariance was estimated from; null where it was given.</param>
/// <param name="Coverage">Share of what was given that the figures contain: all, or none where there are no weights.</param>
/// <param name="RiskShare">Each asset's share of the variance.</param>
/// <param name="StandardErrors">For want of periods, the weights taken as fixed; they and the shares of risk have none.</param>
/// <param name="Hrp">Of hierarchical risk parity, else left out; so are the blocks that follow where the objective is another.</param>
/// <param name="Points">Of the frontier, in ascending order of return or of the targets; left out where none were asked for, one where nothing could be searched.</param>
/// <param name="Flags">in_sample: the weights were chosen on the periods that measure them.</param>
public sealed record AllocationCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int? Observations,
    double Coverage,
    IReadOnlyList<string> Assets,
    double[]? Weights,
    double? Variance,
    double? Volatility,
    double? ExpectedReturn,
    double? Sharpe,
    double[]? RiskShare,
    AllocationErrorFigures StandardErrors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HrpFigures? Hrp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BlackLittermanFigures? BlackLitterman,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CvarFigures? MinCvar,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FrontierPoint>? Points,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static AllocationCalculation Of(AllocationInput x)
    {
        var isShort = x.Table is { Observations: < RiskConventions.MinObservations };
        return Of(x, isShort ? new FoundAllocation(null, null) : FoundAllocation.Of(x), new FigureSheet(isShort ? FigureReason.ShortHistory : null), FrontierPoint.AllOf(x, isShort));
    }

    private static AllocationCalculation Of(AllocationInput x, FoundAllocation found, FigureSheet sheet, IReadOnlyList<FrontierPoint>? points)
    {
        var missing = found.Reason == NoAllocation.DidNotConverge ? FigureReason.DidNotConverge : FigureReason.NotApplicable;
        var weights = sheet.Of("weights", found.Weights, missing);
        // With views the risk is that of the posterior, and so are the returns.
        var covariance = found.BlackLitterman?.PosteriorCovariance ?? x.Covariance;
        var returns = found.BlackLitterman?.PosteriorReturns ?? x.ExpectedReturns;
        var sigma = weights is null ? (double?)null : PortfolioVolatility.Of(weights, covariance);
        var mean = weights is null || returns is null ? (double?)null : weights.Zip(returns, (w, r) => w * r).Sum();
        var sharpe = sheet.Of("sharpe", sigma > 0 ? (mean - x.RiskFree) / sigma : null, missing);
        if (x.Table is null) sheet.Reasons["observations"] = FigureWords.Of(FigureReason.NotApplicable);
        var errors = AllocationErrorFigures.ErrorsOf(x, weights);
        return new AllocationCalculation(
            x.Objective, ConventionsOf(x), x.Table?.Observations, weights is not null || points?.Any(p => p.Weights is not null) == true ? 1 : 0, x.Assets, weights,
            sheet.Of("variance", sigma * sigma, missing),
            sheet.Of("volatility", sigma, missing),
            sheet.Of("expected_return", mean, missing),
            sharpe,
            sheet.Of("risk_share", sigma > 0 ? PortfolioVolatility.Contributions(weights!, covariance).Select(c => c / sigma.Value) : null, missing),
            AllocationErrorFigures.Of(x, errors, sigma, sharpe, sheet, missing),
            x.Objective is "hrp" ? HrpFigures.Of(x, found.Hrp, sheet, missing) : null,
            x.Objective is "black_litterman" ? BlackLittermanFigures.Of(found.BlackLitterman, sheet, missing) : null,
            x.Objective is "min_cvar" ? CvarFigures.Of(x, found.Cvar, errors, sheet, missing) : null,
            points,
            FlagsOf(x, weights, found.Reason, errors),
            sheet.Reasons);
    }

    internal static IReadOnlyList<string> FlagsOf(AllocationInput x, double[]? weights, NoAllocation? reason, MixErrors? errors)
    {
        if (reason is { } why) return [FoundAllocation.WordOf(why)];
        if (x.Table is null || weights is null) return [];
        return AllocationErrorFigures.FlagsOf(isChosen: true, x.Objective is "min_cvar" && ExpectedShortfall.HasThinTail(x.Table.Observations, x.Confidence), errors?.HasHeavyTails == true);
    }

    private static Dictionary<string, string> ConventionsOf(AllocationInput x)
    {
        var said = new Dictionary<string, string> { ["covariance"] = x.Table is null ? "as given" : "sample, n-1", ["period"] = "that of the input" };
        said["standard_errors"] = x.Table is null ? "none, what is given is taken as known"
            : x.Views is not null ? "none, the posterior is taken as known"
            : "of fixed weights, independent periods, first order by the mix's own moments; none of weights and risk_share, nor of given expected returns";
        if (x.Objective is "max_sharpe") said["risk_free"] = FormattableString.Invariant($"{x.RiskFree}");
        if (x.Objective is "hrp") (said["distance"], said["linkage"], said["leaf_order"]) = ("sqrt((1-rho)/2)", "single", "merges by height, lower cluster number first; halves at n/2");
        if (x.Objective is "min_cvar") (said["confidence"], said["cvar"]) = (FormattableString.Invariant($"{x.Confidence}"), "acerbi_tasche of the mix of the scenarios");
        if (x.Views is { } views) (said["delta"], said["tau"], said["risk"]) = (FormattableString.Invariant($"{views.Delta}"), FormattableString.Invariant($"{views.Tau}"), "posterior");
        return said;
    }
}

/// <summary>What an objective found, or why it found nothing.</summary>
internal sealed record FoundAllocation(
    double[]? Weights, NoAllocation? Reason, HierarchicalParity? Hrp = null, BlackLitterman? BlackLitterman = null, CvarAllocation? Cvar = null)
{
    public static FoundAllocation Of(AllocationInput x)
    {
        switch (x.Objective)
        {
            case "hrp":
                var tree = HierarchicalParity.Of(x.Covariance, x.Correlation);
                return new FoundAllocation(tree.Value?.Weights, tree.Reason, Hrp: tree.Value);
            case "black_litterman":
                var model = Domain.Allocation.BlackLitterman.Of(x.Covariance, x.Views!.MarketWeights, x.Views.Views, x.Views.Delta, x.Views.Tau);
                return new FoundAllocation(model.Value?.OptimalWeights, model.Reason, BlackLitterman: model.Value);
            case "min_cvar":
                var least = MinimumCvar.Of(x.Table!.Returns, x.Confidence, x.Limits, x.TargetMeanReturn);
                return new FoundAllocation(least.Value?.Weights, least.Reason, Cvar: least.Value);
            default:
                var weights = x.Objective switch
                {
                    "max_sharpe" => MaximumSharpe.Of(x.Covariance, x.ExpectedReturns!, x.RiskFree, x.Limits),
                    "target_return" => MinimumVariance.ForReturn(x.Covariance, x.ExpectedReturns!, x.TargetReturn, x.Limits),
                    "risk_parity" => RiskBudget.Parity(x.Covariance),
                    "risk_budget" => RiskBudget.Of(x.Covariance, x.Budget!),
                    _ => MinimumVariance.Of(x.Covariance, x.Limits),
                };
                return new FoundAllocation(weights.Value, weights.Reason);
        }
    }

    public static string WordOf(NoAllocation reason) => reason switch
    {
        NoAllocation.LimitsExcludeAll => "limits_exclude_all",
        NoAllocation.TargetOutOfReach => "target_out_of_reach",
        NoAllocation.NoExcessReturn => "no_excess_return",
        NoAllocation.SingularCovariance => "singular_covariance",
        NoAllocation.IndefiniteCovariance => "indefinite_covariance",
        NoAllocation.DependentViews => "dependent_views",
        _ => "did_not_converge",
    };
}

/// <param name="LeafOrder">The assets from left to right of the tree, on which the weights depend.</param>
/// <param name="MergeHeights">Distances at which clusters merged, ascending.</param>
public sealed record HrpFigures(IReadOnlyList<string>? LeafOrder, double[]? MergeHeights)
{
    internal static HrpFigures Of(AllocationInput x, HierarchicalParity? tree, FigureSheet sheet, FigureReason missing)
    {
        if (tree is null) sheet.Miss("hrp/leaf_order", missing);
        return new HrpFigures(tree is null ? null : [.. tree.LeafOrder.Select(i => x.Assets[i])], sheet.Of("hrp/merge_heights", (IEnumerable<double>?)tree?.MergeHeights, missing));
    }
}

public sealed record BlackLittermanFigures(double[]? EquilibriumReturns, double[]? PosteriorReturns, double[][]? PosteriorCovariance, double[]? OptimalWeights)
{
    internal static BlackLittermanFigures Of(BlackLitterman? x, FigureSheet sheet, FigureReason missing) => new(
        sheet.Of("black_litterman/equilibrium_returns", x?.EquilibriumReturns, missing), sheet.Of("black_litterman/posterior_returns", x?.PosteriorReturns, missing),
        sheet.Of("black_litterman/posterior_covariance", x?.PosteriorCovariance, missing), sheet.Of("black_litterman/optimal_weights", x?.OptimalWeights, missing));
}

/// <param name="Cvar">Expected shortfall, a positive loss, as a ratio of the capital.</param>
public sealed record CvarFigures(double? Cvar, double? PortfolioMean, CvarErrorFigures StandardErrors)
{
    internal static CvarFigures Of(AllocationInput x, CvarAllocation? found, MixErrors? errors, FigureSheet sheet, FigureReason missing)
    {
        var mix = found is null ? null : LinearPnl.Total(found.Weights, x.Table!.Returns);
        return new CvarFigures(
            sheet.Of("min_cvar/cvar", found?.Cvar, missing),
            sheet.Of("min_cvar/portfolio_mean", found is null ? null : x.Table!.Returns.Zip(found.Weights, (series, w) => Domain.Measures.Volatility.Mean(series) * w).Sum(), missing),
            new CvarErrorFigures(
                sheet.Of("min_cvar/standard_errors/cvar", mix is null || !Array.TrueForAll(mix, double.IsFinite) ? null : new TailReading().ShortfallError(new SortedPnl(mix), x.Confidence), missing),
                sheet.Of("min_cvar/standard_errors/portfolio_mean", errors?.Mean, missing)));
    }
}

/// <summary>Each is that of the figure of its name, for fixed weights and independent periods.</summary>
public sealed record CvarErrorFigures(double? Cvar, double? PortfolioMean);
