namespace Risk.Local.Storage;

/// <summary>
/// Carries the write-ahead log of one file into it, beside the writer and on a connection of its own. The versions of SQLite before 3.51.3 can
/// lose pages when a checkpoint starts on a log that is carried over completely, just while a commit starts it anew (the "WAL-reset bug").
/// So one checkpoint runs at a time, and only if something was committed since the last one ended: then the log can't start anew under it.
/// </summary>
internal sealed class SqliteCheckpoint : IDisposable
{
    private const long MaxLogBytes = 64L * 1024 * 1024;

    /// <summary>Changes when another connection has committed a page.</summary>
    private const string DataVersion = "PRAGMA data_version";

    private readonly SqliteFile file;
    private readonly SemaphoreSlim writing;
    private readonly SemaphoreSlim running = new(1, 1);
    private long covered;

    /// <param name="writing">Held by whoever writes to the file.</param>
    public SqliteCheckpoint(string path, SemaphoreSlim writing)
    {
        (file, this.writing) = (SqliteFile.Open(path), writing);
        covered = file.Number(DataVersion);
    }

    public async Task RunAsync(TimeProvider clock, CancellationToken cancellation)
    {
        await running.WaitAsync(cancellation);
        try
        {
            // On the pool: copying and syncing may take a while.
            var carried = await Task.Run(() => SqliteFaultException.RetryAsync(CarryOver, clock, cancellation), cancellation);
            if (carried && new FileInfo(file.Path + "-wal") is { Exists: true, Length: > MaxLogBytes })
                await TruncateAsync(clock, cancellation);
        }
        finally
        {
            running.Release();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        running.Dispose();
    }

    /// <summary>The version is read afterwards: a commit during the checkpoint counts as covered and waits for the next one, which is harmless.</summary>
    private bool CarryOver()
    {
        if (file.Number(DataVersion) == covered)
            return false;
        file.Checkpoint(truncate: false);
        covered = file.Number(DataVersion);
        return true;
    }

    private long Truncate()
    {
        file.Checkpoint(truncate: true);
        return covered = file.Number(DataVersion);
    }

    private async Task TruncateAsync(TimeProvider clock, CancellationToken cancellation)
    {
        await this.writing.WaitAsync(cancellation);
        try
        {
            await SqliteFaultException.RetryAsync(Truncate, clock, cancellation);
        }
        finally
        {
            this.writing.Release();
        }
    }
}
