using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>The normal quantile bent by skewness and kurtosis.</summary>
internal static class ModifiedLosses
{
    public static CalculatedVar Of(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation)
    {
        var options = question.Options;
        var risk = new ModifiedRisk(question.Positions, returns, isSample: options.IsPopulation == false);
        var moments = risk.Moments;
        Figure ErrorOf(BentTail tail) => LossFigure.Of(options.HasOverlap ? null : risk.StandardError(tail));
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var error = ErrorOf(moments.VarTail(confidence));
            BentTail Shortfall(CornishFisher x) => TailOf(x, options.ModifiedShortfall, confidence);
            return new CalculatedLoss(
                confidence, LossFigure.Of(moments.Var(confidence)), LossFigure.Of(moments.Loss(Shortfall(moments))), null,
                error, ErrorOf(Shortfall(moments)), [],
                options.HasComponents ? LossFigure.Finite(risk.Parts(x => x.VarTail(confidence))) : null,
                options.HasComponents ? LossFigure.Finite(risk.Parts(Shortfall)) : null,
                WarningsOf(moments, confidence) | (error.Value is not null && risk.HasHeavyTails ? LossWarnings.HeavyTails : LossWarnings.None));
        });
        return new CalculatedVar(returns[0].Length, [.. results]);
    }

    private static LossWarnings WarningsOf(CornishFisher moments, decimal confidence)
    {
        var (shortfall, further) = (moments.Shortfall(confidence), moments.Shortfall(confidence + (1 - confidence) / 100));
        return (moments.IsMonotone ? 0 : LossWarnings.NotMonotone)
            | (shortfall < moments.Var(confidence) ? LossWarnings.ShortfallBelowVar : 0)
            | (further < shortfall ? LossWarnings.ShortfallFalls : 0);
    }

    private static BentTail TailOf(CornishFisher moments, ModifiedShortfall shortfall, decimal confidence) => shortfall switch
    {
        ModifiedShortfall.Modified => moments.ShortfallTail(confidence),
        ModifiedShortfall.QuantileMean => moments.QuantileMeanTail(confidence),
        _ => moments.Shortfall(confidence) < moments.Var(confidence) ? moments.VarTail(confidence) : moments.ShortfallTail(confidence),
    };
}
