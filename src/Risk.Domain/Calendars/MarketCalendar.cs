using NodaTime;
using Risk.Domain.Prices;

namespace Risk.Domain.Calendars;

/// <summary>
/// When a market trades. Holidays and special sessions are data with a <see cref="Version"/>, complete only within
/// <see cref="KnownFrom"/> … <see cref="KnownTo"/>; outside of it weekdays at the usual hours are assumed. Overrides win over the data.
/// The time zones are NodaTime's own, so the answer does not depend on the machine. Immutable.
/// </summary>
public sealed class MarketCalendar
{
    /// <summary>The state of the tables in this room.</summary>
    public const string Version = "2026-11";

    /// <summary>Longer than any closure on record (2001: six days); a bound for the searches.</summary>
    private const int MaxClosedDays = 40;

    // The data of all zones are read at the first use: most processes that know a calendar never ask it anything.
    private readonly Lazy<DateTimeZone> zone;
    private readonly LocalSession? usual;
    private readonly Dictionary<DateOnly, LocalSession?> exceptions;

    private MarketCalendar(Market market, string zone, LocalSession? usual, MarketDays? days, IEnumerable<CalendarOverride> overrides)
    {
        Market = market;
        this.zone = new Lazy<DateTimeZone>(() => DateTimeZoneProviders.Tzdb[zone]);
        this.usual = usual;
        exceptions = days is null ? [] : new Dictionary<DateOnly, LocalSession?>(days.Exceptions);
        foreach (var change in overrides) exceptions[change.Date] = change.Session;
    }

    public Market Market { get; }

    /// <summary>The first date of which the data are complete.</summary>
    public DateOnly KnownFrom => Market switch { Market.Nse => NseDays.KnownFrom, Market.Us => UsDays.KnownFrom, _ => DateOnly.MinValue };

    /// <summary>The last date of which the data are complete.</summary>
    public DateOnly KnownTo => Market switch { Market.Nse => NseDays.KnownTo, Market.Us => UsDays.KnownTo, _ => DateOnly.MaxValue };

    public static MarketCalendar Sim { get; } = Of(Market.Sim);

    /// <param name="overrides">A later override of the same date wins. Ignored by <see cref="Market.Sim"/>, which never closes.</param>
    public static MarketCalendar Of(Market market, IEnumerable<CalendarOverride>? overrides = null) => market switch
    {
        Market.Sim => new MarketCalendar(market, "UTC", null, null, []),
        Market.Nse => new MarketCalendar(market, "Asia/Kolkata", NseDays.Usual, NseDays.Table, overrides ?? []),
        Market.Us => new MarketCalendar(market, "America/New_York", UsDays.Usual, UsDays.Table, overrides ?? []),
        _ => throw new ArgumentOutOfRangeException(nameof(market), market, "Unknown market."),
    };

    /// <summary>Reads <c>SIM</c>, <c>NSE</c> or <c>US</c>, in any case.</summary>
    public static bool TryParse(string? text, out Market market)
    {
        (market, var known) = text?.ToUpperInvariant() switch
        {
            "SIM" => (Market.Sim, true),
            "NSE" => (Market.Nse, true),
            "US" => (Market.Us, true),
            _ => (Market.Sim, false),
        };
        return known;
    }

    /// <summary>
    /// The market of which an exchange is part, by its usual name or its code of ISO 10383, in any case. Null when none is named, or none
    /// whose days are known here.
    /// </summary>
    public static Market? OfExchange(string? exchange) => exchange?.ToUpperInvariant() switch
    {
        "SIM" => Market.Sim,
        "NSE" or "XNSE" => Market.Nse,
        "US" or "NYSE" or "XNYS" or "NASDAQ" or "XNAS" or "ARCA" or "ARCX" or "AMEX" or "XASE" or "BATS" => Market.Us,
        _ => null,
    };

    /// <summary>The market's local date at that time.</summary>
    public DateOnly DateOf(EventTime time) => Local(time).Date.ToDateOnly();

    /// <summary>The session of the local date, or null when there is none. The simulated market's session is the whole UTC day.</summary>
    public MarketSession? SessionOf(DateOnly date)
    {
        if (usual is null) return new MarketSession(date, Midnight(date), Midnight(date), Midnight(date.AddDays(1)));
        return LocalSessionOf(date) is { } local
            ? new MarketSession(date, At(date, local.PreOpen), At(date, local.Open), At(date, local.Close))
            : null;
    }

    public bool IsTradingDay(DateOnly date) => usual is null || LocalSessionOf(date) is not null;

    public bool IsOpen(EventTime time) => PhaseAt(time) == MarketPhase.Open;

    public MarketPhase PhaseAt(EventTime time)
    {
        if (usual is null) return MarketPhase.Open;
        var local = Local(time);
        if (LocalSessionOf(local.Date.ToDateOnly()) is not { } session) return MarketPhase.Closed;
        var clock = local.TimeOfDay.ToTimeOnly();
        if (clock < session.PreOpen || clock >= session.Close) return MarketPhase.Closed;
        return clock < session.Open ? MarketPhase.PreOpen : MarketPhase.Open;
    }

    /// <summary>The earliest time, not before <paramref name="time"/>, at which the market is open: that time itself when it is open then. Null if none within 40 days.</summary>
    public EventTime? NextOpen(EventTime time)
    {
        if (IsOpen(time)) return time;
        return NextSession(time, session => session.Open >= time)?.Open;
    }

    /// <summary>The earliest close after <paramref name="time"/>. Null for a market that never closes, and if none within 40 days.</summary>
    public EventTime? NextClose(EventTime time) => usual is null ? null : NextSession(time, session => session.Close > time)?.Close;

    /// <summary>The session that closed last, at the latest at <paramref name="time"/>. Null if none within 40 days.</summary>
    public MarketSession? LastClosed(EventTime time)
    {
        var date = DateOf(time);
        for (var back = 0; back <= MaxClosedDays; back++)
            if (SessionOf(date.AddDays(-back)) is { } session && session.Close <= time) return session;
        return null;
    }

    /// <summary>The last trading day before the date. Null if none within 40 days.</summary>
    public DateOnly? PreviousTradingDay(DateOnly date)
    {
        for (var back = 1; back <= MaxClosedDays; back++)
            if (IsTradingDay(date.AddDays(-back))) return date.AddDays(-back);
        return null;
    }

    private MarketSession? NextSession(EventTime time, Func<MarketSession, bool> isWanted)
    {
        var date = DateOf(time);
        for (var ahead = 0; ahead <= MaxClosedDays; ahead++)
            if (SessionOf(date.AddDays(ahead)) is { } session && isWanted(session)) return session;
        return null;
    }

    private LocalSession? LocalSessionOf(DateOnly date)
    {
        if (exceptions.TryGetValue(date, out var exception)) return exception;
        return date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? null : usual;
    }

    private LocalDateTime Local(EventTime time) => Instant.FromUnixTimeTicks(time.Microseconds * TimeSpan.TicksPerMicrosecond).InZone(zone.Value).LocalDateTime;

    /// <summary>No session begins or ends in the hour that a change of clocks skips or repeats; leniency only saves a throw.</summary>
    private EventTime At(DateOnly date, TimeOnly clock) =>
        new(zone.Value.AtLeniently(LocalDate.FromDateOnly(date) + LocalTime.FromTimeOnly(clock)).ToInstant().ToUnixTimeTicks() / TimeSpan.TicksPerMicrosecond);

    private EventTime Midnight(DateOnly date) => At(date, TimeOnly.MinValue);
}
