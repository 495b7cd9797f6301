using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>
/// API keys under <c>KEY#{id}</c>, listed by one index partition. What has expired or was revoked stays listed for
/// <see cref="Remembrance"/>, so that people find out what became of a key.
/// </summary>
public sealed class KeyStore(IItemTable table)
{
    public static readonly TimeSpan Remembrance = TimeSpan.FromDays(90);

    private const string List = "KEYS";

    public async Task<ApiKey?> FindAsync(string id, CancellationToken cancellation) =>
        await table.GetAsync(Keys.ApiKey(id), cancellation) is { } item ? Read(item) : null;

    /// <summary>All of them, in the order of their ids.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation)
    {
        var keys = new List<ApiKey>();
        await foreach (var item in table.QueryAllAsync(new ItemQuery(List, OfIndex: true), cancellation)) keys.Add(Read(item));
        return keys;
    }

    public async Task AddAsync(ApiKey key, CancellationToken cancellation)
    {
        if (await table.WriteAtomicAsync([ItemWrite.Put(Write(key, 1), WriteCondition.Absent)], cancellation) is not null)
            throw new InvalidOperationException($"There is a key '{key.Id}' already.");
    }

    /// <summary>The key as it stands afterwards; null when there is none.</summary>
    public async Task<ApiKey?> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellation)
    {
        // Only revocations ever change a key: who loses the race finds it revoked.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await table.GetAsync(Keys.ApiKey(id), cancellation) is not { } item) return null;
            var key = Read(item);
            if (key.RevokedAt is not null) return key;
            var revoked = key with { RevokedAt = now };
            if (await table.WriteAtomicAsync([ItemWrite.Put(Write(revoked, item.Version + 1), WriteCondition.VersionIs(item.Version))], cancellation) is null)
                return revoked;
        }
        throw new StoreUnavailableException("The key is not known to be revoked.");
    }

    private static Item Write(ApiKey x, long version)
    {
        var body = new KeyBody(x.Label, x.Scopes.ToString(), x.Hash, x.CreatedAt, x.CreatedBy, x.ExpiresAt, x.RevokedAt);
        var ends = x.RevokedAt < x.ExpiresAt ? x.RevokedAt.Value : x.ExpiresAt;
        return new Item(
            Keys.ApiKey(x.Id), JsonSerializer.SerializeToUtf8Bytes(body, KeyJson.Default.KeyBody), version, ExpiresAt: ends + Remembrance, Index: new ItemKey(List, x.Id));
    }

    private static ApiKey Read(Item item)
    {
        var x = JsonSerializer.Deserialize(item.Body.Span, KeyJson.Default.KeyBody)!;
        return new ApiKey(Keys.ApiKeyId(item.Key), x.Label, Scopes.Read(x.Scopes), x.Hash, x.CreatedAt, x.CreatedBy, x.ExpiresAt, x.RevokedAt);
    }
}

/// <param name="Hash">SHA-256 of the key's text, in hex.</param>
/// <param name="CreatedBy">The name of the caller who made it.</param>
public sealed record ApiKey(
    string Id, string Label, Scopes Scopes, string Hash, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    public bool IsValid(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public string StateAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : IsValid(now) ? "active" : "expired";

    /// <summary>Writes the members that command lines show into an object that is open; never the hash.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("key_id", Id);
        json.WriteString("label", Label);
        json.WriteString("scopes", Scopes.ToString());
        json.WriteString("expires_at", ExpiresAt.UtcDateTime);
        if (RevokedAt is { } at) json.WriteString("revoked_at", at.UtcDateTime);
    }
}

internal sealed record KeyBody(
    string Label, string Scopes, string Hash, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyBody))]
internal sealed partial class KeyJson : JsonSerializerContext;
