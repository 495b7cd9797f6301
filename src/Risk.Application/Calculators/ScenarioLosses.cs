using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>The methods that read the tail of scenarios of the past: historical, weighted by age, scaled, filtered.</summary>
internal static class ScenarioLosses
{
    /// <summary>How many standard errors a normal estimate lies within, on either side, with 95 % probability.</summary>
    private const double ErrorsAside = 1.959963984540054;

    /// <param name="errors">Of fitted GARCH parameters; null where they were given, or have none.</param>
    public static CalculatedVar Of(
        VarQuestion question, IReadOnlyList<double[]> returns, ReturnScaling scaling, CancellationToken cancellation, GarchErrors? errors = null)
    {
        var (options, positions) = (question.Options, question.Positions);
        if (PositionScenarios.Of(positions, returns, scaling) is not { } scenarios || !Array.TrueForAll(scenarios.Pnl, double.IsFinite))
            return Missing(question, returns[0].Length, FigureReason.NotApplicable);
        var isAged = question.Method == VarMethod.AgeWeighted;
        var reading = new TailReading(options.Quantile, options.Shortfall, isAged ? options.Lambda ?? VarOptions.UsualAgeLambda : null);
        var sorted = new SortedPnl(scenarios.Pnl);
        var forecast = new ForecastError(errors is null ? scenarios.ForecastError() : errors.RelativeToPast, scaling.Garch.Mu * positions.Sum());
        var warnings = (scaling.Kind == ReturnScalingKind.None || forecast.HasError ? LossWarnings.None : LossWarnings.ForecastTakenAsKnown)
            | (scaling.Garch.Alpha + scaling.Garch.Beta >= 1 ? LossWarnings.NoLongRunVariance : LossWarnings.None);
        var parts = options.HasComponents ? new ScenarioParts(positions, scenarios, reading) : null;
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (var, shortfall) = (reading.Var(sorted, confidence), reading.ShortfallOf(sorted, confidence));
            return new CalculatedLoss(
                confidence,
                LossFigure.Of(var),
                LossFigure.Of(shortfall),
                // Both count independent scenarios, which overlapping ones are not.
                !options.HasOverlap && reading.Interval(sorted, confidence) is { Low: { } low, High: var high } ? forecast.Around(var, low, high) : null,
                Figure.Missing(FigureReason.NotApplicable),
                LossFigure.Of(options.HasOverlap || shortfall is null ? null : forecast.With(shortfall.Value, reading.ShortfallError(sorted, confidence))),
                [.. reading.VarScenarios(sorted, confidence).Select(x => new LossScenario(x.Scenario, x.Weight, scenarios.Pnl[x.Scenario]))],
                LossFigure.Finite(parts?.Var(confidence)),
                LossFigure.Finite(parts?.Shortfall(confidence)),
                (IsThin(sorted, confidence, reading) ? LossWarnings.ThinTail : LossWarnings.None)
                | (shortfall < var ? LossWarnings.ShortfallBelowVar : LossWarnings.None)
                | warnings);
        });
        return new CalculatedVar(returns[0].Length, [.. results]);
    }

    public static CalculatedVar Filtered(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation)
    {
        var (value, count) = (question.Positions.Sum(), returns[0].Length);
        double[] ofPortfolio = [.. LinearPnl.Total(question.Positions, returns).Select(pnl => pnl / value)];
        if (!Array.TrueForAll(ofPortfolio, double.IsFinite)) return Missing(question, count, FigureReason.NotApplicable);
        var options = question.Options;
        if (options.Garch is { } given) return Scaled(given, null);
        if (count < GarchFit.MinReturns) return Missing(question, count, FigureReason.ShortHistory);
        if (Array.TrueForAll(ofPortfolio, r => r == ofPortfolio[0])) return Missing(question, count, FigureReason.NotApplicable);
        if (GarchFit.Of(ofPortfolio) is not { } fit) return Missing(question, count, FigureReason.DidNotConverge);
        cancellation.ThrowIfCancellationRequested();
        return Scaled(fit.Parameters, GarchErrors.Of(ofPortfolio, fit));

        CalculatedVar Scaled(GarchParameters garch, GarchErrors? errors)
        {
            var scaling = new ReturnScaling(ReturnScalingKind.PortfolioGarch, Garch: garch, InitialVariance: options.InitialVariance);
            return Of(question, returns, scaling, cancellation, errors) with { Garch = (garch, options.InitialVariance ?? Volatility.PopulationVariance(ofPortfolio)) };
        }
    }

    /// <summary>Weighted scenarios count for as many as the weights are worth.</summary>
    private static bool IsThin(SortedPnl sorted, decimal confidence, TailReading reading) =>
        ExpectedShortfall.HasThinTail(reading.AgeLambda is { } lambda ? AgeWeightedVar.Worth(sorted.Count, lambda) : sorted.Count, confidence);

    private static CalculatedVar Missing(VarQuestion question, int observations, FigureReason reason) =>
        new(observations, [.. question.Confidences.Select(x => CalculatedLoss.Missing(x, reason))]);

    /// <summary>
    /// What the forecast of volatility adds to the error of figures read off the scenarios that it scaled: the two are independent, so their
    /// squares add up. Of a fitted GARCH and of an EWMA of returns of one distribution an interval then holds the true VaR as often as it says.
    /// </summary>
    /// <param name="Relative">Standard error as a share of what is scaled; null where nothing was forecast, or the forecast is taken for known.</param>
    /// <param name="Drift">The part of the P&amp;L that is not scaled.</param>
    private readonly record struct ForecastError(double? Relative, double Drift)
    {
        public bool HasError => Relative is { } share && double.IsFinite(share);

        public LossInterval Around(double var, double low, double? high)
        {
            if (!HasError) return new LossInterval(low, high);
            var aside = ErrorsAside * Of(var);
            return new LossInterval(var - double.Hypot(var - low, aside), high is { } end ? var + double.Hypot(end - var, aside) : null);
        }

        public double? With(double shortfall, double? error) => HasError && error is { } own ? double.Hypot(own, Of(shortfall)) : error;

        private double Of(double loss) => Relative!.Value * (loss + Drift);
    }
}
