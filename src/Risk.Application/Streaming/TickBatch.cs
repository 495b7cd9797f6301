using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>
/// The records of one delivery, decoded and grouped by symbol. Reused from batch to batch: what it holds is valid until the next
/// <see cref="Decode"/>.
/// </summary>
public sealed class TickBatch
{
    private readonly TickBuffer buffer = new();
    private readonly List<SymbolTicks> groups = [];
    private int[] tickEnds = [];
    private int[] rejectionEnds = [];
    private int[] recordOf = [];
    private int[] bySymbol = [];
    private int[] starts = [];
    private IReadOnlyList<StreamRecord> records = [];

    public int TickCount => buffer.Ticks.Length;

    public int RejectionCount => buffer.Rejections.Length;

    public IReadOnlyList<StreamRecord> Records => records;

    /// <summary>One entry for each symbol that has ticks; <see cref="TicksOf"/> gives their places in order of delivery.</summary>
    public IReadOnlyList<SymbolTicks> Groups => groups;

    public void Decode(IReadOnlyList<StreamRecord> delivered, SymbolTable symbols)
    {
        records = delivered;
        buffer.Clear();
        Grow(ref tickEnds, delivered.Count);
        Grow(ref rejectionEnds, delivered.Count);
        for (var r = 0; r < delivered.Count; r++)
        {
            // "Now" is when the stream took the record: a second delivery must not judge otherwise than the first.
            TickCodec.Decode(delivered[r].Data.Span, symbols, EventTime.From(delivered[r].ArrivedAt), buffer);
            (tickEnds[r], rejectionEnds[r]) = (buffer.Ticks.Length, buffer.Rejections.Length);
        }
        Group(symbols.Count);
    }

    public ref readonly Tick Tick(int place) => ref buffer.Ticks[place];

    public ReadOnlySpan<int> TicksOf(SymbolTicks group) => bySymbol.AsSpan(group.Start, group.Count);

    /// <summary>The index of the record that brought the tick.</summary>
    public int RecordOf(int place) => recordOf[place];

    /// <summary>Names this very arrival: the same only when the same record is delivered again.</summary>
    public string DeliveryOf(string shard, int place)
    {
        var record = recordOf[place];
        return $"{shard}:{records[record].Sequence}:{place - (record == 0 ? 0 : tickEnds[record - 1])}";
    }

    public IEnumerable<(int Record, TickRejection Rejection)> Rejections()
    {
        for (int r = 0, i = 0; r < records.Count; r++)
            for (; i < rejectionEnds[r]; i++)
                yield return (r, buffer.Rejections[i]);
    }

    /// <summary>A counting sort: the ticks of a symbol together, in order of delivery.</summary>
    private void Group(int symbolCount)
    {
        groups.Clear();
        var ticks = buffer.Ticks;
        Grow(ref recordOf, ticks.Length);
        Grow(ref bySymbol, ticks.Length);
        Grow(ref starts, symbolCount + 1);
        Array.Clear(starts);
        foreach (ref readonly var tick in ticks) starts[tick.Symbol + 1]++;
        for (var s = 0; s < symbolCount; s++)
        {
            if (starts[s + 1] > 0) groups.Add(new SymbolTicks(s, starts[s], starts[s + 1]));
            starts[s + 1] += starts[s];
        }
        for (int i = 0, r = 0; i < ticks.Length; i++)
        {
            while (i >= tickEnds[r]) r++;
            recordOf[i] = r;
            bySymbol[starts[ticks[i].Symbol]++] = i;
        }
    }

    private static void Grow(ref int[] array, int length)
    {
        if (array.Length < length) array = new int[Math.Max(length, 2 * array.Length)];
    }
}

/// <param name="Symbol">The index in the symbol table.</param>
/// <param name="Start">Where its ticks start in the order by symbol.</param>
public readonly record struct SymbolTicks(int Symbol, int Start, int Count);
