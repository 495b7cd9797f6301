using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>What became of ticks, as the states of their symbols count it.</summary>
/// <param name="Quarantined">Of a source too many; lines that are no ticks are not among them.</param>
public readonly record struct TickCounts(long Counted, long Duplicates, long Late, long Quarantined)
{
    public static TickCounts Of(SymbolState state) => new(state.Counted, state.Duplicates, state.Late, state.Quarantined);

    public static TickCounts operator +(TickCounts a, TickCounts b) =>
        new(a.Counted + b.Counted, a.Duplicates + b.Duplicates, a.Late + b.Late, a.Quarantined + b.Quarantined);

    public static TickCounts operator -(TickCounts a, TickCounts b) =>
        new(a.Counted - b.Counted, a.Duplicates - b.Duplicates, a.Late - b.Late, a.Quarantined - b.Quarantined);
}
