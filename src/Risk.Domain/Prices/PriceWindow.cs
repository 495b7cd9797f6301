namespace Risk.Domain.Prices;

/// <summary>
/// What happened to one symbol in [<see cref="Start"/>, <see cref="Start"/> + 5 s) of event time, in integers, so that the order in which
/// the ticks were added leaves no trace. Sums have 128 bits: prices in 10⁻⁸, volumes in 10⁻⁶, notionals in 10⁻¹⁴.
/// </summary>
public sealed class PriceWindow(EventTime start)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private const long LengthMicroseconds = 5 * EventTime.PerSecond;

    public EventTime Start { get; } = start;

    public EventTime End => new(Start.Microseconds + LengthMicroseconds);

    /// <summary>The number of ticks.</summary>
    public long Count { get; private set; }

    public Int128 PriceSum { get; private set; }

    public Int128 VolumeSum { get; private set; }

    /// <summary>Σ price · volume in 10⁻¹⁴.</summary>
    public Int128 NotionalSum { get; private set; }

    public Price Open { get; private set; }

    public Price High { get; private set; }

    public Price Low { get; private set; }

    public Price Close { get; private set; }

    public TickOrder OpenOrder { get; private set; }

    public TickOrder CloseOrder { get; private set; }

    /// <summary>All volume of the window, in units.</summary>
    /// <exception cref="OverflowException">Above 7.9·10²².</exception>
    public decimal Volume => (decimal)VolumeSum / Prices.Volume.One;

    /// <summary>The mean price, each tick counting once.</summary>
    public decimal Average => Count == 0 ? 0 : Ratio(PriceSum, Count) / Price.One;

    /// <summary>Σ price·volume / Σ volume; the mean price when nothing was traded.</summary>
    public decimal Vwap => VolumeSum == 0 ? Average : Ratio(NotionalSum, VolumeSum) / Price.One;

    public static EventTime StartOf(EventTime time)
    {
        var rest = time.Microseconds % LengthMicroseconds;
        return new EventTime(time.Microseconds - (rest < 0 ? rest + LengthMicroseconds : rest));
    }

    public void Add(in Tick tick)
    {
        var order = TickOrder.Of(tick);
        if (Count == 0 || order.CompareTo(OpenOrder) < 0) (Open, OpenOrder) = (tick.Price, order);
        if (Count == 0 || order.CompareTo(CloseOrder) > 0) (Close, CloseOrder) = (tick.Price, order);
        if (Count == 0 || tick.Price.E8 > High.E8) High = tick.Price;
        if (Count == 0 || tick.Price.E8 < Low.E8) Low = tick.Price;
        Count++;
        PriceSum += tick.Price.E8;
        VolumeSum += tick.Volume.E6;
        NotionalSum += Math.BigMul(tick.Price.E8, tick.Volume.E6);
    }

    /// <summary>Restores what was stored.</summary>
    public static PriceWindow Restore(
        EventTime start, long count, Int128 priceSum, Int128 volumeSum, Int128 notionalSum, Price open, Price high, Price low, Price close, TickOrder openOrder, TickOrder closeOrder) =>
        new(start)
        {
            Count = count,
            PriceSum = priceSum,
            VolumeSum = volumeSum,
            NotionalSum = notionalSum,
            Open = open,
            High = high,
            Low = low,
            Close = close,
            OpenOrder = openOrder,
            CloseOrder = closeOrder,
        };

    /// <summary>The quotient with the fraction kept: the whole part by integers, the rest as a decimal fraction.</summary>
    private static decimal Ratio(Int128 sum, Int128 by)
    {
        var whole = sum / by;
        var rest = sum - whole * by;
        while (by > (Int128)1_000_000_000_000_000_000) (rest, by) = (rest / 10, by / 10);
        return (decimal)(long)whole + (decimal)(long)rest / (long)by;
    }
}
