using System.Text.Json;
using Risk.Application.Ports;
using Risk.Local.Storage;
using Risk.Testing.Contracts;
using Xunit;

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

public sealed class OutboxNotifierContractTests : NotifierContract, IDisposable
{
    private readonly DataFolder folder = new();
    private OutboxNotifier? notifier;

    public void Dispose()
    {
        notifier?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task What_a_crash_tore_costs_no_later_notification()
    {
        await File.WriteAllTextAsync(folder.File("outbox.ndjson"), "{\"time\":\"2026-", Cancellation);
        await (await OpenAsync()).PublishAsync(new Notification("s", "whole", NotificationSeverity.Info), Cancellation);
        var lines = await File.ReadAllLinesAsync(folder.File("outbox.ndjson"), Cancellation);
        Assert.Equal(2, lines.Length);
        Assert.Equal("whole", Read(lines[1]).Message);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said()
    {
        Directory.CreateDirectory(folder.File("outbox.ndjson"));
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await (await OpenAsync()).PublishAsync(new Notification("s", "m", NotificationSeverity.Info), Cancellation));
        Assert.Contains(folder.File("outbox.ndjson"), fault.Message, StringComparison.Ordinal);
    }

    protected override ValueTask<INotifier> OpenAsync() => new(notifier = new OutboxNotifier(folder.File("outbox.ndjson"), TimeProvider.System));

    protected override async ValueTask<IReadOnlyList<Notification>> TakeAsync(int count) =>
        [.. (await File.ReadAllLinesAsync(folder.File("outbox.ndjson"), Cancellation)).Select(Read)];

    private static Notification Read(string line)
    {
        var read = JsonSerializer.Deserialize(line, OutboxJson.Default.OutboxLine)!;
        return new Notification(read.Subject, read.Message, Enum.Parse<NotificationSeverity>(read.Severity, ignoreCase: true));
    }
}
