using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>A Student t fitted to the P&amp;L of the portfolio. Its parts are slopes of the fit, and fits to what is left without a position.</summary>
internal static class FittedLosses
{
    public static CalculatedVar Of(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation)
    {
        var pnl = LinearPnl.Total(question.Positions, returns);
        if (!Array.TrueForAll(pnl, double.IsFinite)) return Missing(FigureReason.NotApplicable);
        if (StudentTFit.Of(pnl) is not { } fit) return Missing(Array.TrueForAll(pnl, x => x == pnl[0]) ? FigureReason.NotApplicable : FigureReason.DidNotConverge);
        var parts = question.Options.HasComponents ? new FittedParts(question.Positions, returns, pnl, fit, cancellation) : null;
        int? independent = question.Options.HasOverlap ? null : pnl.Length;
        Figure ErrorOf(Func<double, double> multiple) => LossFigure.Of(independent is { } n && fit.IsNuFree ? fit.StandardError(multiple, n) : null);
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            double VarMultiple(double nu) => StudentTFit.VarMultiple(nu, confidence);
            double ShortfallMultiple(double nu) => StudentTFit.ShortfallMultiple(nu, confidence);
            // The slope of the shortfall needs a ν a little lower, too.
            var hasSlope = fit.Nu > 1.01;
            return new CalculatedLoss(
                confidence, LossFigure.Of(fit.Var(confidence)), LossFigure.Of(fit.Shortfall(confidence)), null,
                ErrorOf(VarMultiple),
                hasSlope ? ErrorOf(ShortfallMultiple) : Figure.Missing(FigureReason.NotApplicable),
                [],
                LossFigure.Finite(parts?.Of(VarMultiple, x => x.Var(confidence))),
                hasSlope ? LossFigure.Finite(parts?.Of(ShortfallMultiple, x => x.Shortfall(confidence))) : null,
                (fit.Nu <= 2 ? LossWarnings.InfiniteVariance : LossWarnings.None) | (fit.IsNuFree ? LossWarnings.None : LossWarnings.AtBoundary));
        });
        return new CalculatedVar(pnl.Length, [.. results], DegreesOfFreedom: fit.Nu);

        CalculatedVar Missing(FigureReason reason) => new(pnl.Length, [.. question.Confidences.Select(x => CalculatedLoss.Missing(x, reason))]);
    }

    private sealed class FittedParts
    {
        private readonly double[] positions;
        private readonly StudentTFit fit;
        private readonly (double Location, double Scale, double Nu)[] slopes;
        private readonly (double Constant, StudentTFit? Fit)?[] without;

        public FittedParts(double[] positions, IReadOnlyList<double[]> returns, double[] pnl, StudentTFit fit, CancellationToken cancellation)
        {
            (this.positions, this.fit, slopes) = (positions, fit, [.. returns.Select(asset => fit.Slope(pnl, asset))]);
            without = [.. positions.Select<double, (double, StudentTFit?)?>((_, i) =>
            {
                cancellation.ThrowIfCancellationRequested();
                // Summed anew: what is left of a subtraction would break ties.
                var rest = LinearPnl.Total([.. positions.Select((other, j) => j == i ? 0 : other)], returns);
                // What never moves loses the same every day.
                if (Array.TrueForAll(rest, value => value == rest[0])) return (rest[0], null);
                return StudentTFit.Of(rest) is { } alone ? (0, alone) : null;
            })];
        }

        /// <param name="multiple">Of ν.</param>
        /// <param name="loss">The figure of a fit.</param>
        public LossParts Of(Func<double, double> multiple, Func<StudentTFit, double?> loss)
        {
            var marginal = fit.LossSlopes(multiple, slopes);
            var whole = loss(fit);
            return new LossParts(
                [.. positions.Select((x, i) => x * marginal[i])], marginal,
                [.. without.Select(rest => rest is { } left ? whole - (left.Fit is { } alone ? loss(alone) : -left.Constant) : null)]);
        }
    }
}
