using System.Threading.Channels;
using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>
/// The items in one SQLite table. One connection writes, one call at a time; others read the committed state without ever waiting for it.
/// <see cref="WriteEachAsync"/> is one transaction that survives the death of the program (after a power cut the log fills the gap);
/// <see cref="WriteAtomicAsync"/> is on the disk when it returns.
/// </summary>
public sealed class SqliteItemTable : IItemTable, IDisposable
{
    private const int SchemaVersion = 1;
    private const int Readers = 4;
    private const int ExpiredSlice = 500;
    private const int MaxExpiredSlices = 20;

    /// <summary>
    /// With row numbers on purpose: bodies of some hundred bytes in the key's own tree made inserting windows of many symbols twice as slow.
    /// </summary>
    private const string Schema = """
        CREATE TABLE items (
            pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL, guard TEXT, expires INTEGER, ipk TEXT, isk TEXT, body TEXT NOT NULL,
            PRIMARY KEY (pk, sk));
        CREATE INDEX items_by_index ON items (ipk, isk, pk, sk) WHERE ipk IS NOT NULL;
        CREATE INDEX items_by_expiry ON items (expires) WHERE expires IS NOT NULL
        """;

    private readonly SqliteFile file;
    private readonly SqliteItemWriter writer;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Channel<SqliteItemReader> readers;
    private readonly SqliteCheckpoint checkpoint;
    private readonly TimeProvider clock;
    private readonly IChangeFeed? changes;

    private SqliteItemTable(SqliteFile file, TimeProvider clock, IChangeFeed? changes)
    {
        (this.file, this.clock, this.changes) = (file, clock, changes);
        writer = new SqliteItemWriter(file);
        checkpoint = new SqliteCheckpoint(file.Path, writing);
        readers = Channel.CreateBounded<SqliteItemReader>(Readers);
        for (var i = 0; i < Readers; i++)
            readers.Writer.TryWrite(new SqliteItemReader(file.Path));
    }

    /// <param name="changes">Receives the items put by each commit, in the order of the commits.</param>
    /// <exception cref="SqliteFaultException">The file can't be opened or is damaged.</exception>
    /// <exception cref="DataFolderException">The file is not this program's.</exception>
    public static SqliteItemTable Open(string path, TimeProvider clock, IChangeFeed? changes = null)
    {
        var file = SqliteFile.Open(path);
        try
        {
            file.EnsureSchema(SchemaVersion, Schema);
            file.Execute("PRAGMA synchronous=NORMAL");
            return new SqliteItemTable(file, clock, changes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation) => ReadAsync(reader => reader.Get(key, Now), cancellation);

    public Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation) =>
        ReadAsync(reader => reader.GetMany(keys, Now), cancellation);

    public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation)
    {
        ItemRules.Demand(query);
        var after = query.Cursor is { } cursor ? ItemCursor.Parse(cursor, query.OfIndex) : null;
        return ReadAsync(reader => reader.Query(query, after, Now), cancellation);
    }

    public Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        ItemRules.Demand(writes, atomic: false);
        return CommitAsync<IReadOnlyList<WriteOutcome>>(
            writes, () => file.InTransaction(() => writer.WriteEach(writes, Now)), outcomes => outcomes, cancellation);
    }

    public Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        ItemRules.Demand(writes, atomic: true);
        return CommitAsync(writes, () => writer.WriteAtomic(writes, Now), refused => refused is null ? AllWritten(writes.Count) : [], cancellation);
    }

    /// <summary>
    /// Off the hot path, from a timer: deletes expired items in slices, between which writers get their turn, and carries the log of changes
    /// into the file.
    /// </summary>
    public async Task MaintainAsync(CancellationToken cancellation)
    {
        for (var slice = 0; slice < MaxExpiredSlices; slice++)
        {
            if (await WriteAsync(() => file.InTransaction(() => writer.DeleteExpired(Now, ExpiredSlice)), cancellation) < ExpiredSlice)
                break;
        }

        await checkpoint.RunAsync(clock, cancellation);
    }

    /// <summary>After the last call has returned.</summary>
    public void Dispose()
    {
        while (readers.Reader.TryRead(out var reader))
            reader.Dispose();
        checkpoint.Dispose();
        file.Dispose();
        writing.Dispose();
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<T> ReadAsync<T>(Func<SqliteItemReader, T> read, CancellationToken cancellation)
    {
        var reader = await readers.Reader.ReadAsync(cancellation);
        try
        {
            return await SqliteFaultException.RetryAsync(() => read(reader), clock, cancellation);
        }
        finally
        {
            readers.Writer.TryWrite(reader);
        }
    }

    private async Task<T> CommitAsync<T>(
        IReadOnlyList<ItemWrite> writes, Func<T> work, Func<T, IReadOnlyList<WriteOutcome>> outcomesOf, CancellationToken cancellation)
    {
        if (writes.Count == 0)
            return work();
        return await WriteAsync(work, cancellation, done => Announce(writes, outcomesOf(done)));
    }

    private async Task<T> WriteAsync<T>(Func<T> work, CancellationToken cancellation, Action<T>? afterCommit = null)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            var done = await SqliteFaultException.RetryAsync(work, clock, cancellation);
            afterCommit?.Invoke(done);
            return done;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Still inside the writers' turn, so that the feed sees the order of the commits.</summary>
    private void Announce(IReadOnlyList<ItemWrite> writes, IReadOnlyList<WriteOutcome> outcomes)
    {
        if (changes is null)
            return;
        var put = new List<Item>(outcomes.Count);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] == WriteOutcome.Written && writes[i].Item is { } item)
                put.Add(item);
        }

        if (put.Count > 0)
            changes.Publish(put);
    }

    private static WriteOutcome[] AllWritten(int count) => new WriteOutcome[count];
}
