using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Risk.Api.Live;
using Risk.Api.Tests.Setup;
using Risk.Application.Ports;
using Xunit;

namespace Risk.Api.Tests.Live;

public sealed class LiveHubTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ws")]
    [InlineData("/ws/market-data")]
    public async Task A_subscriber_hears_the_tick_the_window_and_the_snapshot(string path)
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":10,"average_cost":1}]}""");
        using var socket = await SubscribeAsync(host, """{"subscribe":["aaa","account:default","alerts"]}""", path);
        await host.PostTicksAsync(("AAA", 100m, -8), ("AAA", 101m, 0));
        var heard = new List<JsonElement> { await ReceiveAsync(socket), await ReceiveAsync(socket), await ReceiveAsync(socket) };
        Assert.Equal([1, 2, 3], heard.Select(x => x.GetProperty("sequence").GetInt32()));
        var byType = heard.ToDictionary(x => x.GetProperty("type").GetString()!, x => x.GetProperty("data"));
        Assert.Equal(("AAA", 101m), (byType["tick"].GetProperty("symbol").GetString(), byType["tick"].GetProperty("price").GetDecimal()));
        Assert.Equal("2026-01-05T14:29:50Z", byType["window"].GetProperty("window_start").GetString());
        Assert.Equal(1010, byType["snapshot"].GetProperty("market_value").GetDouble());
    }

    [Fact]
    public async Task A_client_that_does_not_read_gets_the_latest_of_each_key()
    {
        await using var host = await ApiHost.StartAsync();
        var hub = host.Get<LiveHub>();
        using var socket = new GatedSocket("""{"subscribe":["AAA","BBB"]}""");
        var serving = hub.RunAsync(socket, _ => true, Cancellation);
        await hub.PushAsync([Message("AAA", "tick", 0)], Cancellation);
        await socket.SendBegan;
        for (var i = 1; i <= 1_000; i++) await hub.PushAsync([Message("AAA", "tick", i), Message("BBB", "tick", i), Message("AAA", "window", i), Message("ZZZ", "tick", i)], Cancellation);
        socket.OpenGate();
        var sent = new List<JsonElement>();
        for (var i = 0; i < 4; i++) sent.Add(await socket.NextSentAsync(Cancellation));
        Assert.Equal(["tick 0 1", "tick 1000 2", "tick 1000 3", "window 1000 4"], sent.Select(x => $"{x.GetProperty("type").GetString()} {x.GetProperty("data").GetProperty("n")} {x.GetProperty("sequence")}"));
        Assert.Equal(0, socket.SentButUnread);
        socket.EndByClient();
        await serving;
        Assert.False(hub.HasListeners);
    }

    [Fact]
    public async Task A_heartbeat_comes_every_fifteen_seconds()
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = await SubscribeAsync(host, """{"subscribe":["AAA"]}""");
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        var beat = await ReceiveAsync(socket);
        Assert.Equal("heartbeat", beat.GetProperty("type").GetString());
        Assert.Equal("2026-01-05T14:30:15Z", beat.GetProperty("data").GetProperty("time").GetString());
    }

    [Fact]
    public async Task A_client_that_misses_two_heartbeats_is_cut_off()
    {
        await using var host = await ApiHost.StartAsync();
        var hub = host.Get<LiveHub>();
        using var socket = new GatedSocket("""{"subscribe":["AAA"]}""");
        var serving = hub.RunAsync(socket, _ => true, Cancellation);
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        await socket.SendBegan;
        Assert.Equal(WebSocketState.Open, socket.State);
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        await serving;
        Assert.Equal(WebSocketState.Aborted, socket.State);
        Assert.False(hub.HasListeners);
    }

    [Fact]
    public async Task Unsubscribing_and_leaving_end_the_listening()
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = await SubscribeAsync(host, """{"subscribe":["AAA","BBB"]}""");
        var hub = host.Get<LiveHub>();
        await SendAsync(socket, """{"unsubscribe":["AAA"],"subscribe":["CCC"]}""");
        // What comes back for CCC shows that the request has been read.
        var first = ReceiveAsync(socket);
        await UntilAsync(() => PushAsync(hub, [Message("CCC", "tick", 1)], first));
        await hub.PushAsync([Message("AAA", "window", 2), Message("CCC", "tick", 3)], Cancellation);
        var heard = await first;
        while (heard.GetProperty("data").GetProperty("n").GetInt32() != 3)
        {
            Assert.Equal("tick", heard.GetProperty("type").GetString());
            heard = await ReceiveAsync(socket);
        }
        Assert.True(hub.HasListeners);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        await UntilAsync(() => Task.FromResult(!hub.HasListeners));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"subscribe":"AAA"}""")]
    [InlineData("""{"subscribe":["a b"]}""")]
    [InlineData("""{"subscribe":["account:a b"]}""")]
    [InlineData("""{"subscribe":[1]}""")]
    [InlineData("""{"listen":["AAA"]}""")]
    public async Task What_is_no_subscription_is_answered_with_its_faults_and_the_connection_goes_on(string message)
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = await SubscribeAsync(host, """{"subscribe":["AAA"]}""");
        await SendAsync(socket, message);
        var answer = await ReceiveAsync(socket);
        Assert.Equal(("problem", 400), (answer.GetProperty("type").GetString(), answer.GetProperty("data").GetProperty("status").GetInt32()));
        Assert.NotEmpty(answer.GetProperty("data").GetProperty("errors").EnumerateArray());
        await host.Get<LiveHub>().PushAsync([Message("AAA", "tick", 7)], Cancellation);
        Assert.Equal(7, (await ReceiveAsync(socket)).GetProperty("data").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Topics_and_messages_are_bounded()
    {
        await using var host = await ApiHost.StartAsync();
        using var greedy = await host.ConnectAsync();
        await SendAsync(greedy, JsonSerializer.Serialize(new { subscribe = Enumerable.Range(0, LiveHub.MaxTopics + 1).Select(i => $"S{i}") }));
        Assert.Equal("/subscribe", (await ReceiveAsync(greedy)).GetProperty("data").GetProperty("errors")[0].GetProperty("pointer").GetString());
        using var wordy = await host.ConnectAsync();
        await SendAsync(wordy, new string(' ', LiveHub.MaxMessageBytes + 1));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await ClosedAsync(wordy));
        Assert.False(host.Get<LiveHub>().HasListeners);
    }

    [Fact]
    public async Task A_stopping_host_says_goodbye()
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = await SubscribeAsync(host, """{"subscribe":["AAA"]}""");
        var closed = ClosedAsync(socket);
        var stopping = host.App.StopAsync(Cancellation);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await closed);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        await stopping;
    }

    [Fact]
    public async Task A_plain_request_is_told_to_upgrade()
    {
        await using var host = await ApiHost.StartAsync();
        (await host.GetAsync("/ws")).MustBeProblem(426);
    }

    private static LiveMessage Message(string topic, string type, int number) => new(topic, type, Encoding.UTF8.GetBytes($$"""{"n":{{number}}}"""));

    private static async Task<bool> PushAsync(LiveHub hub, LiveMessage[] messages, Task until)
    {
        await hub.PushAsync(messages, Cancellation);
        return until.IsCompleted;
    }

    private static async Task<WebSocket> SubscribeAsync(ApiHost host, string message, string path = "/ws")
    {
        var socket = await host.ConnectAsync(path);
        await SendAsync(socket, message);
        await UntilAsync(() => Task.FromResult(host.Get<LiveHub>().HasListeners));
        return socket;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task SendAsync(WebSocket socket, string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, Cancellation);

    private static async Task<JsonElement> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        return JsonDocument.Parse(buffer.AsMemory(0, received.Count)).RootElement;
    }

    private static async Task<WebSocketCloseStatus?> ClosedAsync(WebSocket socket)
    {
        var received = await socket.ReceiveAsync(new byte[1024], Cancellation);
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        return socket.CloseStatus;
    }
}
