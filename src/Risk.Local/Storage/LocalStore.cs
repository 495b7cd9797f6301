using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>
/// The data folder of one machine, held by one process: the log of ticks, the items and the archive. Disposing it closes the files cleanly;
/// killing the process loses nothing that was acknowledged.
/// </summary>
public sealed class LocalStore : IAsyncDisposable
{
    private readonly FileStream heldFile;

    private LocalStore(string folder, FileStream held, SqliteItemTable items, SqliteTickStream ticks) =>
        (Folder, heldFile, Items, Ticks, Archive) = (folder, held, items, ticks, new FolderArchive(Path.Combine(folder, "archive")));

    /// <summary>Its full path.</summary>
    public string Folder { get; }

    public SqliteItemTable Items { get; }

    public SqliteTickStream Ticks { get; }

    public FolderArchive Archive { get; }

    /// <exception cref="DataFolderException">The folder can't be made or written, is in use, or a file in it is damaged; says what to do.</exception>
    public static LocalStore Open(string folder, TimeProvider clock, IChangeFeed? changes = null, int shards = 1)
    {
        folder = Path.GetFullPath(folder);
        var held = Hold(folder);
        SqliteItemTable? items = null;
        try
        {
            items = SqliteItemTable.Open(Path.Combine(folder, "items.db"), clock, changes);
            var ticks = SqliteTickStream.Open(Path.Combine(folder, "log.db"), clock, shards);
            return new LocalStore(folder, held, items, ticks);
        }
        catch (Exception fault)
        {
            items?.Dispose();
            held.Dispose();
            if (fault is SqliteFaultException)
                throw new DataFolderException(fault.Message, fault);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ticks.DisposeAsync();
        Items.Dispose();
        await heldFile.DisposeAsync();
    }

    /// <summary>The lock is the open file itself: the system releases it when the process ends, however it ends.</summary>
    private static FileStream Hold(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException(
                $"The data folder {folder} can't be made: {fault.Message} Make it writable for this user, or choose another one with --data.", fault);
        }

        var path = Path.Combine(folder, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Refusal(folder, path, fault);
        }
    }

    private static DataFolderException Refusal(string folder, string path, Exception fault)
    {
        const int sharingViolation = unchecked((int)0x80070020);
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        if (fault is IOException && File.Exists(path) && fault.HResult is sharingViolation or wouldBlock or wouldBlockOnMac)
            return new DataFolderException(
                $"The data folder {folder} is in use by another RiskLambdas process. Stop that one, or choose another folder with --data.", fault)
            {
                IsInUse = true,
            };
        return new DataFolderException(
            $"The data folder {folder} is not writable: {fault.Message} Make it writable for this user, free disk space, or choose another one with --data.", fault);
    }
}
