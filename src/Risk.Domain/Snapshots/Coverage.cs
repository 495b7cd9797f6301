namespace Risk.Domain.Snapshots;

/// <summary>The share of a gross exposure that figures contain, as a fraction.</summary>
internal static class Coverage
{
    /// <summary>
    /// Covered / gross exposure. 1 where nothing is left out; 0 where nothing is covered, whatever the rest is worth. Where something is covered
    /// and something left out has no known value, the share is not known either: missing, for the reason of that position.
    /// </summary>
    /// <param name="covered">Of the positions in the figures, in base currency.</param>
    /// <param name="gross">Of all whose value is known.</param>
    /// <param name="unvalued">Why the first position without a known value has none; null if there is no such position.</param>
    public static Figure Of(double covered, double gross, bool isAnyLeftOut, FigureReason? unvalued)
    {
        if (!isAnyLeftOut) return Figure.Of(1);
        if (!(covered > 0)) return Figure.Of(0);
        return unvalued is { } reason ? Figure.Missing(reason) : Figure.Of(covered / gross);
    }
}
