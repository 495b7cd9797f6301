using System.Text.Json.Serialization;
using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Arrays are in the order of the assets; risk and return are per the period of the input.</summary>
/// <param name="Observations">Of the series that the covariance was estimated from; null where it was given.</param>
/// <param name="RiskShare">Each asset's share of the variance.</param>
/// <param name="Hrp">Of hierarchical risk parity, else left out; so are the blocks that follow where the objective is another.</param>
/// <param name="Points">Of the frontier, in ascending order of return or of the targets.</param>
public sealed record AllocationCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int? Observations,
    IReadOnlyList<string> Assets,
    double[]? Weights,
    double? Variance,
    double? Volatility,
    double? ExpectedReturn,
    double? Sharpe,
    double[]? RiskShare,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HrpFigures? Hrp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BlackLittermanFigures? BlackLitterman,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CvarFigures? MinCvar,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FrontierPoint>? Points,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static AllocationCalculation Of(AllocationInput x)
    {
        if (x.Table is { Observations: < RiskConventions.MinObservations })
            return Of(x, new FoundAllocation(null, null), new FigureSheet(FigureReason.ShortHistory), null);
        return Of(x, FoundAllocation.Of(x), new FigureSheet(), FrontierOf(x));
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
        return new AllocationCalculation(
            x.Objective, ConventionsOf(x), x.Table?.Observations, x.Assets, weights,
            sheet.Of("variance", sigma * sigma, missing),
            sheet.Of("volatility", sigma, missing),
            sheet.Of("expected_return", mean, missing),
            sheet.Of("sharpe", sigma > 0 ? (mean - x.RiskFree) / sigma : null, missing),
            sheet.Of("risk_share", sigma > 0 ? PortfolioVolatility.Contributions(weights!, covariance).Select(c => c / sigma.Value) : null, missing),
            found.Hrp is null ? null : new HrpFigures([.. found.Hrp.LeafOrder.Select(i => x.Assets[i])], found.Hrp.MergeHeights),
            found.BlackLitterman is null ? null : BlackLittermanFigures.Of(found.BlackLitterman, sheet),
            found.Cvar is null ? null : new CvarFigures(found.Cvar.Cvar + 0.0, x.Table!.Returns.Zip(found.Cvar.Weights, (series, w) => Domain.Measures.Volatility.Mean(series) * w).Sum()),
            points,
            FlagsOf(x, found),
            sheet.Reasons);
    }

    private static IReadOnlyList<string> FlagsOf(AllocationInput x, FoundAllocation found) =>
        found.Reason is { } why ? [FoundAllocation.WordOf(why)] : found.Cvar is not null && ExpectedShortfall.HasThinTail(x.Table!.Observations, x.Confidence) ? ["thin_tail"] : [];

    private static List<FrontierPoint>? FrontierOf(AllocationInput x)
    {
        if (x.Targets is not null)
            return [.. x.Targets.Select(target => FrontierPoint.Of(x, target, MinimumVariance.ForReturn(x.Covariance, x.ExpectedReturns!, target, x.Limits)))];
        return x.Points is { } count
            ? [.. MinimumVariance.Frontier(x.Covariance, x.ExpectedReturns!, count, x.Limits).Select(found => FrontierPoint.Of(x, null, found))]
            : null;
    }

    private static Dictionary<string, string> ConventionsOf(AllocationInput x)
    {
        var said = new Dictionary<string, string> { ["covariance"] = x.Table is null ? "as given" : "sample, n-1", ["period"] = "that of the input" };
        said["standard_errors"] = x.Table is null ? "none, what is given is taken as known" : "none, the weights were chosen on the sample that measures them";
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
public sealed record HrpFigures(IReadOnlyList<string> LeafOrder, IReadOnlyList<double> MergeHeights);

public sealed record BlackLittermanFigures(double[]? EquilibriumReturns, double[]? PosteriorReturns, double[][]? PosteriorCovariance, double[]? OptimalWeights)
{
    internal static BlackLittermanFigures Of(BlackLitterman x, FigureSheet sheet) => new(
        sheet.Of("equilibrium_returns", x.EquilibriumReturns), sheet.Of("posterior_returns", x.PosteriorReturns), sheet.Of("posterior_covariance", x.PosteriorCovariance),
        sheet.Of("optimal_weights", x.OptimalWeights));
}

/// <param name="Cvar">Expected shortfall, a positive loss, as a ratio of the capital.</param>
public sealed record CvarFigures(double Cvar, double PortfolioMean);

/// <param name="Target">The expected return asked for; null where points were.</param>
public sealed record FrontierPoint(
    double? Target, double[]? Weights, double? ExpectedReturn, double? Variance, double? Volatility, IReadOnlyList<string> Flags, Dictionary<string, string> Reasons)
{
    internal static FrontierPoint Of(AllocationInput x, double? target, Allocated<double[]> found)
    {
        var sheet = new FigureSheet();
        var missing = found.Reason == NoAllocation.DidNotConverge ? FigureReason.DidNotConverge : FigureReason.NotApplicable;
        var weights = sheet.Of("weights", found.Value, missing);
        var sigma = weights is null ? (double?)null : PortfolioVolatility.Of(weights, x.Covariance);
        return new FrontierPoint(
            target, weights, sheet.Of("expected_return", weights is null ? null : weights.Zip(x.ExpectedReturns!, (w, r) => w * r).Sum(), missing),
            sheet.Of("variance", sigma * sigma, missing), sheet.Of("volatility", sigma, missing),
            found.Reason is { } why ? [FoundAllocation.WordOf(why)] : [], sheet.Reasons);
    }
}
