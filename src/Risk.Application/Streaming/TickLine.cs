using System.Buffers;

namespace Risk.Application.Streaming;

/// <summary>
/// A strict scanner for one JSON object on one line (RFC 8259). It neither recurses, throws nor allocates, whatever the bytes. Besides
/// JSON it takes NaN, Infinity and −Infinity as values of the four numbers that may be mistaken for one, so that these get their own reason.
/// </summary>
internal ref struct TickLine
{
    private static readonly SearchValues<byte> StringStops =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(x => (byte)x)]);

    private readonly ReadOnlySpan<byte> line;
    private readonly Span<byte> scratch;
    private int at;
    private int scratchUsed;
    private bool isTooDeep;

    private TickLine(ReadOnlySpan<byte> line, Span<byte> scratch)
    {
        this.line = line;
        this.scratch = scratch;
    }

    /// <summary>Fills the fields, which must be clear, or tells why the line is no JSON object.</summary>
    /// <param name="line">Valid UTF-8.</param>
    /// <param name="scratch">At least as long as the line.</param>
    public static RejectionReason Read(ReadOnlySpan<byte> line, Span<byte> scratch, ref TickFields fields)
    {
        var scanner = new TickLine(line, scratch);
        if (scanner.TryReadObject(ref fields)) return RejectionReason.None;
        return scanner.isTooDeep ? RejectionReason.TooDeep : RejectionReason.Malformed;
    }

    private bool TryReadObject(ref TickFields fields)
    {
        SkipSpace();
        if (!Take('{')) return false;
        SkipSpace();
        if (Take('}')) return IsAtEnd();
        while (true)
        {
            if (!TryReadName(out var name)) return false;
            if (name == TickField.Unknown ? !TrySkipValue() : !TryReadValue(name, ref fields.Claim(name))) return false;
            SkipSpace();
            if (!Take(',')) return Take('}') && IsAtEnd();
            SkipSpace();
        }
    }

    /// <summary>Reads a property's name with its colon and the space behind.</summary>
    private bool TryReadName(out TickField name)
    {
        var rest = line[at..];
        name = TickField.Unknown;
        var known = 0;
        if (rest.Length > 2)
        {
            // Bytes 1 and 2 tell the nine names apart.
            (name, known) = (rest[1], rest[2]) switch
            {
                ((byte)'s', (byte)'y') when rest.StartsWith("\"symbol\":"u8) => (TickField.Symbol, 9),
                ((byte)'t', _) when rest.StartsWith("\"time\":"u8) => (TickField.Time, 7),
                ((byte)'p', _) when rest.StartsWith("\"price\":"u8) => (TickField.Price, 8),
                ((byte)'b', _) when rest.StartsWith("\"bid\":"u8) => (TickField.Bid, 6),
                ((byte)'a', _) when rest.StartsWith("\"ask\":"u8) => (TickField.Ask, 6),
                ((byte)'v', _) when rest.StartsWith("\"volume\":"u8) => (TickField.Volume, 9),
                ((byte)'s', (byte)'o') when rest.StartsWith("\"source\":"u8) => (TickField.Source, 9),
                ((byte)'e', _) when rest.StartsWith("\"epoch\":"u8) => (TickField.Epoch, 8),
                ((byte)'s', (byte)'e') when rest.StartsWith("\"sequence\":"u8) => (TickField.Sequence, 11),
                _ => (TickField.Unknown, 0),
            };
        }
        at += known;
        if (known == 0 && !TryReadUnusualName(out name)) return false;
        SkipSpace();
        return true;
    }

    private bool TryReadUnusualName(out TickField name)
    {
        var text = new Field();
        name = TickField.Unknown;
        if (!TryReadString(ref text)) return false;
        name = NameOf(text.TextIn(line, scratch));
        SkipSpace();
        return Take(':');
    }

    private static TickField NameOf(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("symbol"u8)) return TickField.Symbol;
        if (text.SequenceEqual("time"u8)) return TickField.Time;
        if (text.SequenceEqual("price"u8)) return TickField.Price;
        if (text.SequenceEqual("bid"u8)) return TickField.Bid;
        if (text.SequenceEqual("ask"u8)) return TickField.Ask;
        if (text.SequenceEqual("volume"u8)) return TickField.Volume;
        if (text.SequenceEqual("source"u8)) return TickField.Source;
        if (text.SequenceEqual("epoch"u8)) return TickField.Epoch;
        return text.SequenceEqual("sequence"u8) ? TickField.Sequence : TickField.Unknown;
    }

    private bool TryReadValue(TickField name, ref Field field)
    {
        if (at >= line.Length) return false;
        var c = line[at];
        if (c == '"')
        {
            field.Kind = FieldKind.Text;
            return TryReadString(ref field);
        }
        if (name is TickField.Price or TickField.Bid or TickField.Ask or TickField.Volume && c is (byte)'N' or (byte)'I' or (byte)'-' && TakeNotFinite())
        {
            field.Kind = FieldKind.NotFinite;
            return true;
        }
        if (c is (byte)'-' or >= (byte)'0' and <= (byte)'9')
        {
            field.Kind = FieldKind.Number;
            return ExactNumber.TryRead(line, ref at, out field.Number);
        }
        field.Kind = c == 'n' ? FieldKind.Null : FieldKind.Other;
        return TrySkipValue();
    }

    private bool TrySkipValue()
    {
        // One bit a level, set for objects; the line's own object is level 1 and not in here.
        uint objects = 0;
        var depth = 0;
        while (true)
        {
            SkipSpace();
            if (at >= line.Length) return false;
            var c = line[at];
            if (c is (byte)'{' or (byte)'[')
            {
                if (++depth >= TickCodec.MaxDepth)
                {
                    isTooDeep = true;
                    return false;
                }
                at++;
                objects = (objects << 1) | (c == '{' ? 1u : 0);
                SkipSpace();
                if (!Take(c == '{' ? '}' : ']'))
                {
                    if (c == '{' && !TryReadUnusualName(out _)) return false;
                    continue;
                }
                (depth, objects) = (depth - 1, objects >> 1);
            }
            else if (!TrySkipScalar(c))
            {
                return false;
            }
            if (!TryCloseLevels(ref depth, ref objects)) return false;
            if (depth == 0) return true;
        }
    }

    /// <summary>After a value: closes what ends here, and steps over the comma and name before the next value.</summary>
    private bool TryCloseLevels(ref int depth, ref uint objects)
    {
        while (depth > 0)
        {
            SkipSpace();
            if (Take(','))
            {
                SkipSpace();
                return (objects & 1) == 0 || TryReadUnusualName(out _);
            }
            if (!Take((objects & 1) == 1 ? '}' : ']')) return false;
            (depth, objects) = (depth - 1, objects >> 1);
        }
        return true;
    }

    private bool TrySkipScalar(byte first)
    {
        var ignored = new Field();
        return first switch
        {
            (byte)'"' => TryReadString(ref ignored),
            (byte)'t' => TakeWord("true"u8),
            (byte)'f' => TakeWord("false"u8),
            (byte)'n' => TakeWord("null"u8),
            _ => ExactNumber.TryRead(line, ref at, out _),
        };
    }

    private bool TakeNotFinite() => TakeWord("NaN"u8) || TakeWord("Infinity"u8) || TakeWord("-Infinity"u8);

    private bool TryReadString(ref Field field)
    {
        if (!Take('"')) return false;
        var length = line[at..].IndexOfAny(StringStops);
        if (length < 0) return false;
        if (line[at + length] == '\\') return TryReadEscapedString(ref field);
        (field.Start, field.Length) = (at, length);
        at += length + 1;
        return line[at - 1] == '"';
    }

    /// <summary>
    /// Escapes beyond ASCII become the byte 0xFF, which no UTF-8 text holds: no name, symbol or source of ours has such characters, so
    /// that what they are does not matter.
    /// </summary>
    private bool TryReadEscapedString(ref Field field)
    {
        (field.IsInScratch, field.Start) = (true, scratchUsed);
        for (; at < line.Length; at++)
        {
            var c = line[at];
            if (c < 0x20) return false;
            if (c == '"')
            {
                field.Length = scratchUsed - field.Start;
                at++;
                return true;
            }
            if (c == '\\' && !TryReadEscape(out c)) return false;
            scratch[scratchUsed++] = c;
        }
        return false;
    }

    /// <summary>Stops on the last byte of the escape.</summary>
    private bool TryReadEscape(out byte c)
    {
        c = 0;
        if (++at >= line.Length) return false;
        if (line[at] == 'u')
        {
            if (at + 4 >= line.Length) return false;
            var code = 0;
            for (var i = 0; i < 4; i++)
            {
                var digit = line[++at];
                if (!char.IsAsciiHexDigit((char)digit)) return false;
                code = code * 16 + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
            }
            c = code < 0x80 ? (byte)code : (byte)0xFF;
            return true;
        }
        var index = "\"\\/bfnrt"u8.IndexOf(line[at]);
        if (index >= 0) c = "\"\\/\b\f\n\r\t"u8[index];
        return index >= 0;
    }

    private void SkipSpace()
    {
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
    }

    private bool Take(char c)
    {
        if (at >= line.Length || line[at] != c) return false;
        at++;
        return true;
    }

    private bool TakeWord(ReadOnlySpan<byte> word)
    {
        if (!line[at..].StartsWith(word)) return false;
        at += word.Length;
        return true;
    }

    private bool IsAtEnd()
    {
        SkipSpace();
        return at == line.Length;
    }
}
