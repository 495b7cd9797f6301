using SQLitePCL;

using static SQLitePCL.raw;

namespace Risk.Local.Storage;

/// <summary>
/// One connection to one SQLite file in WAL mode, for one thread at a time. It speaks to the library directly: prepared statements bind spans
/// without boxing, nothing waits by sleeping, and every result code is seen.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    /// <summary>Marks the files as this program's: "Risk".</summary>
    private const int ApplicationId = 0x5269736B;

    private const int BusyMilliseconds = 250;

    private readonly sqlite3 handle;
    private readonly List<SqliteStatement> statements = [];
    private readonly SqliteStatement begin;
    private readonly SqliteStatement beginImmediate;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;

    static SqliteFile() => Batteries_V2.Init();

    private SqliteFile(string path, sqlite3 handle)
    {
        (Path, this.handle) = (path, handle);
        begin = Prepare("BEGIN");
        beginImmediate = Prepare("BEGIN IMMEDIATE");
        commit = Prepare("COMMIT");
        rollback = Prepare("ROLLBACK");
    }

    public string Path { get; }

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => sqlite3_changes(handle);

    /// <param name="pageBytes">Of a file that is made by this call.</param>
    /// <exception cref="SqliteFaultException">The file can't be opened or is not one of SQLite.</exception>
    public static SqliteFile Open(string path, int pageBytes = 4096)
    {
        // One thread at a time uses a connection, so SQLite's own mutexes are not needed.
        var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        var result = sqlite3_open_v2(path, out var handle, flags, null);
        if (result != SQLITE_OK)
        {
            handle?.Dispose();
            throw SqliteFaultException.Of(path, result, sqlite3_errstr(result).utf8_to_string());
        }

        _ = sqlite3_extended_result_codes(handle, 1);
        _ = sqlite3_busy_timeout(handle, BusyMilliseconds);
        SqliteFile? file = null;
        try
        {
            // SQLite opens a file that it can't write for reading only, and says so here.
            if (sqlite3_db_readonly(handle, "main") == 1)
                throw SqliteFaultException.Of(path, SQLITE_READONLY, "opened for reading only");
            file = new SqliteFile(path, handle);
            file.Execute($"PRAGMA page_size={pageBytes}; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768");
            return file;
        }
        catch
        {
            if (file is null)
                handle.Dispose();
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Makes the tables of a new file; refuses a file of a later version of this program, or of another one.</summary>
    /// <exception cref="DataFolderException">The file is not this program's, or is too new.</exception>
    public void EnsureSchema(int version, string sql)
    {
        var (id, found) = (Number("PRAGMA application_id"), Number("PRAGMA user_version"));
        var isEmpty = Number("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && id != ApplicationId)
            throw new DataFolderException($"{Path} belongs to another program. Choose another folder with --data.");
        if (found > version)
            throw new DataFolderException($"{Path} was written by a later version of this program. Use that version, or another folder with --data.");
        if (isEmpty)
            InTransaction(() => { Execute($"{sql}; PRAGMA application_id={ApplicationId}; PRAGMA user_version={version}"); return 0; });
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(sqlite3_prepare_v3(handle, sql, SQLITE_PREPARE_PERSISTENT, out var statement));
        var prepared = new SqliteStatement(this, statement);
        statements.Add(prepared);
        return prepared;
    }

    public void Execute(string sql)
    {
        var result = sqlite3_exec(handle, sql);
        Check(result);
    }

    /// <summary>The single number that a statement answers.</summary>
    public long Number(string sql)
    {
        Check(sqlite3_prepare_v2(this.handle, sql, out var handle));
        using var statement = new SqliteStatement(this, handle);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>All of the work is committed, or nothing of it.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        beginImmediate.Run();
        return Finish(work);
    }

    /// <summary>All reads of the work see the same state.</summary>
    public T InSnapshot<T>(Func<T> work)
    {
        begin.Run();
        return Finish(work);
    }

    /// <summary>Carries the log of changes into the file, as far as no reader needs it.</summary>
    /// <param name="truncate">Also empties the log; no writer may be at work.</param>
    /// <returns>The pages in the log and how many of them were carried over.</returns>
    public (int Logged, int Carried) Checkpoint(bool truncate)
    {
        var mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
        var result = sqlite3_wal_checkpoint_v2(handle, null, mode, out var logged, out var carried);
        if (result is not (SQLITE_OK or SQLITE_BUSY))
            Check(result);
        return (logged, carried);
    }

    public void Check(int result)
    {
        if (result is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
            throw SqliteFaultException.Of(Path, result, sqlite3_errmsg(handle).utf8_to_string());
    }

    public void Dispose()
    {
        foreach (var statement in statements)
            statement.Dispose();
        statements.Clear();
        handle.Dispose();
    }

    private T Finish<T>(Func<T> work)
    {
        try
        {
            var done = work();
            commit.Run();
            return done;
        }
        catch
        {
            // Some faults (full, I/O) have rolled back already.
            if (sqlite3_get_autocommit(handle) == 0)
                rollback.Run();
            throw;
        }
    }
}
