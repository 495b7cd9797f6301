using System.Globalization;
using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>
/// The table of one shard, on the connection that writes. A record's sequence is its row number. A new table starts at the microseconds
/// since 1970, so that a log that was deleted and made anew still goes on above every checkpoint taken from the old one.
/// </summary>
internal sealed class SqliteShard
{
    private readonly SqliteStatement insert;
    private readonly SqliteStatement oldest;
    private readonly SqliteStatement firstKept;
    private readonly SqliteStatement trim;
    private long origin;
    private long newest;
    private long newestArrival;
    private long batchNewest;
    private long batchArrival;

    private SqliteShard(SqliteFile file, int number)
    {
        Number = number;
        var table = Table(number);
        insert = file.Prepare($"INSERT INTO {table} (seq, arrived, key, data) VALUES (?1, ?2, ?3, ?4)");
        this.oldest = file.Prepare($"SELECT min(seq) FROM {table}");
        firstKept = file.Prepare($"SELECT seq FROM {table} WHERE arrived >= ?1 AND seq <= ?2 ORDER BY seq LIMIT 1");
        trim = file.Prepare($"DELETE FROM {table} WHERE seq < ?1");
    }

    public int Number { get; }

    public string Id => "local-" + Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of the last committed record. May be read by any thread.</summary>
    public DateTimeOffset NewestArrival => ArrivalOf(Volatile.Read(ref newestArrival));

    public static string Table(int number) => "records_" + number.ToString(CultureInfo.InvariantCulture);

    public static string Schema(int number) =>
        $"CREATE TABLE IF NOT EXISTS {Table(number)} (seq INTEGER PRIMARY KEY, arrived INTEGER NOT NULL, key TEXT NOT NULL, data BLOB NOT NULL)";

    public static SqliteShard Open(SqliteFile file, int number, DateTimeOffset now)
    {
        var shard = new SqliteShard(file, number);
        var last = file.Number($"SELECT max(seq) FROM {Table(number)}");
        shard.origin = last > 0 ? 0 : MicrosecondsOf(now);
        shard.newest = shard.batchNewest = Math.Max(last, shard.origin);
        shard.newestArrival = file.Number($"SELECT arrived FROM {Table(number)} WHERE seq = {last.ToString(CultureInfo.InvariantCulture)}");
        return shard;
    }

    public static DateTimeOffset ArrivalOf(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Whether a record after the sequence is committed. May be asked by any thread.</summary>
    public bool HasAfter(long sequence) => Volatile.Read(ref newest) > Math.Max(sequence, origin);

    /// <summary>Before the first <see cref="Append"/> of a transaction; also forgets one that failed.</summary>
    public void BeginBatch(DateTimeOffset now) => (batchNewest, batchArrival) = (newest, MicrosecondsOf(now));

    public void Append(OutgoingRecord record) =>
        insert.Bind(1, ++batchNewest).Bind(2, batchArrival).Bind(3, record.PartitionKey).BindBytes(4, record.Data.Span).Run();

    /// <summary>After the commit.</summary>
    public void EndBatch()
    {
        if (batchNewest == newest)
            return;
        Volatile.Write(ref newestArrival, batchArrival);
        Volatile.Write(ref newest, batchNewest);
    }

    /// <summary>Deletes up to a slice of the records that are read and arrived before the given time, but never the newest one.</summary>
    /// <returns>Whether more may be left to delete.</returns>
    public bool Trim(long readUpTo, DateTimeOffset keepFrom, int slice)
    {
        var oldest = First(this.oldest) ?? long.MaxValue;
        var end = Math.Min(Math.Min(readUpTo + 1, newest), oldest > newest ? 0 : oldest + slice);
        if (end <= oldest)
            return false;
        end = First(firstKept.Bind(1, MicrosecondsOf(keepFrom)).Bind(2, end)) ?? end;
        trim.Bind(1, end).Run();
        return end == oldest + slice;
    }

    private static long? First(SqliteStatement statement)
    {
        var first = statement.Step() ? statement.NumberOrNull(0) : null;
        statement.Reset();
        return first;
    }

    private static long MicrosecondsOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
