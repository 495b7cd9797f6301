using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Access;
using Risk.Api.Tests.Setup;
using Risk.Application.Access;
using Xunit;

namespace Risk.Api.Tests.Access;

public sealed class TokenTests : IDisposable
{
    private readonly Issuer issuer = new();

    public void Dispose() => issuer.Dispose();

    [Fact]
    public async Task Tokens_of_both_algorithms_bring_the_scopes_of_their_claim()
    {
        await using var host = await issuer.StartHostAsync();
        foreach (var token in (string[])[issuer.Rs256(), issuer.Es256(), issuer.Rs256(With("risk_scopes", new[] { "openid", "desk-1:trader", "*:viewer" })), issuer.Rs256(With("aud", new[] { "other", "risk" }))])
            Assert.Equal(200, (await AskAsync(host, token)).Status);
        (await AskAsync(host, issuer.Rs256(Issuer.Claims("openid profile king:* desk-1:king *:")))).MustBeProblem(403);
        (await AskAsync(host, issuer.Rs256(With("risk_scopes", null)))).MustBeProblem(403);
        (await host.GetAsync("/portfolio/var", Bearer(issuer.Rs256(Issuer.Claims("desk-1:viewer"))))).MustBeProblem(404);
        (await host.GetAsync("/api/v1/keys", Bearer(issuer.Es256(Issuer.Claims("*:trader"))))).MustBeProblem(403);
        Assert.Equal(200, (await host.GetAsync("/api/v1/keys", Bearer(issuer.Es256(Issuer.Claims("*:admin"))))).Status);
        Assert.Equal(1, issuer.Asked);
    }

    [Fact]
    public async Task Every_known_attack_is_refused()
    {
        await using var host = await issuer.StartHostAsync();
        var good = issuer.Rs256();
        Assert.Equal(200, (await AskAsync(host, good)).Status);
        foreach (var (name, token) in AttacksBy(good))
        {
            var reply = await AskAsync(host, token);
            Assert.True(reply.Status == 401, $"{name}: {reply.Status} {reply.Text}");
            Assert.Contains("error=\"invalid_token\"", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await AskAsync(host, good)).Status);
    }

    [Fact]
    public async Task Claims_must_be_ours_and_of_this_time()
    {
        await using var host = await issuer.StartHostAsync();
        var now = ApiHost.Start.ToUnixTimeSeconds();
        (string Name, object? Value, int Status)[] cases =
        [
            ("iss", "https://login.example.com/other", 401), ("iss", Issuer.Name + "/", 401), ("iss", null, 401),
            ("aud", "other", 401), ("aud", new[] { "other" }, 401), ("aud", "RISK", 401), ("aud", null, 401), ("aud", 1, 401),
            ("exp", null, 401), ("exp", "9999999999", 401), ("exp", -1, 401), ("exp", 1e300, 200),
            ("exp", now - 61, 401), ("exp", now - 60, 401), ("exp", now - 59, 200), ("exp", now + 0.5, 200),
            ("nbf", now + 61, 401), ("nbf", now + 60, 200), ("nbf", "soon", 401), ("iat", now + 61, 401), ("iat", now, 200),
            ("sub", null, 401), ("sub", "", 401), ("sub", "a\nb", 401), ("sub", new string('x', 129), 401),
        ];
        foreach (var (name, value, status) in cases)
        {
            var reply = await AskAsync(host, issuer.Rs256(With(name, value)));
            Assert.True(reply.Status == status, $"{name} = {value}: {reply.Status}");
        }
    }

    [Fact]
    public async Task A_rolled_key_is_fetched_but_invented_kids_are_not_asked_for_twice()
    {
        await using var host = await issuer.StartHostAsync();
        Assert.Equal(200, (await AskAsync(host, issuer.Rs256())).Status);
        issuer.RsaKid = "rsa-2";
        (await AskAsync(host, issuer.Rs256())).MustBeProblem(401);
        Assert.Equal(1, issuer.Asked);
        host.Clock.Advance(SigningKeys.RetryAfter);
        Assert.Equal(200, (await AskAsync(host, issuer.Rs256())).Status);
        for (var i = 0; i < 50; i++) (await AskAsync(host, issuer.Rs256(head: new { alg = "RS256", kid = $"invented-{i}" }))).MustBeProblem(401);
        Assert.Equal(2, issuer.Asked);
    }

    [Fact]
    public async Task Without_keys_every_token_is_denied_and_the_last_keys_hold_for_a_day()
    {
        issuer.IsDown = true;
        await using var host = await issuer.StartHostAsync();
        (await AskAsync(host, issuer.Rs256(Lasting()))).MustBeProblem(503);
        issuer.IsDown = false;
        (await AskAsync(host, issuer.Rs256(Lasting()))).MustBeProblem(503);
        host.Clock.Advance(SigningKeys.RetryAfter);
        Assert.Equal(200, (await AskAsync(host, issuer.Rs256(Lasting()))).Status);
        issuer.IsDown = true;
        host.Clock.Advance(SigningKeys.Staleness);
        Assert.Equal(200, (await AskAsync(host, issuer.Rs256(Lasting()))).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(host, issuer.Rs256(Lasting()))).MustBeProblem(503);
        Assert.Equal(200, (await host.GetAsync("/status", await host.KeyAsync("*:viewer"))).Status);
    }

    [Theory]
    [InlineData("http://keys.example.com/jwks")]
    [InlineData("http://127.0.0.1/jwks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not an address")]
    public async Task Keys_come_only_over_a_safe_way(string address)
    {
        issuer.JwksUri = address;
        await using var host = await issuer.StartHostAsync();
        (await AskAsync(host, issuer.Rs256())).MustBeProblem(503);
        Assert.Equal(0, issuer.Asked);
    }

    [Fact]
    public async Task Without_an_issuer_no_token_is_taken()
    {
        await using var host = await Door.StartAsync();
        (await AskAsync(host, issuer.Rs256())).MustBeProblem(401);
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("https://a.example", "risk", 0)]
    [InlineData("http://127.0.0.1:9", "risk", 0)]
    [InlineData("http://a.example", "risk", 1)]
    [InlineData("https://a.example?x=1", null, 2)]
    [InlineData(null, "risk", 1)]
    [InlineData("nonsense", "risk", 1)]
    public void Settings_name_every_fault(string? address, string? audience, int faults)
    {
        var found = new List<string>();
        AccessSettings.Read(name => name == "RISK_JWT_ISSUER" ? address : name == "RISK_JWT_AUDIENCE" ? audience : null, found);
        Assert.Equal(faults, found.Count);
    }

    [Fact]
    public async Task A_caller_whom_the_host_has_authenticated_is_taken_at_its_word()
    {
        var caller = new Caller("key:abc", Scopes.Read("desk-1:trader *:viewer"), null, "abc");
        var context = HostCaller.ToContext(caller);
        Assert.Equal(200, await StatusAsync(HostCaller.Authorizer, [.. context.Select(x => (x.Key, x.Value))]));
        Assert.Equal(401, await StatusAsync("iam", [.. context.Select(x => (x.Key, x.Value))]));
        Assert.Equal(403, await StatusAsync(HostCaller.Authorizer, (HostCaller.NameClaim, "key:abc")));
        Assert.Equal(401, await StatusAsync(HostCaller.Authorizer, (HostCaller.ScopesClaim, "*:admin")));
        Assert.Equal(200, await StatusAsync("jwt", ("sub", "ann"), ("iss", Issuer.Name), ("aud", "risk"), ("risk_scopes", "[desk-1:trader *:viewer]")));
        Assert.Equal(401, await StatusAsync("jwt", ("sub", "ann"), ("iss", Issuer.Name), ("aud", "other"), ("risk_scopes", "*:admin")));
        Assert.Equal(401, await StatusAsync("jwt", ("sub", "ann"), ("aud", "risk"), ("risk_scopes", "*:admin")));
    }

    [Fact]
    public void The_context_of_a_caller_is_read_back_as_the_same_caller()
    {
        foreach (var caller in (Caller[])[new("key:abc", Scopes.Read("desk-1:trader *:viewer"), ApiHost.Start.AddTicks(1), "abc"), new("jwt:ann", Scopes.None)])
        {
            var context = HostCaller.ToContext(caller);
            var read = HostCaller.OfContext(name => context.GetValueOrDefault(name))!;
            Assert.Equal((caller.Name, caller.Scopes.ToString(), caller.ValidUntil, caller.KeyId), (read.Name, read.Scopes.ToString(), read.ValidUntil, read.KeyId));
        }
        Assert.Null(HostCaller.OfContext(name => name == HostCaller.NameClaim ? "ann" : name == HostCaller.ValidUntilClaim ? "soon" : null));
    }

    private async Task<int> StatusAsync(string type, params (string Name, string Value)[] claims)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity(claims.Select(x => new Claim(x.Name, x.Value)), type));
        await using var host = await Door.StartAsync(services => services.AddSingleton<IStartupFilter>(new Vouching(user)), Issuer.Settings);
        return (await host.GetAsync("/status")).Status;
    }

    private static Dictionary<string, object?> With(string name, object? value)
    {
        var claims = Issuer.Claims();
        if (value is null) claims.Remove(name);
        else claims[name] = value;
        return claims;
    }

    private static Dictionary<string, object?> Lasting() => With("exp", ApiHost.Start.AddDays(9).ToUnixTimeSeconds());

    /// <summary>The token proposes the key that it is signed with.</summary>
    private static string OfOwnKey(string kid)
    {
        using var own = RSA.Create(2048);
        var modulus = System.Buffers.Text.Base64Url.EncodeToString(own.ExportParameters(false).Modulus);
        return Issuer.Sign(
            new { alg = "RS256", kid, jwk = new { kty = "RSA", kid, n = modulus, e = "AQAB" }, jku = "https://evil.example/jwks" }, Issuer.Claims(),
            x => own.SignData(x, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private static Task<Reply> AskAsync(ApiHost host, string token) => host.GetAsync("/status", Bearer(token));

    private sealed class Vouching(ClaimsPrincipal user) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.User = user;
                return rest(context);
            });
            next(app);
        };
    }

    private Dictionary<string, string> AttacksBy(string good)
    {
        var parts = good.Split('.');
        var kid = issuer.RsaKid;
        byte[] Hmac(byte[] data) => HMACSHA256.HashData(issuer.PublicKey, data);
        return new Dictionary<string, string>
        {
            ["none"] = Issuer.Sign(new { alg = "none", kid }, Issuer.Claims(), _ => []),
            ["none with a signature"] = Issuer.Sign(new { alg = "none", kid }, Issuer.Claims(), issuer.RsaSignature),
            ["None"] = Issuer.Sign(new { alg = "None", kid }, Issuer.Claims(), issuer.RsaSignature),
            ["HS256 by the public key"] = Issuer.Sign(new { alg = "HS256", kid }, Issuer.Claims(), Hmac),
            ["RS256 by HMAC of the public key"] = Issuer.Sign(new { alg = "RS256", kid }, Issuer.Claims(), Hmac),
            ["HS256 by a shared key"] = Issuer.Sign(new { alg = "HS256", kid = "shared" }, Issuer.Claims(), x => HMACSHA256.HashData("secret"u8, x)),
            ["another algorithm than the key's"] = issuer.Rs256(head: new { alg = "ES256", kid }),
            ["an EC key for RS256"] = issuer.Es256(head: new { alg = "RS256", kid = "ec-1" }),
            ["PS256"] = issuer.Rs256(head: new { alg = "PS256", kid }),
            ["a kid that is a path"] = issuer.Rs256(head: new { alg = "RS256", kid = "../../../../dev/null" }),
            ["a kid that is an address"] = issuer.Rs256(head: new { alg = "RS256", kid = "https://evil.example/jwks#rsa-1" }),
            ["a kid that is no text"] = issuer.Rs256(head: new { alg = "RS256", kid = 1 }),
            ["no kid"] = issuer.Rs256(head: new { alg = "RS256" }),
            ["a key for other uses"] = issuer.Rs256(head: new { alg = "RS256", kid = "for-secrets" }),
            ["a short key"] = issuer.Rs256(head: new { alg = "RS256", kid = "short" }),
            ["a key off the curve"] = issuer.Es256(head: new { alg = "ES256", kid = "off-the-curve" }),
            ["a key of its own"] = OfOwnKey(kid),
            ["crit"] = issuer.Rs256(head: new { alg = "RS256", kid, crit = new[] { "b64" }, b64 = false }),
            ["another type"] = issuer.Rs256(head: new { alg = "RS256", kid, typ = "logout+jwt" }),
            ["claims changed"] = $"{parts[0]}.{issuer.Rs256(Issuer.Claims("*:admin")).Split('.')[1]}.{parts[2]}",
            ["signature cut off"] = $"{parts[0]}.{parts[1]}.",
            ["signature shortened"] = good[..^4],
            ["zeros for an ES256 signature"] = Issuer.Sign(new { alg = "ES256", kid = "ec-1" }, Issuer.Claims(), _ => new byte[64]),
            ["two parts"] = $"{parts[0]}.{parts[1]}",
            ["five parts"] = $"{good}.{parts[1]}.{parts[2]}",
            ["padding"] = $"{good}==",
            ["no JSON"] = Issuer.Sign("{", "{}", issuer.RsaSignature),
            ["no object"] = Issuer.Sign("[]", "{}", issuer.RsaSignature),
            ["claims that are no object"] = Issuer.Sign($$"""{"alg":"RS256","kid":"{{kid}}"}""", "[]", issuer.RsaSignature),
            ["a member twice"] = Issuer.Sign($$"""{"alg":"RS256","kid":"{{kid}}"}""", $$"""{"iss":"{{Issuer.Name}}","aud":"risk","sub":"a","exp":1,"exp":99999999999}""", issuer.RsaSignature),
            ["broken text"] = Issuer.Sign($$"""{"alg":"RS256","kid":"{{kid}}"}""", """{"iss":"\ud800"}""", issuer.RsaSignature),
            ["too deep"] = Issuer.Sign($$"""{"alg":"RS256","kid":"{{kid}}"}""", $"{new string('[', 100)}{new string(']', 100)}", issuer.RsaSignature),
            ["too long"] = issuer.Rs256(With("padding", new string('x', JwtVerifier.MaxLength))),
            ["empty"] = "",
        };
    }
}
