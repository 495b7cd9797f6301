using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>
/// The stream as a log in SQLite: each shard one table that only grows at its end and is trimmed behind its readers. A record is on the disk
/// when <see cref="PublishAsync"/> returns. Publishers that arrive while a transaction is being synced share the next one.
/// </summary>
public sealed class SqliteTickStream : ITickStream, IAsyncDisposable
{
    private const int SchemaVersion = 1;
    private const int PageBytes = 16 * 1024;
    private const int Readers = 3;
    private const int MaxWaitingPublishers = 1024;
    private const int MaxCommitBytes = 8 * 1024 * 1024;
    private const int TrimSlice = 1000;

    private readonly SqliteFile file;
    private readonly TimeProvider clock;
    private readonly SqliteShard[] shards;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SqliteCheckpoint checkpoint;
    private readonly Channel<SqliteLogReader> readers = Channel.CreateBounded<SqliteLogReader>(Readers);
    private readonly Channel<Publication> waiting = Channel.CreateBounded<Publication>(MaxWaitingPublishers);
    private readonly Task committing;
    private TaskCompletionSource grown = NewSignal();

    private SqliteTickStream(SqliteFile file, TimeProvider clock, int shards)
    {
        (this.file, this.clock) = (file, clock);
        this.shards = [.. Enumerable.Range(0, shards).Select(number => SqliteShard.Open(file, number, clock.GetUtcNow()))];
        checkpoint = new SqliteCheckpoint(file.Path, writing);
        for (var i = 0; i < Readers; i++)
            readers.Writer.TryWrite(new SqliteLogReader(file.Path, shards));
        committing = Task.Run(CommitAllAsync);
    }

    /// <param name="shards">May grow from one opening to the next; keys then move, so only between runs that have read everything.</param>
    /// <exception cref="SqliteFaultException">The file can't be opened or is damaged.</exception>
    /// <exception cref="DataFolderException">The file is not this program's.</exception>
    public static SqliteTickStream Open(string path, TimeProvider clock, int shards = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        var file = SqliteFile.Open(path, PageBytes);
        try
        {
            file.EnsureSchema(SchemaVersion, SqliteShard.Schema(0));
            for (var number = 1; number < shards; number++)
                file.Execute(SqliteShard.Schema(number));
            file.Execute("PRAGMA synchronous=FULL");
            return new SqliteTickStream(file, clock, shards);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Cancelling works until the records are queued; from then on they are written, because the caller's buffers are read until this returns.
    /// </summary>
    public async Task PublishAsync(IReadOnlyList<OutgoingRecord> records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        cancellation.ThrowIfCancellationRequested();
        if (records.Count == 0)
            return;
        var publication = new Publication(records);
        await waiting.Writer.WriteAsync(publication, cancellation);
        await publication.Done.Task;
    }

    public Task<IReadOnlyList<Shard>> ListShardsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Shard>>([.. shards.Select(shard => new Shard(shard.Id, []))]);

    public Task<ShardRead> ReadAsync(string shard, string? afterSequence, int maxRecords, CancellationToken cancellation) =>
        ReadAsync(shard, SequenceOf(afterSequence), maxRecords, cancellation);

    public Task<ShardRead> ReadFromAsync(string shard, string sequence, int maxRecords, CancellationToken cancellation) =>
        ReadAsync(shard, SequenceOf(sequence) - 1, maxRecords, cancellation);

    /// <summary>Completes when the shard holds something after the sequence (true), or else after the given time (false).</summary>
    public async Task<bool> WaitForRecordsAsync(string shard, string? afterSequence, TimeSpan atMost, CancellationToken cancellation)
    {
        var awaited = ShardOf(shard);
        var after = SequenceOf(afterSequence);
        var until = clock.GetUtcNow() + atMost;
        while (true)
        {
            var grown = Volatile.Read(ref this.grown).Task;
            if (awaited.HasAfter(after))
                return true;
            var left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
                return false;
            await grown.WaitAsync(left, clock, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Off the hot path, from a timer: deletes what is both read and older than the retention, in slices, and carries the log of changes into
    /// the file. The newest record of a shard always stays.
    /// </summary>
    /// <param name="readUpTo">By shard, the last sequence its slowest reader is done with; a shard that is missing keeps everything.</param>
    public async Task MaintainAsync(IReadOnlyDictionary<string, string> readUpTo, TimeSpan retention, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(readUpTo);
        foreach (var shard in shards)
        {
            if (!readUpTo.TryGetValue(shard.Id, out var read))
                continue;
            var keepFrom = clock.GetUtcNow() - retention;
            while (await WriteAsync(() => shard.Trim(SequenceOf(read), keepFrom, TrimSlice), cancellation))
                cancellation.ThrowIfCancellationRequested();
        }

        await checkpoint.RunAsync(clock, cancellation);
    }

    /// <summary>After the last read has returned. What is queued is written first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!waiting.Writer.TryComplete())
            return;
        await committing;
        while (readers.Reader.TryRead(out var reader))
            reader.Dispose();
        checkpoint.Dispose();
        file.Dispose();
        writing.Dispose();
    }

    private async Task<ShardRead> ReadAsync(string shard, long after, int maxRecords, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        var read = ShardOf(shard);
        var reader = await readers.Reader.ReadAsync(cancellation);
        try
        {
            var records = await SqliteFaultException.RetryAsync(() => reader.Read(read.Number, after, maxRecords), clock, cancellation);
            var behind = records.Count == 0 ? TimeSpan.Zero : read.NewestArrival - records[^1].ArrivedAt;
            return new ShardRead(records, Ended: false, behind < TimeSpan.Zero ? TimeSpan.Zero : behind);
        }
        finally
        {
            readers.Writer.TryWrite(reader);
        }
    }

    private async Task CommitAllAsync()
    {
        var joined = new List<Publication>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            TakeWaiting(joined);
            try
            {
                await WriteAsync(() => { Write(joined); return true; }, CancellationToken.None, EndCommit);
                joined.ForEach(publication => publication.Done.SetResult());
            }
#pragma warning disable CA1031 // Every fault goes to the publishers who wait for it; the others go on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                joined.ForEach(publication => publication.Done.SetException(fault));
            }

            joined.Clear();
        }
    }

    private void TakeWaiting(List<Publication> joined)
    {
        for (long bytes = 0; bytes < MaxCommitBytes && waiting.Reader.TryRead(out var publication); bytes += publication.Bytes)
            joined.Add(publication);
    }

    private void Write(List<Publication> joined)
    {
        var now = clock.GetUtcNow();
        foreach (var shard in shards)
            shard.BeginBatch(now);
        foreach (var publication in joined)
        {
            foreach (var record in publication.Records)
                shards[shards.Length == 1 ? 0 : HashOf(record.PartitionKey) % (uint)shards.Length].Append(record);
        }
    }

    private void EndCommit()
    {
        foreach (var shard in shards)
            shard.EndBatch();
        Interlocked.Exchange(ref this.grown, NewSignal()).SetResult();
    }

    private async Task<T> WriteAsync<T>(Func<T> work, CancellationToken cancellation, Action? afterCommit = null)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            var done = await SqliteFaultException.RetryAsync(() => file.InTransaction(work), clock, cancellation);
            afterCommit?.Invoke();
            return done;
        }
        finally
        {
            writing.Release();
        }
    }

    private SqliteShard ShardOf(string id) =>
        Array.Find(shards, shard => shard.Id == id) ?? throw new ArgumentException($"There is no shard '{id}'.", nameof(id));

    private static long SequenceOf(string? text) => text is null ? 0 : long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>FNV-1a: the same in every process, unlike the hash code of a string.</summary>
    private static uint HashOf(string key)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ octet) * 16777619u;
        return hash;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Publication(IReadOnlyList<OutgoingRecord> Records)
    {
        public TaskCompletionSource Done { get; } = NewSignal();

        public long Bytes => Records.Sum(record => (long)record.Data.Length);
    }
}
