using System.Globalization;
using System.IO.Compression;
using Risk.Application.Ports;

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

    /// <summary>All records of an object are of one hour.</summary>
    public static long HourOf(StreamRecord record) => record.ArrivedAt.UtcTicks / TimeSpan.TicksPerHour;
}
