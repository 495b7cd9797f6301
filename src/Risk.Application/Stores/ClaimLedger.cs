using System.Buffers;
using System.Text.Json;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>
/// Decides who came first where memory does not reach: each claim is a row under a key made of what is claimed, owned by the one delivery
/// that wrote it. A delivery that is repeated after a crash meets its own row and is first again; any other is a second arrival.
/// </summary>
public sealed class ClaimLedger(IItemTable table)
{
    /// <summary>How long a claim is remembered: longer than any stream keeps its records.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>For each claim, in order, whether its delivery was the first.</summary>
    /// <exception cref="StoreUnavailableException">Some claims are not known to be decided; nothing may be counted.</exception>
    public async Task<bool[]> ClaimAsync(IReadOnlyList<Claim> claims, DateTimeOffset now, CancellationToken cancellation)
    {
        var first = new bool[claims.Count];
        var byKey = new Dictionary<ItemKey, int>(claims.Count);
        for (var i = 0; i < claims.Count; i++) byKey.TryAdd(claims[i].Key, i);
        var asked = byKey.Values.ToArray();
        var expiry = now + Retention;
        var writes = asked.Select(i => ItemWrite.Put(new Item(claims[i].Key, Write(claims[i]), ExpiresAt: expiry), WriteCondition.Absent)).ToArray();
        var outcomes = await table.WriteEachAsync(writes, cancellation);
        if (outcomes.Contains(WriteOutcome.Unavailable)) throw new StoreUnavailableException("A row of the late or quarantine ledger could not be written.");
        var refused = asked.Where((_, n) => outcomes[n] == WriteOutcome.Refused).ToArray();
        for (var n = 0; n < asked.Length; n++) first[asked[n]] = outcomes[n] == WriteOutcome.Written;
        if (refused.Length == 0) return first;
        // The owner may be any of the claims to this key: an attempt from an older state asked for another of them.
        var owners = (await table.GetManyAsync([.. refused.Select(i => claims[i].Key)], cancellation)).ToDictionary(item => item.Key, OwnerOf);
        for (var i = 0; i < claims.Count; i++)
            if (owners.TryGetValue(claims[i].Key, out var owner) && claims[i].Delivery == owner) first[i] = true;
        return first;
    }

    /// <summary>Takes back a claim that its delivery no longer makes; others' claims stay.</summary>
    public async Task WithdrawAsync(Claim claim, CancellationToken cancellation)
    {
        var item = await table.GetAsync(claim.Key, cancellation);
        if (item is null || OwnerOf(item) != claim.Delivery) return;
        await table.WriteEachAsync([ItemWrite.Delete(claim.Key, WriteCondition.VersionIs(item.Version))], cancellation);
    }

    private static string OwnerOf(Item item)
    {
        using var document = JsonDocument.Parse(item.Body);
        return document.RootElement.GetProperty("delivery"u8).GetString()!;
    }

    private static byte[] Write(Claim claim)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("delivery"u8, claim.Delivery);
        json.WriteString("reason"u8, claim.Reason);
        if (claim.Symbol is not null) json.WriteString("symbol"u8, claim.Symbol);
        json.WriteBase64String("line"u8, claim.Line.Span);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>What a delivery claims to have brought first.</summary>
/// <param name="Delivery">Shard, sequence and place in the record: the same again only when the same record is delivered again.</param>
/// <param name="Reason">Why it is kept: <c>late</c> or the reason of a rejection.</param>
/// <param name="Line">The bytes as they came, cut to what a row should hold; the whole record is in the raw archive.</param>
public sealed record Claim(ItemKey Key, string Delivery, string Reason, string? Symbol, ReadOnlyMemory<byte> Line);
