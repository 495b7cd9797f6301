using System.Buffers.Text;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>RFC 3339 times to and from microseconds, for the hot path.</summary>
internal static class TickTime
{
    /// <summary>1990-01-01T00:00:00Z.</summary>
    public const long MinMicroseconds = 631_152_000_000_000;

    /// <summary>9999-12-31T23:59:59.999999Z.</summary>
    public const long MaxMicroseconds = 253_402_300_799_999_999;

    /// <summary>The room that <see cref="Write"/> needs.</summary>
    public const int MaxBytes = 28;

    private const int MaxFractionDigits = 9;

    /// <summary>
    /// Date, T, time of day, up to nine fraction digits (cut to microseconds), Z or an offset. A leap second (60) is refused: it has no
    /// place on the time line of <see cref="EventTime"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':') return false;
        int century = Two(text, 0), year = century * 100 + Two(text, 2), month = Two(text, 5), day = Two(text, 8);
        int hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if ((century | year | month | day | hour | minute | second) < 0) return false;
        if (year == 0 || month is 0 or > 12 || day == 0 || (day > 28 && day > DateTime.DaysInMonth(year, month))) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        if (!TryParseFraction(text[19..], out var fraction, out var used) || !TryParseOffset(text[(19 + used)..], out var offsetMinutes)) return false;
        var seconds = DaysSince1970(year, month, day) * 86_400L + (hour * 60 + minute - offsetMinutes) * 60L + second;
        microseconds = seconds * EventTime.PerSecond + fraction;
        return true;
    }

    /// <summary>Writes the time in UTC with as many fraction digits as needed and returns how many bytes that took.</summary>
    public static int Write(EventTime time, Span<byte> into)
    {
        var at = time.ToDateTimeOffset().UtcDateTime;
        Utf8Formatter.TryFormat(at, into, out _, 'O');
        var end = 26;
        while (into[end - 1] == '0') end--;
        if (into[end - 1] == '.') end--;
        into[end] = (byte)'Z';
        return end + 1;
    }

    private static bool TryParseFraction(ReadOnlySpan<byte> text, out int microseconds, out int used)
    {
        (microseconds, used) = (0, 0);
        if (text[0] != '.') return true;
        var digits = 0;
        for (; digits + 1 < text.Length && char.IsAsciiDigit((char)text[digits + 1]); digits++)
            if (digits < 6) microseconds = microseconds * 10 + (text[digits + 1] - '0');
        for (var i = digits; i < 6; i++) microseconds *= 10;
        used = digits + 1;
        return digits is > 0 and <= MaxFractionDigits;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1) return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return false;
        int hour = Two(text, 1), minute = Two(text, 4);
        minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        uint tens = text[at] - (uint)'0', ones = text[at + 1] - (uint)'0';
        return tens > 9 || ones > 9 ? -1_000_000 : (int)(tens * 10 + ones);
    }

    /// <summary>Counts in years that begin in March, so that the leap day comes last (Hinnant, "chrono-compatible low-level date algorithms").</summary>
    private static int DaysSince1970(int year, int month, int day)
    {
        var y = (uint)(month <= 2 ? year - 1 : year);
        var dayOfYear = (153u * (uint)(month > 2 ? month - 3 : month + 9) + 2) / 5 + (uint)day - 1;
        return (int)(365 * y + y / 4 - y / 100 + y / 400 + dayOfYear) - 719_468;
    }
}
