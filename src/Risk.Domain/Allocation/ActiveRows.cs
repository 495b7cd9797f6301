using MathNet.Numerics.LinearAlgebra;
using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>
/// From a point near the optimum to the optimum: a row binds where its multiplier outweighs the room to its limit, and with the binding
/// rows as equalities one linear system gives the corner to the last digits. The corner counts only if it keeps all rows and signs.
/// </summary>
internal static class ActiveRows
{
    private const double Slack = 1e-9;

    /// <summary>Null where the corner is not determined (several optima, or a row that just touches) or is none.</summary>
    public static double[]? Corner(ConvexProblem problem, Iterate near)
    {
        var size = problem.Linear.Length;
        var states = problem.Limits.Select((row, i) => StateOf(row, i, near)).ToArray();
        int[] binding = [.. Enumerable.Range(0, states.Length).Where(i => states[i] == State.Binding)];
        if (problem.Equalities.Count + binding.Length > size) return null;
        var slope = (double[])problem.Linear.Clone();
        for (var i = 0; i < states.Length; i++)
            if (states[i] == State.Over) Residuals.Add(slope, problem.Limits[i].Coefficients, problem.Limits[i].Price);
        var square = Enumerable.Range(0, size).Select(i => problem.Quadratic?[i] ?? new double[size]).ToArray();
        var matrix = KktSystem.Bordered(square, [.. problem.Equalities.Select(row => row.Coefficients), .. binding.Select(i => problem.Limits[i].Coefficients)]);
        double[] right = [.. slope.Select(x => -x), .. problem.Equalities.Select(row => row.Value), .. binding.Select(i => problem.Limits[i].Limit)];
        var found = matrix.LU().Solve(Vector<double>.Build.Dense(right));
        if (!(matrix * found - Vector<double>.Build.Dense(right)).All(miss => Math.Abs(miss) <= Slack)) return null;
        var solution = found.ToArray();
        var (x, multipliers) = (solution[..size], solution[(size + problem.Equalities.Count)..]);
        return Keeps(problem, states, x) && HasSigns(problem, binding, multipliers) ? x : null;
    }

    private static State StateOf(LimitRow row, int i, Iterate near) =>
        near.Under[i] > near.P[i] ? State.Under : double.IsFinite(row.Price) && near.Over[i] > row.Price - near.P[i] ? State.Over : State.Binding;

    private static bool Keeps(ConvexProblem problem, State[] states, double[] x)
    {
        for (var i = 0; i < states.Length; i++)
        {
            var over = Covariance.Dot(problem.Limits[i].Coefficients, x) - problem.Limits[i].Limit;
            if (states[i] != State.Over && over > Slack || states[i] == State.Over && over < -Slack) return false;
        }
        return problem.Equalities.All(row => Math.Abs(Covariance.Dot(row.Coefficients, x) - row.Value) <= Slack);
    }

    private static bool HasSigns(ConvexProblem problem, int[] binding, double[] multipliers) =>
        multipliers.Zip(binding, (p, i) => p >= -Slack && p <= problem.Limits[i].Price + Slack).All(x => x);

    private enum State
    {
        Under,
        Binding,
        Over,
    }
}
