using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Instruments;

namespace Risk.Application.Streaming;

/// <summary>Keeps each line of a delivery that is no tick, once, and counts it once. The shard moves on.</summary>
public sealed class QuarantineLines(QuarantineStore store, ClaimLedger ledger, SymbolTable symbols, TimeProvider time)
{
    private readonly Dictionary<string, ShardRejections> warm = [];

    /// <exception cref="StoreUnavailableException">Not known to be counted: give the delivery again.</exception>
    public async Task RunAsync(string shard, TickBatch batch, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < IngestTicks.MaxTries; attempt++)
        {
            if (!warm.Remove(shard, out var counts)) counts = await store.LoadAsync(shard, cancellation);
            var claims = new List<Claim>();
            var mark = counts.Mark;
            foreach (var (record, rejection) in batch.Rejections())
            {
                if (counts.Covers(batch.Records[record].Sequence)) continue;
                claims.Add(ClaimOf(shard, batch.Records[record], rejection));
                mark = batch.Records[record].Sequence;
            }
            if (claims.Count == 0)
            {
                warm[shard] = counts;
                return;
            }
            var first = await ledger.ClaimAsync(claims, time.GetUtcNow(), cancellation);
            var quarantined = first.Count(x => x);
            counts = counts with { Mark = mark, Quarantined = counts.Quarantined + quarantined, Duplicates = counts.Duplicates + first.Length - quarantined };
            if (!await store.SaveAsync(shard, counts, cancellation)) continue;
            warm[shard] = counts with { Version = counts.Version + 1 };
            return;
        }
        throw new StoreUnavailableException($"The count of rejected lines of shard {shard} kept changing.");
    }

    private Claim ClaimOf(string shard, StreamRecord record, TickRejection rejection)
    {
        var whole = record.Data.Slice(rejection.Offset, rejection.Length);
        return new Claim(
            QuarantineStore.KeyOf(whole.Span, record.ArrivedAt),
            $"{shard}:{record.Sequence}:!{rejection.Offset}",
            rejection.Reason.ToText(),
            rejection.Symbol < 0 ? null : symbols[rejection.Symbol].Text,
            whole[..Math.Min(whole.Length, QuarantineStore.MaxLineBytes)]);
    }
}
