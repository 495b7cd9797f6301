namespace Risk.Application.Calculators;

/// <summary>Technical bounds of the VaR calculator. What lies beyond is refused by name before anything is computed.</summary>
public static class VarCalculatorLimits
{
    /// <summary>Series, and so positions. Incremental figures of closed forms cost positions³.</summary>
    public const int MaxPositions = 500;

    /// <summary>Of one series, where ν or GARCH parameters are fitted to it: a fit cannot be stopped half-way.</summary>
    public const int MaxFittedObservations = 5_000;

    public const int MaxHorizonDays = 250;

    /// <summary>Fewer say nothing of a tail.</summary>
    public const int MinSimulatedPaths = 100;

    public const int MaxSimulatedPaths = 1_000_000;

    public const int MaxSimulatedPositions = 100;

    /// <summary>
    /// Shocks drawn, once for the P&amp;L and again for the paths of each tail whose components are asked for: the largest simulation with the
    /// components of the usual confidences. A core with vectors takes about a second for it, one without them a few.
    /// </summary>
    public const double MaxShocks = 125_000_000;

    /// <summary>A function has ten seconds for all of a request.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <summary>How many shocks a simulation draws.</summary>
    public static double ShocksOf(int paths, int positions, IEnumerable<decimal> confidences, bool hasComponents) =>
        (double)paths * positions * (1 + (hasComponents ? confidences.Sum(x => (double)(1 - x)) : 0));
}
