namespace Risk.Domain.Measures;

/// <summary>
/// The derivatives of the likelihood that <see cref="GarchFit"/> maximises, in the order μ, ω, α, β, by the recursions of Fiorentini,
/// Calzolari and Panattoni (1996). What stands before the sample moves with μ, too.
/// </summary>
public sealed class GarchDerivatives
{
    private const int Mu = 0, Omega = 1, Alpha = 2, Beta = 3, Count = 4;

    private readonly GarchParameters parameters;
    private readonly double[] slope = new double[Count];
    private readonly double[,] curvature = new double[Count, Count];
    private double variance;

    /// <param name="returns">In ascending order of time.</param>
    /// <param name="parameters">In the unit of the returns; with them every variance must be positive.</param>
    /// <exception cref="ArgumentException">No return.</exception>
    public GarchDerivatives(ReadOnlySpan<double> returns, GarchParameters parameters)
    {
        Check.AtLeast(1, returns, nameof(returns));
        this.parameters = parameters;
        var mean = Volatility.Mean(returns);
        variance = Volatility.PopulationVariance(returns) + (mean - parameters.Mu) * (mean - parameters.Mu);
        (slope[Mu], curvature[Mu, Mu]) = (-2 * (mean - parameters.Mu), 2);
        Advance(variance, slope[Mu]);
        foreach (var r in returns)
        {
            var shock = r - parameters.Mu;
            Add(shock);
            Advance(shock * shock, -2 * shock);
        }
        for (var i = 0; i < Count; i++)
        {
            MeanSlope[i] /= returns.Length;
            NextSlope[i] = slope[i] / variance;
        }
    }

    /// <summary>Of the log-likelihood: zero at a maximum inside of the range.</summary>
    public double[] Score { get; } = new double[Count];

    /// <summary>The second derivatives of the log-likelihood.</summary>
    public double[,] Hessian { get; } = new double[Count, Count];

    /// <summary>Σ over the returns of score × score.</summary>
    public double[,] ScoreProducts { get; } = new double[Count, Count];

    /// <summary>Of ln h(n + 1), the forecast for the next period.</summary>
    public double[] NextSlope { get; } = new double[Count];

    /// <summary>Of ln h(t), the mean over the returns.</summary>
    public double[] MeanSlope { get; } = new double[Count];

    /// <summary>One return's ln-density −½(ln 2π + ln h + ε²/h).</summary>
    private void Add(double shock)
    {
        var square = shock * shock / variance;
        Span<double> score = stackalloc double[Count];
        for (var i = 0; i < Count; i++)
        {
            score[i] = 0.5 * (square - 1) * slope[i] / variance + (i == Mu ? shock / variance : 0);
            Score[i] += score[i];
            MeanSlope[i] += slope[i] / variance;
            for (var j = 0; j <= i; j++)
            {
                var product = slope[i] * slope[j] / variance;
                var second = 0.5 * ((square - 1) * (curvature[i, j] - product) - square * product) / variance;
                if (j == Mu) second -= (shock * slope[i] / variance + (i == Mu ? 1 + shock * slope[i] / variance : 0)) / variance;
                Put(Hessian, i, j, Hessian[i, j] + second);
                Put(ScoreProducts, i, j, ScoreProducts[i, j] + score[i] * score[j]);
            }
        }
    }

    /// <summary>h ← ω + α·ε² + β·h, with its derivatives.</summary>
    /// <param name="squareSlope">∂ε²/∂μ; the second derivative is 2.</param>
    private void Advance(double square, double squareSlope)
    {
        for (var i = 0; i < Count; i++)
            for (var j = 0; j <= i; j++)
            {
                var own = (i, j) switch
                {
                    (Mu, Mu) => 2 * parameters.Alpha,
                    (Alpha, Mu) => squareSlope,
                    (Beta, Beta) => 2 * slope[Beta],
                    (Beta, _) => slope[j],
                    _ => 0,
                };
                Put(curvature, i, j, own + parameters.Beta * curvature[i, j]);
            }
        for (var i = 0; i < Count; i++)
            slope[i] = parameters.Beta * slope[i] + i switch { Mu => parameters.Alpha * squareSlope, Omega => 1, Alpha => square, _ => variance };
        variance = parameters.Omega + parameters.Alpha * square + parameters.Beta * variance;
    }

    private static void Put(double[,] symmetric, int i, int j, double value) => symmetric[i, j] = symmetric[j, i] = value;
}
