using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>Which raw records the archive did not take: one item for each object that is missing.</summary>
public sealed class RawGapStore(IItemTable table)
{
    /// <exception cref="StoreUnavailableException">Not known to be stored.</exception>
    public async Task AddAsync(RawGap gap, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gap);
        var body = JsonSerializer.SerializeToUtf8Bytes(gap, RawGapJson.Default.RawGap);
        var outcomes = await table.WriteEachAsync([ItemWrite.Put(new Item(Keys.RawGap(gap.Shard, gap.First), body, Index: Keys.AnyRawGap(gap.Shard, gap.First)))], cancellation);
        if (outcomes[0] != WriteOutcome.Written) throw new StoreUnavailableException($"A gap of the archive in shard {gap.Shard} could not be written down.");
    }

    /// <summary>The gaps of all shards, also of those that the stream has forgotten, in no particular order. One just added may be missing.</summary>
    public async Task<List<RawGap>> LoadAllAsync(CancellationToken cancellation)
    {
        var gaps = new List<RawGap>();
        await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.AnyRawGap("", "").Partition, OfIndex: true), cancellation))
            gaps.Add(JsonSerializer.Deserialize(item.Body.Span, RawGapJson.Default.RawGap)!);
        return gaps;
    }

    /// <summary>Once its object is in the archive. A gap that is gone already is no fault.</summary>
    /// <exception cref="StoreUnavailableException">Not known to be removed.</exception>
    public async Task RemoveAsync(RawGap gap, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gap);
        var outcomes = await table.WriteEachAsync([ItemWrite.Delete(Keys.RawGap(gap.Shard, gap.First))], cancellation);
        if (outcomes[0] != WriteOutcome.Written) throw new StoreUnavailableException($"A filled gap of the archive in shard {gap.Shard} could not be taken off the list.");
    }
}

/// <param name="First">The sequence of the first record, <paramref name="Last"/> of the last.</param>
/// <param name="ArrivedAt">When the stream took the first: it forgets it after its retention.</param>
/// <param name="ObjectName">The name of the object that is missing.</param>
/// <param name="Fault">Why, for people.</param>
public sealed record RawGap(string Shard, string First, string Last, int Records, DateTimeOffset ArrivedAt, string ObjectName, string Fault);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RawGap))]
internal sealed partial class RawGapJson : JsonSerializerContext;
