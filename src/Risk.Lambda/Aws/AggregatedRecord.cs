using System.Security.Cryptography;

namespace Risk.Lambda.Aws;

/// <summary>
/// The format in which the Kinesis Producer Library puts many records into one: four bytes of magic, a message of Protocol Buffers with the
/// records in its field 3 and the data of each in field 3 of that, and the MD5 of the message. Lambda hands it over unopened.
/// </summary>
public static class AggregatedRecord
{
    private const int RecordsField = 3;
    private const int DataField = 3;

    private static ReadOnlySpan<byte> Magic => [0xF3, 0x89, 0x9A, 0xC2];

    /// <summary>
    /// The data of all its records, each ended by a line feed, so that they stay what they are: lines under the one sequence number that
    /// the stream knows. Null for a plain record, and so for one whose digest or message is wrong.
    /// </summary>
    public static byte[]? TryOpen(ReadOnlySpan<byte> record)
    {
        if (record.Length < Magic.Length + MD5.HashSizeInBytes || !record.StartsWith(Magic)) return null;
        var message = record[Magic.Length..^MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The format's own checksum; it protects from mistakes, not from attackers.
        if (!MD5.HashData(message).AsSpan().SequenceEqual(record[^MD5.HashSizeInBytes..])) return null;
#pragma warning restore CA5351
        var lines = new MemoryStream(message.Length);
        while (message.Length > 0)
        {
            if (!TryField(ref message, out var field, out var entry)) return null;
            if (field == RecordsField && !TryAppend(entry, lines)) return null;
        }
        return lines.ToArray();
    }

    private static bool TryAppend(ReadOnlySpan<byte> entry, MemoryStream lines)
    {
        while (entry.Length > 0)
        {
            if (!TryField(ref entry, out var field, out var data)) return false;
            if (field != DataField) continue;
            lines.Write(data);
            if (data is not [.., (byte)'\n']) lines.WriteByte((byte)'\n');
        }
        return true;
    }

    /// <summary>Takes one field off the front; its content is empty where it is a number.</summary>
    private static bool TryField(ref ReadOnlySpan<byte> message, out ulong field, out ReadOnlySpan<byte> content)
    {
        content = default;
        field = 0;
        if (!TryNumber(ref message, out var tag)) return false;
        field = tag >> 3;
        var length = 0UL;
        switch (tag & 7)
        {
            case 0: return TryNumber(ref message, out _);
            case 1:
                length = sizeof(ulong);
                break;
            case 2 when TryNumber(ref message, out length): break;
            case 5:
                length = sizeof(uint);
                break;
            default: return false;
        }
        if (length > (ulong)message.Length) return false;
        content = message[..(int)length];
        message = message[(int)length..];
        return true;
    }

    /// <summary>Seven bits a byte, the lowest first; the top bit says that another follows.</summary>
    private static bool TryNumber(ref ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            number |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] >= 0x80) continue;
            message = message[(i + 1)..];
            return true;
        }
        return false;
    }
}
