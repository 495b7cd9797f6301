using MathNet.Numerics;

namespace Risk.Domain.Measures;

/// <summary>
/// The Student t distribution that makes the observations likeliest: location, scale and degrees of freedom. Location and scale are found
/// by expectation–maximisation for a given ν (Liu and Rubin 1995), ν by a search over its profile likelihood.
/// </summary>
/// <param name="Nu">Degrees of freedom, between <see cref="MinNu"/> and <see cref="MaxNu"/>; at the upper end the data look normal.</param>
/// <param name="Location">In the unit of the observations.</param>
/// <param name="Scale">Of the t itself, in their unit; the standard deviation is Scale·√(ν/(ν − 2)) when ν is above 2.</param>
/// <param name="LogLikelihood">At the maximum.</param>
public sealed record StudentTFit(double Nu, double Location, double Scale, double LogLikelihood)
{
    public const double MinNu = 0.5;
    public const double MaxNu = 1_000;
    private const int GridPoints = 25;
    private const int SearchSteps = 60;
    private const int EmSteps = 2_000;

    /// <param name="observations">At least three, in any order; better in percent than in ratios only for reading.</param>
    /// <returns>Null when all observations are equal: no scale fits.</returns>
    /// <exception cref="ArgumentException">Fewer than three observations, or one that is not finite.</exception>
    public static StudentTFit? Of(ReadOnlySpan<double> observations)
    {
        Check.AtLeast(3, observations, nameof(observations));
        Check.Finite(observations, nameof(observations));
        var x = observations.ToArray();
        if (x.All(value => value == x[0])) return null;
        // The likelihood may have a second, flat hill towards large ν: a grid finds the right one before the search climbs it.
        var step = Math.Log(MaxNu / MinNu) / (GridPoints - 1);
        var best = Enumerable.Range(0, GridPoints).MaxBy(i => ForNu(x, MinNu * Math.Exp(i * step)).LogLikelihood);
        var low = Math.Log(MinNu) + Math.Max(0, best - 1) * step;
        var high = Math.Log(MinNu) + Math.Min(GridPoints - 1, best + 1) * step;
        for (var i = 0; i < SearchSteps && high - low > 1e-7; i++)
        {
            var (left, right) = (low + (high - low) / 3, high - (high - low) / 3);
            if (ForNu(x, Math.Exp(left)).LogLikelihood < ForNu(x, Math.Exp(right)).LogLikelihood) low = left;
            else high = right;
        }
        return ForNu(x, Math.Exp((low + high) / 2));
    }

    /// <summary>The VaR of one period: −quantile(1 − confidence) of the fitted distribution, in the unit of the observations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public double Var(decimal confidence) => ParametricVar.StudentT(Location, Scale, Nu, (double)QuantileRank.Tail(confidence));

    private static StudentTFit ForNu(double[] x, double nu)
    {
        var location = Volatility.Mean(x);
        var variance = Volatility.PopulationVariance(x);
        for (var i = 0; i < EmSteps; i++)
        {
            var (before, beforeVariance) = (location, variance);
            double weights = 0, weighted = 0, squares = 0;
            foreach (var value in x)
            {
                var weight = (nu + 1) / (nu + (value - location) * (value - location) / variance);
                weights += weight;
                weighted += weight * value;
            }
            location = weighted / weights;
            foreach (var value in x)
                squares += (nu + 1) / (nu + (value - before) * (value - before) / beforeVariance) * (value - location) * (value - location);
            variance = squares / x.Length;
            if (Math.Abs(location - before) <= 1e-12 * Math.Sqrt(variance) && Math.Abs(variance / beforeVariance - 1) <= 1e-12) break;
        }
        return new StudentTFit(nu, location, Math.Sqrt(variance), LogLikelihoodOf(x, nu, location, variance));
    }

    private static double LogLikelihoodOf(double[] x, double nu, double location, double variance)
    {
        var constant = SpecialFunctions.GammaLn((nu + 1) / 2) - SpecialFunctions.GammaLn(nu / 2) - 0.5 * Math.Log(nu * Math.PI * variance);
        var sum = 0.0;
        foreach (var value in x) sum += Math.Log(1 + (value - location) * (value - location) / (variance * nu));
        return x.Length * constant - (nu + 1) / 2 * sum;
    }
}
