using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.RootFinding;

namespace Risk.Domain.Measures;

/// <summary>
/// The Student t distribution that makes the observations likeliest: location, scale and degrees of freedom. Location and scale are found
/// by expectation–maximisation for a given ν (Liu and Rubin 1995, with the expanded parameter of Liu, Rubin and Wu 1998), ν as the root of the
/// slope of its profile likelihood.
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
    private const int SearchSteps = 100;
    private const int EmSteps = 2_000;

    /// <param name="observations">At least three, in any order; better in percent than in ratios only for reading.</param>
    /// <returns>
    /// Null when all observations are equal, or differ by less than a double can square: no scale fits; and when a third or more of them are
    /// equal, or closer than that, for then none is the likeliest (<see cref="HasMaximum"/>).
    /// </returns>
    /// <exception cref="ArgumentException">Fewer than three observations, or one that is not finite.</exception>
    public static StudentTFit? Of(ReadOnlySpan<double> observations)
    {
        Check.AtLeast(3, observations, nameof(observations));
        Check.Finite(observations, nameof(observations));
        var x = observations.ToArray();
        if (!(Volatility.PopulationVariance(x) > 0) || !HasMaximum(x, MinNu)) return null;
        // Days that barely move make a hill of their own, narrow and far from the mean: each is climbed from its own side.
        if (Climb(x, Whole(x)) is not { } whole || Climb(x, Core(x)) is not { } core) return null;
        return core.LogLikelihood > whole.LogLikelihood ? core : whole;
    }

    /// <summary>Null where the scale shrinks to nothing on the way.</summary>
    private static StudentTFit? Climb(double[] x, (double Location, double Variance) start)
    {
        StudentTFit ForNu(double[] x, double nu) => StudentTFit.ForNu(x, nu, start);
        // The likelihood may have a second, flat hill towards large ν: a grid finds the right one before the search climbs it.
        var step = Math.Log(MaxNu / MinNu) / (GridPoints - 1);
        double[] heights = [.. Enumerable.Range(0, GridPoints).Select(i => ForNu(x, MinNu * Math.Exp(i * step)).LogLikelihood)];
        if (!Array.TrueForAll(heights, double.IsFinite)) return null;
        var best = Array.IndexOf(heights, heights.Max());
        var centre = Math.Log(MinNu) + best * step;
        double SlopeAt(double logNu) => ForNu(x, Math.Exp(logNu)).SlopeByNu(x);
        var (low, high) = SlopeAt(centre) > 0 ? (centre, Math.Min(centre + step, Math.Log(MaxNu))) : (Math.Max(centre - step, Math.Log(MinNu)), centre);
        // Without a root between them the likelihood still rises at the end of the grid.
        if (Brent.TryFindRoot(SlopeAt, low, high, 1e-10, SearchSteps, out var root)) return ForNu(x, Math.Exp(root));
        return ForNu(x, best == 0 ? MinNu : best == GridPoints - 1 ? MaxNu : Math.Exp(centre));
    }

    /// <summary>The VaR of one period: −quantile(1 − confidence) of the fitted distribution, in the unit of the observations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public double Var(decimal confidence) => ParametricVar.StudentT(Location, Scale, Nu, (double)QuantileRank.Tail(confidence));

    /// <summary>The mean loss beyond <see cref="Var"/>, in the unit of the observations; null where it is infinite, with ν not above 1.</summary>
    /// <inheritdoc cref="Var"/>
    public double? Shortfall(decimal confidence) => Nu > 1 ? ShortfallMultiple(Nu, confidence) * Scale - Location : null;

    /// <summary>VaR = −location + scale × this, for any ν above 0.</summary>
    /// <inheritdoc cref="Var"/>
    public static double VarMultiple(double nu, decimal confidence) => ParametricVar.StudentT(0, 1, nu, (double)QuantileRank.Tail(confidence));

    /// <summary>Shortfall = −location + scale × this, for any ν above 1.</summary>
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
        return Scale * Math.Sqrt(new StudentTInformation(Nu).VarianceOf(multiple(Nu), IsNuFree ? SlopeOf(multiple) : null) / observations);
    }

    /// <summary>How fast −location + scale·multiple(ν) changes where the fit moves by each of <paramref name="slopes"/>, as <see cref="Slope"/> gives them.</summary>
    public double[] LossSlopes(Func<double, double> multiple, IReadOnlyList<(double Location, double Scale, double Nu)> slopes)
    {
        ArgumentNullException.ThrowIfNull(multiple);
        var (value, byNu) = (multiple(Nu), IsNuFree ? Scale * SlopeOf(multiple) : 0);
        return [.. slopes.Select(x => value * x.Scale - x.Location + byNu * x.Nu)];
    }

    /// <summary>
    /// How the fit by <see cref="Of"/> to <paramref name="observations"/> moves when each of these moves along <paramref name="direction"/>: the
    /// likelihood equations differentiated. Along the observations themselves it is (location, scale, 0), so that Euler's theorem applies
    /// to figures read off the fit. At the ends of its range ν stays.
    /// </summary>
    /// <exception cref="ArgumentException">Two series of different lengths.</exception>
    public (double Location, double Scale, double Nu) Slope(ReadOnlySpan<double> observations, ReadOnlySpan<double> direction)
    {
        Check.SameLength(observations.Length, direction.Length, nameof(direction));
        // Σ w·z = 0, Σ w·z² = n with the weight w = (ν + 1)/(ν + z²), and the slope by ν of zero: each by z and by ν. The unknowns are
        // the slopes of location and scale, and scale times that of ν.
        var (equations, right) = (Matrix<double>.Build.Dense(3, 3), Vector<double>.Build.Dense(3));
        for (var t = 0; t < observations.Length; t++)
        {
            var z = (observations[t] - Location) / Scale;
            var (y, s) = (z * z, Nu + z * z);
            ReadOnlySpan<double> byZ = [(Nu + 1) * (Nu - y) / (s * s), (Nu + 1) * 2 * Nu * z / (s * s), z * (1 - y) / (s * s)];
            ReadOnlySpan<double> byNu = [z * (y - 1) / (s * s), y * (y - 1) / (s * s), SlopeOfSlopeByNu(y)];
            for (var row = 0; row < 3; row++)
            {
                equations[row, 0] += byZ[row];
                equations[row, 1] += byZ[row] * z;
                equations[row, 2] -= byNu[row];
                right[row] += byZ[row] * direction[t];
            }
        }
        if (!IsNuFree)
        {
            equations.SetRow(2, [0, 0, 1]);
            right[2] = 0;
        }
        var slopes = equations.Solve(right);
        return (slopes[0], slopes[1], slopes[2] / Scale);
    }

    /// <summary>
    /// Whether the likelihood has a maximum for a given ν: as the scale shrinks onto a value that at least ν/(ν + 1) of the observations share,
    /// the days on which a price stood still, say, it grows without end. Values whose difference is too small to be squared are one.
    /// </summary>
    public static bool HasMaximum(ReadOnlySpan<double> observations, double nu)
    {
        var sorted = observations.ToArray();
        Array.Sort(sorted);
        var (most, equal) = (1, 1);
        for (var i = 1; i < sorted.Length; i++)
        {
            var step = sorted[i] - sorted[i - 1];
            equal = step * step == 0 ? equal + 1 : 1;
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
        var x = observations.ToArray();
        var (whole, core) = (ForNu(x, nu, Whole(x)), ForNu(x, nu, Core(x)));
        return core.LogLikelihood > whole.LogLikelihood ? core : whole;
    }

    private static (double Location, double Variance) Whole(double[] x) => (Volatility.Mean(x), Volatility.PopulationVariance(x));

    /// <summary>The middle of the shortest interval that holds a quarter of the observations, and the square of half its length.</summary>
    private static (double Location, double Variance) Core(double[] x)
    {
        var (sorted, within) = ((double[])x.Clone(), Math.Max(1, x.Length / 4));
        Array.Sort(sorted);
        var first = Enumerable.Range(0, x.Length - within).MinBy(i => sorted[i + within] - sorted[i]);
        var reach = (sorted[first + within] - sorted[first]) / 2;
        return reach * reach > 0 ? (sorted[first] + reach, reach * reach) : Whole(x);
    }

    private static StudentTFit ForNu(double[] x, double nu, (double Location, double Variance) start)
    {
        var (location, variance) = start;
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
            variance = squares / weights;
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

    /// <summary>Whether the likelihood tells ν: at the ends of its range it does not.</summary>
    public bool IsNuFree => Nu > MinNu / 0.99 && Nu < 0.99 * MaxNu;

    private double SlopeOf(Func<double, double> multiple)
    {
        var step = 1e-4 * Nu;
        return (multiple(Nu + step) - multiple(Nu - step)) / (2 * step);
    }

    /// <summary>Of the log-likelihood; at the best location and scale for ν also of its profile.</summary>
    private double SlopeByNu(double[] x)
    {
        var constant = (SpecialFunctions.DiGamma((Nu + 1) / 2) - SpecialFunctions.DiGamma(Nu / 2) - 1 / Nu) / 2;
        var sum = 0.0;
        foreach (var value in x)
        {
            var y = (value - Location) * (value - Location) / (Scale * Scale);
            sum += constant + ((Nu + 1) * y / (Nu * (Nu + y)) - Math.Log(1 + y / Nu)) / 2;
        }
        return sum;
    }

    /// <summary>Of one observation whose squared distance from the location is <paramref name="y"/> squared scales.</summary>
    private double SlopeOfSlopeByNu(double y)
    {
        var (constant, s) = ((StudentTInformation.Trigamma((Nu + 1) / 2) - StudentTInformation.Trigamma(Nu / 2)) / 4 + 1 / (2 * Nu * Nu), Nu * (Nu + y));
        return constant + y * (1 + (s - (Nu + 1) * (2 * Nu + y)) / s) / (2 * s);
    }
}
