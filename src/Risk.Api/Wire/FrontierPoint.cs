using Risk.Application.Reporting;
using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <param name="Target">The expected return asked for; null where points were.</param>
/// <param name="Flags">in_sample, or why there are no weights.</param>
public sealed record FrontierPoint(
    double? Target, double[]? Weights, double? ExpectedReturn, double? Variance, double? Volatility, FrontierErrorFigures StandardErrors, IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    /// <summary>Null where none was asked for.</summary>
    internal static IReadOnlyList<FrontierPoint>? AllOf(AllocationInput x, bool isShort)
    {
        if (x.Targets is not null)
            return [.. x.Targets.Select(target => Of(x, target, isShort ? null : MinimumVariance.ForReturn(x.Covariance, x.ExpectedReturns!, target, x.Limits)))];
        if (x.Points is not { } count) return null;
        return isShort ? [Of(x, null, null)] : [.. MinimumVariance.Frontier(x.Covariance, x.ExpectedReturns!, count, x.Limits).Select(found => Of(x, null, found))];
    }

    /// <param name="found">Null where the history is too short to search.</param>
    private static FrontierPoint Of(AllocationInput x, double? target, Allocated<double[]>? found)
    {
        var sheet = new FigureSheet(found is null ? FigureReason.ShortHistory : null);
        if (target is null) sheet.Reasons["target"] = FigureWords.Of(FigureReason.NotApplicable);
        var missing = found?.Reason == NoAllocation.DidNotConverge ? FigureReason.DidNotConverge : FigureReason.NotApplicable;
        var weights = sheet.Of("weights", found?.Value, missing);
        var sigma = weights is null ? (double?)null : PortfolioVolatility.Of(weights, x.Covariance);
        var errors = AllocationErrorFigures.ErrorsOf(x, weights);
        return new FrontierPoint(
            target, weights, sheet.Of("expected_return", weights is null ? null : weights.Zip(x.ExpectedReturns!, (w, r) => w * r).Sum(), missing),
            sheet.Of("variance", sigma * sigma, missing), sheet.Of("volatility", sigma, missing),
            FrontierErrorFigures.Of(x, errors, sheet, missing),
            AllocationCalculation.FlagsOf(x, weights, found?.Reason, errors), sheet.Reasons);
    }
}

/// <inheritdoc cref="AllocationErrorFigures"/>
public sealed record FrontierErrorFigures(double? Variance, double? Volatility, double? ExpectedReturn)
{
    internal static FrontierErrorFigures Of(AllocationInput x, MixErrors? errors, FigureSheet sheet, FigureReason missing) => new(
        sheet.ErrorOf("variance", errors?.Variance, missing),
        sheet.ErrorOf("volatility", errors?.Volatility, missing),
        sheet.ErrorOf("expected_return", x.AreReturnsGiven ? null : errors?.Mean, missing));
}
