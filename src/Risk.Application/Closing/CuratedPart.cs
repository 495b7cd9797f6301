using System.Buffers;
using System.IO.Compression;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>Collects the ticks of one part, sorts them by symbol, time, source, epoch and sequence, and writes each once.</summary>
internal sealed class PartWriter(SymbolTable symbols, PlannedPart part)
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>Of microseconds: fifty days. The rest of the key is left to symbols.</summary>
    private const int TimeBits = 42;

    private Tick[] ticks = new Tick[part.Ticks];
    private int count;

    public void Add(in Tick tick)
    {
        if (tick.Time.Microseconds < part.From || tick.Time.Microseconds >= part.To) return;
        if (count == ticks.Length) Array.Resize(ref ticks, Math.Max(16, 2 * count));
        ticks[count++] = tick;
    }

    /// <returns>The lines, gzipped, and what they are.</returns>
    public (ReadOnlyMemory<byte> Content, SortedDictionary<string, CuratedCount> Counts) Write()
    {
        var order = Sort();
        var counts = new SortedDictionary<string, CuratedCount>(StringComparer.Ordinal);
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            var lines = new ArrayBufferWriter<byte>(2 * FlushBytes);
            for (var i = 0; i < order.Length; i++)
            {
                ref readonly var tick = ref ticks[order[i]];
                var isCopy = i > 0 && !tick.Source.IsEmpty && IsSame(tick, ticks[order[i - 1]]);
                var symbol = symbols[tick.Symbol].Text;
                counts[symbol] = counts.GetValueOrDefault(symbol).Plus(isCopy, tick.Source.IsEmpty);
                if (!isCopy) TickCodec.Encode(tick, symbols, lines);
                if (lines.WrittenCount < FlushBytes) continue;
                gzip.Write(lines.WrittenSpan);
                lines.ResetWrittenCount();
            }
            gzip.Write(lines.WrittenSpan);
        }
        return (target.GetBuffer().AsMemory(0, (int)target.Length), counts);
    }

    /// <summary>Most is decided by one number of symbol and time; what is left are ticks of one microsecond.</summary>
    private int[] Sort()
    {
        var rank = Enumerable.Range(0, symbols.Count).OrderBy(i => symbols[i]).Select((symbol, place) => (symbol, place)).OrderBy(x => x.symbol).Select(x => (long)x.place).ToArray();
        var (keys, order) = (new long[count], new int[count]);
        for (var i = 0; i < count; i++) (keys[i], order[i]) = (rank[ticks[i].Symbol] << TimeBits | (ticks[i].Time.Microseconds - part.From), i);
        Array.Sort(keys, order);
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && keys[end] == keys[start];) end++;
            if (end - start > 1) order.AsSpan(start, end - start).Sort(Compare);
        }
        return order;
    }

    /// <summary>Of copies that differ the cheaper comes first, so that the outcome does not depend on the order of arrival.</summary>
    private int Compare(int a, int b)
    {
        var byOrder = TickOrder.Of(ticks[a]).CompareTo(TickOrder.Of(ticks[b]));
        if (byOrder != 0) return byOrder;
        var byPrice = ticks[a].Price.E8.CompareTo(ticks[b].Price.E8);
        return byPrice != 0 ? byPrice : ticks[a].Volume.E6.CompareTo(ticks[b].Volume.E6);
    }

    private static bool IsSame(in Tick a, in Tick b) => a.Symbol == b.Symbol && TickOrder.Of(a) == TickOrder.Of(b);
}

/// <summary>A part that is written.</summary>
/// <param name="From">Event time in microseconds since 1970, included; <paramref name="To"/> is excluded.</param>
internal sealed record CuratedPart(string Name, long From, long To, SortedDictionary<string, CuratedCount> Symbols);

/// <param name="Ticks">That are in the copy.</param>
/// <param name="Copies">Left out: a tick of that identity is in it.</param>
/// <param name="Unsourced">Of the ticks: name no source, so that a copy of one can't be told from another tick.</param>
internal readonly record struct CuratedCount(long Ticks, long Copies, long Unsourced)
{
    public CuratedCount Plus(bool isCopy, bool isUnsourced) => new(Ticks + (isCopy ? 0 : 1), Copies + (isCopy ? 1 : 0), Unsourced + (isUnsourced ? 1 : 0));

    public static CuratedCount operator +(CuratedCount a, CuratedCount b) => new(a.Ticks + b.Ticks, a.Copies + b.Copies, a.Unsourced + b.Unsourced);
}
