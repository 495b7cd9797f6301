using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Risk.Domain.Measures;

/// <summary>
/// GARCH(1,1) with constant mean, fitted by Gaussian quasi-likelihood, −n/2·ln 2π included, in the convention of the benchmark of
/// Fiorentini, Calzolari and Panattoni (1996): before the sample, variance and squared shock are the mean squared deviation from μ, so
/// that h(1) = ω + (α + β)·s². Persistence α + β stays below one.
/// </summary>
/// <param name="Parameters">In the unit of the returns.</param>
/// <param name="LogLikelihood">At the maximum.</param>
/// <param name="NextVolatility">√h(n+1), the forecast for the next period.</param>
public sealed record GarchFit(GarchParameters Parameters, double LogLikelihood, double NextVolatility)
{
    /// <summary>Fewer returns than this identify nothing.</summary>
    public const int MinReturns = 50;
    private const int Restarts = 20;
    private const double StepLikelihood = 1e-10;

    /// <summary>Of the variance of the sample: a volatility of a millionth of its own.</summary>
    private const double LeastVariance = 1e-12;

    /// <summary>Of ω in the same unit: no floor of any variance that is seen.</summary>
    private const double LeastLogOmega = -60;

    /// <param name="returns">In ascending order of time, at least <see cref="MinReturns"/>.</param>
    /// <returns>
    /// Null when the returns never move or the search did not converge; nor does it where the likelihood grows without end as the variance falls
    /// to nothing, which it does where a price has stood still for long at the end: the next volatility is then below a millionth of the
    /// sample's. Where it is highest without any floor of the variance, ω is next to nothing, and the fit lies at the boundary.
    /// </returns>
    /// <exception cref="ArgumentException">Too few returns, or one that is not finite.</exception>
    public static GarchFit? Of(ReadOnlySpan<double> returns)
    {
        Check.AtLeast(MinReturns, returns, nameof(returns));
        Check.Finite(returns, nameof(returns));
        var unit = Math.Sqrt(Volatility.PopulationVariance(returns));
        if (!(unit > 0)) return null;
        // The search runs on returns of unit variance, where all parameters are of order one.
        var scaled = returns.ToArray().Select(r => r / unit).ToArray();
        // The likelihood can have several hills, which differ in persistence: the best start of each is climbed from.
        var best = Starts(Volatility.Mean(scaled)).Select(starts => Climb(scaled, starts.MinBy(start => Cost(scaled, start))!))
            .OfType<double[]>().MinBy(x => Cost(scaled, x));
        if (best is null) return null;
        var p = Decode(best);
        var parameters = new GarchParameters(p.Mu * unit, p.Omega * unit * unit, p.Alpha, p.Beta);
        if (!(parameters.Omega > 0 && Next(scaled, p) >= LeastVariance)) return null;
        return new GarchFit(parameters, -Cost(scaled, best) - returns.Length * Math.Log(unit), unit * Math.Sqrt(Next(scaled, p)));
    }

    private static IEnumerable<double[][]> Starts(double mean) =>
        ((double[])[0.3, 0.7, 0.9, 0.97, 0.99, 0.9995]).Select(persistence =>
            ((double[])[0.02, 0.05, 0.1, 0.2, 0.4, 0.9]).Select(share => new[] { mean, Math.Log(1 - persistence), Logit(persistence), Logit(share) }).ToArray());

    /// <summary>A simplex can collapse before the top; it is set up anew until that gains nothing more.</summary>
    private static double[]? Climb(double[] x, double[] start)
    {
        var objective = ObjectiveFunction.Value(point => Cost(x, [.. point]));
        var (at, cost) = (start, Cost(x, start));
        try
        {
            for (var i = 0; i < Restarts; i++)
            {
                var found = NelderMeadSimplex.Minimum(
                    objective, Vector<double>.Build.Dense(at), Vector<double>.Build.Dense(4, i % 2 == 0 ? 0.1 : -0.03), StepLikelihood, maximumIterations: 5_000);
                var gained = cost - found.FunctionInfoAtMinimum.Value;
                if (gained > 0) (at, cost) = ([.. found.MinimizingPoint], found.FunctionInfoAtMinimum.Value);
                if (i > 0 && gained < 1e-9) return at;
            }
        }
        catch (OptimizationException)
        {
            // This start led nowhere; another may not.
        }
        return null;
    }

    /// <summary>−log-likelihood; large but finite where it cannot be computed, so that the search turns round.</summary>
    private static double Cost(double[] x, double[] encoded)
    {
        var p = Decode(encoded);
        var h = p.Omega + (p.Alpha + p.Beta) * MeanSquare(x, p.Mu);
        var sum = 0.0;
        foreach (var r in x)
        {
            var square = (r - p.Mu) * (r - p.Mu);
            sum += Math.Log(h) + square / h;
            h = p.Omega + p.Alpha * square + p.Beta * h;
        }
        var cost = 0.5 * (x.Length * Math.Log(2 * Math.PI) + sum);
        return double.IsFinite(cost) ? cost : double.MaxValue;
    }

    private static double Next(double[] x, GarchParameters p) => Garch.Variances(x, p, p.Omega + (p.Alpha + p.Beta) * MeanSquare(x, p.Mu))[^1];

    private static double MeanSquare(double[] x, double mu)
    {
        var sum = 0.0;
        foreach (var r in x) sum += (r - mu) * (r - mu);
        return sum / x.Length;
    }

    /// <summary>From (μ, ln ω, logit of the persistence, logit of α's share of it): every point is allowed.</summary>
    private static GarchParameters Decode(double[] x)
    {
        var persistence = Logistic(x[2]);
        var share = Logistic(x[3]);
        return new GarchParameters(x[0], Math.Exp(Math.Max(LeastLogOmega, x[1])), persistence * share, persistence * (1 - share));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
