using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Stores;

namespace Risk.Application.Streaming;

/// <summary>
/// Reads the stream shard by shard, parents before children, and moves the checkpoint behind what was ingested. What the cloud's event
/// source mapping does there, this does on one machine. One caller at a time.
/// </summary>
public sealed class ConsumeStream(ITickStream stream, CheckpointStore checkpoints, IngestTicks ingest, StreamFigures figures)
{
    private readonly Dictionary<string, Checkpoint> warm = [];

    /// <summary>The sequence behind which everything of the shard has been ingested; null before the first round.</summary>
    public string? ReadUpTo(string shard) => warm.TryGetValue(shard, out var checkpoint) ? checkpoint.Sequence : null;

    /// <summary>Ingests up to <paramref name="maxRecords"/> of each shard that may be read now; returns how many records were handled.</summary>
    /// <exception cref="StoreUnavailableException">Call again: whatever was not checkpointed is delivered again.</exception>
    public async Task<int> RunOnceAsync(int maxRecords, CancellationToken cancellation)
    {
        var handled = 0;
        var shards = await stream.ListShardsAsync(cancellation);
        foreach (var shard in shards)
        {
            var checkpoint = await CheckpointAsync(shard.Id, cancellation);
            if (checkpoint.Ended || !await ParentsEndedAsync(shard, shards, cancellation)) continue;
            handled += await RunShardAsync(shard.Id, checkpoint, maxRecords, cancellation);
        }
        return handled;
    }

    private async Task<int> RunShardAsync(string shard, Checkpoint checkpoint, int maxRecords, CancellationToken cancellation)
    {
        var read = await stream.ReadAsync(shard, checkpoint.Sequence, maxRecords, cancellation);
        figures.Behind(read.BehindLatest);
        var done = checkpoint with { Ended = read.Ended };
        var handled = read.Records.Count;
        if (handled > 0)
        {
            var result = await ingest.RunAsync(shard, read.Records, cancellation);
            if (result.FailedFrom is { } failed)
            {
                handled = 0;
                while (read.Records[handled].Sequence != failed) handled++;
                if (handled == 0) throw new StoreUnavailableException($"The next ticks of shard {shard} could not be saved; they are tried again.");
                done = checkpoint with { Sequence = read.Records[handled - 1].Sequence };
                figures.Failed($"Some ticks of shard {shard} could not be saved; they are tried again.");
            }
            else
            {
                done = done with { Sequence = read.Records[^1].Sequence };
            }
        }
        if (done == checkpoint) return 0;
        await checkpoints.SaveAsync(shard, done, cancellation);
        warm[shard] = done;
        return handled;
    }

    private async Task<bool> ParentsEndedAsync(Shard shard, IReadOnlyList<Shard> shards, CancellationToken cancellation)
    {
        foreach (var parent in shard.Parents)
            if (shards.Any(x => x.Id == parent) && !(await CheckpointAsync(parent, cancellation)).Ended) return false;
        return true;
    }

    private async Task<Checkpoint> CheckpointAsync(string shard, CancellationToken cancellation)
    {
        if (!warm.TryGetValue(shard, out var checkpoint))
            warm[shard] = checkpoint = await checkpoints.LoadAsync(shard, cancellation);
        return checkpoint;
    }
}
