using Risk.Domain.Instruments;

namespace Risk.Domain.Prices;

/// <summary>
/// One trade or quote of one symbol. <see cref="Symbol"/> is the index in the <see cref="SymbolTable"/> it was decoded with.
/// (<see cref="Source"/>, <see cref="Epoch"/>, <see cref="Sequence"/>) identify it among the ticks of its symbol: the sequence counts up by
/// one per source and symbol, the epoch rises when a source starts counting anew.
/// </summary>
/// <param name="Bid">Best bid; zero when not given.</param>
/// <param name="Ask">Best ask; zero when not given.</param>
public readonly record struct Tick(
    int Symbol,
    EventTime Time,
    Price Price,
    Price Bid,
    Price Ask,
    Volume Volume,
    SourceName Source,
    long Epoch,
    long Sequence);
