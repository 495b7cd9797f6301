using System.Globalization;

namespace Risk.Domain.Calendars;

/// <summary>
/// The holidays and special sessions of a market as data, in local dates and times. Written as lines: <c>yyyy: MMdd MMdd …</c> for
/// holidays, <c>yyyy-MM-dd [pre-open/]open-close</c> for sessions that differ from the usual ones.
/// </summary>
internal sealed class MarketDays
{
    private MarketDays(Dictionary<DateOnly, LocalSession?> exceptions) => Exceptions = exceptions;

    /// <summary>What differs from "weekdays, usual hours"; null for a day without a session.</summary>
    public Dictionary<DateOnly, LocalSession?> Exceptions { get; }

    /// <summary>Special sessions win over holidays: on Diwali the exchange is closed, but for one hour.</summary>
    public static MarketDays Parse(string holidays, string sessions)
    {
        var days = new Dictionary<DateOnly, LocalSession?>();
        foreach (var line in Lines(holidays))
            foreach (var day in line[5..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                days[DateOnly.ParseExact(line[..4] + day, "yyyyMMdd", CultureInfo.InvariantCulture)] = null;
        foreach (var line in Lines(sessions))
            days[DateOnly.ParseExact(line[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture)] = LocalSession.Parse(line[11..]);
        return new MarketDays(days);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
