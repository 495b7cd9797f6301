using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;
using Risk.Domain.Instruments;

namespace Risk.Application.Stores;

/// <summary>
/// What is known of instruments: partition <c>INST</c>, sort key symbol, listed by ISIN. A counter item is raised after each put; the map
/// read last is kept and trusted only while the counter says the same.
/// </summary>
public sealed class InstrumentStore(IItemTable table)
{
    private const string Partition = "INST";
    private const int MaxAttempts = 20;

    private static readonly ItemKey CounterKey = new("INST#COUNTER", "default");

    private volatile InstrumentMap warm = new(0, new Dictionary<Symbol, Instrument>());

    public async Task<InstrumentMap> LoadAllAsync(CancellationToken cancellation)
    {
        // The counter is read first: what is written meanwhile raises it again, and the next caller reads anew.
        var version = (await table.GetAsync(CounterKey, cancellation))?.Version ?? 0;
        if (warm.Version == version) return warm;
        var instruments = new Dictionary<Symbol, Instrument>();
        await foreach (var item in table.QueryAllAsync(new ItemQuery(Partition), cancellation)) instruments.Add(Symbol.Parse(item.Key.Sort), Read(item));
        return warm = new InstrumentMap(version, instruments);
    }

    public async Task<Instrument?> FindAsync(Symbol symbol, CancellationToken cancellation) =>
        (await LoadAllAsync(cancellation)).Instruments.GetValueOrDefault(symbol);

    /// <summary>
    /// Writes the instruments, at most one a symbol, and returns the symbols whose stored terms changed or are new. The positions versions
    /// of the holders of those must rise afterwards. When it throws, some may be written already: after repeating the call, treat all
    /// of them as changed.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Some are not known to be written.</exception>
    public async Task<IReadOnlyList<Symbol>> PutAsync(IReadOnlyCollection<Instrument> instruments, CancellationToken cancellation)
    {
        var pending = instruments.ToDictionary(instrument => KeyOf(instrument.Symbol));
        var changed = new List<Symbol>();
        for (var attempt = 0; pending.Count > 0; attempt++)
        {
            if (attempt == MaxAttempts) throw new StoreUnavailableException($"{pending.Count} instruments could not be written in {MaxAttempts} attempts.");
            var stored = (await table.GetManyAsync(pending.Keys, cancellation)).ToDictionary(item => item.Key);
            foreach (var item in stored.Values)
                if (Read(item) == pending[item.Key]) pending.Remove(item.Key);
            var writes = pending.Values.Select(instrument => WriteOf(instrument, stored.GetValueOrDefault(KeyOf(instrument.Symbol)))).ToArray();
            var outcomes = writes.Length == 0 ? [] : await table.WriteEachAsync(writes, cancellation);
            for (var i = 0; i < writes.Length; i++)
            {
                if (outcomes[i] != WriteOutcome.Written) continue;
                changed.Add(pending[writes[i].Key].Symbol);
                pending.Remove(writes[i].Key);
            }
        }
        // Also when nothing changed: a put that died before this line is healed by its repetition.
        await RaiseCounterAsync(cancellation);
        return [.. changed.Order()];
    }

    private async Task RaiseCounterAsync(CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var counter = await table.GetAsync(CounterKey, cancellation);
            var raised = new Item(CounterKey, "{}"u8.ToArray(), (counter?.Version ?? 0) + 1);
            var condition = counter is null ? WriteCondition.Absent : WriteCondition.VersionIs(counter.Version);
            if (await table.WriteAtomicAsync([ItemWrite.Put(raised, condition)], cancellation) is null) return;
        }
        throw new StoreUnavailableException($"The instruments' counter was changed by others {MaxAttempts} times in a row.");
    }

    private static ItemKey KeyOf(Symbol symbol) => new(Partition, symbol.Text);

    private static ItemWrite WriteOf(Instrument instrument, Item? stored)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(InstrumentBody.Of(instrument), InstrumentBodyJson.Default.InstrumentBody);
        var index = instrument.Isin is null ? default(ItemKey?) : new ItemKey($"INST#ISIN#{instrument.Isin}", instrument.Symbol.Text);
        var item = new Item(KeyOf(instrument.Symbol), body, (stored?.Version ?? 0) + 1, Index: index);
        return ItemWrite.Put(item, stored is null ? WriteCondition.Absent : WriteCondition.VersionIs(stored.Version));
    }

    private static Instrument Read(Item item) =>
        JsonSerializer.Deserialize(item.Body.Span, InstrumentBodyJson.Default.InstrumentBody)!.ToInstrument(Symbol.Parse(item.Key.Sort));
}

/// <summary>The instruments at one version of the store.</summary>
public sealed record InstrumentMap(long Version, IReadOnlyDictionary<Symbol, Instrument> Instruments);

/// <summary>An instrument as stored. Unknown members are passed over, so that a version may read what the next one wrote.</summary>
internal sealed record InstrumentBody(
    string Name,
    string AssetClass,
    string Currency,
    decimal Multiplier,
    string? Sector = null,
    string? Isin = null,
    string? Exchange = null,
    string? Proxy = null,
    string? Underlying = null,
    decimal? Strike = null,
    DateOnly? Expiry = null,
    string? Right = null)
{
    public static InstrumentBody Of(Instrument x) => new(
        x.Name, x.AssetClass.ToString().ToLowerInvariant(), x.Currency.Code, x.Multiplier, x.Sector, x.Isin, x.Exchange, x.Proxy?.Text,
        x.Option?.Underlying.Text, x.Option?.Strike, x.Option?.Expiry, x.Option?.Right.ToString().ToLowerInvariant());

    public Instrument ToInstrument(Symbol symbol) => new(
        symbol, Name, Enum.Parse<AssetClass>(AssetClass, ignoreCase: true), Domain.Amounts.Currency.Parse(Currency), Sector, Multiplier, Isin, Exchange,
        Proxy is null ? null : Symbol.Parse(Proxy),
        Underlying is null ? null : new OptionTerms(Symbol.Parse(Underlying), Strike!.Value, Expiry!.Value, Enum.Parse<OptionRight>(Right!, ignoreCase: true)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstrumentBody))]
internal sealed partial class InstrumentBodyJson : JsonSerializerContext;
