using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>
/// Ticks as lines of JSON, one or many a record:
/// <code>{"symbol":"AAPL","time":"2025-01-02T15:30:00.123456Z","price":187.25,"bid":187.24,"ask":187.26,"volume":100,"source":"feed-1","epoch":1,"sequence":42}</code>
/// Symbol, time and price are required; the others may be missing or null, and a bid or ask of 0 counts as not given. Source and sequence
/// go together, the epoch (default 0) only with them. The time is RFC 3339 or whole milliseconds since 1970. Numbers keep their exact
/// decimal value and round half to even, prices at 10⁻⁸ and volumes at 10⁻⁶. Unknown properties are ignored, empty lines skipped. A lower-case
/// symbol is raised. A bad line is a rejection; the other lines of the record count.
/// </summary>
public static class TickCodec
{
    public const int MaxRecordBytes = 1024 * 1024;
    public const int MaxLineBytes = 4096;

    /// <summary>
    /// Of one record; what lies behind is rejected as a whole. A record is saved in one step, and each of its ticks may open a window: this
    /// bounds the state of a symbol. Producers of ours pack 25.
    /// </summary>
    public const int MaxLinesPerRecord = 1_000;

    /// <summary>Of nested values; the line's own object is the first level.</summary>
    public const int MaxDepth = 16;

    /// <summary>How far a tick may be ahead of the clock.</summary>
    public const long MaxAheadMicroseconds = 5 * EventTime.PerSecond;

    private const int MaxEncodedBytes = 384;

    /// <summary>Appends the record's ticks and rejections, each in order. Allocates nothing once the buffer is warm, and never throws for bad bytes.</summary>
    public static void Decode(ReadOnlySpan<byte> record, SymbolTable symbols, EventTime now, TickBuffer into)
    {
        if (record.Length > MaxRecordBytes)
        {
            into.Reject(new TickRejection(0, record.Length, RejectionReason.Oversized, -1));
            return;
        }
        var isUtf8 = Utf8.IsValid(record);
        var fields = new TickFields();
        var lines = 0;
        for (var start = 0; start < record.Length;)
        {
            if (lines++ == MaxLinesPerRecord)
            {
                into.Reject(new TickRejection(start, record.Length - start, RejectionReason.Oversized, -1));
                return;
            }
            var length = record[start..].IndexOf((byte)'\n');
            if (length < 0) length = record.Length - start;
            var line = Trim(record.Slice(start, length), out var leading);
            if (line.Length > 0)
            {
                var reason = DecodeLine(line, isUtf8, symbols, now, into.Scratch, ref fields, out var tick, out var symbol);
                if (reason == RejectionReason.None) into.Add(tick);
                else into.Reject(new TickRejection(start + leading, line.Length, reason, symbol));
            }
            start += length + 1;
        }
    }

    /// <summary>Writes one line, which decodes to the same tick.</summary>
    /// <param name="tick">A decoded tick, or one that would be accepted: its price is given, its source and sequence go together.</param>
    public static void Encode(in Tick tick, SymbolTable symbols, IBufferWriter<byte> into)
    {
        var room = into.GetSpan(MaxEncodedBytes);
        var at = 0;
        Put(room, ref at, "{\"symbol\":\""u8);
        at += Encoding.ASCII.GetBytes(symbols[tick.Symbol].Text, room[at..]);
        Put(room, ref at, "\",\"time\":\""u8);
        at += TickTime.Write(tick.Time, room[at..]);
        Put(room, ref at, "\",\"price\":"u8);
        PutDecimal(room, ref at, tick.Price.E8, Price.Decimals);
        if (tick.Bid.IsGiven)
        {
            Put(room, ref at, ",\"bid\":"u8);
            PutDecimal(room, ref at, tick.Bid.E8, Price.Decimals);
        }
        if (tick.Ask.IsGiven)
        {
            Put(room, ref at, ",\"ask\":"u8);
            PutDecimal(room, ref at, tick.Ask.E8, Price.Decimals);
        }
        if (tick.Volume.E6 != 0)
        {
            Put(room, ref at, ",\"volume\":"u8);
            PutDecimal(room, ref at, tick.Volume.E6, Volume.Decimals);
        }
        if (!tick.Source.IsEmpty) PutIdentity(room, ref at, tick);
        Put(room, ref at, "}\n"u8);
        into.Advance(at);
    }

    /// <summary>Reads one line without its line end.</summary>
    internal static RejectionReason DecodeLine(
        ReadOnlySpan<byte> line, bool isUtf8, SymbolTable symbols, EventTime now, Span<byte> scratch, ref TickFields fields, out Tick tick, out int symbol)
    {
        tick = default;
        symbol = -1;
        if (line.Length > MaxLineBytes) return RejectionReason.Oversized;
        if (!isUtf8 && !Utf8.IsValid(line)) return RejectionReason.NotUtf8;
        fields.Clear();
        var reason = TickLine.Read(line, scratch, ref fields);
        return reason == RejectionReason.None ? fields.Check(line, scratch, symbols, now, out tick, out symbol) : reason;
    }

    /// <summary>Without the white space that JSON allows around a value.</summary>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line, out int leading)
    {
        leading = 0;
        while (leading < line.Length && line[leading] is (byte)' ' or (byte)'\t' or (byte)'\r') leading++;
        var end = line.Length;
        while (end > leading && line[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\r') end--;
        return line[leading..end];
    }

    private static void PutIdentity(Span<byte> room, ref int at, in Tick tick)
    {
        Put(room, ref at, ",\"source\":\""u8);
        at += tick.Source.CopyTo(room[at..]);
        Put(room, ref at, "\""u8);
        if (tick.Epoch != 0)
        {
            Put(room, ref at, ",\"epoch\":"u8);
            PutWhole(room, ref at, tick.Epoch);
        }
        Put(room, ref at, ",\"sequence\":"u8);
        PutWhole(room, ref at, tick.Sequence);
    }

    private static void Put(Span<byte> room, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[at..]);
        at += text.Length;
    }

    private static void PutWhole(Span<byte> room, ref int at, long value)
    {
        if (!Utf8Formatter.TryFormat(value, room[at..], out var written)) throw new UnreachableException("MaxEncodedBytes holds every line.");
        at += written;
    }

    private static void PutDecimal(Span<byte> room, ref int at, long value, int decimals)
    {
        var unit = decimals == Price.Decimals ? Price.One : Volume.One;
        var (whole, rest) = Math.DivRem(value, unit);
        PutWhole(room, ref at, whole);
        if (rest == 0) return;
        room[at++] = (byte)'.';
        while (rest != 0)
        {
            unit /= 10;
            (var digit, rest) = Math.DivRem(rest, unit);
            room[at++] = (byte)('0' + digit);
        }
    }
}
