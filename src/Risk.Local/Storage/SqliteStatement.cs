using System.Buffers;
using System.Text;
using SQLitePCL;

using static SQLitePCL.raw;

namespace Risk.Local.Storage;

/// <summary>A prepared statement: bind by position from 1, step, read by column from 0, reset.</summary>
public sealed class SqliteStatement(SqliteFile file, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 256;

    public SqliteStatement Bind(int position, long value) => Bound(sqlite3_bind_int64(handle, position, value));

    public SqliteStatement Bind(int position, long? value) => value is { } number ? Bind(position, number) : Bound(sqlite3_bind_null(handle, position));

    public SqliteStatement Bind(int position, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return Bound(value is null ? sqlite3_bind_null(handle, position) : sqlite3_bind_text(handle, position, value));
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            return BindText(position, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        BindText(position, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    /// <summary>Text that is UTF-8 already.</summary>
    public SqliteStatement BindText(int position, ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? Bind(position, "") : Bound(sqlite3_bind_text(handle, position, utf8));

    public SqliteStatement BindBytes(int position, ReadOnlySpan<byte> bytes) =>
        Bound(bytes.IsEmpty ? sqlite3_bind_zeroblob(handle, position, 0) : sqlite3_bind_blob(handle, position, bytes));

    /// <summary>To the next row; false when there is none.</summary>
    public bool Step()
    {
        var result = sqlite3_step(handle);
        if (result == SQLITE_ROW)
            return true;
        if (result == SQLITE_DONE)
            return false;
        // Resetting at once releases what the failed statement holds; it answers the same code again.
        _ = sqlite3_reset(handle);
        file.Check(result);
        return false;
    }

    /// <summary>One execution of a statement that answers no rows; the number of rows changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return file.Changes;
    }

    /// <summary>Ready for the next execution; what was bound stays bound.</summary>
    public void Reset() => _ = sqlite3_reset(handle);

    public long Number(int column) => sqlite3_column_int64(handle, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string Text(int column) => Encoding.UTF8.GetString(sqlite3_column_blob(handle, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();

    private bool IsNull(int column) => sqlite3_column_type(handle, column) == SQLITE_NULL;

    private SqliteStatement Bound(int result)
    {
        file.Check(result);
        return this;
    }
}
