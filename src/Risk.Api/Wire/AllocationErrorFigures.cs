using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Each is that of the figure of its name for fixed weights, by the mix's own returns; see <see cref="MixErrors"/>. Null of a given covariance, and of a posterior.</summary>
/// <param name="ExpectedReturn">Null where expected returns were given: they are taken as known, here and in that of the ratio.</param>
public sealed record AllocationErrorFigures(double? Variance, double? Volatility, double? ExpectedReturn, double? Sharpe)
{
    internal static AllocationErrorFigures Of(AllocationInput x, MixErrors? errors, double? sigma, double? sharpe, FigureSheet sheet, FigureReason missing)
    {
        var ofSharpe = x.AreReturnsGiven ? Math.Abs(sharpe ?? 0) * errors?.Volatility / sigma : errors?.Sharpe;
        return new AllocationErrorFigures(
            sheet.ErrorOf("variance", errors?.Variance, missing),
            sheet.ErrorOf("volatility", errors?.Volatility, missing),
            sheet.ErrorOf("expected_return", x.AreReturnsGiven ? null : errors?.Mean, missing),
            sheet.ErrorOf("sharpe", sharpe is null ? null : ofSharpe, missing));
    }

    /// <param name="isChosen">Whether the weights were chosen on the periods that measure them.</param>
    internal static IReadOnlyList<string> FlagsOf(bool isChosen, bool hasThinTail, bool hasHeavyTails)
    {
        (bool Holds, string Word)[] words = [(isChosen, "in_sample"), (hasThinTail, "thin_tail"), (hasHeavyTails, "heavy_tails")];
        return [.. words.Where(x => x.Holds).Select(x => x.Word)];
    }

    /// <summary>Null where nothing was estimated, or more than a mix.</summary>
    internal static MixErrors? ErrorsOf(AllocationInput x, double[]? weights) =>
        x.Table is null || x.Views is not null || weights is null ? null : MixErrors.Of(weights, x.Table.Returns, x.RiskFree);
}
