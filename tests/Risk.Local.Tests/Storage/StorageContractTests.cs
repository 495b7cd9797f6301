using Risk.Application.Ports;
using Risk.Local.Storage;
using Risk.Testing.Contracts;

namespace Risk.Local.Tests.Storage;

public sealed class SqliteItemTableContractTests : ItemQueryContract, IDisposable
{
    private readonly DataFolder folder = new();
    private SqliteItemTable? table;

    public void Dispose()
    {
        table?.Dispose();
        folder.Dispose();
    }

    protected override ValueTask<IItemTable> OpenAsync() => new(table = SqliteItemTable.Open(folder.Items, Clock));
}

public sealed class SqliteTickStreamContractTests : TickStreamContract, IAsyncDisposable
{
    private readonly DataFolder folder = new();
    private SqliteTickStream? stream;

    public async ValueTask DisposeAsync()
    {
        await stream!.DisposeAsync();
        folder.Dispose();
    }

    protected override ValueTask<ITickStream> OpenAsync() => new(stream = SqliteTickStream.Open(folder.Log, Clock));
}

public sealed class SqliteTickStreamOfThreeShardsContractTests : TickStreamContract, IAsyncDisposable
{
    private readonly DataFolder folder = new();
    private SqliteTickStream? stream;

    public async ValueTask DisposeAsync()
    {
        await stream!.DisposeAsync();
        folder.Dispose();
    }

    protected override ValueTask<ITickStream> OpenAsync() => new(stream = SqliteTickStream.Open(folder.Log, Clock, shards: 3));
}

public sealed class FolderArchiveContractTests : ArchiveContract, IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    protected override ValueTask<IArchive> OpenAsync() => new(new FolderArchive(folder.File("archive")));
}
