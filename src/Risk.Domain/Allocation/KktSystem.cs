using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>By how much a point misses the conditions of an optimum: stationarity, equalities, and the split of each limit row.</summary>
internal sealed record Residuals(double[] Stationarity, double[] Equalities, double[] Limits)
{
    public double Largest => Math.Max(LargestOf(Stationarity), Math.Max(LargestOf(Equalities), LargestOf(Limits)));

    public static Residuals Of(ConvexProblem problem, Iterate at)
    {
        var stationarity = problem.Quadratic is null ? (double[])problem.Linear.Clone() : [.. Covariance.Times(problem.Quadratic, at.X).Zip(problem.Linear, (a, b) => a + b)];
        for (var k = 0; k < at.Y.Length; k++) Add(stationarity, problem.Equalities[k].Coefficients, at.Y[k]);
        for (var i = 0; i < at.P.Length; i++) Add(stationarity, problem.Limits[i].Coefficients, at.P[i]);
        return new Residuals(
            stationarity,
            [.. problem.Equalities.Select(row => Covariance.Dot(row.Coefficients, at.X) - row.Value)],
            [.. problem.Limits.Select((row, i) => Covariance.Dot(row.Coefficients, at.X) - row.Limit - at.Over[i] + at.Under[i])]);
    }

    internal static void Add(double[] to, double[] row, double times)
    {
        for (var i = 0; i < row.Length; i++) to[i] += times * row[i];
    }

    private static double LargestOf(double[] values) => values.Length == 0 ? 0 : values.Max(Math.Abs);
}

/// <summary>
/// Newton's equations at one point, factored once for predictor and corrector. With d = 1/(over/(price − p) + under/p) of each row they
/// shrink to (Q + G'dG)·dx + A'·dy = −stationarity − G'd·t, A·dx = −equalities; the rest follows row by row.
/// </summary>
internal sealed class KktSystem
{
    private readonly ConvexProblem problem;
    private readonly Iterate at;
    private readonly double[] weights;
    private readonly Matrix<double> matrix;
    private readonly LU<double> factors;

    public KktSystem(ConvexProblem problem, Iterate at)
    {
        (this.problem, this.at) = (problem, at);
        weights = [.. problem.Limits.Select((row, i) => 1 / (OverShare(i) + at.Under[i] / at.P[i]))];
        matrix = Assembled();
        factors = matrix.LU();
    }

    /// <param name="toUnder">What p·under shall change by, to first order.</param>
    /// <param name="toOver">What (price − p)·over shall change by; 0 for constraints.</param>
    public Iterate Direction(Residuals residuals, double[] toUnder, double[] toOver)
    {
        var (size, rows) = (problem.Linear.Length, problem.Limits);
        double[] shift = [.. residuals.Limits.Select((r, i) => r - (IsSoft(i) ? toOver[i] / Left(i) : 0) + toUnder[i] / at.P[i])];
        double[] right = [.. residuals.Stationarity.Select(r => -r), .. residuals.Equalities.Select(r => -r)];
        for (var i = 0; i < shift.Length; i++) Residuals.Add(right, rows[i].Coefficients, -weights[i] * shift[i]);
        var solution = Solved(Vector<double>.Build.Dense(right)).ToArray();
        double[] dx = solution[..size];
        double[] dp = [.. rows.Select((row, i) => weights[i] * (Covariance.Dot(row.Coefficients, dx) + shift[i]))];
        return new Iterate(
            dx,
            solution[size..],
            dp,
            [.. dp.Select((d, i) => (toUnder[i] - at.Under[i] * d) / at.P[i])],
            [.. dp.Select((d, i) => IsSoft(i) ? (toOver[i] + at.Over[i] * d) / Left(i) : 0)]);
    }

    /// <summary>One step of refinement wins back the digits that weights of very different size cost.</summary>
    private Vector<double> Solved(Vector<double> right)
    {
        var first = factors.Solve(right);
        return first + factors.Solve(right - matrix * first);
    }

    private Matrix<double> Assembled()
    {
        var size = problem.Linear.Length;
        var sum = new double[size][];
        for (var i = 0; i < size; i++) sum[i] = problem.Quadratic is null ? new double[size] : (double[])problem.Quadratic[i].Clone();
        for (var k = 0; k < weights.Length; k++)
        {
            var row = problem.Limits[k].Coefficients;
            for (var i = 0; i < size; i++)
                if (row[i] != 0) Residuals.Add(sum[i], row, weights[k] * row[i]);
        }
        return Bordered(sum, [.. problem.Equalities.Select(row => row.Coefficients)]);
    }

    /// <summary>[S B'; B 0].</summary>
    internal static Matrix<double> Bordered(double[][] square, IReadOnlyList<double[]> border)
    {
        var size = square.Length;
        return Matrix<double>.Build.Dense(size + border.Count, size + border.Count, (i, j) =>
            i < size ? (j < size ? square[i][j] : border[j - size][i]) : j < size ? border[i - size][j] : 0);
    }

    private double OverShare(int row) => IsSoft(row) ? at.Over[row] / Left(row) : 0;

    private double Left(int row) => problem.Limits[row].Price - at.P[row];

    private bool IsSoft(int row) => double.IsFinite(problem.Limits[row].Price);
}
