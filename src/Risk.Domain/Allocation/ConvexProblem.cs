namespace Risk.Domain.Allocation;

/// <summary>
/// Minimise ½x'Qx + c'x + Σ price·max(0, g'x − limit) over the x with a'x = value: a convex quadratic or linear programme. A row of
/// infinite price is a constraint, one of finite price a loss above the limit, as expected shortfall has it.
/// </summary>
/// <param name="Quadratic">Q, symmetric and positive semidefinite; null for a linear programme.</param>
/// <param name="Equalities">Linearly independent.</param>
internal sealed record ConvexProblem(
    IReadOnlyList<double[]>? Quadratic, double[] Linear, IReadOnlyList<EqualityRow> Equalities, IReadOnlyList<LimitRow> Limits)
{
    /// <summary>The same problem in the variables that are not fixed. Rows that lose all their variables are left out.</summary>
    public ConvexProblem Without(double?[] known, int[] free)
    {
        double[] Free(double[] row) => [.. free.Select(i => row[i])];
        double Known(double[] row) => row.Zip(known, (x, at) => x * (at ?? 0)).Sum();
        return new ConvexProblem(
            Quadratic is null ? null : [.. free.Select(i => Free(Quadratic[i]))],
            [.. free.Select(i => Linear[i] + (Quadratic is null ? 0 : Known(Quadratic[i])))],
            [.. Equalities.Where(row => free.Any(i => row.Coefficients[i] != 0)).Select(row => new EqualityRow(Free(row.Coefficients), row.Value - Known(row.Coefficients)))],
            [.. Limits.Where(row => free.Any(i => row.Coefficients[i] != 0)).Select(row => row with { Coefficients = Free(row.Coefficients), Limit = row.Limit - Known(row.Coefficients) })]);
    }

    /// <summary>All numbers near one: the objective by its largest coefficient, each row by its own.</summary>
    public ConvexProblem Scaled()
    {
        var unit = Math.Max(Largest(Linear), Quadratic?.Max(Largest) ?? 0) is > 0 and var largest ? largest : 1;
        return new ConvexProblem(
            Quadratic is null ? null : [.. Quadratic.Select(row => Divided(row, unit))],
            Divided(Linear, unit),
            [.. Equalities.Select(row => new EqualityRow(Divided(row.Coefficients, Largest(row.Coefficients)), row.Value / Largest(row.Coefficients)))],
            [.. Limits.Select(row => Scaled(row, unit))]);
    }

    private static LimitRow Scaled(LimitRow row, double unit)
    {
        var largest = Largest(row.Coefficients);
        return new LimitRow(Divided(row.Coefficients, largest), row.Limit / largest, row.Price * largest / unit);
    }

    private static double Largest(double[] row) => row.Length == 0 ? 0 : row.Max(Math.Abs);

    private static double[] Divided(double[] row, double unit) => [.. row.Select(x => x / unit)];
}

/// <summary>a'x = value; not all coefficients are zero.</summary>
internal sealed record EqualityRow(double[] Coefficients, double Value);

/// <summary>g'x ≤ limit, or what each unit above it costs; not all coefficients are zero.</summary>
internal sealed record LimitRow(double[] Coefficients, double Limit, double Price = double.PositiveInfinity);
