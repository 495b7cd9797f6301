using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Risk.Api.Access;

/// <summary>
/// The public keys of an issuer by their <c>kid</c>. Each is bound to its one algorithm by its type, so that a token can't choose another:
/// RSA of 2048 bits and more signs RS256, EC on P-256 signs ES256. Keys of any other kind are passed over.
/// </summary>
internal sealed class JwkSet
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const int MaxKeys = 100;
    private const int MaxKidLength = 256;

    private readonly Dictionary<string, SigningKey> keys = new(StringComparer.Ordinal);

    public int Count => keys.Count;

    public SigningKey? Find(string kid) => keys.GetValueOrDefault(kid);

    /// <exception cref="JsonException">Not a set of keys.</exception>
    public static JwkSet Read(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 8 });
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new JsonException("The document holds no array of keys.");
        var set = new JwkSet();
        foreach (var jwk in list.EnumerateArray().Take(MaxKeys))
        {
            if (Text(jwk, "kid") is not { Length: > 0 and <= MaxKidLength } kid || Text(jwk, "use") is not (null or "sig")) continue;
            if (KeyOf(jwk) is { } key && (Text(jwk, "alg") is not { } alg || alg == key.Algorithm)) set.keys.TryAdd(kid, key);
        }
        return set;
    }

    private static SigningKey? KeyOf(JsonElement jwk)
    {
        try
        {
            return Text(jwk, "kty") switch
            {
                "RSA" when Bytes(jwk, "n") is { } n && Bytes(jwk, "e") is { } e => RsaKey(n, e),
                "EC" when Text(jwk, "crv") == "P-256" && Bytes(jwk, "x") is { Length: 32 } x && Bytes(jwk, "y") is { Length: 32 } y => EcKey(x, y),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            // No key at all: a point off the curve, an exponent that is none.
            return null;
        }
    }

    private static SigningKey? RsaKey(byte[] n, byte[] e)
    {
        var bits = n.AsSpan().TrimStart((byte)0).Length * 8;
        if (bits is < MinRsaBits or > MaxRsaBits) return null;
        var rsa = RSA.Create(new RSAParameters { Modulus = n, Exponent = e });
        return new SigningKey("RS256", (data, signature) => rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static SigningKey EcKey(byte[] x, byte[] y)
    {
        var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        return new SigningKey(
            "ES256", (data, signature) => signature.Length == 64 && ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private static string? Text(JsonElement jwk, string name) =>
        jwk.ValueKind == JsonValueKind.Object && jwk.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) =>
        Text(jwk, name) is { Length: > 0 } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}

internal delegate bool SignatureCheck(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

/// <param name="algorithm">The only one it is good for.</param>
internal sealed class SigningKey(string algorithm, SignatureCheck check)
{
    private readonly Lock guard = new();

    public string Algorithm => algorithm;

    /// <summary>One at a time: the framework's key objects promise nothing to two threads.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (guard) return check(data, signature);
    }
}
