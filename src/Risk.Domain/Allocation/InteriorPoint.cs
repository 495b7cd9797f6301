namespace Risk.Domain.Allocation;

/// <summary>
/// Solves a <see cref="ConvexProblem"/>. Our own because no maintained managed library in reach has quadratic or linear programming, and
/// the native ones outweigh the whole program.
/// <para>
/// Method: primal–dual interior point with Mehrotra's predictor and corrector (Wright, Primal-Dual Interior-Point Methods, 1997). Each row
/// has g'x − limit = over − under with a multiplier p in [0, price]; p·under and (price − p)·over are driven to zero together. Rows are
/// eliminated, so a step solves one system of the size of x and costs rows × n². <see cref="ActiveRows"/> then reads off which rows bind and
/// solves for that corner exactly.
/// </para>
/// <para>
/// Termination: when all residuals and the complementarity, on data scaled to one, are below 10⁻¹³; or when they stop falling or after 200
/// steps, and then the best point counts if they are below 10⁻⁸ there. Else there is no solution: the problem is infeasible, unbounded, or
/// too badly conditioned.
/// </para>
/// </summary>
internal sealed class InteriorPoint
{
    private const int MaxSteps = 200;
    private const int MaxStepsWithoutGain = 15;
    private const double Enough = 1e-13;
    private const double Acceptable = 1e-8;
    private const double ShareOfWayToWall = 0.995;

    private readonly ConvexProblem problem;
    private readonly int size, complementary;
    private Iterate at;

    private InteriorPoint(ConvexProblem problem)
    {
        this.problem = problem;
        size = problem.Linear.Length;
        complementary = problem.Limits.Sum(row => double.IsFinite(row.Price) ? 2 : 1);
        at = new Iterate(
            new double[size],
            new double[problem.Equalities.Count],
            [.. problem.Limits.Select(row => Math.Min(1, 0.5 * row.Price))],
            [.. problem.Limits.Select(row => Math.Max(1, row.Limit))],
            [.. problem.Limits.Select(row => double.IsFinite(row.Price) ? 1.0 : 0)]);
    }

    /// <summary>The x of the least value; null when none was found.</summary>
    public static double[]? Minimise(ConvexProblem problem) => new InteriorPoint(problem.Scaled()).Run();

    /// <summary>The same with some variables fixed in advance.</summary>
    public static double[]? Minimise(ConvexProblem problem, double?[] known)
    {
        int[] free = [.. Enumerable.Range(0, known.Length).Where(i => known[i] is null)];
        var found = free.Length == 0 ? [] : Minimise(problem.Without(known, free));
        if (found is null) return null;
        double[] all = [.. known.Select(x => x ?? 0)];
        for (var i = 0; i < free.Length; i++) all[free[i]] = found[i];
        return all;
    }

    private double[]? Run()
    {
        var (best, bestError, withoutGain) = (at, double.PositiveInfinity, 0);
        for (var step = 0; step < MaxSteps && withoutGain < MaxStepsWithoutGain; step++)
        {
            var residuals = Residuals.Of(problem, at);
            var error = Math.Max(residuals.Largest, Gap(at));
            if (!double.IsFinite(error)) break;
            (best, bestError, withoutGain) = error < 0.9 * bestError ? (at, error, 0) : (best, bestError, withoutGain + 1);
            if (error <= Enough) break;
            at = Advanced(residuals);
        }
        return bestError <= Acceptable ? ActiveRows.Corner(problem, best) ?? best.X : null;
    }

    private Iterate Advanced(Residuals residuals)
    {
        var system = new KktSystem(problem, at);
        var centre = complementary == 0 ? 0 : Gap(at) / complementary;
        double[] toUnder = [.. at.P.Select((p, i) => -p * at.Under[i])];
        double[] toOver = [.. at.P.Select((p, i) => IsSoft(i) ? -(problem.Limits[i].Price - p) * at.Over[i] : 0)];
        var predictor = system.Direction(residuals, toUnder, toOver);
        if (complementary == 0) return at.Moved(predictor, 1);
        var predicted = at.Moved(predictor, Room(predictor));
        var target = Math.Pow(Gap(predicted) / complementary / centre, 3) * centre;
        for (var i = 0; i < toUnder.Length; i++)
        {
            toUnder[i] += target - predictor.P[i] * predictor.Under[i];
            if (IsSoft(i)) toOver[i] += target + predictor.P[i] * predictor.Over[i];
        }
        var corrector = system.Direction(residuals, toUnder, toOver);
        return at.Moved(corrector, Math.Min(1, ShareOfWayToWall * Room(corrector)));
    }

    /// <summary>How far along the direction everything that must stay positive does; 1 at most for the full step.</summary>
    private double Room(Iterate direction)
    {
        var room = 1 / ShareOfWayToWall;
        for (var i = 0; i < direction.P.Length; i++)
        {
            room = Math.Min(room, Until(at.P[i], direction.P[i]));
            room = Math.Min(room, Until(at.Under[i], direction.Under[i]));
            if (!IsSoft(i)) continue;
            room = Math.Min(room, Until(problem.Limits[i].Price - at.P[i], -direction.P[i]));
            room = Math.Min(room, Until(at.Over[i], direction.Over[i]));
        }
        return Math.Min(1, room);
    }

    private static double Until(double value, double change) => change < 0 ? -value / change : double.PositiveInfinity;

    private double Gap(Iterate x)
    {
        var sum = 0.0;
        for (var i = 0; i < x.P.Length; i++) sum += x.P[i] * x.Under[i] + (IsSoft(i) ? (problem.Limits[i].Price - x.P[i]) * x.Over[i] : 0);
        return sum;
    }

    private bool IsSoft(int row) => double.IsFinite(problem.Limits[row].Price);
}

/// <summary>A point of the search: x, the multipliers of the equalities, and of each limit its multiplier and how far x is under and over it.</summary>
internal sealed record Iterate(double[] X, double[] Y, double[] P, double[] Under, double[] Over)
{
    public Iterate Moved(Iterate direction, double step)
    {
        double[] Moved(double[] from, double[] by) => [.. from.Zip(by, (a, b) => a + step * b)];
        return new Iterate(
            Moved(X, direction.X), Moved(Y, direction.Y), Moved(P, direction.P), Moved(Under, direction.Under), Moved(Over, direction.Over));
    }
}
