using System.Globalization;
using Risk.Domain.Prices;

namespace Risk.Domain.Calendars;

public enum Market
{
    /// <summary>Never closes; days are those of UTC. For simulated and crypto-like prices.</summary>
    Sim,

    /// <summary>National Stock Exchange of India, equities.</summary>
    Nse,

    /// <summary>New York Stock Exchange and Nasdaq, regular hours.</summary>
    Us,
}

public enum MarketPhase
{
    Closed,
    PreOpen,
    Open,
}

/// <summary>One day's session. Open from <see cref="Open"/> (included) to <see cref="Close"/> (excluded); the pre-open begins at <see cref="PreOpen"/>, which equals <see cref="Open"/> where there is none.</summary>
public sealed record MarketSession(DateOnly Date, EventTime PreOpen, EventTime Open, EventTime Close);

/// <summary>Local times of a session; <see cref="PreOpen"/> equals <see cref="Open"/> where there is no pre-open. All within one local day.</summary>
public sealed record LocalSession(TimeOnly PreOpen, TimeOnly Open, TimeOnly Close)
{
    /// <summary>Reads <c>09:15-15:30</c>, or <c>09:00/09:15-15:30</c> with the pre-open in front.</summary>
    /// <exception cref="FormatException">Not of that form, or the times do not rise.</exception>
    public static LocalSession Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"'{text}' is not a session: 09:15-15:30 or 09:00/09:15-15:30 is expected, with rising times.");

    /// <summary>As <see cref="Parse"/>, null when the text is not a session.</summary>
    public static LocalSession? TryParse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var hours = text[(slash + 1)..].Split('-');
        if (hours.Length != 2 || !TryTime(hours[0], out var open) || !TryTime(hours[1], out var close)) return null;
        var preOpen = open;
        if (slash >= 0 && !TryTime(text[..slash], out preOpen)) return null;
        return preOpen <= open && open < close ? new LocalSession(preOpen, open, close) : null;
    }

    private static bool TryTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

/// <summary>Exchanges announce holidays, sessions and hours late: this replaces what the calendar's own data say of a date. A null session closes the day.</summary>
public sealed record CalendarOverride(DateOnly Date, LocalSession? Session);
