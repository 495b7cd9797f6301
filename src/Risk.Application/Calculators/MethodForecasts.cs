using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>Any method of VaR as one that is walked forward over the P&amp;L of a whole portfolio.</summary>
public static class MethodForecasts
{
    /// <param name="options">Means of zero, the deviation of the sample and parameters fitted to the window are the only choice.</param>
    /// <exception cref="ArgumentException">Monte Carlo of a t without degrees of freedom.</exception>
    public static TailForecast Of(VarMethod method, decimal confidence, VarOptions options) => method switch
    {
        VarMethod.Historical => WalkForward.Historical(confidence, options.Quantile, options.Shortfall),
        VarMethod.AgeWeighted => TailForecasts.AgeWeighted(confidence, options.Lambda ?? VarOptions.UsualAgeLambda, options.Quantile == QuantileConvention.Type4),
        VarMethod.VolatilityScaled => TailForecasts.VolatilityScaled(confidence, options.Lambda ?? Ewma.DefaultLambda, options.Quantile, options.Shortfall),
        VarMethod.FilteredGarch => TailForecasts.FilteredGarch(confidence, options.Quantile, options.Shortfall),
        VarMethod.ParametricNormal or VarMethod.DeltaNormal => TailForecasts.Normal(confidence),
        VarMethod.StudentT when options.DegreesOfFreedom is { } nu => TailForecasts.StudentT(confidence, nu),
        VarMethod.StudentT => TailForecasts.FittedStudentT(confidence),
        VarMethod.CornishFisher => TailForecasts.CornishFisher(confidence),
        VarMethod.MonteCarloNormal => TailForecasts.Simulated(confidence, null, options.Paths, options.Seed),
        VarMethod.MonteCarloT => TailForecasts.Simulated(
            confidence, options.DegreesOfFreedom ?? throw new ArgumentException("A t is drawn with given degrees of freedom.", nameof(options)), options.Paths, options.Seed),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Unknown method."),
    };

    /// <summary>Why a walk has no forecast for a day: the fit, or volatilities that cannot be scaled.</summary>
    public static FigureReason ReasonOf(bool isFitted) => isFitted ? FigureReason.DidNotConverge : FigureReason.NotApplicable;

    /// <summary>
    /// Whether the method reads a tail of fewer than five scenarios off a window of so many days, or off its paths. Scenarios weighted by age
    /// count for as many as the weights are worth; a closed form reads no tail.
    /// </summary>
    public static bool HasThinTail(VarMethod method, decimal confidence, VarOptions options, int window)
    {
        int? scenarios = method switch
        {
            VarMethod.Historical or VarMethod.VolatilityScaled or VarMethod.FilteredGarch => window,
            VarMethod.AgeWeighted => AgeWeightedVar.Worth(window, options.Lambda ?? VarOptions.UsualAgeLambda),
            VarMethod.MonteCarloNormal or VarMethod.MonteCarloT => options.Paths,
            _ => null,
        };
        return scenarios is { } count && ExpectedShortfall.HasThinTail(count, confidence);
    }
}
