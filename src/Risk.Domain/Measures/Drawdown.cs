namespace Risk.Domain.Measures;

/// <summary>
/// The deepest fall of wealth below its highest level so far, as a positive ratio of that level. Wealth starts at 1 before the first
/// return, so a loss from the first day on counts.
/// </summary>
/// <param name="Depth">0 … 1 for returns of at least −1; 0 when wealth never falls.</param>
/// <param name="Peak">0-based period after which wealth first stood at the level it fell from; −1 for the start.</param>
/// <param name="Trough">The period after which it stood lowest, the first of them; null when wealth never falls.</param>
/// <param name="Recovery">The first period after which wealth was back at the peak's level; null when not recovered (or nothing fell).</param>
public sealed record Drawdown(double Depth, int Peak, int? Trough, int? Recovery)
{
    /// <summary>The period before the first return.</summary>
    public const int Start = -1;

    /// <param name="returns">Simple, in ascending order of time.</param>
    /// <exception cref="ArgumentException">A return that is not finite.</exception>
    public static Drawdown Of(ReadOnlySpan<double> returns)
    {
        Check.Finite(returns, nameof(returns));
        double wealth = 1, high = 1, level = 1, depth = 0;
        int highAt = Start, peak = Start;
        int? trough = null, recovery = null;
        for (var t = 0; t < returns.Length; t++)
        {
            wealth *= 1 + returns[t];
            if (trough is not null && recovery is null && wealth >= level) recovery = t;
            if (wealth > high) (high, highAt) = (wealth, t);
            if (1 - wealth / high > depth) (depth, level, peak, trough, recovery) = (1 - wealth / high, high, highAt, t, null);
        }
        return new Drawdown(depth, peak, trough, recovery);
    }
}
