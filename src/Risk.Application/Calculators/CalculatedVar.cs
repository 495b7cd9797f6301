using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>Losses are positive, in the currency of the positions.</summary>
/// <param name="Observations">Returns that were read; null when a covariance was given.</param>
/// <param name="Results">One for each confidence, in order.</param>
/// <param name="DegreesOfFreedom">ν of a t, given or fitted.</param>
/// <param name="Garch">In returns of the portfolio, given or fitted, and the variance that the recursion started with.</param>
public sealed record CalculatedVar(
    int? Observations, IReadOnlyList<CalculatedLoss> Results, double? DegreesOfFreedom = null, (GarchParameters Parameters, double InitialVariance)? Garch = null);

/// <param name="Interval">Where the true VaR lies with 95 % probability; null where no order statistics bound it.</param>
/// <param name="VarStandardError">Of the estimate; missing where the method has none that holds.</param>
/// <param name="Scenarios">Those that set the VaR: VaR = −Σ weight·P&amp;L. None for closed forms.</param>
/// <param name="VarParts">Null when not asked for, or when there is no VaR.</param>
public sealed record CalculatedLoss(
    decimal Confidence,
    Figure Var,
    Figure Es,
    LossInterval? Interval,
    Figure VarStandardError,
    Figure EsStandardError,
    IReadOnlyList<LossScenario> Scenarios,
    LossParts? VarParts,
    LossParts? EsParts,
    LossWarnings Warnings)
{
    public static CalculatedLoss Missing(decimal confidence, FigureReason reason)
    {
        var missing = Figure.Missing(reason);
        return new CalculatedLoss(confidence, missing, missing, null, missing, missing, [], null, null, LossWarnings.None);
    }
}

/// <param name="Index">0-based place in the returns, or number of the simulated path.</param>
/// <param name="Weight">In the VaR; the weights add up to 1.</param>
/// <param name="Pnl">Of the portfolio in the scenario as the method sees it; a gain is positive.</param>
public readonly record struct LossScenario(int Index, double Weight, double Pnl);

/// <summary>What a reader of a figure must know.</summary>
[Flags]
public enum LossWarnings
{
    None = 0,

    /// <summary>Fewer than five observations in the tail.</summary>
    ThinTail = 1,

    /// <summary>The bent quantile is outside of its domain: a higher confidence can give a lower VaR.</summary>
    NotMonotone = 2,

    /// <summary>The shortfall lies below the VaR: the modified one broke down, or the two conventions do not go together.</summary>
    ShortfallBelowVar = 4,

    /// <summary>A figure that counts a mean was multiplied by √days, which holds for a mean of zero only.</summary>
    SqrtTimeWithMean = 8,

    /// <summary>The fitted t has ν of 2 or less.</summary>
    InfiniteVariance = 16,

    /// <summary>The modified shortfall broke down: a higher confidence gives a lower one.</summary>
    ShortfallFalls = 32,

    /// <summary>The scenarios were scaled by a forecast of volatility whose own error is not known: interval and standard error leave it out and are too narrow.</summary>
    ForecastTakenAsKnown = 64,

    /// <summary>The given α + β reach 1: variances have no level that they come back to.</summary>
    NoLongRunVariance = 128,

    /// <summary>The errors are those of the simulation: what the covariance is off, for it was estimated, they leave out.</summary>
    CovarianceTakenAsKnown = 256,

    /// <summary>The likelihood of the fitted t still rises at an end of the range of ν: nothing tells ν, nor how far the figures are off.</summary>
    AtBoundary = 512,

    /// <summary>The tails of the P&amp;L are so heavy that standard errors made of its moments come out too small.</summary>
    HeavyTails = 1_024,
}
