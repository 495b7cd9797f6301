using Risk.Application.Ports;
using Risk.Testing.Contracts;
using Risk.Testing.Simulation;

namespace Risk.Application.Tests.Simulation;

public sealed class FakeItemTableTests : ItemQueryContract
{
    protected override ValueTask<IItemTable> OpenAsync() => new(new FakeItemTable(new Random(1), Clock));
}

public sealed class FakeItemTableWithShortPagesTests : ItemQueryContract
{
    protected override ValueTask<IItemTable> OpenAsync() =>
        new(new FakeItemTable(new Random(1), Clock) { Faults = new TableFaults(ShortPage: 0.5, Latency: 0.3) });
}

public sealed class FakeTickStreamTests : TickStreamContract
{
    protected override ValueTask<ITickStream> OpenAsync() => new(new FakeTickStream(new Random(1), Clock));
}

public sealed class FakeTickStreamOfThreeShardsTests : TickStreamContract
{
    protected override ValueTask<ITickStream> OpenAsync() =>
        new(new FakeTickStream(new Random(1), Clock, 3) { Faults = new StreamFaults(Duplicate: 0.1, LostReply: 0.1, Outage: 0.1, ShortRead: 0.3, Latency: 0.3) });
}

public sealed class FakeArchiveTests : ArchiveContract
{
    private readonly FakeArchive archive = new(new Random(1));

    protected override ValueTask<IArchive> OpenAsync() => new(archive);
}

public sealed class FakeNotifierTests : NotifierContract
{
    private readonly FakeNotifier notifier = new();

    protected override ValueTask<INotifier> OpenAsync() => ValueTask.FromResult<INotifier>(notifier);

    protected override ValueTask<IReadOnlyList<Notification>> TakeAsync(int count) => ValueTask.FromResult(notifier.Published);
}
