using Risk.Application.Ports;

using static SQLitePCL.raw;

namespace Risk.Local.Storage;

/// <summary>A failed call of SQLite: its primary result code, and in words what it means for the file and what to do.</summary>
public sealed class SqliteFaultException : Exception
{
    private const int Tries = 5;

    private SqliteFaultException(int code, string message)
        : base(message) => Code = code;

    public int Code { get; }

    /// <summary>Worth another try: somebody else holds the file, or the disk may recover.</summary>
    public bool IsPassing => Code is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_FULL or SQLITE_IOERR or SQLITE_CANTOPEN or SQLITE_PROTOCOL;

    /// <summary>The file or the disk is at fault, not the program.</summary>
    public bool IsOfTheFile => IsPassing || Code is SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_READONLY or SQLITE_PERM or SQLITE_AUTH;

    public static SqliteFaultException Of(string path, int resultCode, string detail)
    {
        var code = resultCode & 0xFF;
        return new SqliteFaultException(code, $"{Meaning(path, code)} (SQLite {resultCode}: {detail})");
    }

    /// <summary>
    /// Does the work, again after 10, 40, 160 and 640 ms while the fault is a passing one. The work must leave nothing behind when it fails.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It still fails, or the file is damaged.</exception>
    public static async Task<T> RetryAsync<T>(Func<T> work, TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return work();
            }
            catch (SqliteFaultException fault) when (fault.IsOfTheFile)
            {
                if (!fault.IsPassing || attempt == Tries)
                    throw new StoreUnavailableException(fault.Message, fault);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10 << (2 * (attempt - 1))), clock, cancellation);
        }
    }

    private static string Meaning(string path, int code) => code switch
    {
        SQLITE_CORRUPT or SQLITE_NOTADB =>
            $"The file {path} is damaged. Stop the program and move this file (with its -wal and -shm neighbours) out of the folder, or put a backup "
            + "in its place; prices are then caught up from what the log still keeps. Check the disk before going on",
        SQLITE_FULL => $"The disk is full: {path} can't grow. Free some space; nothing that was acknowledged is lost",
        SQLITE_READONLY or SQLITE_PERM or SQLITE_AUTH => $"{path} is read-only. Make it writable for this user, or choose another folder with --data",
        SQLITE_BUSY or SQLITE_LOCKED or SQLITE_PROTOCOL => $"{path} is held by another program. Close whatever else has it open",
        SQLITE_CANTOPEN => $"{path} can't be opened. Check that its folder exists and is writable for this user",
        SQLITE_IOERR => $"Reading or writing {path} failed. Check the disk and the free space",
        _ => $"A statement on {path} failed",
    };
}
