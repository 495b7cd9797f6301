using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

public sealed class ConnectionPushTests : IAsyncDisposable
{
    private readonly RetryClock clock = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> heard = [];
    private readonly ConcurrentBag<string> paths = [];
    private readonly ConnectionTable connections;
    private Func<string, int> statusOf = _ => 200;
    private FaultProxy? api;
    private SignedHttp? http;

    public ConnectionPushTests() => connections = new ConnectionTable(new FakeItemTable(new Random(1), clock), clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (api is not null)
            await api.DisposeAsync();
    }

    [Fact]
    public async Task Each_listener_gets_the_latest_of_its_topics()
    {
        var push = await OpenAsync();
        await connections.SubscribeAsync("L0SM9cOFvHcCIhw=", ["AAPL", "account:desk"], Cancellation);
        await connections.SubscribeAsync("other", ["MSFT"], Cancellation);
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
            await connections.SubscribeAsync($"c{i:000}", ["AAPL", "MSFT"], Cancellation);
        statusOf = connection => connection[^1] is '1' or '4' or '7' ? 410 : 200;
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        Assert.Equal(700, heard.Count);
        Assert.Equal(700, (await connections.ListenersAsync("AAPL", Cancellation)).Count);
        Assert.Equal(700, (await connections.ListenersAsync("MSFT", Cancellation)).Count);
        Assert.Equal(0, push.Missed);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(403)]
    public async Task A_connection_that_cannot_be_reached_misses_the_messages_and_stays(int status)
    {
        var push = await OpenAsync();
        await connections.SubscribeAsync("slow", ["AAPL"], Cancellation);
        await connections.SubscribeAsync("well", ["AAPL"], Cancellation);
        statusOf = connection => connection == "slow" ? status : 200;
        await push.PushAsync([Tick("AAPL", 1)], Cancellation);
        Assert.Equal(1, push.Missed);
        Assert.Single(heard["well"]);
        Assert.Equal(["slow", "well"], await connections.ListenersAsync("AAPL", Cancellation));
    }

    [Fact]
    public async Task A_connection_that_ended_is_removed_from_all_its_topics()
    {
        await connections.SubscribeAsync("c", ["AAPL", "MSFT", "alerts"], Cancellation);
        await connections.SubscribeAsync("d", ["alerts"], Cancellation);
        await connections.ForgetAsync("c", Cancellation);
        Assert.Empty(await connections.ListenersAsync("AAPL", Cancellation));
        Assert.Equal(["d"], await connections.ListenersAsync("alerts", Cancellation));
    }

    [Fact]
    public async Task Listeners_that_cannot_be_read_are_a_fault()
    {
        var push = await OpenAsync(new ConnectionTable(new FakeItemTable(new Random(1), clock) { Faults = new TableFaults(FailedRead: 1) }, clock));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => push.PushAsync([Tick("AAPL", 1)], Cancellation));
    }

    private async Task<ConnectionPush> OpenAsync(ConnectionTable? table = null)
    {
        api = await FaultProxy.StartAsync("", call =>
        {
            paths.Add(call.RawPath);
            var connection = Uri.UnescapeDataString(call.RawPath.Split('/')[^1]);
            var status = statusOf(connection);
            if (status == 200)
                heard.GetOrAdd(connection, _ => []).Enqueue(Encoding.UTF8.GetString(call.Body));
            return status == 200 ? ProxyReply.Json("") : ProxyReply.Fault(status, "GoneException");
        });
        http = Emulators.Http(api.Url + "/dev", "execute-api");
        return new ConnectionPush(new ConnectionsClient(http), table ?? connections, clock, new AwsRetry(clock, seed: 1, RetryBounds.OfPushes));
    }

    private static LiveMessage Tick(string symbol, int price) => new(symbol, "tick", Encoding.UTF8.GetBytes($$"""{"price":{{price}}}"""));
}
