using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Risk.Api.Access;
using Risk.Api.Live;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Lambda.Tests.Aws;
using Risk.Testing.Cloud;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class LiveConnectionsTests : IAsyncLifetime
{
    private const string Id = "R1kmxc2VNjMCEXA=";

    private readonly RetryClock clock = new();
    private readonly FakeItemTable table;
    private readonly ConnectionTable connections;
    private readonly LambdaRuntime runtime;
    private readonly List<(string Connection, JsonElement Message)> answers = [];
    private FaultProxy gateway = null!;
    private SignedHttp http = null!;
    private LiveConnections function = null!;
    private int status = 200;

    public LiveConnectionsTests()
    {
        table = new FakeItemTable(new Random(1), clock);
        connections = new ConnectionTable(table);
        runtime = new LambdaRuntime("127.0.0.1:9", "risk-test", Stream.Null, clock);
    }

    public async ValueTask InitializeAsync()
    {
        gateway = await FaultProxy.StartAsync("", call =>
        {
            answers.Add((Uri.UnescapeDataString(call.RawPath.Split('/')[^1]), JsonDocument.Parse(call.Body).RootElement));
            return status == 200 ? ProxyReply.Json("") : ProxyReply.Fault(status, "GoneException");
        });
        http = Emulators.Http(gateway.Url + "/live", "execute-api");
        var keys = new CheckKey(new KeyStore(table), clock);
        var push = new ConnectionPush(new ConnectionsClient(http), connections, new KeyWatch(keys, clock), runtime.Metrics, clock, new AwsRetry(clock, seed: 1, RetryBounds.OfPushes));
        function = new LiveConnections(connections, keys, push, clock, NullLogger<LiveConnections>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        runtime.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_lasts_until_it_is_taken_back_or_the_connection_ends()
    {
        Assert.Equal(200, await ConnectAsync("default:viewer"));
        Assert.Equal(200, await SendAsync("""{"subscribe":["aaa","account:default","BBB"]}"""));
        Assert.Equal([Id], await HeardByAsync("AAA"));
        Assert.Equal([Id], await HeardByAsync("account:default"));
        Assert.Equal(200, await SendAsync("""{"unsubscribe":["AAA","BBB"],"subscribe":["BBB"]}"""));
        Assert.Empty(await HeardByAsync("AAA"));
        Assert.Equal([Id], await HeardByAsync("BBB"));
        Assert.Equal(200, await HandleAsync("live-connections-disconnect"));
        Assert.Empty(table.Everything);
        Assert.Empty(answers);
    }

    [Theory]
    [InlineData("nonsense", "")]
    [InlineData("", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("""{"subscribe":"AAA"}""", "/subscribe")]
    [InlineData("""{"subscribe":["\ud800"]}""", "")]
    [InlineData("""{"subscribe":["AAA",7,"a b","account:a b"],"a/b":[]}""", "/subscribe/1 /subscribe/2 /subscribe/3 /a~1b")]
    [InlineData("""{"subscribe":["AAA","account:desk-2","alerts","account:default"],"unsubscribe":["account:desk-2"]}""", "/subscribe/1 /subscribe/2")]
    public async Task What_can_not_be_followed_is_answered_with_every_fault_and_changes_nothing(string message, string pointers)
    {
        await ConnectAsync("default:viewer");
        await SendAsync("""{"subscribe":["CCC"]}""");
        var before = table.Everything.Count;
        Assert.Equal(400, await SendAsync(message));
        var (connection, answer) = Assert.Single(answers);
        Assert.Equal((Id, "problem", 400), (connection, answer.GetProperty("type").GetString(), answer.GetProperty("data").GetProperty("status").GetInt32()));
        Assert.Equal(pointers, string.Join(' ', answer.GetProperty("data").GetProperty("errors").EnumerateArray().Select(x => x.GetProperty("pointer").GetString())));
        Assert.Equal(before, table.Everything.Count);
        Assert.Equal(200, await SendAsync("""{"subscribe":["AAA"]}"""));
        Assert.Equal([Id], await HeardByAsync("AAA"));
    }

    [Fact]
    public async Task Whoever_may_see_every_account_hears_alerts()
    {
        await ConnectAsync("*:viewer");
        Assert.Equal(200, await SendAsync("""{"subscribe":["alerts","account:desk-2"]}"""));
        Assert.Equal([Id], await HeardByAsync("alerts"));
    }

    [Fact]
    public async Task Topics_and_answers_are_bounded()
    {
        await ConnectAsync("*:viewer");
        Assert.Equal(200, await SendAsync(Subscribe(Enumerable.Range(0, LiveHub.MaxTopics).Select(i => $"S{i}"))));
        Assert.Equal(200, await SendAsync("""{"subscribe":["S1"]}"""));
        Assert.Equal(400, await SendAsync("""{"subscribe":["ONE-MORE"]}"""));
        Assert.Equal(200, await SendAsync("""{"subscribe":["ONE-MORE"],"unsubscribe":["S1"]}"""));
        answers.Clear();
        Assert.Equal(400, await SendAsync(Subscribe(Enumerable.Repeat("a b", 20_000))));
        Assert.Equal(LiveProblem.MaxListed, Assert.Single(answers).Message.GetProperty("data").GetProperty("errors").GetArrayLength());
        Assert.Equal(400, await SendAsync(new string(' ', LiveHub.MaxMessageBytes + 1)));
    }

    [Fact]
    public async Task Without_the_word_of_the_authorizer_nobody_is_connected()
    {
        Assert.Equal(401, await HandleAsync("live-connections-connect"));
        Assert.Empty(table.Everything);
        Assert.Equal(401, await SendAsync("""{"subscribe":["AAA"]}"""));
        Assert.Equal(401, Assert.Single(answers).Message.GetProperty("data").GetProperty("status").GetInt32());
        Assert.Empty(table.Everything);
    }

    [Fact]
    public async Task The_connection_ends_with_its_credentials_or_after_two_hours()
    {
        await ConnectAsync(new Caller("jwt:ann", Scopes.Read("*:viewer"), clock.GetUtcNow().AddMinutes(10)));
        await SendAsync("""{"subscribe":["AAA"]}""");
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(table.Everything);
        Assert.Equal(401, await SendAsync("""{"subscribe":["AAA"]}"""));
        var since = clock.GetUtcNow();
        await ConnectAsync(new Caller("local", Scopes.Everything));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(200, await SendAsync("""{"subscribe":["AAA"]}""", since));
        Assert.All(table.Everything, item => Assert.Equal(since + ConnectionTable.Lifetime, item.ExpiresAt));
    }

    [Fact]
    public async Task A_revoked_key_ends_the_connection_with_its_next_message()
    {
        var key = (await new IssueKey(new KeyStore(table), clock).RunAsync("desk", Scopes.Read("*:viewer"), 1, "test", FakeHouse.Cancel))!.Key;
        await ConnectAsync(new Caller($"key:{key.Id}", key.Scopes, key.ExpiresAt, key.Id));
        Assert.Equal(200, await SendAsync("""{"subscribe":["AAA"]}"""));
        await new RevokeKey(new KeyStore(table), clock).RunAsync(key.Id, FakeHouse.Cancel);
        Assert.Equal(401, await SendAsync("""{"subscribe":["BBB"]}"""));
        Assert.DoesNotContain(table.Everything, item => item.Key.Partition.StartsWith("CONN#", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_gone_when_it_is_answered_is_forgotten()
    {
        await ConnectAsync("*:viewer");
        await SendAsync("""{"subscribe":["AAA"]}""");
        status = 410;
        Assert.Equal(400, await SendAsync("nonsense"));
        Assert.Empty(table.Everything);
    }

    [Fact]
    public async Task A_table_out_of_reach_is_told_to_the_client_and_refuses_new_ones()
    {
        await ConnectAsync("*:viewer");
        table.Faults = new TableFaults(Throttle: 1);
        Assert.Equal(503, await SendAsync("""{"subscribe":["AAA"]}"""));
        Assert.Equal("urn:risk:problem:unavailable", Assert.Single(answers).Message.GetProperty("data").GetProperty("type").GetString());
        Assert.Equal(200, await HandleAsync("live-connections-disconnect"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ConnectAsync("*:viewer"));
    }

    [Fact]
    public async Task A_connection_lies_under_its_own_partitions()
    {
        await ConnectAsync("*:viewer");
        await SendAsync("""{"subscribe":["AAA"]}""");
        Assert.Equal([$"CONN#@{Id} CONN#{Id}", $"CONN#AAA CONN#{Id}"], table.Everything.Select(x => $"{x.Key.Partition} {x.Index!.Value.Partition}"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"requestContext":{"eventType":"CONNECT","connectedAt":1}}""")]
    [InlineData("""{"requestContext":{"eventType":"PING","connectionId":"c","connectedAt":1}}""")]
    [InlineData("""{"methodArn":"x","requestContext":{"eventType":"CONNECT","connectionId":"c","connectedAt":1}}""")]
    public async Task Anything_else_is_malformed(string payload) =>
        await Assert.ThrowsAsync<MalformedEventException>(() => function.HandleAsync(Events.Of(payload), FakeHouse.Cancel));

    [Theory]
    [InlineData("""{"headers":null,"requestContext":{"eventType":"MESSAGE","connectionId":"c","connectedAt":1,"authorizer":null,"status":null},"body":"eyJhIjoxfQ==","isBase64Encoded":true}""", """{"a":1}""")]
    [InlineData("""{"requestContext":{"eventType":"MESSAGE","connectionId":"c","connectedAt":1},"body":null}""", "")]
    public void Messages_come_as_text_or_base64_or_not_at_all(string payload, string message) =>
        Assert.Equal(message, Encoding.UTF8.GetString(SocketEvent.Parse(Encoding.UTF8.GetBytes(payload)).Message.Span));

    private Task<int> ConnectAsync(string scopes) => ConnectAsync(new Caller("local", Scopes.Read(scopes)));

    private Task<int> ConnectAsync(Caller caller) => HandleAsync("live-connections-connect", JsonSerializer.SerializeToElement(HostCaller.ToContext(caller)));

    private Task<int> SendAsync(string message, DateTimeOffset? since = null) => HandleAsync("live-connections-subscribe", body: message, since: since);

    private async Task<int> HandleAsync(string name, JsonElement? context = null, string? body = null, DateTimeOffset? since = null)
    {
        using var reply = JsonDocument.Parse(await function.HandleAsync(Events.Of(Doors.Socket(name, Id, since ?? clock.GetUtcNow(), context, body)), FakeHouse.Cancel));
        return reply.RootElement.GetProperty("statusCode").GetInt32();
    }

    private async Task<IEnumerable<string>> HeardByAsync(string topic) => (await connections.ListenersAsync(topic, FakeHouse.Cancel)).Select(x => x.Connection);

    private static string Subscribe(IEnumerable<string> topics) => JsonSerializer.Serialize(new { subscribe = topics });
}
