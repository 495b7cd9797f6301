using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Stores;

/// <summary>
/// The canonical binary form of a history, all little endian: "RLH1", counts of symbols and days, symbols in ordinal order (length byte
/// and ASCII), day numbers (since 0001-01-01), then the closes symbol by symbol, one canonical NaN for a missing one. With volumes it is
/// "RLH2": behind the closes, symbol by symbol, a byte 1 and the volumes, or a byte 0 for a symbol without. Its SHA-256 identifies the
/// content; the archive holds it gzipped.
/// </summary>
internal static class HistoryCodec
{
    private static ReadOnlySpan<byte> Magic => "RLH1"u8;

    private static ReadOnlySpan<byte> MagicWithVolumes => "RLH2"u8;

    private const int HeaderBytes = 12;
    private const string WrongLength = "its length does not fit its counts";

    /// <summary>Far above what the import's bounds allow; stops a damaged object from filling the memory.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    public static byte[] Encode(PriceHistory history)
    {
        var order = Enumerable.Range(0, history.Symbols.Count).OrderBy(i => history.Symbols[i]).ToArray();
        var days = history.Dates.Count;
        var volumes = history.Volumes is { } given && given.Any(x => x is not null) ? given : null;
        var volumeBytes = volumes is null ? 0 : order.Length + 8 * days * volumes.Count(x => x is not null);
        var bytes = new byte[HeaderBytes + order.Sum(i => 1 + history.Symbols[i].Text.Length) + 4 * days + 8 * days * order.Length + volumeBytes];
        (volumes is null ? Magic : MagicWithVolumes).CopyTo(bytes);
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
        foreach (var i in order) rest = Write(history.Closes[i], rest);
        foreach (var i in volumes is null ? [] : order)
        {
            rest[0] = (byte)(volumes![i] is null ? 0 : 1);
            rest = Write(volumes[i] ?? [], rest[1..]);
        }
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not of this form.</exception>
    public static PriceHistory Decode(ReadOnlySpan<byte> bytes, long version, string hash)
    {
        if (bytes.Length < HeaderBytes || !(bytes.StartsWith(Magic) || bytes.StartsWith(MagicWithVolumes)))
            throw new InvalidDataException("it does not begin as a history of format 1 or 2");
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
        var closes = new double[symbols.Length][];
        for (var i = 0; i < closes.Length; i++) closes[i] = Take(ref rest, dates.Length);
        var volumes = bytes.StartsWith(MagicWithVolumes) ? new double[]?[symbols.Length] : null;
        for (var i = 0; i < volumes?.Length; i++)
        {
            if (rest.IsEmpty) throw new InvalidDataException(WrongLength);
            var isKnown = rest[0] == 1;
            rest = rest[1..];
            if (isKnown) volumes[i] = Take(ref rest, dates.Length);
        }
        if (!rest.IsEmpty) throw new InvalidDataException(WrongLength);
        return new PriceHistory(dates, symbols, closes, version, hash, volumes);
    }

    private static Span<byte> Write(double[] values, Span<byte> to)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(to, double.IsNaN(value) ? double.NaN : value);
            to = to[8..];
        }
        return to;
    }

    private static double[] Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < 8L * count) throw new InvalidDataException(WrongLength);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = BinaryPrimitives.ReadDoubleLittleEndian(rest[(8 * i)..]);
        rest = rest[(8 * count)..];
        return values;
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
