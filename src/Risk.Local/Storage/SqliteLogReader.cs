using System.Globalization;
using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>One connection that reads the log, its statements prepared once. Not for concurrent use.</summary>
internal sealed class SqliteLogReader : IDisposable
{
    /// <summary>Of one read, so that large records don't fill the memory.</summary>
    private const long MaxReadBytes = 16L * 1024 * 1024;

    private readonly SqliteFile file;
    private readonly SqliteStatement[] read;

    public SqliteLogReader(string path, int shards)
    {
        file = SqliteFile.Open(path);
        read = [.. Enumerable.Range(0, shards).Select(shard =>
            file.Prepare($"SELECT seq, arrived, data FROM {SqliteShard.Table(shard)} WHERE seq > ?1 ORDER BY seq LIMIT ?2"))];
    }

    public IReadOnlyList<StreamRecord> Read(int shard, long after, int maxRecords)
    {
        var statement = read[shard].Bind(1, after).Bind(2, maxRecords);
        var records = new List<StreamRecord>();
        for (long bytes = 0; bytes < MaxReadBytes && statement.Step();)
        {
            var data = statement.Bytes(2);
            records.Add(new StreamRecord(statement.Number(0).ToString(CultureInfo.InvariantCulture), SqliteShard.ArrivalOf(statement.Number(1)), data));
            bytes += data.Length;
        }

        statement.Reset();
        return records;
    }

    public void Dispose() => file.Dispose();
}
