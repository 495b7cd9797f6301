using Microsoft.AspNetCore.Http;
using Risk.Application.Monitoring;

namespace Risk.Api.Setup;

/// <summary>Records how long each request took, from its head to the end of its answer. A WebSocket is no request.</summary>
internal sealed class ApiLatency(StreamFigures figures, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (!context.WebSockets.IsWebSocketRequest) figures.Api.Record(time.GetElapsedTime(started));
        }
    }
}
