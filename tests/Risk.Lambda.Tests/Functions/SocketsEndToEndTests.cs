using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Risk.Application.Access;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Risk.Lambda.Aws;
using Risk.Lambda.Tests.Aws;
using Risk.Testing.Cloud;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

/// <summary>From the credentials to the push: the program itself as Authorizer, LiveConnections and Fanout, with the gateway's part played.</summary>
public sealed class SocketsEndToEndTests(Emulators emulators) : IAsyncLifetime
{
    private const string Table = "risk-sockets";
    private const string Mine = "R1kmxc2VNjMCMNE=";
    private const string Other = "R1kmxc2VNjMCTHR=";

    private readonly ConcurrentQueue<(string Connection, JsonElement Message)> heard = [];
    private readonly ConcurrentDictionary<string, int> statusOf = [];
    private Addresses services = null!;
    private FaultProxy gateway = null!;
    private AmazonDynamoDBClient client = null!;
    private DynamoItemTable table = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        services = await emulators.AddressesAsync();
        client = Emulators.Dynamo(services.Dynamo);
        await Emulators.CreateTableAsync(services.Dynamo, Table);
        table = new DynamoItemTable(client, Table, TimeProvider.System, new AwsRetry(TimeProvider.System, seed: 1));
        gateway = await FaultProxy.StartAsync("", call =>
        {
            var connection = Uri.UnescapeDataString(call.RawPath.Split('/')[^1]);
            var status = statusOf.GetValueOrDefault(connection, 200);
            if (status == 200) heard.Enqueue((connection, JsonDocument.Parse(call.Body).RootElement));
            return status == 200 ? ProxyReply.Json("") : ProxyReply.Fault(status, "GoneException");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        using (client) await client.DeleteTableAsync(Table, Cancel);
    }

    [Fact]
    public async Task A_push_reaches_whoever_subscribed_and_nobody_of_another_account()
    {
        await using var authorizer = await StartAsync("Authorizer");
        await using var live = await StartAsync("LiveConnections");
        await using var fanout = await StartAsync("Fanout");
        await ConnectAsync(authorizer, live, Mine, "desk-1:viewer");
        await ConnectAsync(authorizer, live, Other, "desk-2:viewer");
        Assert.Equal(200, await SendAsync(live, Mine, """{"subscribe":["account:desk-1","AAA"]}"""));
        Assert.Equal(400, await SendAsync(live, Other, """{"subscribe":["account:desk-1"]}"""));
        Assert.Equal(200, await SendAsync(live, Other, """{"subscribe":["account:desk-2","AAA"]}"""));
        Assert.Equal([$"{Other} problem"], Take());

        await PushAsync(fanout, "desk-1");
        Assert.Equal([$"{Mine} snapshot desk-1"], Take());
        await PushAsync(fanout, "desk-2");
        Assert.Equal([$"{Other} snapshot desk-2"], Take());

        statusOf[Mine] = 410;
        await PushAsync(fanout, "desk-1");
        Assert.Empty(await new ConnectionTable(table).ListenersAsync("account:desk-1", Cancel));
        Assert.Equal([Other], (await new ConnectionTable(table).ListenersAsync("AAA", Cancel)).Select(x => x.Connection));
        Assert.Equal(200, await InvokeAsync(live, Doors.Socket("live-connections-disconnect", Other, TimeProvider.System.GetUtcNow())));
        Assert.Empty(await new ConnectionTable(table).ListenersAsync("AAA", Cancel));
        foreach (var function in (RunningBootstrap[])[authorizer, live, fanout]) Assert.DoesNotContain("\"level\":\"ERROR\"", await function.StopAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_the_authorizer_lets_in_the_api_knows()
    {
        await using var authorizer = await StartAsync("Authorizer");
        await using var api = await StartAsync("ReadApi", ("RISK_STREAM", "none"), ("RISK_RAW_BUCKET", "none"));
        var key = (await new IssueKey(new KeyStore(table), TimeProvider.System).RunAsync("desk", Scopes.Read("desk-1:viewer"), 1, "test", Cancel))!;
        var answer = (await authorizer.InvokeAsync(Doors.Request(("x-api-key", key.Text)))).Json;
        Assert.True(answer.GetProperty("isAuthorized").GetBoolean());
        var context = answer.GetProperty("context");
        Assert.Equal(200, await AskAsync(api, "/symbols", context, ("x-api-key", key.Text)));
        Assert.Equal(403, await AskAsync(api, "/api/v1/keys", context));
        Assert.Equal(404, await AskAsync(api, "/portfolio/var?account_id=desk-2&ticket=secretsecretsecret", context));
        Assert.Equal(401, await AskAsync(api, "/symbols?ticket=secretsecretsecret", null));
        var log = await api.StopAsync() + await authorizer.StopAsync();
        Assert.DoesNotContain(key.Text, log, StringComparison.Ordinal);
        Assert.DoesNotContain("secretsecretsecret", log, StringComparison.Ordinal);
    }

    private Task<RunningBootstrap> StartAsync(string function, params (string, string)[] more) =>
        RunningBootstrap.StartAsync(function, services, [("RISK_TABLE", Table), ("RISK_WEBSOCKET_URL", $"ws{gateway.Url[4..]}/live"), ("AWS_LAMBDA_LOG_LEVEL", "TRACE"), .. more]);

    private async Task ConnectAsync(RunningBootstrap authorizer, RunningBootstrap live, string connection, string scopes)
    {
        var key = (await new IssueKey(new KeyStore(table), TimeProvider.System).RunAsync(connection, Scopes.Read(scopes), 1, "test", Cancel))!.Key;
        var (ticket, _) = await new TicketStore(table, TimeProvider.System).IssueAsync(new Caller($"key:{key.Id}", key.Scopes, key.ExpiresAt, key.Id), Cancel);
        var policy = (await authorizer.InvokeAsync(Doors.Handshake(ticket))).Json;
        Assert.Equal("Allow", policy.GetProperty("policyDocument").GetProperty("Statement")[0].GetProperty("Effect").GetString());
        Assert.Equal(200, await InvokeAsync(live, Doors.Socket("live-connections-connect", connection, TimeProvider.System.GetUtcNow(), policy.GetProperty("context"))));
        Assert.Contains("Deny", (await authorizer.InvokeAsync(Doors.Handshake(ticket))).Text, StringComparison.Ordinal);
    }

    private static Task<int> SendAsync(RunningBootstrap live, string connection, string message) =>
        InvokeAsync(live, Doors.Socket("live-connections-subscribe", connection, TimeProvider.System.GetUtcNow(), body: message));

    private static async Task<int> InvokeAsync(RunningBootstrap live, string payload) => (await live.InvokeAsync(payload)).Json.GetProperty("statusCode").GetInt32();

    private static async Task<int> AskAsync(RunningBootstrap api, string target, JsonElement? context, params (string Name, string Value)[] headers)
    {
        var payload = Doors.File("read-api-no-claims", x =>
        {
            var parts = target.Split('?');
            (x["rawPath"], x["rawQueryString"], x["requestContext"]!["http"]!["path"]) = (parts[0], parts.ElementAtOrDefault(1) ?? "", parts[0]);
            foreach (var (name, value) in headers) x["headers"]![name] = value;
            if (context is { } given) x["requestContext"]!["authorizer"] = new JsonObject { ["lambda"] = JsonNode.Parse(given.GetRawText()) };
        });
        return (await api.InvokeAsync(payload)).Json.GetProperty("statusCode").GetInt32();
    }

    /// <summary>As the table's stream brings a new snapshot of the account.</summary>
    private static async Task PushAsync(RunningBootstrap fanout, string account)
    {
        var now = TimeProvider.System.GetUtcNow();
        var store = new FakeItemTable(new Random(1), TimeProvider.System);
        await new SnapshotStore(store).SaveAsync([SnapshotOf(AccountId.Parse(account), now)], now, Cancel);
        var records = store.Everything.Select((item, i) => TableRecord.Of(item, $"{100 + i}"));
        Assert.Empty(Events.Failures((await fanout.InvokeAsync($$"""{"Records":[{{string.Join(',', records)}}]}""")).Body));
    }

    private static RiskSnapshot SnapshotOf(AccountId account, DateTimeOffset now) => new()
    {
        Account = account,
        AsOf = EventTime.From(now),
        Version = new SnapshotVersion(1, 1, 1),
        BaseCurrency = Currency.Usd,
        Conventions = RiskConventions.Default,
        MarketValue = 100,
        Nav = 100,
        GrossExposure = 100,
        At95 = new LossFigures(Figure.Of(1), Figure.Of(2), null, Figure.Of(0), false),
        At99 = new LossFigures(Figure.Of(3), Figure.Of(4), null, Figure.Of(0), false),
        Observations = 500,
        CoverageRatio = Figure.Of(1),
        Flags = default,
        LeftOut = [],
    };

    private List<string> Take()
    {
        var taken = new List<string>();
        while (heard.TryDequeue(out var next))
        {
            var (type, data) = (next.Message.GetProperty("type").GetString(), next.Message.GetProperty("data"));
            taken.Add($"{next.Connection} {type}{(data.TryGetProperty("account_id", out var account) ? $" {account.GetString()}" : "")}");
        }
        return taken;
    }
}
