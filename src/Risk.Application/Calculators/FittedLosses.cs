using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>A Student t fitted to the P&amp;L of the portfolio. Parts hold ν: location and scale move with the positions.</summary>
internal static class FittedLosses
{
    public static CalculatedVar Of(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation)
    {
        var pnl = LinearPnl.Total(question.Positions, returns);
        if (!Array.TrueForAll(pnl, double.IsFinite)) return Missing(FigureReason.NotApplicable);
        if (StudentTFit.Of(pnl) is not { } fit) return Missing(Array.TrueForAll(pnl, x => x == pnl[0]) ? FigureReason.NotApplicable : FigureReason.DidNotConverge);
        var parts = question.Options.HasComponents ? new FittedParts(question.Positions, returns, pnl, fit, cancellation) : null;
        int? independent = question.Options.HasOverlap ? null : pnl.Length;
        Figure ErrorOf(Func<double, double> multiple) => LossFigure.Of(independent is { } n ? fit.StandardError(multiple, n) : null);
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var es = fit.ShortfallMultiple(confidence);
            return new CalculatedLoss(
                confidence, LossFigure.Of(fit.Var(confidence)), LossFigure.Of(fit.Shortfall(confidence)), null,
                ErrorOf(nu => StudentTFit.VarMultiple(nu, confidence)),
                // Its slope needs a ν a little lower, too.
                fit.Nu > 1.001 ? ErrorOf(nu => StudentTFit.ShortfallMultiple(nu, confidence)) : Figure.Missing(FigureReason.NotApplicable),
                [],
                LossFigure.Finite(parts?.Of(fit.VarMultiple(confidence))),
                es is { } multiple ? LossFigure.Finite(parts?.Of(multiple)) : null,
                fit.Nu <= 2 ? LossWarnings.InfiniteVariance : LossWarnings.None);
        });
        return new CalculatedVar(pnl.Length, [.. results], DegreesOfFreedom: fit.Nu);

        CalculatedVar Missing(FigureReason reason) => new(pnl.Length, [.. question.Confidences.Select(x => CalculatedLoss.Missing(x, reason))]);
    }

    private sealed class FittedParts
    {
        private readonly double[] positions;
        private readonly (double Location, double Scale) whole;
        private readonly (double Location, double Scale)[] slopes;
        private readonly (double Location, double Scale)?[] without;

        public FittedParts(double[] positions, IReadOnlyList<double[]> returns, double[] pnl, StudentTFit fit, CancellationToken cancellation)
        {
            (this.positions, whole) = (positions, (fit.Location, fit.Scale));
            slopes = [.. returns.Select(asset => fit.Slope(pnl, asset))];
            without = [.. positions.Select<double, (double, double)?>((x, i) =>
            {
                cancellation.ThrowIfCancellationRequested();
                double[] rest = [.. pnl.Select((total, t) => total - x * returns[i][t])];
                // What never moves is its own location.
                if (Array.TrueForAll(rest, value => value == rest[0])) return (rest[0], 0);
                if (!StudentTFit.HasMaximum(rest, fit.Nu)) return null;
                var alone = StudentTFit.ForNu(rest, fit.Nu);
                return (alone.Location, alone.Scale);
            })];
        }

        public LossParts Of(double multiple)
        {
            double Loss((double Location, double Scale) x) => multiple * x.Scale - x.Location;
            double[] marginal = [.. slopes.Select(Loss)];
            return new LossParts([.. positions.Select((x, i) => x * marginal[i])], marginal, [.. without.Select(rest => rest is { } left ? Loss(whole) - Loss(left) : (double?)null)]);
        }
    }
}
