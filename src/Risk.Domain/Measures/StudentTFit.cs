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
    /// <returns>
    /// Null when all observations are equal, or differ by less than a double can square: no scale fits; and when a third or more of them are
    /// equal, for then none is the likeliest (<see cref="HasMaximum"/>).
    /// </returns>
    /// <exception cref="ArgumentException">Fewer than three observations, or one that is not finite.</exception>
    public static StudentTFit? Of(ReadOnlySpan<double> observations)
    {
        Check.AtLeast(3, observations, nameof(observations));
        Check.Finite(observations, nameof(observations));
        var x = observations.ToArray();
        if (!(Volatility.PopulationVariance(x) > 0) || !HasMaximum(x, MinNu)) return null;
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

    /// <summary>The mean loss beyond <see cref="Var"/>, in the unit of the observations; null where it is infinite, with ν not above 1.</summary>
    /// <inheritdoc cref="Var"/>
    public double? Shortfall(decimal confidence) => ShortfallMultiple(confidence) is { } multiple ? multiple * Scale - Location : null;

    /// <summary>VaR = −location + scale × this.</summary>
    /// <inheritdoc cref="Var"/>
    public double VarMultiple(decimal confidence) => VarMultiple(Nu, confidence);

    /// <summary>Shortfall = −location + scale × this; null with ν not above 1.</summary>
    /// <inheritdoc cref="Var"/>
    public double? ShortfallMultiple(decimal confidence) => Nu > 1 ? ShortfallMultiple(Nu, confidence) : null;

    /// <summary>Of any ν above 0.</summary>
    /// <inheritdoc cref="Var"/>
    public static double VarMultiple(double nu, decimal confidence) => ParametricVar.StudentT(0, 1, nu, (double)QuantileRank.Tail(confidence));

    /// <summary>Of any ν above 1.</summary>
    /// <inheritdoc cref="Var"/>
    public static double ShortfallMultiple(double nu, decimal confidence) => ParametricVar.StudentTTailMean(nu, (double)QuantileRank.Tail(confidence));

    /// <summary>
    /// How far −location + scale·multiple(ν) is off on average because the fit comes from finitely many independent observations (delta method
    /// with Fisher's information). At <see cref="MaxNu"/>, where nothing tells ν, it is held.
    /// </summary>
    /// <param name="multiple">As <see cref="ParametricVar.StudentT(double, double, double, double)"/> at location 0 and scale 1, say.</param>
    /// <exception cref="ArgumentOutOfRangeException">No observation.</exception>
    public double StandardError(Func<double, double> multiple, int observations)
    {
        ArgumentNullException.ThrowIfNull(multiple);
        ArgumentOutOfRangeException.ThrowIfLessThan(observations, 1);
        var step = 1e-4 * Nu;
        double? slope = Nu < 0.99 * MaxNu ? (multiple(Nu + step) - multiple(Nu - step)) / (2 * step) : null;
        return Scale * Math.Sqrt(new StudentTInformation(Nu).VarianceOf(multiple(Nu), slope) / observations);
    }

    /// <summary>
    /// How location and scale of the fit to <paramref name="observations"/> move when each of these moves along <paramref name="direction"/>,
    /// ν held: the likelihood equations differentiated. Along the observations themselves it is (location, scale), so that figures are
    /// proportional and Euler's theorem applies.
    /// </summary>
    /// <exception cref="ArgumentException">Two series of different lengths.</exception>
    public (double Location, double Scale) Slope(ReadOnlySpan<double> observations, ReadOnlySpan<double> direction)
    {
        Check.SameLength(observations.Length, direction.Length, nameof(direction));
        double a = 0, b = 0, c = 0, d = 0, first = 0, second = 0;
        for (var t = 0; t < observations.Length; t++)
        {
            // Σ w·z = 0 and Σ w·z² = n with the weight w = (ν + 1)/(ν + z²): their slopes by z, up to the factor ν + 1.
            var z = (observations[t] - Location) / Scale;
            var square = (Nu + z * z) * (Nu + z * z);
            var (byLocation, byScale) = ((Nu - z * z) / square, 2 * Nu * z / square);
            (a, b, first) = (a + byLocation, b + byLocation * z, first + byLocation * direction[t]);
            (c, d, second) = (c + byScale, d + byScale * z, second + byScale * direction[t]);
        }
        var determinant = a * d - b * c;
        return ((first * d - b * second) / determinant, (a * second - c * first) / determinant);
    }

    /// <summary>
    /// Whether the likelihood has a maximum for a given ν: as the scale shrinks onto a value that at least ν/(ν + 1) of the observations share,
    /// the days on which a price stood still, say, it grows without end.
    /// </summary>
    public static bool HasMaximum(ReadOnlySpan<double> observations, double nu)
    {
        var sorted = observations.ToArray();
        Array.Sort(sorted);
        var (most, equal) = (1, 1);
        for (var i = 1; i < sorted.Length; i++)
        {
            equal = sorted[i] == sorted[i - 1] ? equal + 1 : 1;
            most = Math.Max(most, equal);
        }
        return most < nu / (nu + 1) * sorted.Length;
    }

    /// <summary>Location and scale for a given ν, for which the likelihood <see cref="HasMaximum"/>.</summary>
    /// <param name="observations">Not all equal.</param>
    /// <exception cref="ArgumentException">No observation, or one that is not finite.</exception>
    public static StudentTFit ForNu(ReadOnlySpan<double> observations, double nu)
    {
        Check.Finite(observations, nameof(observations));
        return ForNu(observations.ToArray(), nu);
    }

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
