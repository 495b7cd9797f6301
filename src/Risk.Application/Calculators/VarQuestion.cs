using Risk.Domain.Measures;

namespace Risk.Application.Calculators;

/// <summary>A portfolio, the past it is measured by, and how. Checked before it is asked: what is said here holds.</summary>
/// <param name="Positions">Values in one currency, negative when short; at least one.</param>
/// <param name="Prices">As <c>[position][day]</c>, ascending in time, positive; null when returns or a covariance are given.</param>
/// <param name="Returns">As <c>[position][day]</c>, simple; above −1 for overlapping horizons.</param>
/// <param name="Covariance">Of daily returns, in the place of a past: delta-normal and Monte Carlo only.</param>
/// <param name="Confidences">Each between 0.5 and 1, both excluded.</param>
public sealed record VarQuestion(
    VarMethod Method,
    double[] Positions,
    IReadOnlyList<double[]>? Prices,
    IReadOnlyList<double[]>? Returns,
    IReadOnlyList<double[]>? Covariance,
    IReadOnlyList<decimal> Confidences,
    VarOptions Options);

/// <summary>What a method may be told; each reads only what belongs to it.</summary>
/// <param name="Lambda">Decay of the age weights, or of the EWMA volatility; null for the usual one of the method.</param>
/// <param name="IsAssetLevel">Volatility scaling of each asset by itself, in the place of the portfolio as one.</param>
/// <param name="HasMean">Whether the parametric normal and the t with given ν count the sample mean; they take zero otherwise.</param>
/// <param name="IsPopulation">Whether the variance of the parametric normal and of Cornish–Fisher has the divisor n; null for the usual one: n − 1, and n for Cornish–Fisher.</param>
/// <param name="DegreesOfFreedom">ν of a t, above 2; for the method Student t fitted when null.</param>
/// <param name="Garch">Fitted when null.</param>
/// <param name="InitialVariance">Of the GARCH recursion; the population variance of the returns when null.</param>
public sealed record VarOptions(
    QuantileConvention Quantile = QuantileConvention.Type7,
    ShortfallConvention Shortfall = ShortfallConvention.AcerbiTasche,
    ModifiedShortfall ModifiedShortfall = ModifiedShortfall.Operational,
    int HorizonDays = 1,
    HorizonMethod HorizonMethod = HorizonMethod.SqrtTime,
    double? Lambda = null,
    bool IsAssetLevel = false,
    bool HasMean = false,
    bool? IsPopulation = null,
    double? DegreesOfFreedom = null,
    GarchParameters? Garch = null,
    double? InitialVariance = null,
    int Paths = VarOptions.UsualPaths,
    ulong Seed = 1,
    bool HasComponents = false)
{
    public const int UsualPaths = 100_000;

    /// <summary>Whether the returns share days, so that none is independent of the next.</summary>
    public bool HasOverlap => HorizonMethod == HorizonMethod.Overlapping && HorizonDays > 1;

    /// <summary>Of age weights, as their authors use it.</summary>
    public const double UsualAgeLambda = 0.98;
}
