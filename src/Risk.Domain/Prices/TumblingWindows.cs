namespace Risk.Domain.Prices;

/// <summary>
/// Aggregates a batch of ticks, in order of arrival, into tumbling windows of event time aligned to 1970-01-01: [start, start + length);
/// a tick exactly on a boundary opens the new window; empty windows do not exist. Sums are integers, so figures are exact until the last
/// division. A stand-alone calculator: the live path counts late ticks per symbol and breaks ties by source and sequence.
/// </summary>
/// <param name="length">Of a window; a positive whole number of microseconds.</param>
/// <param name="lateness">
/// Null to take every tick. Else, before a tick is taken, the watermark is the newest event time of the earlier ticks of all symbols −
/// lateness, and a tick whose window ends at or before it is dropped.
/// </param>
public sealed class TumblingWindows(TimeSpan length, TimeSpan? lateness = null)
{
    private readonly long length = length >= TimeSpan.FromMicroseconds(1)
        ? length.Ticks / TimeSpan.TicksPerMicrosecond
        : throw new ArgumentOutOfRangeException(nameof(length), length, "Must be at least one microsecond.");
    private readonly long? lateness = lateness is not { } wait
        ? null
        : wait >= TimeSpan.Zero
            ? wait.Ticks / TimeSpan.TicksPerMicrosecond
            : throw new ArgumentOutOfRangeException(nameof(lateness), lateness, "Must not be negative.");

    /// <summary>Windows by symbol index, then by start; and the places in <paramref name="ticks"/> of those that came too late.</summary>
    public (IReadOnlyList<TumblingWindow> Windows, IReadOnlyList<int> Dropped) Aggregate(ReadOnlySpan<Tick> ticks)
    {
        var open = new Dictionary<(int Symbol, long Start), TumblingWindow>();
        var dropped = new List<int>();
        var newest = long.MinValue;
        TumblingWindow? current = null;
        for (var i = 0; i < ticks.Length; i++)
        {
            ref readonly var tick = ref ticks[i];
            var time = tick.Time.Microseconds;
            var start = StartOf(time);
            if (i > 0 && lateness is { } wait && start + length <= newest - wait) dropped.Add(i);
            else
            {
                if (current is null || current.Symbol != tick.Symbol || current.Start.Microseconds != start) current = Find(open, tick.Symbol, start);
                current.Add(tick);
            }
            newest = Math.Max(newest, time);
        }
        return ([.. open.Values.OrderBy(window => window.Symbol).ThenBy(window => window.Start)], dropped);
    }

    private long StartOf(long time)
    {
        var rest = time % length;
        return time - (rest < 0 ? rest + length : rest);
    }

    private static TumblingWindow Find(Dictionary<(int Symbol, long Start), TumblingWindow> open, int symbol, long start) =>
        open.TryGetValue((symbol, start), out var window) ? window : open[(symbol, start)] = new TumblingWindow(symbol, new EventTime(start));
}

/// <summary>One window of one symbol; always holds at least one tick once it is handed out. Opens and closes by event time, ties by arrival.</summary>
public sealed class TumblingWindow
{
    private Int128 priceSum, volumeSum, notionalSum;
    private EventTime openTime, closeTime;

    internal TumblingWindow(int symbol, EventTime start) => (Symbol, Start) = (symbol, start);

    /// <summary>The index that the ticks carried.</summary>
    public int Symbol { get; }

    public EventTime Start { get; }

    /// <summary>The number of ticks.</summary>
    public int Count { get; private set; }

    public Price Open { get; private set; }

    public Price High { get; private set; }

    public Price Low { get; private set; }

    public Price Close { get; private set; }

    /// <summary>Σ volume, in units.</summary>
    public double Volume => (double)volumeSum / Prices.Volume.One;

    /// <summary>Σ price·volume / Σ volume; the mean price when nothing was traded.</summary>
    public double Vwap => volumeSum == 0 ? Average : (double)notionalSum / (double)volumeSum / Price.One;

    /// <summary>The mean price, each tick counting once.</summary>
    public double Average => (double)priceSum / Count / Price.One;

    internal void Add(in Tick tick)
    {
        if (Count == 0 || tick.Time < openTime) (Open, openTime) = (tick.Price, tick.Time);
        if (Count == 0 || tick.Time >= closeTime) (Close, closeTime) = (tick.Price, tick.Time);
        if (Count == 0 || tick.Price.E8 > High.E8) High = tick.Price;
        if (Count == 0 || tick.Price.E8 < Low.E8) Low = tick.Price;
        Count++;
        priceSum += tick.Price.E8;
        volumeSum += tick.Volume.E6;
        notionalSum += Math.BigMul(tick.Price.E8, tick.Volume.E6);
    }
}
