using System.Buffers;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Stores;

/// <summary>The state of each symbol: last price, counters, open windows.</summary>
public sealed class PriceStore(IItemTable table)
{
    /// <summary>The states of the symbols that have one.</summary>
    public async Task<Dictionary<Symbol, SymbolState>> LoadAsync(IReadOnlyCollection<Symbol> symbols, CancellationToken cancellation)
    {
        var states = new Dictionary<Symbol, SymbolState>(symbols.Count);
        foreach (var item in await table.GetManyAsync([.. symbols.Select(Keys.Price)], cancellation))
            states[Symbol.Parse(item.Key.Sort)] = Read(item);
        return states;
    }

    public async Task<SymbolState?> FindAsync(Symbol symbol, CancellationToken cancellation) =>
        await table.GetAsync(Keys.Price(symbol), cancellation) is { } item ? Read(item) : null;

    /// <summary>Every symbol that ever had a tick, in ordinal order.</summary>
    public async Task<SortedDictionary<Symbol, SymbolState>> LoadAllAsync(CancellationToken cancellation)
    {
        var states = new SortedDictionary<Symbol, SymbolState>();
        for (var bucket = 0; bucket < Keys.PriceBuckets; bucket++)
            await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.PricePartition(bucket)), cancellation))
                states[Symbol.Parse(item.Key.Sort)] = Read(item);
        return states;
    }

    /// <summary>Brings the quotes of the symbols up to date; what has not changed is not even read through.</summary>
    public async Task RefreshAsync(Dictionary<Symbol, Quote> quotes, IReadOnlyCollection<Symbol> symbols, CancellationToken cancellation)
    {
        foreach (var item in await table.GetManyAsync([.. symbols.Select(Keys.Price)], cancellation))
        {
            var symbol = Symbol.Parse(item.Key.Sort);
            if (quotes.TryGetValue(symbol, out var known) && known.Version == item.Version) continue;
            quotes[symbol] = Quote.Of(Read(item));
        }
    }

    /// <summary>
    /// Saves each state on the condition that nobody saved one since it was read. Where the outcome is written, the state carries its new
    /// version; where not, the state in memory is worth nothing any more and must be read again.
    /// </summary>
    public async Task<IReadOnlyList<WriteOutcome>> SaveAsync(IReadOnlyList<(Symbol Symbol, SymbolState State)> changed, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        await using var json = new Utf8JsonWriter(buffer);
        var writes = new ItemWrite[changed.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            var (symbol, state) = changed[i];
            var item = new Item(Keys.Price(symbol), SymbolStateJson.Write(symbol, state, buffer, json), state.Version + 1);
            writes[i] = ItemWrite.Put(item, state.Version == 0 ? WriteCondition.Absent : WriteCondition.VersionIs(state.Version));
        }
        var outcomes = await table.WriteEachAsync(writes, cancellation);
        for (var i = 0; i < writes.Length; i++)
            if (outcomes[i] == WriteOutcome.Written) changed[i].State.Version++;
        return outcomes;
    }

    public static SymbolState Read(Item item) => SymbolStateJson.Read(item.Version, item.Body);
}

/// <summary>The last price of a symbol, per unit in its own currency, at one version of its state; zero before the first counted tick.</summary>
public readonly record struct Quote(long Version, double Price, EventTime Time)
{
    public static Quote Of(SymbolState state) => new(state.Version, state.Last.ToDouble(), state.LastTime);
}
