using Risk.Application.Ports;
using Risk.Application.Stores;

namespace Risk.Application.Streaming;

/// <summary>
/// Copies the raw records of one delivery into the archive. Ticks must not wait for an archive that fails: it leaves a gap item, from which
/// the object is made later, while the stream still holds the records.
/// </summary>
public sealed class ArchiveBatch(IArchive archive, RawGapStore gaps, TimeProvider time)
{
    /// <summary>For one object, its repetitions included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns the faults that left a gap; none when all lies in the archive.</summary>
    /// <exception cref="StoreUnavailableException">Neither the records nor their gap are known to be stored: give the delivery again.</exception>
    public async Task<IReadOnlyList<Exception>> RunAsync(string shard, IReadOnlyList<StreamRecord> records, CancellationToken cancellation)
    {
        List<Exception> faults = [];
        foreach (var hour in records.GroupBy(RawObject.HourOf))
            if (await PutAsync(shard, [.. hour], cancellation) is { } fault) faults.Add(fault);
        return faults;
    }

    private async Task<Exception?> PutAsync(string shard, StreamRecord[] records, CancellationToken cancellation)
    {
        var name = RawObject.NameOf(shard, records);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await archive.PutAsync(name, RawObject.Compress(records), either.Token);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, the gap item says so, and the caller learns of it.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var gap = new RawGap(shard, records[0].Sequence, records[^1].Sequence, records.Length, records[0].ArrivedAt, name, fault.Message);
            await gaps.AddAsync(gap, cancellation);
            return fault;
        }
    }
}
