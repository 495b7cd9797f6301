using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>
/// Takes ticks that somebody posted and publishes them to the stream; never ingests beside it. Ticks without source and sequence are given
/// ours: source <c>api</c> (<c>api:keyed</c> under an idempotency key), an epoch for each start of this process, and a sequence per symbol
/// in the order of publication.
/// </summary>
public sealed class PublishTicks(ITickStream stream, IItemTable table, IdempotencyStore requests, SymbolTable symbols, TimeProvider time) : IDisposable
{
    public static readonly SourceName Source = SourceName.Parse("api");

    /// <summary>A source of its own: its sequences wait for the key to be written, and must not fall behind those that do not.</summary>
    public static readonly SourceName KeyedSource = SourceName.Parse("api:keyed");

    private readonly Lock ordering = new();
    private readonly SemaphoreSlim opening = new(1);
    private readonly SemaphoreSlim keyed = new(1);
    private readonly Dictionary<int, long> next = [];
    private readonly Dictionary<int, long> nextKeyed = [];
    private long epoch = -1;
    private long accepted;

    /// <summary>Ticks accepted since the start of this process.</summary>
    public long Accepted => Interlocked.Read(ref accepted);

    /// <summary>Returns once the ticks are durable in the stream.</summary>
    /// <exception cref="StoreUnavailableException">Not known to be durable: post again, with an idempotency key or source and sequence.</exception>
    public async Task RunAsync(IReadOnlyList<Tick> ticks, CancellationToken cancellation)
    {
        await OpenEpochAsync(cancellation);
        Task published;
        lock (ordering)
        {
            var named = Name(ticks, Source, epoch, next);
            published = stream.PublishAsync(new TickPacker(symbols).Pack(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(named)), cancellation);
        }
        await published;
        Interlocked.Add(ref accepted, ticks.Count);
    }

    /// <summary>
    /// The same under a caller's key: the identity of the ticks is fixed before they are published, so that a repetition is the same ticks.
    /// Returns the answer of the first time, or null when the key was used with another body.
    /// </summary>
    public async Task<string?> RunOnceAsync(
        string subject, string key, ReadOnlyMemory<byte> body, IReadOnlyList<Tick> ticks, string answer, CancellationToken cancellation)
    {
        await OpenEpochAsync(cancellation);
        await keyed.WaitAsync(cancellation);
        try
        {
            var identity = Reserve(ticks);
            var request = await requests.ReserveAsync(subject, key, body, identity, time.GetUtcNow(), cancellation);
            if (request.Identity != identity) GiveBack(ticks);
            if (request.IsForeign) return null;
            if (request.Answer is not null) return request.Answer;
            var (givenEpoch, given) = Parse(request.Identity);
            var named = Name(ticks, KeyedSource, givenEpoch, given);
            await stream.PublishAsync(new TickPacker(symbols).Pack(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(named)), cancellation);
            Interlocked.Add(ref accepted, ticks.Count);
            await requests.AnswerAsync(subject, key, request, answer, time.GetUtcNow(), cancellation);
            return answer;
        }
        finally
        {
            keyed.Release();
        }
    }

    public void Dispose()
    {
        opening.Dispose();
        keyed.Dispose();
    }

    private static List<Tick> Name(IReadOnlyList<Tick> ticks, SourceName source, long epoch, Dictionary<int, long> next)
    {
        var named = new List<Tick>(ticks.Count);
        foreach (var tick in ticks)
        {
            if (!tick.Source.IsEmpty)
            {
                named.Add(tick);
                continue;
            }
            var sequence = next.GetValueOrDefault(tick.Symbol);
            next[tick.Symbol] = sequence + 1;
            named.Add(tick with { Source = source, Epoch = epoch, Sequence = sequence });
        }
        return named;
    }

    /// <summary>Takes sequences for the ticks and writes down where they start: <c>epoch symbol=first symbol=first …</c></summary>
    private string Reserve(IReadOnlyList<Tick> ticks)
    {
        var identity = new StringBuilder().Append(epoch);
        foreach (var group in ticks.Where(tick => tick.Source.IsEmpty).GroupBy(tick => tick.Symbol))
        {
            var first = nextKeyed.GetValueOrDefault(group.Key);
            nextKeyed[group.Key] = first + group.Count();
            identity.Append(CultureInfo.InvariantCulture, $" {symbols[group.Key]}={first}");
        }
        return identity.ToString();
    }

    /// <summary>An earlier request has numbers of its own. Gaps would push those that still wait out of the consumers' memory.</summary>
    private void GiveBack(IReadOnlyList<Tick> ticks)
    {
        foreach (var tick in ticks)
            if (tick.Source.IsEmpty) nextKeyed[tick.Symbol]--;
    }

    private (long Epoch, Dictionary<int, long> Next) Parse(string identity)
    {
        var parts = identity.Split(' ');
        var first = new Dictionary<int, long>();
        foreach (var part in parts.Skip(1))
        {
            var at = part.LastIndexOf('=');
            if (symbols.TryFind(Symbol.Parse(part[..at]), out var symbol)) first[symbol] = long.Parse(part[(at + 1)..], CultureInfo.InvariantCulture);
        }
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), first);
    }

    /// <summary>The first use in this process takes the next epoch, for good: no two processes ever count in the same one.</summary>
    private async Task OpenEpochAsync(CancellationToken cancellation)
    {
        if (Interlocked.Read(ref epoch) >= 0) return;
        await opening.WaitAsync(cancellation);
        try
        {
            while (epoch < 0)
            {
                var key = new ItemKey($"PROD#{Source}", "EPOCH");
                var stored = await table.GetAsync(key, cancellation);
                var mine = (stored?.Version ?? 0) + 1;
                var condition = stored is null ? WriteCondition.Absent : WriteCondition.VersionIs(stored.Version);
                var put = ItemWrite.Put(new Item(key, "{}"u8.ToArray(), mine), condition);
                if (await table.WriteAtomicAsync([put], cancellation) is null) Interlocked.Exchange(ref epoch, mine);
            }
        }
        finally
        {
            opening.Release();
        }
    }
}
