using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>VaR and shortfall of positions whose past the caller brings, by any method. Nothing is kept.</summary>
public sealed class CalculateVar(TimeProvider time)
{
    /// <summary>Beyond this a return is no return, and its powers may overflow.</summary>
    private const double MaxReturn = 1e12;

    /// <returns>Null when it was stopped at <see cref="VarCalculatorLimits.Deadline"/>.</returns>
    public CalculatedVar? Run(VarQuestion question, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(VarCalculatorLimits.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            var calculated = Measure(question, either.Token);
            return question.Options is { HorizonDays: > 1, HorizonMethod: HorizonMethod.SqrtTime } options
                ? calculated with { Results = [.. calculated.Results.Select(x => OverHorizon(x, question, options))] }
                : calculated;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static CalculatedVar Measure(VarQuestion question, CancellationToken cancellation)
    {
        if (question.Covariance is { } given)
            return question.Method == VarMethod.DeltaNormal ? EllipticalLosses.DeltaNormal(question, given, null, cancellation) : SimulatedLosses.Of(question, given, null, cancellation);
        var returns = ReturnsOf(question);
        var count = returns[0].Length;
        if (count < RiskConventions.MinObservations) return Missing(question, count, FigureReason.ShortHistory);
        if (returns.Any(series => Array.Exists(series, r => !(Math.Abs(r) <= MaxReturn)))) return Missing(question, count, FigureReason.NotApplicable);
        cancellation.ThrowIfCancellationRequested();
        return question.Method switch
        {
            VarMethod.Historical => ScenarioLosses.Of(question, returns, new ReturnScaling(ReturnScalingKind.None), cancellation),
            VarMethod.AgeWeighted => ScenarioLosses.Of(question, returns, new ReturnScaling(ReturnScalingKind.None), cancellation),
            VarMethod.VolatilityScaled => ScenarioLosses.Of(question, returns, VolatilityOf(question.Options), cancellation),
            VarMethod.FilteredGarch => ScenarioLosses.Filtered(question, returns, cancellation),
            VarMethod.ParametricNormal => EllipticalLosses.Normal(question, returns, cancellation),
            VarMethod.StudentT when question.Options.DegreesOfFreedom is { } nu => EllipticalLosses.StudentT(question, returns, nu, cancellation),
            VarMethod.StudentT => FittedLosses.Of(question, returns, cancellation),
            VarMethod.CornishFisher => ModifiedLosses.Of(question, returns, cancellation),
            VarMethod.DeltaNormal => EllipticalLosses.DeltaNormal(question, Covariance.Matrix(returns), returns, cancellation),
            VarMethod.MonteCarloNormal or VarMethod.MonteCarloT => SimulatedLosses.Of(question, Covariance.Matrix(returns), count, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(question), question.Method, "Unknown method."),
        };
    }

    private static ReturnScaling VolatilityOf(VarOptions options) => new(
        options.IsAssetLevel ? ReturnScalingKind.AssetVolatility : ReturnScalingKind.PortfolioVolatility, options.Lambda ?? Ewma.DefaultLambda);

    private static IReadOnlyList<double[]> ReturnsOf(VarQuestion question)
    {
        var step = question.Options.HorizonMethod == HorizonMethod.Overlapping ? question.Options.HorizonDays : 1;
        if (question.Prices is { } prices) return [.. prices.Select(x => Returns.Overlapping(x, step))];
        return step == 1 ? question.Returns! : [.. question.Returns!.Select(x => Returns.Compounded(x, step))];
    }

    private static CalculatedVar Missing(VarQuestion question, int observations, FigureReason reason) =>
        new(observations, [.. question.Confidences.Select(x => CalculatedLoss.Missing(x, reason))]);

    private static CalculatedLoss OverHorizon(CalculatedLoss loss, VarQuestion question, VarOptions options)
    {
        Figure Scaled(Figure figure) => figure.Value is { } value ? LossFigure.Of(ParametricVar.OverHorizon(value, options.HorizonDays)) : figure;
        var root = Math.Sqrt(options.HorizonDays);
        return loss with
        {
            Var = Scaled(loss.Var),
            Es = Scaled(loss.Es),
            Interval = loss.Interval is { } x ? new LossInterval(x.Low * root, x.High * root) : null,
            VarStandardError = Scaled(loss.VarStandardError),
            EsStandardError = Scaled(loss.EsStandardError),
            VarParts = TimesRoot(loss.VarParts, root),
            EsParts = TimesRoot(loss.EsParts, root),
            Warnings = loss.Warnings | (CountsMean(question) && loss.Var.Value is not null ? LossWarnings.SqrtTimeWithMean : 0),
        };
    }

    private static LossParts? TimesRoot(LossParts? parts, double root) => parts is null ? null : new LossParts(
        [.. parts.Components.Select(x => x * root)], [.. parts.Marginal.Select(x => x * root)], [.. parts.Incremental.Select(x => x * root)]);

    /// <summary>Scenarios of the past count it too, but say so by their name.</summary>
    private static bool CountsMean(VarQuestion question) => question.Method switch
    {
        VarMethod.ParametricNormal => question.Options.HasMean,
        VarMethod.StudentT => question.Options.HasMean || question.Options.DegreesOfFreedom is null,
        VarMethod.CornishFisher => true,
        _ => false,
    };
}
