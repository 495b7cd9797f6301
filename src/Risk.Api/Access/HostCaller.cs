using System.Globalization;
using System.Security.Claims;
using Risk.Application.Access;

namespace Risk.Api.Access;

/// <summary>
/// The caller that the host vouches for: one whom a door before it (the gateway's authorizer) has authenticated already and put into
/// <c>HttpContext.User</c>, with the authentication type <c>lambda</c> for our own authorizer's words and <c>jwt</c> for the claims of a
/// token that the gateway checked.
/// </summary>
public static class HostCaller
{
    /// <summary>The authentication type and the names in the context of our own authorizer.</summary>
    public const string Authorizer = "lambda";
    public const string NameClaim = "risk_caller";
    public const string ScopesClaim = "risk_scopes";
    public const string KeyIdClaim = "risk_key_id";
    public const string ValidUntilClaim = "risk_valid_until";

    private const string GatewayToken = "jwt";

    /// <summary>What our own authorizer answers, so that <see cref="Of"/> reads the same caller.</summary>
    public static IReadOnlyDictionary<string, string> ToContext(Caller caller)
    {
        var context = new Dictionary<string, string> { [NameClaim] = caller.Name, [ScopesClaim] = caller.Scopes.ToString() };
        if (caller.KeyId is { } id) context[KeyIdClaim] = id;
        if (caller.ValidUntil is { } end) context[ValidUntilClaim] = end.ToString("O", CultureInfo.InvariantCulture);
        return context;
    }

    /// <summary>The caller of <see cref="ToContext"/>; null where it names nobody, or an end that can't be read.</summary>
    public static Caller? OfContext(Func<string, string?> context)
    {
        if (context(NameClaim) is not { Length: > 0 } name) return null;
        var end = default(DateTimeOffset);
        if (context(ValidUntilClaim) is { } text && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out end)) return null;
        return new Caller(name, Scopes.Read(context(ScopesClaim) ?? ""), end == default ? null : end, context(KeyIdClaim));
    }

    /// <summary>Null for nobody, and for who was authenticated in a way that says nothing of roles.</summary>
    public static Caller? Of(ClaimsPrincipal user, JwtSettings? jwt)
    {
        if (user.Identity is not ClaimsIdentity { IsAuthenticated: true } identity) return null;
        return identity.AuthenticationType switch
        {
            Authorizer => OfContext(name => identity.FindFirst(name)?.Value),
            // Arrays come as text, [a b] or ["a","b"].
            GatewayToken when jwt is not null && identity.FindFirst("sub") is { } subject && identity.FindFirst("iss")?.Value == jwt.IssuerText && HasAudience(identity, jwt) =>
                new Caller($"jwt:{subject.Value}", Scopes.Read(Words(identity, jwt.ScopesClaim))),
            _ => null,
        };
    }

    private static bool HasAudience(ClaimsIdentity identity, JwtSettings jwt) => Words(identity, "aud").Contains(jwt.Audience, StringComparer.Ordinal);

    private static IEnumerable<string> Words(ClaimsIdentity identity, string claim) =>
        identity.FindAll(claim).SelectMany(x => x.Value.Split([' ', ',', '[', ']', '"'], StringSplitOptions.RemoveEmptyEntries));
}
