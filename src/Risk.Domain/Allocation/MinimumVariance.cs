using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>
/// The weights of the least variance w'Sw that sum to one and keep the limits (Markowitz 1952), with or without a target for the expected
/// return. Weights, returns and covariance are per the same period.
/// </summary>
public static class MinimumVariance
{
    /// <summary>The least variance of all. Without limits it is S⁻¹1/(1'S⁻¹1), shorts included.</summary>
    /// <param name="covariance">S, symmetric; semidefinite will do where every weight has limits on both sides.</param>
    /// <exception cref="ArgumentException">The matrix is not square, symmetric, finite, and as large as the limits are many.</exception>
    public static Allocated<double[]> Of(IReadOnlyList<double[]> covariance, WeightLimits limits)
    {
        CovarianceMatrix.MustBeOne(covariance, limits.Count);
        return FeasibleWeights.Of(limits) is { } feasible ? Solve(covariance, limits, feasible, null) : NoAllocation.LimitsExcludeAll;
    }

    /// <summary>The least variance among the weights whose expected return is exactly the target: a point of the frontier.</summary>
    /// <param name="expectedReturns">One for each asset.</param>
    /// <inheritdoc cref="Of"/>
    public static Allocated<double[]> ForReturn(IReadOnlyList<double[]> covariance, double[] expectedReturns, double target, WeightLimits limits)
    {
        CovarianceMatrix.MustBeOne(covariance, limits.Count);
        Check.SameLength(limits.Count, expectedReturns.Length, nameof(expectedReturns));
        Check.Finite([target, .. expectedReturns], nameof(expectedReturns));
        if (FeasibleWeights.Of(limits) is not { } feasible) return NoAllocation.LimitsExcludeAll;
        return feasible.Reaching(expectedReturns, target, atLeast: false, out var binds) is { } reaching
            ? Solve(covariance, limits, reaching, binds ? [.. expectedReturns.Select(r => r - target)] : null)
            : NoAllocation.TargetOutOfReach;
    }

    /// <summary>
    /// The efficient frontier: so many points with evenly spaced expected returns, from that of the least variance up to the highest that the
    /// limits allow. A single point is the least variance.
    /// </summary>
    /// <inheritdoc cref="ForReturn"/>
    /// <returns>Points in ascending order of return; one that is not found has its reason. One entry when there is no start or no end.</returns>
    public static IReadOnlyList<Allocated<double[]>> Frontier(IReadOnlyList<double[]> covariance, double[] expectedReturns, int points, WeightLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        Check.SameLength(limits.Count, expectedReturns.Length, nameof(expectedReturns));
        Check.Finite(expectedReturns, nameof(expectedReturns));
        var start = Of(covariance, limits);
        if (start.Value is not { } least || points == 1) return [start];
        var (low, high) = (Covariance.Dot(least, expectedReturns), FeasibleWeights.Of(limits)!.Highest(expectedReturns));
        if (!double.IsFinite(high)) return [NoAllocation.TargetOutOfReach];
        return [start, .. Enumerable.Range(1, points - 1).Select(i => ForReturn(covariance, expectedReturns, low + (high - low) * i / (points - 1), limits))];
    }

    /// <param name="excess">Returns over the target: Σw·excess = 0 says the same as Σw·return = target once the weights sum to one.</param>
    private static Allocated<double[]> Solve(IReadOnlyList<double[]> covariance, WeightLimits limits, FeasibleWeights feasible, double[]? excess)
    {
        var hasEnds = limits.Lower.All(double.IsFinite) || limits.Upper.All(double.IsFinite);
        if (CovarianceMatrix.Fault(covariance, mustBeDefinite: !hasEnds) is { } fault) return fault;
        List<EqualityRow> equalities = [new([.. Enumerable.Repeat(1.0, limits.Count)], 1)];
        if (excess is not null) equalities.Add(new EqualityRow(excess, 0));
        var problem = new ConvexProblem(covariance, new double[limits.Count], equalities, [.. feasible.Rows(limits.Count)]);
        return feasible.Within(InteriorPoint.Minimise(problem, feasible.Known));
    }
}
