using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Api.Access;

/// <summary>
/// Checks a token (RFC 7519, 7515, 8725) and reads the caller out of it. The kept libraries for this do not restore in a version that is
/// supported, so what is needed of them stands here, and no more: signed by RS256 or ES256 with a key of the one configured issuer, for
/// our audience, within its time. What the token's own head proposes (algorithms, keys, addresses) is never followed.
/// </summary>
public sealed class JwtVerifier(JwtSettings settings, SigningKeys keys, TimeProvider time)
{
    public const int MaxLength = 8 * 1024;

    private const double LeewaySeconds = 60;
    private const int MaxSubjectLength = 128;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The caller, or the reason why not: for the log, never for the caller.</summary>
    /// <exception cref="StoreUnavailableException">The keys are not at hand.</exception>
    internal async Task<(Caller? Caller, string Reason)> RunAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > MaxLength) return Refused("too long");
        var parts = token.Split('.');
        if (parts.Length != 3 || !parts.All(IsBase64Url)) return Refused("not three parts of base64url");
        try
        {
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]), Strict);
            if (Demand(head.RootElement) is { } wrong) return Refused(wrong);
            var key = await keys.FindAsync(TextOf(head.RootElement, "kid")!, cancellation);
            if (key is null) return Refused("no such key");
            if (TextOf(head.RootElement, "alg") != key.Algorithm) return Refused("the algorithm is not the key's");
            var signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
            if (!key.Verifies(signed, Base64Url.DecodeFromChars(parts[2]))) return Refused("the signature is wrong");
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]), Strict);
            return CallerOf(claims.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            // Broken text inside of well-formed JSON throws the last of them.
            return Refused("not readable");
        }
    }

    private static string? Demand(JsonElement head)
    {
        if (head.ValueKind != JsonValueKind.Object) return "the head is no object";
        if (TextOf(head, "alg") is not ("RS256" or "ES256")) return "not an allowed algorithm";
        if (head.TryGetProperty("crit", out _)) return "demands an extension";
        if (TextOf(head, "typ") is { } type && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase) && !type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)) return "not a token for access";
        return TextOf(head, "kid") is { Length: > 0 } ? null : "names no key";
    }

    private (Caller? Caller, string Reason) CallerOf(JsonElement claims)
    {
        if (claims.ValueKind != JsonValueKind.Object) return Refused("the claims are no object");
        if (TextOf(claims, "iss") != settings.IssuerText) return Refused("of another issuer");
        if (!WordsOf(claims, "aud").Contains(settings.Audience, StringComparer.Ordinal)) return Refused("for another audience");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        if (SecondsOf(claims, "exp") is not { } expiry) return Refused("never expires");
        if (now >= expiry + LeewaySeconds) return Refused("expired");
        foreach (var name in (ReadOnlySpan<string>)["nbf", "iat"])
            if (claims.TryGetProperty(name, out _) && !(SecondsOf(claims, name) <= now + LeewaySeconds)) return Refused("not valid yet");
        if (TextOf(claims, "sub") is not { Length: > 0 and <= MaxSubjectLength } subject || subject.Any(char.IsControl)) return Refused("names no subject");
        var ends = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(expiry + LeewaySeconds, 253_402_300_799));
        return (new Caller($"jwt:{subject}", Scopes.Read(WordsOf(claims, settings.ScopesClaim).SelectMany(x => x.Split([' ', ',']))), ends), "");
    }

    private static (Caller? Caller, string Reason) Refused(string reason) => (null, reason);

    /// <summary>Stricter than the decoder, which skips blanks and takes padding: one token, one text.</summary>
    private static bool IsBase64Url(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static double? SecondsOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out var value) && double.IsFinite(value) && value >= 0 ? value : null;

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>A text is one word, an array many; what is no text in it is left out.</summary>
    private static List<string> WordsOf(JsonElement claims, string name)
    {
        if (TextOf(claims, name) is { } word) return [word];
        return claims.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()!)]
            : [];
    }
}
