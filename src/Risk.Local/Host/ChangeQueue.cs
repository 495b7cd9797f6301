using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Risk.Application.Ports;
using Risk.Application.Streaming;

namespace Risk.Local.Host;

/// <summary>
/// Takes changes from the table's commits and hands them to <see cref="FanOutChanges"/> on a thread of its own, so that no watcher ever
/// slows a commit. When watchers fall behind, the oldest batches are dropped: each message is the latest of its key, so newer ones heal it.
/// </summary>
public sealed class ChangeQueue : BackgroundService, IChangeFeed
{
    private const int Batches = 256;

    private readonly Channel<IReadOnlyList<Item>> queue = Channel.CreateBounded<IReadOnlyList<Item>>(
        new BoundedChannelOptions(Batches) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Set once, before the host starts.</summary>
    public FanOutChanges? Target { get; set; }

    public void Publish(IReadOnlyList<Item> changed) => queue.Writer.TryWrite(changed);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var changed in queue.Reader.ReadAllAsync(stoppingToken))
            if (Target is not null) await Target.RunAsync(changed, stoppingToken);
    }
}
