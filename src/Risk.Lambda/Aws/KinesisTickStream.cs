using System.Collections.Concurrent;
using System.Text;
using Amazon.Runtime;
using Risk.Application.Ports;
using Risk.Lambda.Aws.Clients;

namespace Risk.Lambda.Aws;

/// <summary>
/// One Kinesis stream. Records are sent in order, 500 or 5 MiB a call; those that were turned away go again alone, behind those that followed
/// them, and a call whose reply was lost goes again whole.
/// </summary>
public sealed class KinesisTickStream(KinesisClient client, string stream, AwsRetry retry) : ITickStream
{
    public const int MaxRecordsAtOnce = 500;
    public const int MaxBytesAtOnce = 5 * 1024 * 1024;

    /// <summary>Of one record with its key, unless the stream is configured otherwise.</summary>
    public const int MaxRecordBytes = 1024 * 1024;

    private const int MaxKeyLength = 256;
    private const int MaxReadAtOnce = 10_000;

    /// <summary>A shard has stretches without records, which cost a read each.</summary>
    private const int MaxEmptyReads = 100;

    /// <summary>Of each shard, the iterator that goes on where the last read ended.</summary>
    private readonly ConcurrentDictionary<string, (string? After, string Iterator)> ends = [];

    public async Task PublishAsync(IReadOnlyList<OutgoingRecord> records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        cancellation.ThrowIfCancellationRequested();
        foreach (var chunk in Chunks(records))
            await PutAsync(chunk, cancellation);
    }

    public async Task<IReadOnlyList<Shard>> ListShardsAsync(CancellationToken cancellation)
    {
        var shards = new List<Shard>();
        string? next = null;
        do
        {
            var token = next;
            (var page, next) = await retry.RunAsync($"Listing the shards of {stream}", tried => client.ListShardsAsync(stream, token, tried), cancellation);
            shards.AddRange(page);
        }
        while (next is not null);
        return shards;
    }

    public async Task<ShardRead> ReadAsync(string shard, string? afterSequence, int maxRecords, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(shard);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        var limit = Math.Min(maxRecords, MaxReadAtOnce);
        var page = await FirstPageAsync(shard, afterSequence, limit, cancellation);
        page = await PassEmptyAsync(shard, page, limit, cancellation);
        if (page.Next is { } following)
            ends[shard] = (page.Records.Count == 0 ? afterSequence : page.Records[^1].Sequence, following);
        else
            ends.TryRemove(shard, out _);
        return Opened(page);
    }

    public async Task<ShardRead> ReadFromAsync(string shard, string sequence, int maxRecords, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(shard);
        ArgumentException.ThrowIfNullOrEmpty(sequence);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        var limit = Math.Min(maxRecords, MaxReadAtOnce);
        var page = await PageAsync(shard, await PlaceAsync(shard, sequence, included: true, cancellation), limit, cancellation);
        return Opened(await PassEmptyAsync(shard, page, limit, cancellation));
    }

    private async Task<KinesisPage> PassEmptyAsync(string shard, KinesisPage page, int limit, CancellationToken cancellation)
    {
        for (var empty = 0; page is { Records.Count: 0, Next: { } next } && page.Behind > TimeSpan.Zero && empty < MaxEmptyReads; empty++)
            page = await PageAsync(shard, next, limit, cancellation);
        return page;
    }

    /// <summary>What a producer's library packed comes unpacked, as the consumer takes it from its events.</summary>
    private static ShardRead Opened(KinesisPage page) => new(
        [.. page.Records.Select(record => AggregatedRecord.TryOpen(record.Data.Span) is { } lines ? record with { Data = lines } : record)], page.Next is null, page.Behind);

    private async Task PutAsync(List<OutgoingRecord> records, CancellationToken cancellation)
    {
        var left = records;
        await retry.RunAsync($"Publishing to {stream}", async tried =>
        {
            var failed = await client.PutRecordsAsync(stream, left, tried);
            left = [.. left.Where((_, place) => failed.ContainsKey(place))];
            return left.Count == 0 ? true : throw new StoreUnavailableException($"{left.Count} records were turned away: {failed.Values.First()}.");
        }, cancellation);
    }

    /// <summary>An iterator lives five minutes; one that is older, or was made by another place in the shard, is made anew.</summary>
    private async Task<KinesisPage> FirstPageAsync(string shard, string? afterSequence, int limit, CancellationToken cancellation)
    {
        if (ends.TryGetValue(shard, out var end) && end.After == afterSequence)
        {
            try
            {
                return await PageAsync(shard, end.Iterator, limit, cancellation);
            }
            catch (AmazonServiceException fault) when (fault.ErrorCode is "ExpiredIteratorException")
            {
                ends.TryRemove(shard, out _);
            }
        }

        return await PageAsync(shard, await PlaceAsync(shard, afterSequence, included: false, cancellation), limit, cancellation);
    }

    private Task<string> PlaceAsync(string shard, string? sequence, bool included, CancellationToken cancellation) => retry.RunAsync(
        $"Finding a place in {shard}", tried => client.GetShardIteratorAsync(stream, shard, sequence, included, tried), cancellation);

    private Task<KinesisPage> PageAsync(string shard, string iterator, int limit, CancellationToken cancellation) =>
        retry.RunAsync($"Reading {shard}", tried => client.GetRecordsAsync(iterator, limit, tried), cancellation);

    private static IEnumerable<List<OutgoingRecord>> Chunks(IReadOnlyList<OutgoingRecord> records)
    {
        foreach (var record in records)
            Demand(record);
        var chunk = new List<OutgoingRecord>(Math.Min(records.Count, MaxRecordsAtOnce));
        var bytes = 0;
        foreach (var record in records)
        {
            var size = SizeOf(record);
            if (chunk.Count == MaxRecordsAtOnce || bytes + size > MaxBytesAtOnce)
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }

            chunk.Add(record);
            bytes += size;
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private static void Demand(in OutgoingRecord record)
    {
        if (string.IsNullOrEmpty(record.PartitionKey) || record.PartitionKey.Length > MaxKeyLength)
            throw new ArgumentException($"A partition key has 1 to {MaxKeyLength} characters.", nameof(record));
        if (SizeOf(record) is var size and > MaxRecordBytes)
            throw new ArgumentException($"A record of {size} bytes; {MaxRecordBytes} are allowed with its key.", nameof(record));
    }

    private static int SizeOf(in OutgoingRecord record) => record.Data.Length + Encoding.UTF8.GetByteCount(record.PartitionKey);
}
