using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Access;
using Risk.Api.Tests.Setup;

namespace Risk.Api.Tests.Access;

/// <summary>An issuer of tokens that answers in memory and counts how often it is asked for its keys.</summary>
internal sealed class Issuer : HttpMessageHandler
{
    public const string Name = "https://login.example.com/pool";
    public const string Audience = "risk";

    private readonly RSA rsa = RSA.Create(2048);
    private readonly ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static JwtSettings Settings { get; } = new(new Uri(Name), Audience);

    public int Asked { get; private set; }

    public bool IsDown { get; set; }

    /// <summary>Of the RSA key: to be changed as an issuer rolls its keys.</summary>
    public string RsaKid { get; set; } = "rsa-1";

    public string JwksUri { get; set; } = "https://keys.example.com/jwks";

    public byte[] PublicKey => Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());

    public Task<ApiHost> StartHostAsync() => Door.StartAsync(services => services.AddSingleton<HttpMessageHandler>(this), Settings);

    /// <summary>Claims that are taken as they stand.</summary>
    public static Dictionary<string, object?> Claims(string scopes = "*:viewer") => new()
    {
        ["iss"] = Name,
        ["aud"] = Audience,
        ["sub"] = "ann",
        ["exp"] = ApiHost.Start.AddMinutes(10).ToUnixTimeSeconds(),
        ["risk_scopes"] = scopes,
    };

    public string Rs256(Dictionary<string, object?>? claims = null, object? head = null) =>
        Sign(head ?? new { alg = "RS256", typ = "JWT", kid = RsaKid }, claims ?? Claims(), x => rsa.SignData(x, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public string Es256(Dictionary<string, object?>? claims = null, object? head = null) =>
        Sign(head ?? new { alg = "ES256", kid = "ec-1" }, claims ?? Claims(), x => ec.SignData(x, HashAlgorithmName.SHA256));

    public static string Sign(object head, object claims, Func<byte[], byte[]> sign) => Sign(JsonSerializer.Serialize(head), JsonSerializer.Serialize(claims), sign);

    public static string Sign(string head, string claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(Encoding.UTF8.GetBytes(head))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public byte[] RsaSignature(byte[] data) => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown) throw new HttpRequestException("no route to the issuer");
        if (request.RequestUri!.AbsoluteUri == $"{Name}/.well-known/openid-configuration") return Answer(new { issuer = Name, jwks_uri = JwksUri });
        if (request.RequestUri.AbsoluteUri != "https://keys.example.com/jwks") return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        Asked++;
        var (r, e) = (rsa.ExportParameters(false), ec.ExportParameters(false));
        return Answer(new
        {
            keys = new object[]
            {
                new { kty = "RSA", kid = RsaKid, use = "sig", alg = "RS256", n = Encode(r.Modulus!), e = Encode(r.Exponent!) },
                new { kty = "EC", kid = "ec-1", crv = "P-256", x = Encode(e.Q.X!), y = Encode(e.Q.Y!) },
                new { kty = "RSA", kid = "for-secrets", use = "enc", n = Encode(r.Modulus!), e = Encode(r.Exponent!) },
                new { kty = "RSA", kid = "short", n = Encode(r.Modulus!.AsSpan(0, 128)), e = Encode(r.Exponent!) },
                new { kty = "oct", kid = "shared", k = "c2VjcmV0" },
                new { kty = "EC", kid = "off-the-curve", crv = "P-256", x = Encode(e.Q.X!), y = Encode(e.Q.X!) },
            },
        });
    }

    protected override void Dispose(bool disposing)
    {
        rsa.Dispose();
        ec.Dispose();
        base.Dispose(disposing);
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static Task<HttpResponseMessage> Answer(object body) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(body)) });
}
