using Risk.Domain.Measures;

namespace Risk.Domain.Stress;

/// <summary>The P&amp;L of the positions that are known throughout a window, sorted, while the window slides over a history day by day.</summary>
internal sealed class SlidingWindow
{
    private readonly PnlHistory history;
    private readonly double[] sizes, sorted;
    private readonly double[] total;
    private readonly int[] lastMissing;
    private readonly bool[] isCovered;
    private readonly double gross;
    private double covered;
    private long steps;
    private int start = -1;

    public SlidingWindow(PnlHistory history, int windowDays)
    {
        this.history = history;
        sizes = [.. history.Book.Positions.Select(x => Math.Abs(x.Value.Value ?? 0))];
        gross = sizes.Sum();
        sorted = new double[windowDays];
        total = new double[history.Dates.Count];
        lastMissing = [.. Enumerable.Repeat(-1, sizes.Length)];
        isCovered = new bool[sizes.Length];
        for (var day = 0; day < windowDays - 1; day++) Note(day);
    }

    /// <summary>Share of the gross exposure whose value is known that the window contains.</summary>
    public double CoverageRatio => gross > 0 ? covered / gross : 1;

    /// <summary>−quantile at the rank.</summary>
    public double Var(in QuantileRank rank) =>
        -(sorted[rank.Lower - 1] + rank.UpperWeight * (sorted[rank.Upper - 1] - sorted[rank.Lower - 1]));

    /// <summary>To the next start, or the first; false when that would pass the bound on steps.</summary>
    public bool MoveTo(int next, long maxSteps)
    {
        var last = next + sorted.Length - 1;
        Note(last);
        var isNew = Recover(next) || start < 0;
        steps += (isNew ? sorted.Length : 1L) * Math.Max(1, sizes.Length);
        if (steps > maxSteps) return false;
        if (isNew)
        {
            for (var day = next; day <= last; day++) total[day] = Sum(day);
            total.AsSpan(next, sorted.Length).CopyTo(sorted);
            Array.Sort(sorted);
        }
        else
        {
            total[last] = Sum(last);
            Replace(total[start], total[last]);
        }
        start = next;
        return true;
    }

    private void Note(int day)
    {
        for (var i = 0; i < lastMissing.Length; i++)
            if (double.IsNaN(history.Pnl[i][day])) lastMissing[i] = day;
    }

    /// <summary>Whether other positions are covered than before.</summary>
    private bool Recover(int next)
    {
        var changed = false;
        covered = 0;
        for (var i = 0; i < isCovered.Length; i++)
        {
            var now = lastMissing[i] < next;
            changed |= now != isCovered[i];
            isCovered[i] = now;
            covered += now ? sizes[i] : 0;
        }
        return changed;
    }

    /// <summary>In the order of the positions, as whoever sums a window by itself.</summary>
    private double Sum(int day)
    {
        var sum = 0.0;
        for (var i = 0; i < isCovered.Length; i++)
            if (isCovered[i]) sum += history.Pnl[i][day];
        return sum;
    }

    private void Replace(double old, double now)
    {
        var gone = Array.BinarySearch(sorted, old);
        var at = Array.BinarySearch(sorted, now);
        if (at < 0) at = ~at;
        if (at > gone)
        {
            at--;
            Array.Copy(sorted, gone + 1, sorted, gone, at - gone);
        }
        else Array.Copy(sorted, at, sorted, at + 1, gone - at);
        sorted[at] = now;
    }
}
