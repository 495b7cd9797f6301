using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Runtime;
using Risk.Testing.Cloud;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

public sealed class ConnectionPushTests : IAsyncDisposable
{
    private readonly RetryClock clock = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> heard = [];
    private readonly ConcurrentBag<string> paths = [];
    private readonly ConcurrentBag<string> ended = [];
    private readonly MemoryStream log = new();
    private readonly LambdaRuntime runtime;
    private readonly FakeItemTable table;
    private readonly ConnectionTable connections;
    private Func<string, int> statusOf = _ => 200;
    private FaultProxy? api;
    private SignedHttp? http;

    public ConnectionPushTests()
    {
        table = new FakeItemTable(new Random(1), clock);
        connections = new ConnectionTable(table);
        runtime = new LambdaRuntime("127.0.0.1:9", "risk-test", log, clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        runtime.Dispose();
        await log.DisposeAsync();
        if (api is not null)
            await api.DisposeAsync();
    }

    [Fact]
    public async Task Each_listener_gets_the_latest_of_its_topics()
    {
        var push = await OpenAsync();
        await SubscribeAsync("L0SM9cOFvHcCIhw=", "AAPL", "account:desk");
        await SubscribeAsync("other", "MSFT");
        await push.PushAsync([Tick("AAPL", 1), Tick("AAPL", 2), Tick("MSFT", 3), Tick("TSLA", 4), new LiveMessage("account:desk", "snapshot", "{}"u8.ToArray())], Cancellation);
        var mine = heard["L0SM9cOFvHcCIhw="].Select(text => JsonDocument.Parse(text).RootElement).OrderByDescending(x => x.GetProperty("type").GetString()).ToArray();
        Assert.Equal(["tick", "snapshot"], mine.Select(message => message.GetProperty("type").GetString()));
        Assert.Equal(2, mine[0].GetProperty("data").GetProperty("price").GetInt32());
        Assert.NotEqual(mine[0].GetProperty("sequence").GetInt64(), mine[1].GetProperty("sequence").GetInt64());
        Assert.Single(heard["other"]);
        Assert.Equal(2, heard.Count);
        Assert.Contains("/dev/@connections/L0SM9cOFvHcCIhw%3D", paths);
    }

    [Fact]
    public async Task A_connection_that_is_gone_is_forgotten_everywhere_and_the_others_hear()
    {
        var push = await OpenAsync();
        for (var i = 0; i < 1000; i++)
            await SubscribeAsync($"c{i:000}", "AAPL", "MSFT");
        statusOf = connection => connection[^1] is '1' or '4' or '7' ? 410 : 200;
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        Assert.Equal(700, heard.Count);
        Assert.Equal(700, (await connections.ListenersAsync("AAPL", Cancellation)).Count);
        Assert.Equal(700, (await connections.ListenersAsync("MSFT", Cancellation)).Count);
        Assert.Null(Missed());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(403)]
    public async Task A_connection_that_cannot_be_reached_misses_the_messages_and_stays(int status)
    {
        var push = await OpenAsync();
        await SubscribeAsync("slow", "AAPL");
        await SubscribeAsync("well", "AAPL");
        statusOf = connection => connection == "slow" ? status : 200;
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        Assert.Equal(1, Missed());
        Assert.Single(heard["well"]);
        Assert.Equal(["slow", "well"], (await connections.ListenersAsync("AAPL", Cancellation)).Select(x => x.Connection));
    }

    [Fact]
    public async Task A_connection_that_ended_is_removed_from_all_its_topics()
    {
        await SubscribeAsync("c", "AAPL", "MSFT", "alerts");
        await SubscribeAsync("d", "alerts");
        await connections.ForgetAsync("c", Cancellation);
        Assert.Empty(await connections.ListenersAsync("AAPL", Cancellation));
        Assert.Equal(["d"], (await connections.ListenersAsync("alerts", Cancellation)).Select(x => x.Connection));
    }

    [Fact]
    public async Task Listeners_that_cannot_be_read_are_a_fault()
    {
        var push = await OpenAsync(new ConnectionTable(new FakeItemTable(new Random(1), clock) { Faults = new TableFaults(FailedRead: 1) }));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => push.PushAsync([Tick("AAPL", 1)], Cancellation));
    }

    [Fact]
    public async Task A_revoked_key_ends_the_listening_within_fifteen_seconds()
    {
        var push = await OpenAsync();
        var issued = (await new IssueKey(new KeyStore(table), clock).RunAsync("desk", Scopes.Read("*:viewer"), 1, "test", Cancellation))!;
        await SubscribeAsync(new Connection("keyed", new Caller("key", Scopes.None, null, issued.Key.Id), clock.GetUtcNow().AddHours(2)), "AAPL", "MSFT");
        await SubscribeAsync("free", "AAPL");
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        await new RevokeKey(new KeyStore(table), clock).RunAsync(issued.Key.Id, Cancellation);
        clock.Advance(KeyWatch.Freshness - TimeSpan.FromTicks(1));
        await push.PushAsync([Tick("AAPL", 2)], Cancellation);
        clock.Advance(TimeSpan.FromTicks(1));
        await push.PushAsync([Tick("AAPL", 3)], Cancellation);
        Assert.Equal((2, 3), (heard["keyed"].Count, heard["free"].Count));
        Assert.Empty(await connections.ListenersAsync("MSFT", Cancellation));
        Assert.Equal(["keyed"], ended);
        Assert.Null(Missed());
    }

    [Theory]
    [InlineData(410, null)]
    [InlineData(403, 1)]
    public async Task A_connection_that_cannot_be_ended_hears_nothing_all_the_same(int status, int? missed)
    {
        var push = await OpenAsync();
        await SubscribeAsync(new Connection("keyed", new Caller("key", Scopes.None, null, "000000000000"), clock.GetUtcNow().AddHours(2)), "AAPL");
        statusOf = _ => status;
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        Assert.Empty(heard);
        Assert.Empty(await connections.ListenersAsync("AAPL", Cancellation));
        Assert.Equal(missed, Missed());
    }

    [Fact]
    public async Task Who_is_over_hears_nothing()
    {
        var push = await OpenAsync();
        await SubscribeAsync(new Connection("over", new Caller("local", Scopes.None), clock.GetUtcNow().AddSeconds(1)), "AAPL");
        clock.Advance(TimeSpan.FromSeconds(1));
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        Assert.Empty(heard);
    }

    private Task SubscribeAsync(string connection, params string[] topics) =>
        SubscribeAsync(new Connection(connection, new Caller("local", Scopes.None), clock.GetUtcNow().AddHours(2)), topics);

    private Task SubscribeAsync(Connection connection, params string[] topics) => connections.SubscribeAsync(connection, topics, Cancellation);

    private async Task<ConnectionPush> OpenAsync(ConnectionTable? other = null)
    {
        api = await FaultProxy.StartAsync("", call =>
        {
            paths.Add(call.RawPath);
            var connection = Uri.UnescapeDataString(call.RawPath.Split('/')[^1]);
            var status = statusOf(connection);
            if (status == 200 && call.Operation == "DELETE")
                ended.Add(connection);
            else if (status == 200)
                heard.GetOrAdd(connection, _ => []).Enqueue(Encoding.UTF8.GetString(call.Body));
            return status == 200 ? ProxyReply.Json("") : ProxyReply.Fault(status, "GoneException");
        });
        http = Emulators.Http(api.Url + "/dev", "execute-api");
        return new ConnectionPush(new ConnectionsClient(http), other ?? connections, new KeyWatch(new CheckKey(new KeyStore(table), clock), clock), runtime.Metrics, clock, new AwsRetry(clock, seed: 1, RetryBounds.OfPushes));
    }

    private int? Missed()
    {
        runtime.Metrics.Flush();
        return log.Length == 0 ? null : JsonDocument.Parse(log.ToArray()).RootElement.GetProperty("MessagesMissed").GetInt32();
    }

    private static LiveMessage Tick(string symbol, int price) => new(symbol, "tick", Encoding.UTF8.GetBytes($$"""{"price":{{price}}}"""));
}
