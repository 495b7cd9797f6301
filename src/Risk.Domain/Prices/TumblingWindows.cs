using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
    public (IReadOnlyList<TumblingWindow> Windows, IReadOnlyList<int> Dropped) Aggregate(ReadOnlySpan<WindowTick> ticks)
    {
        var (windows, dropped) = (new WindowsBySymbol(length), new List<int>());
        var (last, span, watermark) = (windows.Last, (ulong)length, long.MinValue);
        for (var i = 0; i < ticks.Length; i++)
        {
            ref readonly var tick = ref ticks[i];
            var (symbol, time) = (tick.Symbol, tick.Time.Microseconds);
            var window = (uint)symbol < (uint)last.Length ? last[symbol] : null;
            if (window is null || (ulong)(time - window.Start.Microseconds) >= span) (window, last) = (windows.Find(tick), windows.Last);
            if (lateness is { } wait && IsLate(window, time - wait, ref watermark)) dropped.Add(i);
            else window.Add(tick);
        }
        return (windows.InOrder(), dropped);
    }

    private bool IsLate(TumblingWindow window, long horizon, ref long watermark)
    {
        if (window.Start.Microseconds + length <= watermark) return true;
        watermark = Math.Max(watermark, horizon);
        return false;
    }

    /// <summary>All windows so far.</summary>
    private sealed class WindowsBySymbol(long length)
    {
        private readonly Dictionary<(int Symbol, long Start), TumblingWindow> all = [];
        private TumblingWindow?[] last = [];

        /// <summary>Of each symbol the window last found, into which most ticks fall: no division, no look-up.</summary>
        public TumblingWindow?[] Last => last;

        // Inlined it would push the counter of the loop around it out of the registers.
        [MethodImpl(MethodImplOptions.NoInlining)]
        public TumblingWindow Find(in WindowTick tick)
        {
            if (tick.Symbol >= last.Length) Array.Resize(ref last, Math.Max(tick.Symbol + 1, 2 * last.Length));
            var rest = tick.Time.Microseconds % length;
            var start = tick.Time.Microseconds - (rest < 0 ? rest + length : rest);
            ref var window = ref CollectionsMarshal.GetValueRefOrAddDefault(all, (tick.Symbol, start), out _);
            return last[tick.Symbol] = window ??= new TumblingWindow(tick, new EventTime(start));
        }

        /// <summary>Without those all of whose ticks came too late.</summary>
        public TumblingWindow[] InOrder()
        {
            TumblingWindow[] windows = [.. all.Values.Where(x => x.Count > 0)];
            Array.Sort(windows, (a, b) => a.Symbol != b.Symbol ? a.Symbol.CompareTo(b.Symbol) : a.Start.CompareTo(b.Start));
            return windows;
        }
    }
}

/// <summary>One window of one symbol; always holds at least one tick once it is handed out. Opens and closes by event time, ties by arrival.</summary>
public sealed class TumblingWindow
{
    private long openTime, closeTime, open, high, low, close;
    /// <summary>Of prices and volumes, and of the lower and upper words of their products.</summary>
    private PairOfSums sums, products;

    /// <param name="first">Of its ticks; still to be added.</param>
    internal TumblingWindow(in WindowTick first, EventTime start)
    {
        (Symbol, Start) = (first.Symbol, start);
        openTime = closeTime = first.Time.Microseconds;
        open = high = low = first.Price.E8;
    }

    /// <summary>The index that the ticks carried.</summary>
    public int Symbol { get; }

    public EventTime Start { get; }

    /// <summary>The number of ticks.</summary>
    public int Count { get; private set; }

    public Price Open => new(open);

    public Price High => new(high);

    public Price Low => new(low);

    public Price Close => new(close);

    /// <summary>Σ volume, in units.</summary>
    public double Volume => (double)sums.Second / Prices.Volume.One;

    /// <summary>Σ price·volume / Σ volume; the mean price when nothing was traded.</summary>
    public double Vwap => sums.Second == 0 ? Average : (double)((products.Second << 64) + products.First) / (double)sums.Second / Price.One;

    /// <summary>The mean price, each tick counting once.</summary>
    public double Average => (double)sums.First / Count / Price.One;

    internal void Add(in WindowTick tick)
    {
        var (time, price, volume) = (tick.Time.Microseconds, tick.Price.E8, tick.Volume.E6);
        if (time < openTime) (open, openTime) = (price, time);
        if (time >= closeTime) (close, closeTime) = (price, time);
        if (price > high) high = price;
        if (price < low) low = price;
        Count++;
        sums.Add((ulong)price, (ulong)volume);
        var upper = Math.BigMul((ulong)price, (ulong)volume, out var lower);
        products.Add(lower, upper);
    }
}
