using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>Monte Carlo, normal or t, with means of zero.</summary>
internal static class SimulatedLosses
{
    /// <summary>Paths between two looks at the deadline: milliseconds.</summary>
    private const int Slice = 8_192;

    public static CalculatedVar Of(VarQuestion question, IReadOnlyList<double[]> covariance, int? observations, CancellationToken cancellation)
    {
        var (options, positions) = (question.Options, question.Positions);
        var nu = question.Method == VarMethod.MonteCarloT ? options.DegreesOfFreedom : null;
        var simulation = new MonteCarlo(positions, covariance, options.Seed, nu);
        var pnl = new double[options.Paths];
        for (var first = 0; first < pnl.Length; first += Slice)
        {
            cancellation.ThrowIfCancellationRequested();
            simulation.Simulate(first, pnl.AsSpan(first, Math.Min(Slice, pnl.Length - first)));
        }
        if (!Array.TrueForAll(pnl, double.IsFinite))
            return new CalculatedVar(observations, [.. question.Confidences.Select(x => CalculatedLoss.Missing(x, FigureReason.NotApplicable))]);
        var sorted = SortedPnl.Worst(pnl, question.Confidences.Max(x => SimulatedTail.RanksNeeded(options.Paths, x)));
        var parts = options.HasComponents ? new SimulatedParts(positions, simulation, new EllipticalRisk(positions, covariance), sorted) : null;
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var tail = SimulatedTail.Of(sorted, confidence);
            return new CalculatedLoss(
                confidence, LossFigure.Of(tail.Var), LossFigure.Of(tail.Shortfall),
                null, ErrorOf(tail.VarStandardError), ErrorOf(tail.ShortfallStandardError),
                [.. HistoricalVar.Scenarios(sorted, confidence).Select(x => new LossScenario(x.Scenario, x.Weight, pnl[x.Scenario]))],
                LossFigure.Finite(parts?.Var(tail)), LossFigure.Finite(parts?.Shortfall(tail)),
                (ExpectedShortfall.HasThinTail(options.Paths, confidence) ? LossWarnings.ThinTail : LossWarnings.None)
                | (observations is null ? LossWarnings.None : LossWarnings.CovarianceTakenAsKnown));
        });
        return new CalculatedVar(observations, [.. results], DegreesOfFreedom: nu);
    }

    private static Figure ErrorOf(double? error) => error is { } known ? LossFigure.Of(known) : Figure.Missing(FigureReason.ShortHistory);
}
