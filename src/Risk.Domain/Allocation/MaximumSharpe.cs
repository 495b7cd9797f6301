using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>
/// The weights with the highest (w'μ − r)/√(w'Sw) that sum to one and keep the limits. With y = κw it is the least y'Sy of a fixed excess
/// return, with the limits as rows in y and κ = Σy (Cornuejols and Tütüncü, Optimization Methods in Finance, 2006).
/// </summary>
public static class MaximumSharpe
{
    /// <param name="riskFree">Per the period of the expected returns.</param>
    /// <param name="covariance">S, symmetric; it must be definite, or a portfolio without risk would have no finite ratio.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, a matrix that is not symmetric, or figures that are not finite.</exception>
    public static Allocated<double[]> Of(IReadOnlyList<double[]> covariance, double[] expectedReturns, double riskFree, WeightLimits limits)
    {
        CovarianceMatrix.MustBeOne(covariance, limits.Count);
        Check.SameLength(limits.Count, expectedReturns.Length, nameof(expectedReturns));
        Check.Finite([riskFree, .. expectedReturns], nameof(expectedReturns));
        if (FeasibleWeights.Of(limits) is not { } feasible) return NoAllocation.LimitsExcludeAll;
        if (CovarianceMatrix.Fault(covariance, mustBeDefinite: true) is { } fault) return fault;
        double[] excess = [.. expectedReturns.Select(r => r - riskFree)];
        if (!(feasible.Highest(excess) > 0)) return NoAllocation.NoExcessReturn;
        if (feasible.Known.All(w => w is not null)) return feasible.Known.Select(w => w!.Value).ToArray();
        var unit = excess.Max(Math.Abs);
        var equalities = feasible.Known.Index().Where(x => x.Item is not null).Select(x => new EqualityRow(InTotal(limits.Count, x.Index, 1, x.Item!.Value), 0));
        var problem = new ConvexProblem(
            covariance, new double[limits.Count], [new EqualityRow([.. excess.Select(x => x / unit)], 1), .. equalities], [.. Rows(feasible, limits.Count)]);
        var scaled = InteriorPoint.Minimise(problem);
        // A total of zero or less: the ratio is approached by ever larger positions, and never reached.
        return scaled is null ? NoAllocation.DidNotConverge
            : scaled.Sum() > 1e-9 * scaled.Sum(Math.Abs) ? feasible.Within([.. scaled.Select(y => y / scaled.Sum())])
            : NoAllocation.NoExcessReturn;
    }

    /// <summary>±w ≤ limit becomes ±y − limit·Σy ≤ 0; that the total is positive follows unless all limits are open.</summary>
    private static IEnumerable<LimitRow> Rows(FeasibleWeights feasible, int count)
    {
        foreach (var row in feasible.Rows(count))
        {
            var i = Array.FindIndex(row.Coefficients, x => x != 0);
            yield return new LimitRow(InTotal(count, i, row.Coefficients[i], row.Limit), 0);
        }
        yield return new LimitRow([.. Enumerable.Repeat(-1.0, count)], 0);
    }

    /// <summary>sign·y(i) − share·Σy.</summary>
    private static double[] InTotal(int count, int i, double sign, double share)
    {
        double[] row = [.. Enumerable.Repeat(-share, count)];
        row[i] += sign;
        return row;
    }
}
