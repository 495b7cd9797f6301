using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class AuthorizerTests : IAsyncDisposable
{
    private const string Page = "https://desk.example.com";

    private readonly FakeTimeProvider clock = new(FakeHouse.Start);
    private readonly FakeItemTable table;
    private readonly TokenIssuer issuer = new();
    private readonly MemoryStream output = new();
    private readonly LambdaRuntime runtime;
    private readonly ServiceProvider services;

    public AuthorizerTests()
    {
        table = new FakeItemTable(new Random(1), clock);
        runtime = new LambdaRuntime("127.0.0.1:9", "risk-test", output, clock);
        services = new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders().AddProvider(runtime.Logs))
            .AddSingleton<TimeProvider>(clock).AddSingleton<IItemTable>(table)
            .AddRisk(RiskSettings.Default).AddAuthenticator(TokenIssuer.Settings).AddSingleton<HttpMessageHandler>(issuer)
            .AddSingleton(new AccessSettings(LoopbackOnly: false) { AllowedOrigins = [Page] })
            .AddSingleton<Authorizer>()
            .BuildServiceProvider();
    }

    private string Log => System.Text.Encoding.UTF8.GetString(output.ToArray());

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        runtime.Dispose();
        issuer.Dispose();
        await output.DisposeAsync();
    }

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("X-Api-Key")]
    public async Task A_key_is_let_in_with_its_scopes(string header)
    {
        var key = await KeyAsync("desk-1:trader *:viewer");
        var answer = await AskAsync(Doors.Request((header, key.Text)));
        Assert.True(answer.GetProperty("isAuthorized").GetBoolean());
        var context = answer.GetProperty("context");
        Assert.Equal(
            new Dictionary<string, string?>
            {
                [HostCaller.NameClaim] = $"key:{key.Key.Id}",
                [HostCaller.ScopesClaim] = "desk-1:trader *:viewer",
                [HostCaller.KeyIdClaim] = key.Key.Id,
                [HostCaller.ValidUntilClaim] = key.Key.ExpiresAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            },
            context.EnumerateObject().ToDictionary(x => x.Name, x => x.Value.GetString()));
        Assert.Equal("", Log);
    }

    [Fact]
    public async Task A_token_is_let_in_until_it_ends()
    {
        var answer = await AskAsync(Doors.Request(("authorization", $"Bearer {issuer.Good(FakeHouse.Start.AddMinutes(5), "*:viewer")}")));
        Assert.True(answer.GetProperty("isAuthorized").GetBoolean());
        Assert.Equal("jwt:ann", answer.GetProperty("context").GetProperty(HostCaller.NameClaim).GetString());
        // With the leeway that expiry is granted.
        Assert.Equal(FakeHouse.Start.AddMinutes(6), answer.GetProperty("context").GetProperty(HostCaller.ValidUntilClaim).GetDateTimeOffset());
    }

    [Fact]
    public async Task Every_bad_token_is_denied_and_none_is_logged()
    {
        foreach (var (name, token) in issuer.Bad(FakeHouse.Start))
        {
            Assert.True(IsDenied(await AskAsync(Doors.Request(("authorization", $"Bearer {token}")))), name);
            Assert.DoesNotContain(token, Log, StringComparison.Ordinal);
        }
        Assert.Contains("was refused: token: ", Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_issuer_is_down_tokens_are_denied_and_keys_are_let_in()
    {
        issuer.IsDown = true;
        var token = ("authorization", $"Bearer {issuer.Good(FakeHouse.Start.AddMinutes(5), "*:admin")}");
        Assert.True(IsDenied(await AskAsync(Doors.Request(token))));
        Assert.False(IsDenied(await AskAsync(Doors.Request(("x-api-key", (await KeyAsync("*:viewer")).Text)))));
        issuer.IsDown = false;
        clock.Advance(SigningKeys.RetryAfter);
        Assert.False(IsDenied(await AskAsync(Doors.Request(token))));
    }

    [Fact]
    public async Task Who_brings_nothing_or_something_bad_or_too_much_is_denied()
    {
        var key = (await KeyAsync("*:admin")).Text;
        Assert.True(IsDenied(await AskAsync(Doors.Request())));
        Assert.Equal("", Log);
        foreach (var headers in ((string, string)[][])[[("x-api-key", "")], [("x-api-key", key[..^1] + "!")], [("x-api-key", $"{key},{key}")], [("authorization", "Basic YTpi")], [("x-api-key", key), ("authorization", "Bearer x")]])
            Assert.True(IsDenied(await AskAsync(Doors.Request(headers))));
        Assert.DoesNotContain(key, Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_denied_at_once_and_an_expired_one_in_time()
    {
        var (first, second) = (await KeyAsync("*:viewer"), await KeyAsync("*:viewer"));
        Assert.False(IsDenied(await AskAsync(Doors.Request(("x-api-key", first.Text)))));
        await services.GetRequiredService<RevokeKey>().RunAsync(first.Key.Id, FakeHouse.Cancel);
        Assert.True(IsDenied(await AskAsync(Doors.Request(("x-api-key", first.Text)))));
        Assert.False(IsDenied(await AskAsync(Doors.Request(("x-api-key", second.Text)))));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.True(IsDenied(await AskAsync(Doors.Request(("x-api-key", second.Text)))));
    }

    [Fact]
    public async Task A_ticket_opens_one_handshake()
    {
        var (ticket, _) = await services.GetRequiredService<TicketStore>().IssueAsync(new Caller("jwt:ann", Scopes.Read("desk-1:viewer"), FakeHouse.Start.AddHours(1)), FakeHouse.Cancel);
        var opened = await AskAsync(Doors.Handshake(ticket, Page));
        Assert.Equal(("Allow", "jwt:ann"), (Effect(opened), opened.GetProperty("principalId").GetString()));
        Assert.Equal("desk-1:viewer", opened.GetProperty("context").GetProperty(HostCaller.ScopesClaim).GetString());
        Assert.Equal("arn:aws:execute-api:ap-south-1:123456789012:def1234567/live/$connect", Statement(opened).GetProperty("Resource").GetString());
        Assert.True(IsDenied(await AskAsync(Doors.Handshake(ticket, Page))));
        Assert.DoesNotContain(ticket, Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_without_a_good_ticket_is_denied()
    {
        var (ticket, _) = await services.GetRequiredService<TicketStore>().IssueAsync(Caller.Local, FakeHouse.Cancel);
        Assert.True(IsDenied(await AskAsync(Doors.Handshake(new string('x', 40)))));
        Assert.True(IsDenied(await AskAsync(Doors.Handshake(ticket, "https://evil.example"))));
        Assert.True(IsDenied(await AskAsync(Doors.File("authorizer-ws-ticket", x => x["multiValueQueryStringParameters"]!["ticket"] = new System.Text.Json.Nodes.JsonArray(ticket, ticket)))));
        // A key is no ticket, wherever it stands.
        Assert.True(IsDenied(await AskAsync(Doors.Handshake((await KeyAsync("*:admin")).Text))));
        clock.Advance(TicketStore.Life);
        Assert.True(IsDenied(await AskAsync(Doors.Handshake(ticket))));
    }

    [Fact]
    public async Task A_table_out_of_reach_is_a_fault_and_lets_nobody_in()
    {
        var key = await KeyAsync("*:admin");
        table.Faults = new TableFaults(FailedRead: 1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AskAsync(Doors.Request(("x-api-key", key.Text))));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AskAsync(Doors.Handshake(new string('x', 40))));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"type":"TOKEN","requestContext":{}}""")]
    [InlineData("""{"version":"1.0","type":"REQUEST","requestContext":{"routeKey":"x"},"methodArn":"x"}""")]
    [InlineData("""{"type":"REQUEST","methodArn":"x","requestContext":{"eventType":"MESSAGE","routeKey":"x"}}""")]
    public async Task Anything_else_is_malformed(string payload) => await Assert.ThrowsAsync<MalformedEventException>(() => AskAsync(payload));

    private async Task<IssuedKey> KeyAsync(string scopes) => (await services.GetRequiredService<IssueKey>().RunAsync("test", Scopes.Read(scopes), 1, "test", FakeHouse.Cancel))!;

    private async Task<JsonElement> AskAsync(string payload) =>
        JsonDocument.Parse(await services.GetRequiredService<Authorizer>().HandleAsync(Events.Of(payload), FakeHouse.Cancel)).RootElement;

    private static bool IsDenied(JsonElement answer)
    {
        if (answer.TryGetProperty("context", out _)) return false;
        return answer.TryGetProperty("isAuthorized", out var simple) ? !simple.GetBoolean() : Effect(answer) == "Deny";
    }

    private static string? Effect(JsonElement answer) => Statement(answer).GetProperty("Effect").GetString();

    private static JsonElement Statement(JsonElement answer) => Assert.Single(answer.GetProperty("policyDocument").GetProperty("Statement").EnumerateArray());
}
