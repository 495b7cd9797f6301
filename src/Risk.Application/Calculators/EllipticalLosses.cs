using Risk.Domain.Measures;

namespace Risk.Application.Calculators;

/// <summary>The closed forms −mean + multiple·σ: parametric normal, Student t with given ν, delta-normal.</summary>
internal static class EllipticalLosses
{
    /// <summary>Below, the kurtosis of a t grows without bound towards 4, and makes errors absurd that the sample's own leaves about right.</summary>
    private const double LeastNuOfKurtosis = 5;

    /// <param name="returns">Null for a covariance that was given: then nothing tells how far it is off.</param>
    public static CalculatedVar DeltaNormal(
        VarQuestion question, IReadOnlyList<double[]> covariance, IReadOnlyList<double[]>? returns, CancellationToken cancellation) =>
        Of(question, new EllipticalRisk(question.Positions, covariance), returns, Gaussian, double.NegativeInfinity, cancellation);

    public static CalculatedVar Normal(VarQuestion question, IReadOnlyList<double[]> returns, CancellationToken cancellation) =>
        Of(question, RiskOf(question, returns), returns, Gaussian, double.NegativeInfinity, cancellation);

    public static CalculatedVar StudentT(VarQuestion question, IReadOnlyList<double[]> returns, double nu, CancellationToken cancellation) => Of(
        question,
        RiskOf(question, returns),
        returns,
        confidence => (ParametricVar.StudentT(1, nu, confidence), ParametricVar.StudentTShortfall(1, nu, confidence)),
        nu >= LeastNuOfKurtosis ? 6 / (nu - 4) : nu > 4 ? double.NegativeInfinity : double.PositiveInfinity,
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
        VarQuestion question, EllipticalRisk risk, IReadOnlyList<double[]>? returns, Func<decimal, (double Var, double Es)> multiples, double leastExcessKurtosis,
        CancellationToken cancellation)
    {
        var options = question.Options;
        // Overlapping returns are not independent: the error would be larger than the formula says.
        var errors = returns is null || options.HasOverlap ? null : EllipticalErrors.OfLinear(question.Positions, returns, options.HasMean, leastExcessKurtosis);
        var results = question.Confidences.Select(confidence =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (var, es) = multiples(confidence);
            var error = LossFigure.Of(errors?.Of(var));
            return new CalculatedLoss(
                confidence, LossFigure.Of(risk.Loss(var)), LossFigure.Of(risk.Loss(es)), null, error, LossFigure.Of(errors?.Of(es)), [],
                options.HasComponents ? LossFigure.Finite(risk.Parts(var)) : null,
                options.HasComponents ? LossFigure.Finite(risk.Parts(es)) : null,
                error.Value is not null && errors!.HasHeavyTails ? LossWarnings.HeavyTails : LossWarnings.None);
        });
        return new CalculatedVar(returns?[0].Length, [.. results]);
    }
}
