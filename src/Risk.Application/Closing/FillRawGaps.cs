using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;

namespace Risk.Application.Closing;

/// <summary>
/// Makes the raw objects that the archive did not take when they came, from the records that the stream still holds. A gap is taken off the
/// list when its object is whole; one whose records the stream has forgotten stays there and is named.
/// </summary>
public sealed class FillRawGaps(RawGapStore gaps, ITickStream stream, IArchive archive)
{
    private const int RecordsPerRead = 1_000;

    /// <exception cref="StoreUnavailableException">Some gaps are still open: run it again.</exception>
    public async Task<GapsFilled> RunAsync(CancellationToken cancellation)
    {
        var open = await gaps.LoadAllAsync(cancellation);
        if (open.Count == 0) return new GapsFilled(0, []);
        var shards = (await stream.ListShardsAsync(cancellation)).Select(shard => shard.Id).ToHashSet();
        var filled = 0;
        var missing = new List<string>();
        foreach (var gap in open)
        {
            var records = shards.Contains(gap.Shard) ? await ReadAsync(gap, cancellation) : [];
            var isWhole = records.Count == gap.Records;
            // The try that failed may have written it whole; what is left of the records must not take its place.
            if (isWhole || (records.Count > 0 && await archive.GetAsync(gap.ObjectName, cancellation) is null))
                await archive.PutAsync(gap.ObjectName, RawObject.Compress(records), cancellation);
            if (isWhole) await gaps.RemoveAsync(gap, cancellation);
            if (isWhole) filled++;
            else missing.Add(gap.ObjectName);
        }
        return new GapsFilled(filled, missing);
    }

    private async Task<List<StreamRecord>> ReadAsync(RawGap gap, CancellationToken cancellation)
    {
        var records = new List<StreamRecord>();
        var read = await stream.ReadFromAsync(gap.Shard, gap.First, RecordsPerRead, cancellation);
        while (read.Records.Count > 0)
        {
            records.AddRange(read.Records.Where(record => SequenceOrder.Compare(record.Sequence, gap.Last) <= 0));
            if (SequenceOrder.Compare(read.Records[^1].Sequence, gap.Last) >= 0) break;
            read = await stream.ReadAsync(gap.Shard, read.Records[^1].Sequence, RecordsPerRead, cancellation);
        }
        return records;
    }
}

/// <param name="Filled">Objects that are in the archive now.</param>
/// <param name="Missing">Names of objects that can't be made any more, or not whole.</param>
public sealed record GapsFilled(int Filled, IReadOnlyList<string> Missing);
