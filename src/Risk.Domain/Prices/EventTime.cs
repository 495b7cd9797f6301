using System.Globalization;

namespace Risk.Domain.Prices;

/// <summary>When something happened, as whole microseconds since 1970-01-01T00:00:00Z. Finer input is cut, not rounded, so that no tick moves into the next window.</summary>
public readonly record struct EventTime(long Microseconds) : IComparable<EventTime>
{
    public const long PerMillisecond = 1_000;
    public const long PerSecond = 1_000_000;

    public static readonly EventTime Min = new(0);

    public static EventTime From(DateTimeOffset time) =>
        new(Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond, out var rest) - (rest < 0 ? 1 : 0));

    public static EventTime FromMilliseconds(long milliseconds) => new(milliseconds * PerMillisecond);

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);

    public EventTime Add(TimeSpan span) => new(Microseconds + span.Ticks / TimeSpan.TicksPerMicrosecond);

    public static TimeSpan operator -(EventTime later, EventTime earlier) => TimeSpan.FromMicroseconds(later.Microseconds - earlier.Microseconds);

    public static bool operator <(EventTime a, EventTime b) => a.Microseconds < b.Microseconds;

    public static bool operator >(EventTime a, EventTime b) => a.Microseconds > b.Microseconds;

    public static bool operator <=(EventTime a, EventTime b) => a.Microseconds <= b.Microseconds;

    public static bool operator >=(EventTime a, EventTime b) => a.Microseconds >= b.Microseconds;

    public int CompareTo(EventTime other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>RFC 3339 in UTC with as many fraction digits as needed.</summary>
    public override string ToString() => ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
