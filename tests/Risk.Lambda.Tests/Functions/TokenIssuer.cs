using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Risk.Api.Access;

namespace Risk.Lambda.Tests.Functions;

/// <summary>An issuer of tokens with one RSA key, reached in memory.</summary>
internal sealed class TokenIssuer : HttpMessageHandler
{
    private const string Name = "https://login.example.com/pool";
    private const string Kid = "rsa-1";

    private readonly RSA rsa = RSA.Create(2048);

    public static JwtSettings Settings { get; } = new(new Uri(Name), "risk");

    public bool IsDown { get; set; }

    public string Good(DateTimeOffset expiry, string scopes) => Sign(new { alg = "RS256", kid = Kid }, expiry, scopes, Rs256);

    /// <summary>Tokens that must not open anything, by what is wrong with them.</summary>
    public Dictionary<string, string> Bad(DateTimeOffset now)
    {
        var (later, admin) = (now.AddHours(1), "*:admin");
        var publicKey = Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());
        return new Dictionary<string, string>
        {
            ["expired"] = Good(now.AddMinutes(-2), admin),
            ["none"] = Sign(new { alg = "none", kid = Kid }, later, admin, _ => []),
            ["HS256 with the public key"] = Sign(new { alg = "HS256", kid = Kid }, later, admin, x => HMACSHA256.HashData(publicKey, x)),
            ["RS256 in name, HMAC with the public key"] = Sign(new { alg = "RS256", kid = Kid }, later, admin, x => HMACSHA256.HashData(publicKey, x)),
            ["a kid that is a path"] = Sign(new { alg = "RS256", kid = "../../../../dev/null" }, later, admin, Rs256),
            ["two tokens"] = $"{Good(later, admin)},Bearer {Good(later, admin)}",
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown) throw new HttpRequestException("no route to the issuer");
        var key = rsa.ExportParameters(false);
        object answer = request.RequestUri!.AbsolutePath.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? new { issuer = Name, jwks_uri = "https://keys.example.com/jwks" }
            : new { keys = new[] { new { kty = "RSA", kid = Kid, use = "sig", alg = "RS256", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } } };
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(answer)) });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) rsa.Dispose();
        base.Dispose(disposing);
    }

    private byte[] Rs256(byte[] data) => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static string Sign(object head, DateTimeOffset expiry, string scopes, Func<byte[], byte[]> sign)
    {
        var claims = new { iss = Name, aud = "risk", sub = "ann", exp = expiry.ToUnixTimeSeconds(), risk_scopes = scopes };
        var signed = $"{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(head))}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}
