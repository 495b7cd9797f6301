using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>
/// Objects as files below one folder. An object is written under another name, synced and then renamed, so that it is there whole or not at all.
/// </summary>
/// <param name="root">Made with the first object.</param>
public sealed class FolderArchive(string root) : IArchive
{
    /// <summary>Marks files that are being written; no object's name may end so.</summary>
    private const string Unfinished = ".part";

    private readonly string root = Path.GetFullPath(root);
    private long written;

    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var path = PathOf(name);
        var unfinished = $"{path}.{Interlocked.Increment(ref written)}{Unfinished}";
        await GuardAsync(path, async () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
                {
                    await file.WriteAsync(content, cancellation);
                    file.Flush(flushToDisk: true);
                }

                File.Move(unfinished, path, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished);
                throw;
            }

            return true;
        });
    }

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        var path = PathOf(name);
        return GuardAsync(path, async () => File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellation) : null);
    }

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        // The whole folders of the prefix narrow the walk; the rest is compared as text.
        var folder = prefix.LastIndexOf('/') is var slash and > 0 ? PathOf(prefix[..slash]) : this.root;
        cancellation.ThrowIfCancellationRequested();
        return GuardAsync(folder, () =>
        {
            string[] names = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(NameOf)] : [];
            return Task.FromResult<IReadOnlyList<string>>([.. names
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !name.EndsWith(Unfinished, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)]);
        });
    }

    private string NameOf(string path) => Path.GetRelativePath(this.root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Names are relative, slash-separated and of plain parts, so that none leads out of the folder.</summary>
    private string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!name.Split('/').All(IsPlain) || name.EndsWith(Unfinished, StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is not a name of an object.", nameof(name));
        return Path.Combine([this.root, .. name.Split('/')]);
    }

    private static bool IsPlain(string part) =>
        part is not ("" or "." or "..") && !part.Any(letter => char.IsControl(letter) || letter is '\\' or ':');

    private static async Task<T> GuardAsync<T>(string path, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The archive can't be used at {path}: {fault.Message} Check the disk's free space and the folder's permissions.", fault);
        }
    }
}
