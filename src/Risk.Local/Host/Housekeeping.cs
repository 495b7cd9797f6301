using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Local.Storage;

namespace Risk.Local.Host;

/// <summary>What must happen now and then, off the hot path: the archive, the files' checkpoints, the trimming of the log. One caller at a time.</summary>
public sealed class Housekeeping(LocalStore store, ArchiveTicks archive, ConsumeStream consume)
{
    /// <summary>How long the log keeps records that are ingested and archived: enough to rebuild the items of a day.</summary>
    private static readonly TimeSpan LogRetention = TimeSpan.FromHours(24);

    /// <summary>The archive is looked at in every fifth round: each look reads what has not been written yet.</summary>
    private const int RoundsPerArchive = 5;

    private int rounds;

    /// <param name="all">Archives also what is not due yet.</param>
    /// <exception cref="StoreUnavailableException">Call again.</exception>
    public async Task RunOnceAsync(bool all, CancellationToken cancellation)
    {
        if (all || rounds++ % RoundsPerArchive == 0) await archive.RunOnceAsync(all, cancellation);
        var done = new Dictionary<string, string>();
        foreach (var shard in await store.Ticks.ListShardsAsync(cancellation))
            if (consume.ReadUpTo(shard.Id) is { } read && archive.ArchivedUpTo(shard.Id) is { } archived)
                done[shard.Id] = SequenceOrder.Compare(read, archived) < 0 ? read : archived;
        await store.Items.MaintainAsync(cancellation);
        await store.Ticks.MaintainAsync(done, LogRetention, cancellation);
    }
}
