using Risk.Application.Stores;

namespace Risk.Application.Access;

/// <summary>Who an API key stands for. Nothing is remembered between two calls, so a revoked key ends with the revocation.</summary>
public sealed class CheckKey(KeyStore keys, TimeProvider time)
{
    /// <summary>Null for what is no key, and for one that is unknown, expired or revoked.</summary>
    public async Task<Caller?> RunAsync(string text, CancellationToken cancellation)
    {
        if (ApiKeyText.IdOf(text) is not { } id || await keys.FindAsync(id, cancellation) is not { } key) return null;
        return ApiKeyText.IsHashOf(text, key.Hash) && key.IsValid(time.GetUtcNow()) ? new Caller($"key:{id}", key.Scopes, key.ExpiresAt, id) : null;
    }

    /// <summary>Whether a key that was good once still is: for connections that outlive their first moment.</summary>
    public async Task<bool> IsStillValidAsync(string id, CancellationToken cancellation) =>
        await keys.FindAsync(id, cancellation) is { } key && key.IsValid(time.GetUtcNow());
}
