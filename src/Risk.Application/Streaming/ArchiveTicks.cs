using Risk.Application.Ports;
using Risk.Application.Stores;

namespace Risk.Application.Streaming;

/// <summary>
/// Copies the raw records, as they came, into the archive: <c>raw/dt=YYYY-MM-DD/hh=HH/{shard}-{first}-{last}.ndjson.gz</c>, by hour of
/// arrival. It reads the stream on its own checkpoint, so that a failing archive delays nothing but itself; after a crash an object may
/// hold records that another one holds already: at least once, by design. One caller at a time.
/// </summary>
public sealed class ArchiveTicks(ITickStream stream, CheckpointStore checkpoints, IArchive archive, TimeProvider time)
{
    /// <summary>An object is written when this much has come together, or when its oldest record has waited <see cref="MaxAge"/>.</summary>
    public const int EnoughBytes = 8 * 1024 * 1024;

    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private const int RecordsPerRead = 5_000;

    private readonly Dictionary<string, Checkpoint> warm = [];

    /// <summary>The sequence behind which everything of the shard lies in the archive; null before the first round.</summary>
    public string? ArchivedUpTo(string shard) => warm.TryGetValue(shard, out var checkpoint) ? checkpoint.Sequence : null;

    /// <summary>Writes what is due and returns the number of objects; with <paramref name="all"/> also what is not due yet.</summary>
    /// <exception cref="StoreUnavailableException">Call again later.</exception>
    public async Task<int> RunOnceAsync(bool all, CancellationToken cancellation)
    {
        var objects = 0;
        foreach (var shard in await stream.ListShardsAsync(cancellation))
        {
            if (!warm.ContainsKey(shard.Id)) warm[shard.Id] = await checkpoints.LoadAsync(shard.Id, cancellation);
            while (await TakeAsync(shard.Id, warm[shard.Id].Sequence, all, cancellation) is { Count: > 0 } records)
            {
                await archive.PutAsync(RawObject.NameOf(shard.Id, records), RawObject.Compress(records), cancellation);
                warm[shard.Id] = new Checkpoint(records[^1].Sequence, Ended: false);
                await checkpoints.SaveAsync(shard.Id, warm[shard.Id], cancellation);
                objects++;
            }
        }
        return objects;
    }

    /// <summary>The records of the next object: of one hour, enough or old enough; none when nothing is due.</summary>
    private async Task<List<StreamRecord>> TakeAsync(string shard, string? after, bool all, CancellationToken cancellation)
    {
        var taken = new List<StreamRecord>();
        var bytes = 0L;
        while (bytes < EnoughBytes)
        {
            var read = await stream.ReadAsync(shard, taken.Count > 0 ? taken[^1].Sequence : after, RecordsPerRead, cancellation);
            foreach (var record in read.Records)
            {
                if (taken.Count > 0 && RawObject.HourOf(record) != RawObject.HourOf(taken[0])) return taken;
                taken.Add(record);
                bytes += record.Data.Length;
                if (bytes >= EnoughBytes) return taken;
            }
            if (read.Records.Count < RecordsPerRead) break;
        }
        var isDue = taken.Count > 0 && (all || time.GetUtcNow() - taken[0].ArrivedAt >= MaxAge);
        return isDue ? taken : [];
    }
}
