using System.Security.Claims;
using System.Text.Json;

namespace Risk.Lambda.Runtime;

/// <summary>
/// What the gateway's authorizer says of the caller, as claims under the names that it gave them. The identity's authentication type is
/// <c>jwt</c> (a token that the gateway checked; scopes are claims <c>scope</c>), <c>lambda</c> (our own authorizer's context) or <c>iam</c>
/// (a signed request). Numbers and booleans are claims of their text, objects and arrays of their JSON. No claims, no identity.
/// </summary>
internal static class GatewayClaims
{
    private const string Jwt = "jwt";
    private const string Lambda = "lambda";
    private const string Iam = "iam";

    /// <summary>Payload 2.0: a member <c>jwt</c>, <c>lambda</c> or <c>iam</c> says which kind it is.</summary>
    public static ClaimsPrincipal? OfPayload2(JsonElement authorizer)
    {
        if (Object(authorizer, Jwt) is { } jwt) return Principal(Jwt, "sub", [.. Members(Object(jwt, "claims")), .. Scopes(jwt)]);
        if (Object(authorizer, Lambda) is { } lambda) return Principal(Lambda, "principalId", Members(lambda));
        return Object(authorizer, Iam) is { } iam ? Principal(Iam, "userArn", Members(iam)) : null;
    }

    /// <summary>
    /// Payload 1.0: the members lie flat; <c>claims</c> are those of a token. Without an authorizer, the identity of a signed request, but for
    /// the gateway's API key: that is a secret.
    /// </summary>
    public static ClaimsPrincipal? OfPayload1(JsonElement? authorizer, JsonElement? identity)
    {
        if (authorizer is { } given)
        {
            var claims = Object(given, "claims");
            return claims is null ? Principal(Lambda, "principalId", Members(given, "scopes")) : Principal(Jwt, "sub", [.. Members(claims), .. Members(given, "claims", "scopes"), .. Scopes(given)]);
        }
        return identity is { } signed && signed.TryGetProperty("userArn", out var arn) && arn.ValueKind == JsonValueKind.String
            ? Principal(Iam, "userArn", Members(identity, "sourceIp", "userAgent", "clientCert", "apiKey"))
            : null;
    }

    private static ClaimsPrincipal? Principal(string type, string nameType, IEnumerable<Claim> claims)
    {
        var identity = new ClaimsIdentity(claims, type, nameType, "role");
        return identity.Claims.Any() ? new ClaimsPrincipal(identity) : null;
    }

    private static IEnumerable<Claim> Members(JsonElement? parent, params string[] except) =>
        parent is { } members
            ? members.EnumerateObject().Where(x => x.Value.ValueKind != JsonValueKind.Null && !except.Contains(x.Name)).Select(x => Of(x.Name, x.Value)).ToList()
            : [];

    private static IEnumerable<Claim> Scopes(JsonElement parent) =>
        parent.TryGetProperty("scopes", out var scopes) && scopes.ValueKind == JsonValueKind.Array ? scopes.EnumerateArray().Select(x => new Claim("scope", x.GetString()!)).ToList() : [];

    private static Claim Of(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new Claim(name, value.GetString()!),
        JsonValueKind.True => new Claim(name, "true", ClaimValueTypes.Boolean),
        JsonValueKind.False => new Claim(name, "false", ClaimValueTypes.Boolean),
        JsonValueKind.Number => new Claim(name, value.GetRawText(), ClaimValueTypes.Double),
        _ => new Claim(name, value.GetRawText(), "JSON"),
    };

    private static JsonElement? Object(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;
}
