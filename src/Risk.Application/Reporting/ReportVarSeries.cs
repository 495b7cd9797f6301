using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>
/// The risk of an account over time: what was known at the end of each minute or UTC day, and now. The P&amp;L of a point is the change of
/// NAV since the point before, null where the positions changed in between. Days are held against the VaR published before them.
/// </summary>
public sealed class ReportVarSeries(SnapshotStore snapshots, PortfolioStore portfolios, TimeProvider time)
{
    public static readonly TimeSpan MaxMinutesSpan = TimeSpan.FromDays(7);
    public static readonly TimeSpan MaxDaysSpan = TimeSpan.FromDays(366 * 10);

    private static readonly TimeSpan UsualMinutes = TimeSpan.FromDays(1);
    private static readonly TimeSpan UsualDays = TimeSpan.FromDays(90);

    /// <summary>Null for an unknown account.</summary>
    /// <param name="to">The newest snapshot where not given.</param>
    /// <param name="from">A day (minutes) or 90 days (days) before the end where not given.</param>
    public async Task<VarSeries?> RunAsync(AccountId account, SeriesInterval interval, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation)
    {
        if (await portfolios.LoadAsync(account, cancellation) is not { } portfolio) return null;
        var latest = await snapshots.FindLatestAsync(account, cancellation);
        var end = to ?? latest?.AsOf.ToDateTimeOffset() ?? time.GetUtcNow();
        var (usual, longest) = interval == SeriesInterval.Minute ? (UsualMinutes, MaxMinutesSpan) : (UsualDays, MaxDaysSpan);
        var start = from ?? end - usual;
        if (start > end) end = start;
        if (end - start > longest) start = end - longest;
        var series = interval == SeriesInterval.Minute
            ? await snapshots.LoadMinutesAsync(account, start, end, int.MaxValue, cancellation)
            : await snapshots.LoadDaysAsync(account, start, end, cancellation);
        if (latest is { } now && IsWithin(now, start, end) && (series.Count == 0 || series[^1].AsOf < now.AsOf)) series.Add(now);
        return new VarSeries(portfolio, interval, start, end, PointsOf(series, interval));
    }

    private static List<VarPoint> PointsOf(List<RiskSnapshot> series, SeriesInterval interval)
    {
        var points = new List<VarPoint>(series.Count);
        for (var i = 0; i < series.Count; i++)
        {
            var pnl = i > 0 && series[i - 1].Version.Positions == series[i].Version.Positions ? series[i].Nav - series[i - 1].Nav : default(double?);
            // A minute's P&L says nothing about a VaR of one day.
            var isComparable = pnl is not null && interval == SeriesInterval.Day;
            points.Add(new VarPoint(
                series[i], pnl,
                isComparable ? Breach(pnl!.Value, series[i - 1].At95.Var) : null,
                isComparable ? Breach(pnl!.Value, series[i - 1].At99.Var) : null));
        }
        return points;
    }

    private static bool IsWithin(RiskSnapshot snapshot, DateTimeOffset start, DateTimeOffset end) =>
        snapshot.AsOf.ToDateTimeOffset() >= start && snapshot.AsOf.ToDateTimeOffset() <= end;

    private static bool? Breach(double pnl, Figure published) => published.Value is { } var ? pnl < -var : null;
}

public enum SeriesInterval
{
    Minute,
    Day,
}

/// <param name="From">The range that was answered, cut to the longest that is.</param>
public sealed record VarSeries(Portfolio Portfolio, SeriesInterval Interval, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<VarPoint> Points);

/// <param name="Pnl">Since the point before, in base currency; null for the first, and where positions changed.</param>
/// <param name="Breach95">Whether the loss of the day exceeded the VaR published before it; null where that can't be told.</param>
public sealed record VarPoint(RiskSnapshot Snapshot, double? Pnl, bool? Breach95, bool? Breach99);
