using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Stores;

/// <summary>
/// The canonical binary form of a history, all little endian: "RLH1", counts of symbols and days, symbols in ordinal order (length byte
/// and ASCII), day numbers (since 0001-01-01), then the closes symbol by symbol, one canonical NaN for a missing one. Its SHA-256
/// identifies the content; the archive holds it gzipped.
/// </summary>
internal static class HistoryCodec
{
    private static ReadOnlySpan<byte> Magic => "RLH1"u8;

    private const int HeaderBytes = 12;

    /// <summary>Far above what the import's bounds allow; stops a damaged object from filling the memory.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    public static byte[] Encode(PriceHistory history)
    {
        var order = Enumerable.Range(0, history.Symbols.Count).OrderBy(i => history.Symbols[i]).ToArray();
        var days = history.Dates.Count;
        var bytes = new byte[HeaderBytes + order.Sum(i => 1 + history.Symbols[i].Text.Length) + 4 * days + 8 * days * order.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), order.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), days);
        var rest = bytes.AsSpan(HeaderBytes);
        foreach (var i in order)
        {
            rest[0] = (byte)Encoding.ASCII.GetBytes(history.Symbols[i].Text, rest[1..]);
            rest = rest[(1 + rest[0])..];
        }
        foreach (var date in history.Dates)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, date.DayNumber);
            rest = rest[4..];
        }
        foreach (var i in order)
            foreach (var close in history.Closes[i])
            {
                BinaryPrimitives.WriteDoubleLittleEndian(rest, double.IsNaN(close) ? double.NaN : close);
                rest = rest[8..];
            }
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not of this form.</exception>
    public static PriceHistory Decode(ReadOnlySpan<byte> bytes, long version, string hash)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic)) throw new InvalidDataException("it does not begin as a history of format 1");
        var symbols = new Symbol[BinaryPrimitives.ReadInt32LittleEndian(bytes[4..])];
        var dates = new DateOnly[BinaryPrimitives.ReadInt32LittleEndian(bytes[8..])];
        var rest = bytes[HeaderBytes..];
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i] = Symbol.Parse(Encoding.ASCII.GetString(rest.Slice(1, rest[0])));
            rest = rest[(1 + rest[0])..];
        }
        for (var i = 0; i < dates.Length; i++) dates[i] = DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32LittleEndian(rest[(4 * i)..]));
        rest = rest[(4 * dates.Length)..];
        if (rest.Length != 8L * dates.Length * symbols.Length) throw new InvalidDataException("its length does not fit its counts");
        var closes = new double[symbols.Length][];
        for (var i = 0; i < closes.Length; i++)
        {
            closes[i] = new double[dates.Length];
            for (var day = 0; day < dates.Length; day++) closes[i][day] = BinaryPrimitives.ReadDoubleLittleEndian(rest[(8 * (i * dates.Length + day))..]);
        }
        return new PriceHistory(dates, symbols, closes, version, hash);
    }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return target.ToArray();
    }

    /// <exception cref="InvalidDataException">Not gzip, or larger than any history.</exception>
    public static byte[] Decompress(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
        using var target = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            if (target.Length + read > MaxBytes) throw new InvalidDataException("it is larger than any history");
            target.Write(buffer, 0, read);
        }
        return target.ToArray();
    }
}
