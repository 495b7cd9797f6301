using NodaTime;
using Risk.Domain.Prices;

namespace Risk.Domain.Calendars;

/// <summary>Wall-clock times of exchanges as moments.</summary>
public static class ExchangeTime
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    /// <summary>
    /// The moment at which clocks in New York show the date and the time since midnight. A time that daylight saving skips is moved
    /// forward by the hour; of one that occurs twice the earlier is meant.
    /// </summary>
    /// <param name="sinceMidnight">On the wall, from 0 to under 24 hours.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not within one day.</exception>
    public static EventTime FromNewYork(DateOnly date, TimeSpan sinceMidnight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sinceMidnight, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sinceMidnight, TimeSpan.FromDays(1));
        var local = new LocalDateTime(date.Year, date.Month, date.Day, 0, 0).PlusTicks(sinceMidnight.Ticks);
        return new EventTime(local.InZoneLeniently(NewYork).ToInstant().ToUnixTimeTicks() / TimeSpan.TicksPerMicrosecond);
    }
}
