using System.Buffers.Binary;
using System.Text;

namespace Risk.Domain.Prices;

/// <summary>
/// Who produced a tick: up to <see cref="MaxLength"/> characters out of letters, digits and <c>. - _ : /</c>, held inline so that a tick
/// carries its source without a reference. Compares ordinally. Empty means that the source was not given.
/// </summary>
public readonly record struct SourceName : IComparable<SourceName>
{
    public const int MaxLength = 32;

    private readonly ulong a, b, c, d;

    private SourceName(ReadOnlySpan<byte> padded) =>
        (a, b, c, d) = (BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(padded[16..]), BinaryPrimitives.ReadUInt64BigEndian(padded[24..]));

    public bool IsEmpty => a == 0;

    public static bool TryParse(ReadOnlySpan<byte> utf8, out SourceName source)
    {
        source = default;
        if (utf8.Length > MaxLength) return false;
        foreach (var x in utf8)
            if (!char.IsAsciiLetterOrDigit((char)x) && x is not ((byte)'.' or (byte)'-' or (byte)'_' or (byte)':' or (byte)'/')) return false;
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        utf8.CopyTo(padded);
        source = new SourceName(padded);
        return true;
    }

    /// <exception cref="FormatException">The text is not a source name.</exception>
    public static SourceName Parse(string text) =>
        TryParse(Encoding.UTF8.GetBytes(text), out var source)
            ? source
            : throw new FormatException($"'{text}' is not a source name: up to {MaxLength} letters, digits and . - _ : /");

    public int CompareTo(SourceName other)
    {
        var first = a.CompareTo(other.a);
        if (first != 0) return first;
        var second = b.CompareTo(other.b);
        if (second != 0) return second;
        var third = c.CompareTo(other.c);
        return third != 0 ? third : d.CompareTo(other.d);
    }

    /// <summary>Writes the ASCII bytes and returns how many there are.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt64BigEndian(padded, a);
        BinaryPrimitives.WriteUInt64BigEndian(padded[8..], b);
        BinaryPrimitives.WriteUInt64BigEndian(padded[16..], c);
        BinaryPrimitives.WriteUInt64BigEndian(padded[24..], d);
        var end = padded.IndexOf((byte)0);
        var text = end < 0 ? padded : padded[..end];
        text.CopyTo(destination);
        return text.Length;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..CopyTo(text)]);
    }
}
