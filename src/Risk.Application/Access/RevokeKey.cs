using Risk.Application.Stores;

namespace Risk.Application.Access;

/// <summary>Ends an API key from this moment on. Once revoked, always revoked.</summary>
public sealed class RevokeKey(KeyStore keys, TimeProvider time)
{
    /// <summary>The key as it is now; null when there is none of this id. One that is revoked already stays as it is.</summary>
    public async Task<ApiKey?> RunAsync(string id, CancellationToken cancellation) =>
        ApiKeyText.IsId(id) ? await keys.RevokeAsync(id, time.GetUtcNow(), cancellation) : null;
}
