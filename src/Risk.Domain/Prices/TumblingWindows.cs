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
        var all = new Dictionary<(int Symbol, long Start), TumblingWindow>();
        // The last window of each symbol, into which most ticks fall: no division, no look-up.
        var last = Array.Empty<TumblingWindow?>();
        var dropped = new List<int>();
        var newest = long.MinValue;
        for (var i = 0; i < ticks.Length; i++)
        {
            ref readonly var tick = ref ticks[i];
            var time = tick.Time.Microseconds;
            if (tick.Symbol >= last.Length) Array.Resize(ref last, Math.Max(tick.Symbol + 1, 2 * last.Length));
            var window = last[tick.Symbol];
            var isInLast = window is not null && (ulong)(time - window.Start.Microseconds) < (ulong)length;
            if (lateness is { } wait && i > 0 && (isInLast ? window!.Start.Microseconds : StartOf(time)) + length <= newest - wait)
            {
                dropped.Add(i);
            }
            else
            {
                if (!isInLast) last[tick.Symbol] = window = Find(all, tick, StartOf(time));
                window!.Add(tick);
            }
            newest = Math.Max(newest, time);
        }
        var windows = all.Values.ToArray();
        Array.Sort(windows, (a, b) => a.Symbol != b.Symbol ? a.Symbol.CompareTo(b.Symbol) : a.Start.CompareTo(b.Start));
        return (windows, dropped);
    }

    private long StartOf(long time)
    {
        var rest = time % length;
        return time - (rest < 0 ? rest + length : rest);
    }

    private static TumblingWindow Find(Dictionary<(int Symbol, long Start), TumblingWindow> all, in Tick tick, long start) =>
        all.TryGetValue((tick.Symbol, start), out var window) ? window : all[(tick.Symbol, start)] = new TumblingWindow(tick, new EventTime(start));
}

/// <summary>One window of one symbol; always holds at least one tick once it is handed out. Opens and closes by event time, ties by arrival.</summary>
public sealed class TumblingWindow
{
    private Int128 priceSum, volumeSum, notionalSum;
    private EventTime openTime, closeTime;

    /// <param name="first">Of its ticks; still to be added.</param>
    internal TumblingWindow(in Tick first, EventTime start)
    {
        (Symbol, Start) = (first.Symbol, start);
        (openTime, closeTime) = (first.Time, first.Time);
        Open = High = Low = first.Price;
    }

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
        var price = tick.Price;
        if (tick.Time < openTime) (Open, openTime) = (price, tick.Time);
        if (tick.Time >= closeTime) (Close, closeTime) = (price, tick.Time);
        (High, Low) = (new Price(Math.Max(High.E8, price.E8)), new Price(Math.Min(Low.E8, price.E8)));
        Count++;
        priceSum += price.E8;
        volumeSum += tick.Volume.E6;
        notionalSum += Math.BigMul(price.E8, tick.Volume.E6);
    }
}
