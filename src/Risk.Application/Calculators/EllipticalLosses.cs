using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>The closed forms −mean + multiple·σ: parametric normal, Student t with given ν, delta-normal.</summary>
internal static class EllipticalLosses
{
    public static CalculatedVar DeltaNormal(VarQuestion question, IReadOnlyList<double[]> covariance, int? observations, CancellationToken cancellation) =>
        Of(question, new EllipticalRisk(question.Positions, covariance), observations, Gaussian, excessKurtosis: 0, cancellation);

    public static CalculatedVar Normal(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation) =>
        Of(question, RiskOf(question, returns), returns[0].Length, Gaussian, excessKurtosis: 0, cancellation);

    public static CalculatedVar StudentT(VarQuestion question, IReadOnlyList<double[]> returns, double nu, CancellationToken cancellation) => Of(
        question,
        RiskOf(question, returns),
        returns[0].Length,
        confidence => (ParametricVar.StudentT(1, nu, confidence), ParametricVar.StudentTShortfall(1, nu, confidence)),
        nu > 4 ? 6 / (nu - 4) : double.PositiveInfinity,
        cancellation) with
    { DegreesOfFreedom = nu };

    private static (double Var, double Es) Gaussian(decimal confidence) => (ParametricVar.Normal(1, confidence), ParametricVar.NormalShortfall(1, confidence));

    private static EllipticalRisk RiskOf(VarQuestion question, IReadOnlyList<double[]> returns)
    {
        var n = returns[0].Length;
        var scale = question.Options.IsPopulation == true ? (n - 1.0) / n : 1;
        var covariance = Covariance.Matrix(returns).Select(row => row.Select(x => x * scale).ToArray()).ToArray();
        return new EllipticalRisk(question.Positions, covariance, question.Options.HasMean ? [.. returns.Select(asset => Volatility.Mean(asset))] : null);
    }

    private static CalculatedVar Of(
        VarQuestion question, EllipticalRisk risk, int? observations, Func<decimal, (double Var, double Es)> multiples, double excessKurtosis, CancellationToken cancellation)
    {
        var options = question.Options;
        // Overlapping returns are not independent: the error would be larger than the formula says.
        var independent = options.HasOverlap ? null : observations;
        Figure ErrorOf(double multiple) => LossFigure.Of(independent is { } n ? risk.StandardError(multiple, n, options.HasMean, excessKurtosis) : null);
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (var, es) = multiples(confidence);
            return new CalculatedLoss(
                confidence, LossFigure.Of(risk.Loss(var)), LossFigure.Of(risk.Loss(es)), null, ErrorOf(var), ErrorOf(es), [],
                options.HasComponents ? LossFigure.Finite(risk.Parts(var)) : null,
                options.HasComponents ? LossFigure.Finite(risk.Parts(es)) : null,
                LossWarnings.None);
        });
        return new CalculatedVar(observations, [.. results]);
    }
}
