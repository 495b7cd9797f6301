using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>The methods that read the tail of scenarios of the past: historical, weighted by age, scaled, filtered.</summary>
internal static class ScenarioLosses
{
    /// <summary>Below this the figures of the tail rest on very little.</summary>
    private const int FewInTail = 5;

    public static CalculatedVar Of(VarQuestion question, IReadOnlyList<double[]> returns, ReturnScaling scaling, CancellationToken cancellation)
    {
        var (options, positions) = (question.Options, question.Positions);
        if (PositionScenarios.Of(positions, returns, scaling) is not { } scenarios || !Array.TrueForAll(scenarios.Pnl, double.IsFinite))
            return Missing(question, returns[0].Length, FigureReason.NotApplicable);
        var isAged = question.Method == VarMethod.AgeWeighted;
        var reading = new TailReading(options.Quantile, options.Shortfall, isAged ? options.Lambda ?? VarOptions.UsualAgeLambda : null);
        var sorted = new SortedPnl(scenarios.Pnl);
        var parts = options.HasComponents ? new ScenarioParts(positions, scenarios, reading) : null;
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var shortfall = reading.ShortfallOf(sorted, confidence);
            return new CalculatedLoss(
                confidence,
                LossFigure.Of(reading.Var(sorted, confidence)),
                LossFigure.Of(shortfall),
                // Both count independent scenarios, which overlapping ones are not.
                !options.HasOverlap && reading.Interval(sorted, confidence) is { Low: { } low, High: var high } ? new LossInterval(low, high) : null,
                Figure.Missing(FigureReason.NotApplicable),
                LossFigure.Of(options.HasOverlap || shortfall is null ? null : reading.ShortfallError(sorted, confidence)),
                [.. reading.VarScenarios(sorted, confidence).Select(x => new LossScenario(x.Scenario, x.Weight, scenarios.Pnl[x.Scenario]))],
                LossFigure.Finite(parts?.Var(confidence)),
                LossFigure.Finite(parts?.Shortfall(confidence)),
                (IsThin(sorted, confidence, reading) ? LossWarnings.ThinTail : LossWarnings.None)
                | (shortfall < reading.Var(sorted, confidence) ? LossWarnings.ShortfallBelowVar : LossWarnings.None)
                | (scaling.Kind == ReturnScalingKind.None ? LossWarnings.None : LossWarnings.ForecastTakenAsKnown));
        });
        return new CalculatedVar(returns[0].Length, [.. results]);
    }

    public static CalculatedVar Filtered(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation)
    {
        var (value, count) = (question.Positions.Sum(), returns[0].Length);
        double[] ofPortfolio = [.. LinearPnl.Total(question.Positions, returns).Select(pnl => pnl / value)];
        if (!Array.TrueForAll(ofPortfolio, double.IsFinite)) return Missing(question, count, FigureReason.NotApplicable);
        var options = question.Options;
        GarchParameters parameters;
        var initial = options.InitialVariance;
        if (options.Garch is { } given) parameters = given;
        else if (count < GarchFit.MinReturns) return Missing(question, count, FigureReason.ShortHistory);
        else if (Array.TrueForAll(ofPortfolio, r => r == ofPortfolio[0])) return Missing(question, count, FigureReason.NotApplicable);
        else if (GarchFit.Of(ofPortfolio) is { } fit) parameters = fit.Parameters;
        else return Missing(question, count, FigureReason.DidNotConverge);
        cancellation.ThrowIfCancellationRequested();
        return Of(question, returns, new ReturnScaling(ReturnScalingKind.PortfolioGarch, Garch: parameters, InitialVariance: initial), cancellation) with
        { Garch = (parameters, initial ?? Volatility.PopulationVariance(ofPortfolio)) };
    }

    /// <summary>Weighted scenarios count for as many as the weights are worth.</summary>
    private static bool IsThin(SortedPnl sorted, decimal confidence, TailReading reading) =>
        ExpectedShortfall.TailCount(reading.AgeLambda is { } lambda ? AgeWeightedVar.Worth(sorted.Count, lambda) : sorted.Count, confidence) < FewInTail;

    private static CalculatedVar Missing(VarQuestion question, int observations, FigureReason reason) =>
        new(observations, [.. question.Confidences.Select(x => CalculatedLoss.Missing(x, reason))]);
}
