using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Risk.Api.Live;
using Risk.Api.Tests.Setup;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Xunit;

namespace Risk.Api.Tests.Access;

public sealed class TicketTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ticket_opens_one_socket()
    {
        await using var host = await Door.StartAsync();
        var ticket = await TicketAsync(host, "*:viewer");
        using var socket = await host.ConnectAsync($"/ws?ticket={ticket}");
        Assert.Equal(WebSocketState.Open, socket.State);
        await RefusedAsync(host, $"/ws?ticket={ticket}");
        await RefusedAsync(host, "/ws");
        await RefusedAsync(host, "/ws/market-data?ticket=");
        await RefusedAsync(host, $"/ws?ticket={new string('a', 40)}");
        await RefusedAsync(host, $"/ws?ticket={await TicketAsync(host, "*:viewer")}&ticket=x");
    }

    [Fact]
    public async Task A_ticket_lasts_a_minute()
    {
        await using var host = await Door.StartAsync();
        var (early, late) = (await TicketAsync(host, "*:viewer"), await TicketAsync(host, "*:viewer"));
        host.Clock.Advance(TicketStore.Life - TimeSpan.FromSeconds(1));
        using var socket = await host.ConnectAsync($"/ws?ticket={early}");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(host, $"/ws?ticket={late}");
    }

    [Fact]
    public async Task Of_many_who_come_at_once_with_a_ticket_one_gets_in()
    {
        await using var host = await Door.StartAsync();
        var ticket = await TicketAsync(host, "*:viewer");
        var store = host.Get<TicketStore>();
        var callers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.RedeemAsync(ticket, Cancellation))));
        Assert.Single(callers, x => x is not null);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("desk-1:viewer", """["account:desk-1","AAA"]""", true)]
    [InlineData("desk-1:viewer", """["account:default"]""", false)]
    [InlineData("desk-1:viewer", """["AAA","account:default"]""", false)]
    [InlineData("desk-1:viewer", """["alerts"]""", false)]
    [InlineData("*:viewer", """["account:default","alerts"]""", true)]
    public async Task A_socket_hears_what_its_caller_may_view(string scopes, string topics, bool isAllowed)
    {
        await using var host = await Door.StartAsync();
        using var socket = await host.ConnectAsync($"/ws?ticket={await TicketAsync(host, scopes)}");
        await socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"subscribe":{{topics}}}"""), WebSocketMessageType.Text, true, Cancellation);
        if (isAllowed)
        {
            while (!host.Get<LiveHub>().HasListeners) await Task.Yield();
            await host.Get<LiveHub>().PushAsync([new LiveMessage(topics.Split('"')[1], "tick", "{}"u8.ToArray())], Cancellation);
            Assert.Equal(WebSocketMessageType.Text, (await socket.ReceiveAsync(new byte[256], Cancellation)).MessageType);
            return;
        }
        var answer = new byte[1_024];
        var length = (await socket.ReceiveAsync(answer, Cancellation)).Count;
        Assert.Contains("not the caller's to hear", JsonDocument.Parse(answer.AsMemory(0, length)).RootElement.GetProperty("data").GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(host.Get<LiveHub>().HasListeners);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_socket_ends_with_the_key_behind_it()
    {
        await using var host = await Door.StartAsync();
        var key = await host.KeyAsync("*:viewer");
        var ticket = (await host.PostAsync("/api/v1/ws-ticket", "", "application/json", key)).Json.GetProperty("ticket").GetString();
        using var socket = await host.ConnectAsync($"/ws?ticket={ticket}");
        await socket.SendAsync("""{"subscribe":["AAA"]}"""u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        while (!host.Get<LiveHub>().HasListeners) await Task.Yield();
        host.Clock.Advance(LiveHub.HeartbeatEvery);
        Assert.Equal(WebSocketMessageType.Text, (await socket.ReceiveAsync(new byte[256], Cancellation)).MessageType);
        await host.Get<RevokeKey>().RunAsync(key.Value[3..15], Cancellation);
        host.Clock.Advance(LiveHub.HeartbeatEvery);
        while ((await socket.ReceiveAsync(new byte[256], Cancellation)).MessageType != WebSocketMessageType.Close)
        {
        }
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
    }

    private static async Task<string> TicketAsync(ApiHost host, string scopes)
    {
        var reply = await host.PostAsync("/api/v1/ws-ticket", "", "application/json", await host.KeyAsync(scopes));
        Assert.Equal(201, reply.Status);
        return reply.Json.GetProperty("ticket").GetString()!;
    }

    private static async Task RefusedAsync(ApiHost host, string path)
    {
        (await host.GetAsync(path, ("Connection", "Upgrade"), ("Upgrade", "websocket"))).MustBeProblem(401);
        await Assert.ThrowsAnyAsync<Exception>(() => host.ConnectAsync(path));
    }
}
