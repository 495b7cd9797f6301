namespace Risk.Domain.Measures;

/// <summary>
/// The P&amp;L of a portfolio over its scenarios (positive = gain), sorted once, worst first, for all the historical measures that read its
/// tail. Ranks are 1-based as in <see cref="QuantileRank"/>; scenarios keep their 0-based place in the input. Ties keep the order of the input.
/// </summary>
public sealed class SortedPnl
{
    private readonly double[] values;
    private readonly int[] scenarios;

    /// <exception cref="ArgumentException">No scenario, or a P&amp;L that is not finite.</exception>
    public SortedPnl(ReadOnlySpan<double> pnl)
    {
        Check.AtLeast(1, pnl, nameof(pnl));
        Check.Finite(pnl, nameof(pnl));
        values = pnl.ToArray();
        scenarios = [.. Enumerable.Range(0, pnl.Length)];
        Count = pnl.Length;
        Array.Sort(values, scenarios);
        OrderTies();
    }

    private SortedPnl(double[] values, int[] scenarios, int count)
    {
        (this.values, this.scenarios, Count) = (values, scenarios, count);
        Array.Sort(values, scenarios);
        OrderTies();
    }

    /// <summary>
    /// Only the <paramref name="ranks"/> worst are sorted and can be read, which is much less work for many scenarios; the figures that need
    /// no other rank are the same.
    /// </summary>
    /// <param name="ranks">At least 1; all when there are not as many.</param>
    /// <exception cref="ArgumentException">No scenario, a P&amp;L that is not finite, or fewer than one rank.</exception>
    public static SortedPnl Worst(ReadOnlySpan<double> pnl, int ranks)
    {
        Check.AtLeast(1, pnl, nameof(pnl));
        Check.Finite(pnl, nameof(pnl));
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ranks = Math.Min(ranks, pnl.Length);
        var limit = Selection.Smallest(pnl, ranks);
        var (values, scenarios) = (new double[ranks], new int[ranks]);
        var below = 0;
        for (var i = 0; i < pnl.Length; i++)
            if (pnl[i] < limit) (values[below], scenarios[below++]) = (pnl[i], i);
        for (var i = 0; below < ranks; i++)
            if (pnl[i] == limit) (values[below], scenarios[below++]) = (pnl[i], i);
        return new SortedPnl(values, scenarios, pnl.Length);
    }

    /// <summary>The number of scenarios, at least 1.</summary>
    public int Count { get; }

    /// <summary>The P&amp;L of the given rank; rank 1 is the worst.</summary>
    public double this[int rank] => values[rank - 1];

    /// <summary>The 0-based place in the input of the scenario of the given rank.</summary>
    public int ScenarioAt(int rank) => scenarios[rank - 1];

    /// <summary>All P&amp;L that can be read, worst first.</summary>
    public ReadOnlySpan<double> Values => values;

    private void OrderTies()
    {
        for (var start = 0; start < values.Length;)
        {
            var end = start + 1;
            while (end < values.Length && values[end] == values[start]) end++;
            if (end - start > 1) Array.Sort(scenarios, start, end - start);
            start = end;
        }
    }
}

/// <summary>A scenario that sets a figure, by its 0-based place in the P&amp;L, with its share of it. The weights of a figure sum to one.</summary>
public readonly record struct ScenarioWeight(int Scenario, double Weight);
