using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Risk.Api.Wire;

/// <summary>Whether the names and strings of a JSON document are text, which its grammar alone does not say.</summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>Null for text; else the first byte that is no UTF-8, or the first escape of half a surrogate pair.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return $"byte {FirstInvalid(json) + 1} is not UTF-8.";
        // Outside of strings a backslash is a fault of the grammar, which the parser names.
        for (var at = 0; json[at..].IndexOf((byte)'\\') is >= 0 and var next;)
        {
            at += next;
            var unit = UnitAt(json[at..]);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(UnitAt(json[(at + EscapeLength)..]))) at += 2 * EscapeLength;
            else if (char.IsSurrogate(unit)) return $"the escape {Encoding.ASCII.GetString(json.Slice(at, EscapeLength))} at byte {at + 1} is half a surrogate pair.";
            else at = Math.Min(at + 2, json.Length);
        }
        return null;
    }

    /// <summary>How many bytes a text takes where an answer names it.</summary>
    public static int LengthOf(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length;

    /// <summary>What is escaped as \u and four digits; 0 for anything else.</summary>
    private static char UnitAt(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength && json[0] == '\\' && json[1] == 'u' && ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : '\0';

    private static int FirstInvalid(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(json[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }
}
