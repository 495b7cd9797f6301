namespace Risk.Domain.Prices;

/// <summary>
/// All that is remembered of one symbol between batches: what has been counted (by shard marks and anti-replay), the last price, and the
/// windows that are open or closed but not yet confirmed as stored. Changed only by ticks, and by them in one way only, so that the same
/// ticks, in any order within lateness and anti-replay width and with any duplicates, give the same windows and prices.
/// </summary>
public sealed class SymbolState
{
    public const int MaxSources = 4;
    public const int MaxShards = 3;

    /// <summary>A price this far from the last one, within <see cref="OutlierSpan"/>, is flagged (and counted all the same).</summary>
    public const double OutlierRatio = 0.5;

    public static readonly TimeSpan OutlierSpan = TimeSpan.FromMinutes(1);

    private readonly List<ShardMark> shards = new(MaxShards);
    private readonly List<AntiReplay> sources = new(1);
    private readonly List<PriceWindow> windows = new(2);

    /// <summary>Counts the saved changes; 0 when nothing was ever saved.</summary>
    public long Version { get; set; }

    /// <summary>How far each shard has been applied, the latest to move last; at most <see cref="MaxShards"/>.</summary>
    public IReadOnlyList<ShardMark> Shards => shards;

    public IReadOnlyList<AntiReplay> Sources => sources;

    /// <summary>By start. Those that end at or before the <see cref="Watermark"/> are closed and wait to be confirmed as stored.</summary>
    public IReadOnlyList<PriceWindow> Windows => windows;

    /// <summary>Ticks for windows that end at or before it are late. Newest event time − lateness; never moves back.</summary>
    public EventTime Watermark { get; private set; }

    public Price Last { get; private set; }

    /// <summary>The latest bid that was given; zero when none was.</summary>
    public Price Bid { get; private set; }

    public Price Ask { get; private set; }

    /// <summary>Where the last price stands in the order of ticks.</summary>
    public TickOrder LastOrder { get; private set; }

    public EventTime LastTime => LastOrder.Time;

    public long Counted { get; private set; }

    /// <summary>Second arrivals, dropped.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Ticks that came after their window closed, or too old to tell; kept in the late ledger, in no window.</summary>
    public long Late { get; private set; }

    /// <summary>Ticks of a source too many, kept in quarantine.</summary>
    public long Quarantined { get; private set; }

    public long Outliers { get; private set; }

    public Price Lowest { get; private set; }

    public Price Highest { get; private set; }

    /// <summary>All volume counted, in 10⁻⁶.</summary>
    public Int128 VolumeSum { get; private set; }

    public bool HasClosedWindows => windows.Count > 0 && windows[0].End <= Watermark;

    /// <summary>True when the records of the shard up to this sequence were applied before.</summary>
    public bool IsApplied(string shard, string sequence)
    {
        foreach (var mark in shards)
            if (mark.Shard == shard) return ShardMark.CompareSequences(sequence, mark.Sequence) <= 0;
        return false;
    }

    public void MarkApplied(string shard, string sequence)
    {
        var at = shards.FindIndex(mark => mark.Shard == shard);
        if (at >= 0) shards.RemoveAt(at);
        else if (shards.Count == MaxShards) shards.RemoveAt(0);
        shards.Add(new ShardMark(shard, sequence));
    }

    /// <summary>Takes one tick in. Allocates only when a window opens or a source is new.</summary>
    public TickFate Apply(in Tick tick, TimeSpan lateness)
    {
        switch (See(tick))
        {
            case null: return TickFate.TooManySources;
            case Sighting.Repeated:
                Duplicates++;
                return TickFate.Duplicate;
            case Sighting.BeyondMemory: return TickFate.Undecided;
        }
        if (PriceWindow.StartOf(tick.Time).Microseconds + PriceWindow.Length.Ticks / TimeSpan.TicksPerMicrosecond <= Watermark.Microseconds)
        {
            Late++;
            return TickFate.Late;
        }
        WindowAt(tick.Time).Add(tick);
        TakePrice(tick);
        var mark = tick.Time.Add(-lateness);
        if (mark > Watermark) Watermark = mark;
        return TickFate.Counted;
    }

    /// <summary>Settles a tick whose fate was <see cref="TickFate.Undecided"/>, once the late ledger told whether it stood there already.</summary>
    public void Settle(bool seenBefore)
    {
        if (seenBefore) Duplicates++;
        else Late++;
    }

    /// <summary>Counts a tick whose fate was <see cref="TickFate.TooManySources"/>, once the quarantine told whether it stood there already.</summary>
    public void SettleRejected(bool seenBefore)
    {
        if (seenBefore) Duplicates++;
        else Quarantined++;
    }

    /// <summary>Closes every window that ends at or before the time, as the close of a session does.</summary>
    public void CloseThrough(EventTime time)
    {
        if (time > Watermark) Watermark = time;
    }

    /// <summary>The closed windows have been stored; they need not be remembered.</summary>
    public void ForgetClosedWindows() => windows.RemoveAll(window => window.End <= Watermark);

    /// <summary>Restores what was stored.</summary>
    public static SymbolState Restore(
        long version, SymbolFigures figures, IEnumerable<ShardMark> shards, IEnumerable<AntiReplay> sources, IEnumerable<PriceWindow> windows)
    {
        var state = new SymbolState
        {
            Version = version,
            Watermark = figures.Watermark,
            Last = figures.Last,
            Bid = figures.Bid,
            Ask = figures.Ask,
            LastOrder = figures.LastOrder,
            Counted = figures.Counted,
            Duplicates = figures.Duplicates,
            Late = figures.Late,
            Quarantined = figures.Quarantined,
            Outliers = figures.Outliers,
            Lowest = figures.Lowest,
            Highest = figures.Highest,
            VolumeSum = figures.VolumeSum,
        };
        state.shards.AddRange(shards);
        state.sources.AddRange(sources);
        state.windows.AddRange(windows);
        return state;
    }

    /// <summary>Null when the tick comes from a source too many. A tick that names no source is always new: only shard marks protect it.</summary>
    private Sighting? See(in Tick tick)
    {
        if (tick.Source.IsEmpty) return Sighting.New;
        foreach (var known in sources)
            if (known.Source == tick.Source) return known.See(tick.Epoch, tick.Sequence);
        if (sources.Count == MaxSources) return null;
        var source = new AntiReplay(tick.Source, new SequenceMemory(tick.Epoch));
        sources.Add(source);
        return source.See(tick.Epoch, tick.Sequence);
    }

    private PriceWindow WindowAt(EventTime time)
    {
        var start = PriceWindow.StartOf(time);
        var at = windows.Count;
        while (at > 0 && windows[at - 1].Start > start) at--;
        if (at > 0 && windows[at - 1].Start == start) return windows[at - 1];
        var window = new PriceWindow(start);
        windows.Insert(at, window);
        return window;
    }

    private void TakePrice(in Tick tick)
    {
        Counted++;
        VolumeSum += tick.Volume.E6;
        if (Lowest.E8 == 0 || tick.Price.E8 < Lowest.E8) Lowest = tick.Price;
        if (tick.Price.E8 > Highest.E8) Highest = tick.Price;
        var order = TickOrder.Of(tick);
        if (Last.IsGiven && order.CompareTo(LastOrder) <= 0) return;
        if (Last.IsGiven && tick.Time - LastTime < OutlierSpan && Math.Abs(tick.Price.ToDouble() / Last.ToDouble() - 1) > OutlierRatio) Outliers++;
        (Last, LastOrder) = (tick.Price, order);
        if (tick.Bid.IsGiven) Bid = tick.Bid;
        if (tick.Ask.IsGiven) Ask = tick.Ask;
    }
}

/// <summary>What became of a tick.</summary>
public enum TickFate
{
    Counted,
    Duplicate,
    Late,

    /// <summary>Too old to tell whether it is late or a second arrival: the late ledger decides, then <see cref="SymbolState.Settle"/>.</summary>
    Undecided,

    /// <summary>A fifth source of one symbol: to be quarantined.</summary>
    TooManySources,
}

/// <summary>How far the records of one shard have been applied. Sequences have more digits than any number: the longer is the larger.</summary>
public readonly record struct ShardMark(string Shard, string Sequence)
{
    public static int CompareSequences(string a, string b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
}

/// <summary>The plain figures of a <see cref="SymbolState"/>, for restoring it.</summary>
public readonly record struct SymbolFigures(
    EventTime Watermark,
    Price Last,
    Price Bid,
    Price Ask,
    TickOrder LastOrder,
    long Counted,
    long Duplicates,
    long Late,
    long Quarantined,
    long Outliers,
    Price Lowest,
    Price Highest,
    Int128 VolumeSum);
