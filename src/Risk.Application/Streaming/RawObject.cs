using System.Globalization;
using System.IO.Compression;
using Risk.Application.Ports;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>An object of raw records, as they came: <c>raw/dt=YYYY-MM-DD/hh=HH/{shard}-{first}-{last}.ndjson.gz</c>, by hour of arrival.</summary>
internal static class RawObject
{
    public static string NameOf(string shard, IReadOnlyList<StreamRecord> records) => string.Create(
        CultureInfo.InvariantCulture,
        $"raw/dt={records[0].ArrivedAt.UtcDateTime:yyyy-MM-dd}/hh={records[0].ArrivedAt.UtcDateTime:HH}/{shard}-{records[0].Sequence}-{records[^1].Sequence}.ndjson.gz");

    public static byte[] Compress(IEnumerable<StreamRecord> records)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            foreach (var record in records)
            {
                gzip.Write(record.Data.Span);
                if (record.Data.Span is not [.., (byte)'\n']) gzip.WriteByte((byte)'\n');
            }
        return compressed.ToArray();
    }

    /// <summary>What all names of objects of that UTC day begin with.</summary>
    public static string PrefixOf(DateOnly day) => $"raw/dt={day:yyyy-MM-dd}/";

    /// <summary>The end of the hour in which its records arrived, by its name; null when that is no name of such an object.</summary>
    public static EventTime? ArrivedBefore(string name)
    {
        var parts = name.Split('/');
        return parts.Length == 4 && DateTimeOffset.TryParseExact(
            $"{parts[1]} {parts[2]}", "'dt='yyyy-MM-dd 'hh='HH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour)
            ? EventTime.From(hour.AddHours(1))
            : null;
    }

    /// <summary>All records of an object are of one hour.</summary>
    public static long HourOf(StreamRecord record) => record.ArrivedAt.UtcTicks / TimeSpan.TicksPerHour;
}
