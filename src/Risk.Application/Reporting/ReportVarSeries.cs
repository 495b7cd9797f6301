using Risk.Application.Stores;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>
/// The risk of an account over time: what was known at the end of each minute or UTC day, and now. The P&amp;L of a point is the change of
/// NAV since the point before, null where positions changed in between, where other positions have a value than before, and where a day of
/// the series is missing. Days are held against the VaR published before them.
/// </summary>
public sealed class ReportVarSeries(SnapshotStore snapshots, PortfolioStore portfolios, ReportingSettings reporting, TimeProvider time)
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

    private List<VarPoint> PointsOf(List<RiskSnapshot> series, SeriesInterval interval)
    {
        var (points, place) = (new List<VarPoint>(series.Count), 0);
        for (var i = 0; i < series.Count; i++)
        {
            var missed = i > 0 && interval == SeriesInterval.Day ? MissedDays(series[i - 1], series[i]) : 0;
            place += 1 + missed;
            var pnl = i > 0 && missed == 0 && IsOfTheSame(series[i - 1], series[i]) ? series[i].Nav - series[i - 1].Nav : default(double?);
            // A minute's P&L says nothing about a VaR of one day.
            var isComparable = pnl is not null && interval == SeriesInterval.Day;
            points.Add(new VarPoint(
                series[i], place, pnl,
                isComparable ? Breach(pnl!.Value, series[i - 1].At95.Var) : null,
                isComparable ? Breach(pnl!.Value, series[i - 1].At99.Var) : null));
        }
        return points;
    }

    /// <summary>The same positions have a value in both: one that gets its first price has not earned it.</summary>
    private static bool IsOfTheSame(RiskSnapshot before, RiskSnapshot after) =>
        before.Version.Positions == after.Version.Positions && Unvalued(before).SetEquals(Unvalued(after));

    private static HashSet<Symbol> Unvalued(RiskSnapshot snapshot) =>
        [.. snapshot.LeftOut.Where(x => x.Reason is FigureReason.MissingPrice or FigureReason.MissingFx or FigureReason.NotApplicable).Select(x => x.Symbol)];

    /// <summary>Trading days between two without a snapshot. The simulated market never closes, but real prices that are told to it rest on weekends.</summary>
    private int MissedDays(RiskSnapshot before, RiskSnapshot after)
    {
        var (missed, last) = (0, DayOf(after));
        for (var day = DayOf(before).AddDays(1); day < last; day = day.AddDays(1))
            if (reporting.Calendar.IsTradingDay(day) && !(reporting.Calendar.Market == Market.Sim && day.DayOfWeek is (DayOfWeek.Saturday or DayOfWeek.Sunday))) missed++;
        return missed;
    }

    private static DateOnly DayOf(RiskSnapshot snapshot) => DateOnly.FromDateTime(snapshot.AsOf.ToDateTimeOffset().UtcDateTime);

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

/// <param name="Place">In time: that of the point before and one, of a day and one for each trading day that is missing between the two.</param>
/// <param name="Pnl">Since the point before, in base currency; null where the two can't be compared.</param>
/// <param name="Breach95">Whether the loss of the day exceeded the VaR published before it; null where that can't be told.</param>
public sealed record VarPoint(RiskSnapshot Snapshot, int Place, double? Pnl, bool? Breach95, bool? Breach99);
