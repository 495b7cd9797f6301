using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>
/// Remembers, under a caller's key, which request it was, which identity its effect was given before it was tried, and the answer once
/// there is one. So a repetition meets the same identity, or the answer itself.
/// </summary>
public sealed class IdempotencyStore(IItemTable table)
{
    public const int MaxKeyLength = 255;

    public static readonly TimeSpan Retention = TimeSpan.FromDays(2);

    /// <summary>What stands under the key now: what was given, or what an earlier request left there.</summary>
    public async Task<IdempotentRequest> ReserveAsync(
        string subject, string key, ReadOnlyMemory<byte> body, string identity, DateTimeOffset now, CancellationToken cancellation)
    {
        var mine = new IdempotentRequest(Convert.ToHexStringLower(SHA256.HashData(body.Span)), identity, null);
        var outcome = await PutAsync(subject, key, mine, now, WriteCondition.Absent, cancellation);
        if (outcome == WriteOutcome.Written) return mine;
        if (await table.GetAsync(Keys.Idempotency(subject, key), cancellation) is not { } item || outcome == WriteOutcome.Unavailable)
            throw new StoreUnavailableException("The idempotency key could not be reserved.");
        var theirs = JsonSerializer.Deserialize(item.Body.Span, IdempotencyJson.Default.IdempotentRequest)!;
        return theirs with { IsForeign = theirs.BodyHash != mine.BodyHash };
    }

    public async Task AnswerAsync(string subject, string key, IdempotentRequest request, string answer, DateTimeOffset now, CancellationToken cancellation)
    {
        var outcome = await PutAsync(subject, key, request with { Answer = answer }, now, WriteCondition.None, cancellation);
        if (outcome != WriteOutcome.Written) throw new StoreUnavailableException("The answer to an idempotency key could not be saved.");
    }

    private async Task<WriteOutcome> PutAsync(
        string subject, string key, IdempotentRequest request, DateTimeOffset now, WriteCondition condition, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, IdempotencyJson.Default.IdempotentRequest);
        var item = new Item(Keys.Idempotency(subject, key), body, ExpiresAt: now + Retention);
        return (await table.WriteEachAsync([ItemWrite.Put(item, condition)], cancellation))[0];
    }
}

/// <param name="BodyHash">SHA-256 of the request's body.</param>
/// <param name="Identity">What the effect was to be known by, in the words of whoever reserved it.</param>
/// <param name="Answer">The answer, once the effect is durable.</param>
public sealed record IdempotentRequest(string BodyHash, string Identity, string? Answer)
{
    /// <summary>The key was used before, with another body.</summary>
    [JsonIgnore]
    public bool IsForeign { get; init; }
}

[JsonSerializable(typeof(IdempotentRequest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
