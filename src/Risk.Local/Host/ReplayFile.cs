using Risk.Application.Feeds;
using Risk.Application.Monitoring;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Local.Storage;

namespace Risk.Local.Host;

/// <summary>Replays a file into a data folder without a running host, and consumes the log to its end: published, ingested, measured, archived.</summary>
public sealed class ReplayFile(
    LocalStore store,
    OpenTickFile open,
    ProducerCursors cursors,
    Universe universe,
    ConsumeStream consume,
    Housekeeping housekeeping,
    PriceStore prices,
    StreamFigures figures,
    TimeProvider time)
{
    private const int RecordsPerBatch = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(5);

    private long keptHouseAt;

    /// <param name="progress">Told now and then: the share of the file that was read, and the ticks published.</param>
    /// <exception cref="TickFileException">The file can't be read, or not to its end; what was read of it is ingested.</exception>
    public async Task<ReplayOutcome> RunAsync(string path, double speed, bool again, Action<double, long>? progress, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);
        using var file = await open.RunAsync(path, content, cancellation);
        // What an earlier process left in the log is not of this file.
        while (await consume.RunOnceAsync(RecordsPerBatch, cancellation) > 0) await KeepHouseAsync(cancellation);
        var (before, windows) = (await CountsAsync(cancellation), figures.Windows);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = time.GetTimestamp();
        var replay = new ReplayTicks(store.Ticks, cursors, universe.Symbols, time);
        var replaying = Task.Run(() => replay.RunAsync(file, speed, again, stop.Token), stop.Token);
        try
        {
            await ConsumeAsync(replaying, () => progress?.Invoke((double)content.Position / content.Length, replay.Published), cancellation);
        }
        catch
        {
            await stop.CancelAsync();
            await ((Task)replaying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        var elapsed = time.GetElapsedTime(started);
        await housekeeping.RunOnceAsync(all: true, cancellation);
        var (replayed, after) = (await replaying, await CountsAsync(cancellation));
        return new ReplayOutcome(
            replayed, after.Counted - before.Counted, after.Duplicates - before.Duplicates, after.Late - before.Late, after.Quarantined - before.Quarantined,
            figures.Windows - windows, after.OpenWindows, elapsed);
    }

    private async Task ConsumeAsync(Task<ReplayedTicks> replaying, Action report, CancellationToken cancellation)
    {
        while (true)
        {
            var isLast = replaying.IsCompleted;
            var handled = await consume.RunOnceAsync(RecordsPerBatch, cancellation);
            report();
            if (handled == 0 && isLast) return;
            if (handled == 0) await WaitAsync(cancellation);
            await KeepHouseAsync(cancellation);
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        foreach (var shard in await store.Ticks.ListShardsAsync(cancellation))
            await store.Ticks.WaitForRecordsAsync(shard.Id, consume.ReadUpTo(shard.Id), Idle, cancellation);
    }

    /// <summary>A long replay would else grow the files without bound.</summary>
    private async Task KeepHouseAsync(CancellationToken cancellation)
    {
        if (time.GetElapsedTime(keptHouseAt) < HousekeepingInterval) return;
        await housekeeping.RunOnceAsync(all: false, cancellation);
        keptHouseAt = time.GetTimestamp();
    }

    private async Task<Counts> CountsAsync(CancellationToken cancellation)
    {
        var states = (await prices.LoadAllAsync(cancellation)).Values;
        return new Counts(
            states.Sum(x => x.Counted), states.Sum(x => x.Duplicates), states.Sum(x => x.Late), states.Sum(x => x.Quarantined),
            states.Sum(x => x.Windows.Count(window => window.End > x.Watermark)));
    }

    private sealed record Counts(long Counted, long Duplicates, long Late, long Quarantined, int OpenWindows);
}

/// <summary>What became of the ticks of a file, all symbols together. Published = counted + duplicates + late + quarantined.</summary>
/// <param name="ClosedWindows">That this replay closed.</param>
/// <param name="OpenWindows">That stand open now: no newer tick has closed them yet.</param>
/// <param name="Elapsed">From the first tick read to the last one ingested.</param>
public sealed record ReplayOutcome(
    ReplayedTicks File, long Counted, long Duplicates, long Late, long Quarantined, long ClosedWindows, int OpenWindows, TimeSpan Elapsed);
