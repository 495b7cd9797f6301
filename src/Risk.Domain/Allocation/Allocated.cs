namespace Risk.Domain.Allocation;

/// <summary>Why there is no allocation. The list is closed.</summary>
public enum NoAllocation
{
    /// <summary>No weights within the limits sum to one.</summary>
    LimitsExcludeAll,

    /// <summary>No weights within the limits have the target return.</summary>
    TargetOutOfReach,

    /// <summary>Nothing within the limits is expected to earn more than the risk-free rate: no ratio is the best.</summary>
    NoExcessReturn,

    /// <summary>An asset never moves, or one is a mix of others: the weights are not determined, or a division by zero.</summary>
    SingularCovariance,

    /// <summary>A negative variance of some portfolio: not a covariance matrix.</summary>
    IndefiniteCovariance,

    /// <summary>Certain views contradict or repeat each other.</summary>
    DependentViews,

    /// <summary>The search met no solution within its bounds on steps and precision; also where the goal has no least value.</summary>
    DidNotConverge,
}

/// <summary>An allocation, or the reason why there is none. Exactly one of the two is given.</summary>
public sealed record Allocated<T>
    where T : class
{
    private Allocated(T? value, NoAllocation? reason) => (Value, Reason) = (value, reason);

    public T? Value { get; }

    public NoAllocation? Reason { get; }

    public static implicit operator Allocated<T>(NoAllocation reason) => new Allocated<T>(null, reason);

    public static implicit operator Allocated<T>(T? value) => value is null ? NoAllocation.DidNotConverge : new Allocated<T>(value, null);
}
