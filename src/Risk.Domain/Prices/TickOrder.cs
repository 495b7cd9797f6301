namespace Risk.Domain.Prices;

/// <summary>
/// The one order of the ticks of a symbol: event time, then source, epoch and sequence. It decides which price opens or closes a window
/// and which is the last, whatever order the ticks arrive in.
/// </summary>
public readonly record struct TickOrder(EventTime Time, SourceName Source, long Epoch, long Sequence) : IComparable<TickOrder>
{
    public static TickOrder Of(in Tick tick) => new(tick.Time, tick.Source, tick.Epoch, tick.Sequence);

    public int CompareTo(TickOrder other)
    {
        var byTime = Time.CompareTo(other.Time);
        if (byTime != 0) return byTime;
        var bySource = Source.CompareTo(other.Source);
        if (bySource != 0) return bySource;
        var byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Sequence.CompareTo(other.Sequence);
    }
}
