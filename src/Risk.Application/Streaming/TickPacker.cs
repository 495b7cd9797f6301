using System.Buffers;
using System.Globalization;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>
/// Packs ticks into stream records: each holds ticks of one bucket only, and a symbol is always in the same bucket, so that all its ticks
/// go through one shard in order. Reuses its buffers: not for use by two threads at once.
/// </summary>
public sealed class TickPacker(SymbolTable symbols)
{
    public const int Buckets = 64;
    public const int MaxTicksPerRecord = 25;

    private static readonly string[] PartitionKeys = [.. Enumerable.Range(0, Buckets).Select(x => x.ToString(CultureInfo.InvariantCulture))];

    private readonly ArrayBufferWriter<byte> bytes = new(64 * 1024);
    private readonly List<(int Bucket, int Start, int Length)> slices = [];
    private readonly List<OutgoingRecord> records = [];
    private readonly int[] starts = new int[Buckets + 1];
    private byte[] bucketOfSymbol = [];
    private int[] order = [];

    /// <summary>The symbol's partition key: every producer uses it, so that a symbol has one writer.</summary>
    public static string PartitionKeyOf(Symbol symbol) => PartitionKeys[BucketOf(symbol)];

    public static int BucketOf(Symbol symbol)
    {
        var hash = Keys.StableHash(symbol.Text);
        return (int)((hash ^ (hash >> 16)) % Buckets);
    }

    /// <summary>The records, valid until the next call. The order of the ticks of a symbol is kept, that between symbols is not.</summary>
    public IReadOnlyList<OutgoingRecord> Pack(ReadOnlySpan<Tick> ticks)
    {
        SortByBucket(ticks);
        bytes.ResetWrittenCount();
        slices.Clear();
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            // SortByBucket moved each start to the end of its bucket.
            var first = bucket == 0 ? 0 : starts[bucket - 1];
            for (; first < starts[bucket]; first += MaxTicksPerRecord)
            {
                var begin = bytes.WrittenCount;
                var end = Math.Min(first + MaxTicksPerRecord, starts[bucket]);
                for (var i = first; i < end; i++) TickCodec.Encode(ticks[order[i]], symbols, bytes);
                slices.Add((bucket, begin, bytes.WrittenCount - begin));
            }
        }
        records.Clear();
        foreach (var (bucket, start, length) in slices) records.Add(new OutgoingRecord(PartitionKeys[bucket], bytes.WrittenMemory.Slice(start, length)));
        return records;
    }

    /// <summary>A stable counting sort of the ticks' places.</summary>
    private void SortByBucket(ReadOnlySpan<Tick> ticks)
    {
        LearnSymbols();
        if (order.Length < ticks.Length) order = new int[ticks.Length];
        Array.Clear(starts);
        foreach (ref readonly var tick in ticks) starts[bucketOfSymbol[tick.Symbol] + 1]++;
        for (var i = 1; i <= Buckets; i++) starts[i] += starts[i - 1];
        for (var i = 0; i < ticks.Length; i++) order[starts[bucketOfSymbol[ticks[i].Symbol]]++] = i;
    }

    private void LearnSymbols()
    {
        var known = bucketOfSymbol.Length;
        if (known == symbols.Count) return;
        Array.Resize(ref bucketOfSymbol, symbols.Count);
        for (; known < bucketOfSymbol.Length; known++) bucketOfSymbol[known] = (byte)BucketOf(symbols[known]);
    }
}
