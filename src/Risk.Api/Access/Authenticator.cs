using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Api.Access;

/// <summary>Who a request comes from, by its headers: the same for a host of HTTP and for the gateway's authorizer.</summary>
public sealed class Authenticator(CheckKey checkKey, JwtVerifier? tokens = null)
{
    public const string KeyHeader = "X-Api-Key";

    private const string Bearer = "Bearer ";

    /// <param name="keys">All values of <see cref="KeyHeader"/>.</param>
    /// <param name="authorizations">All values of <c>Authorization</c>.</param>
    /// <exception cref="StoreUnavailableException">It can't be found out now.</exception>
    public async Task<Authentication> RunAsync(IReadOnlyList<string?> keys, IReadOnlyList<string?> authorizations, CancellationToken cancellation)
    {
        if (keys.Count + authorizations.Count == 0) return new Authentication(null, null);
        if (keys.Count + authorizations.Count > 1) return Refused("more than one credential");
        if (keys.Count == 1) return await checkKey.RunAsync(keys[0] ?? "", cancellation) is { } caller ? new Authentication(caller, null) : Refused("the key is unknown, expired or revoked");
        if (authorizations[0] is not { } text || !text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Refused("not a bearer token");
        if (tokens is null) return Refused("no issuer of tokens is configured");
        var (bearer, reason) = await tokens.RunAsync(text[Bearer.Length..].Trim(' '), cancellation);
        return new Authentication(bearer, bearer is null ? $"token: {reason}" : null);
    }

    private static Authentication Refused(string reason) => new(null, reason);
}

/// <param name="Caller">Null for nobody.</param>
/// <param name="Fault">Why what came was refused, for the log only; null when nothing came.</param>
public sealed record Authentication(Caller? Caller, string? Fault);
