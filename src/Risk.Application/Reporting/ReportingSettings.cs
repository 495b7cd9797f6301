using Risk.Domain.Calendars;
using Risk.Domain.Prices;

namespace Risk.Application.Reporting;

/// <summary>What reports must know of the host: the market whose hours decide when a silent symbol is stale.</summary>
public sealed record ReportingSettings(MarketCalendar Calendar)
{
    /// <summary>A symbol without a tick for this long, while its market is open, is stale.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(60);

    /// <summary>The simulated market, which never closes.</summary>
    public static ReportingSettings Default { get; } = new(MarketCalendar.Sim);

    /// <param name="last">The newest tick; <see cref="EventTime.Min"/> when none ever came.</param>
    public bool IsStale(EventTime last, EventTime now)
    {
        if (!Calendar.IsOpen(now)) return false;
        // Right after the opening bell a symbol has had no chance to tick yet.
        var opened = Calendar.Market == Market.Sim ? EventTime.Min : Calendar.SessionOf(Calendar.DateOf(now))?.Open ?? EventTime.Min;
        return now - (last > opened ? last : opened) > StaleAfter;
    }
}
