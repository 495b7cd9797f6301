using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Risk.Api.Access;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Api.Live;

/// <summary>The live view: <c>{"type":"tick"|"window"|"snapshot"|"alert"|"heartbeat","data":…,"sequence":n}</c>.</summary>
internal static class LiveEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // No HTTP answer to describe: OpenAPI has no words for a socket.
        routes.Map("/ws", Connect).NeedsTicket().ExcludeFromDescription();
        routes.Map("/ws/market-data", Connect).NeedsTicket().ExcludeFromDescription();
    }

    private static async Task Connect(HttpContext context, LiveHub hub, CheckKey keys, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Problems.Of(426, "upgrade-required", "This route speaks WebSocket only.").ExecuteAsync(context);
            return;
        }
        if (hub.IsFull)
        {
            context.Response.Headers.RetryAfter = "15";
            await Problems.Of(503, "too-many-connections", "All places are taken; try again later.").ExecuteAsync(context);
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var caller = CallerAccess.OfRequest(context).Caller;
        var watching = EndWithCredentialsAsync(caller, keys, time, ending);
        try
        {
            await hub.RunAsync(socket, topic => LiveRequest.MayHear(caller.Scopes, topic), ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A connection outlives its handshake, but not the credentials behind it by more than a heartbeat.</summary>
    private static async Task EndWithCredentialsAsync(Caller caller, CheckKey keys, TimeProvider time, CancellationTokenSource ending)
    {
        if (caller.ValidUntil is null && caller.KeyId is null) return;
        using var timer = new PeriodicTimer(LiveHub.HeartbeatEvery, time);
        while (await timer.WaitForNextTickAsync(ending.Token))
        {
            if (!(caller.ValidUntil <= time.GetUtcNow()) && await IsKeyGoodAsync(caller, keys, ending.Token)) continue;
            await ending.CancelAsync();
            return;
        }
    }

    private static async Task<bool> IsKeyGoodAsync(Caller caller, CheckKey keys, CancellationToken cancellation)
    {
        try
        {
            return caller.KeyId is not { } id || await keys.IsStillValidAsync(id, cancellation);
        }
        catch (StoreUnavailableException)
        {
            // Nobody knows; the client may ask for a new ticket when the store is back.
            return false;
        }
    }
}
