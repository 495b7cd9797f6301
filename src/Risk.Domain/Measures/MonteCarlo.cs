namespace Risk.Domain.Measures;

/// <summary>
/// P&amp;L of a linear portfolio over simulated returns: multivariate normal, or Student t with ν degrees of freedom and the same covariance
/// (one χ² a path, so that assets crash together). A path is a function of seed and number alone: the P&amp;L has the same bits on any
/// processor, in any order, in parallel or not. Immutable; nothing is allocated while simulating.
/// </summary>
public sealed class MonteCarlo
{
    private readonly double[] exposures;
    private readonly double[] means;
    private readonly double[][] factor;
    private readonly PathKernel kernel;

    /// <param name="exposures">Position values; negative when short.</param>
    /// <param name="covariance">Of the returns over the horizon; may be singular.</param>
    /// <param name="seed">Another seed is another sample.</param>
    /// <param name="degreesOfFreedom">ν of a t distribution, above 2; normal when null.</param>
    /// <param name="means">Mean returns; zero when null.</param>
    /// <exception cref="ArgumentException">Exposures or means that do not fit the covariance or are not finite, no covariance, or ν not above 2.</exception>
    public MonteCarlo(
        double[] exposures, IReadOnlyList<double[]> covariance, ulong seed, double? degreesOfFreedom = null, double[]? means = null)
    {
        Check.Rectangular(exposures.Length, covariance, nameof(covariance));
        Check.Finite(exposures, nameof(exposures));
        Check.SameLength(exposures.Length, means?.Length ?? exposures.Length, nameof(means));
        Check.Finite(means, nameof(means));
        if (degreesOfFreedom is { } nu && !(nu > 2 && double.IsFinite(nu)))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), nu, "Must be above 2: there is no variance otherwise.");
        this.exposures = exposures;
        this.means = means ?? new double[exposures.Length];
        factor = CovarianceFactor.Of(covariance);
        // The P&L of a path is loadings·z with z independent: Lᵀx, once for all paths.
        var loadings = new double[exposures.Length + exposures.Length % 2];
        for (var i = 0; i < exposures.Length; i++)
            for (var k = 0; k <= i; k++) loadings[k] += exposures[i] * factor[i][k];
        kernel = new PathKernel(loadings, Covariance.Dot(exposures, this.means), seed, degreesOfFreedom);
    }

    /// <summary>The P&amp;L of the paths <paramref name="firstPath"/>, <paramref name="firstPath"/> + 1, …, as many as fit.</summary>
    /// <param name="firstPath">0-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative path.</exception>
    public void Simulate(int firstPath, Span<double> pnl) => Simulate(firstPath, pnl, PathKernel.WidestLanes);

    /// <param name="lanes">How many paths one instruction takes: 8, 4 or 1. All give the same bits.</param>
    /// <inheritdoc cref="Simulate(int, Span{double})"/>
    public void Simulate(int firstPath, Span<double> pnl, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstPath);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pnl.Length, int.MaxValue - firstPath, nameof(pnl));
        kernel.Run((uint)firstPath, pnl, lanes);
    }

    /// <summary>
    /// The P&amp;L of each position over a weighting of paths, Σ weight·P&amp;L, drawn again from their numbers; over one path with weight 1 it is
    /// the P&amp;L of that path. Sums to the weighted P&amp;L of the portfolio but for rounding.
    /// </summary>
    public double[] ByPosition(IReadOnlyList<ScenarioWeight> paths) => [.. Returns(paths).Select((r, i) => exposures[i] * r)];

    /// <summary>Σ weight·return of each asset over a weighting of paths, drawn again from their numbers.</summary>
    public double[] Returns(IReadOnlyList<ScenarioWeight> paths)
    {
        // Returns are linear in the shocks, so the shocks are summed first and spread over the assets once.
        var shocks = new double[kernel.SumsLength];
        var weights = 0.0;
        foreach (var path in paths)
        {
            kernel.AddShocks((uint)path.Scenario, path.Weight, shocks);
            weights += path.Weight;
        }
        var returns = new double[exposures.Length];
        for (var i = 0; i < returns.Length; i++)
        {
            var shock = 0.0;
            for (var k = 0; k <= i; k++) shock += factor[i][k] * shocks[k / 2 + k % 2 * (shocks.Length / 2)];
            returns[i] = weights * means[i] + shock;
        }
        return returns;
    }
}
