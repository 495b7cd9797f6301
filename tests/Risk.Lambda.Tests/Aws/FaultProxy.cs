using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Risk.Lambda.Tests.Aws;

/// <summary>
/// Stands before a service on 127.0.0.1. A plan sees each call and decides: pass it on, change it, answer in the service's place, or cut the
/// connection (null), before or after the service did its work.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication server;

    private FaultProxy(WebApplication server) => this.server = server;

    public string Url { get; private init; } = "";

    /// <param name="target">The service, or empty when the plan answers everything itself.</param>
    public static async Task<FaultProxy> StartAsync(string target, Func<ProxyCall, Task<ProxyReply?>> plan)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var number = 0;
        server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var call = new ProxyCall(Interlocked.Increment(ref number), context, body.ToArray(), http, target);
            if (await plan(call) is { } reply)
                await reply.WriteAsync(context.Response);
            else
                context.Abort();
        });
        server.Lifetime.ApplicationStopped.Register(http.Dispose);
        await server.StartAsync();
        return new FaultProxy(server) { Url = server.Urls.Single() };
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <param name="Number">From 1.</param>
internal sealed record ProxyCall(int Number, HttpContext Context, byte[] Body, HttpClient Http, string Target)
{
    /// <summary>Such as <c>PutRecords</c>; of S3 the method.</summary>
    public string Operation => Context.Request.Headers["x-amz-target"].ToString().Split('.') is [_, var operation] ? operation : Context.Request.Method;

    public Task<ProxyReply?> PassOnAsync() => PassOnAsync(Body);

    public async Task<ProxyReply?> PassOnAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Context.Request.Method), Target + RawPath) { Content = new ByteArrayContent(body) };
        foreach (var (name, values) in Context.Request.Headers)
        {
            if (name is "Host" or "Content-Length" or "Expect" or "Connection")
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        using var answer = await Http.SendAsync(request);
        return new ProxyReply((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers.ContentType?.ToString());
    }

    /// <summary>As it was sent, nothing unescaped.</summary>
    public string RawPath => Context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;

    /// <summary>Until the client gives up.</summary>
    public async Task<ProxyReply?> HoldAsync()
    {
        var gone = new TaskCompletionSource();
        await using (Context.RequestAborted.Register(gone.SetResult))
            await gone.Task;
        return null;
    }
}

internal sealed record ProxyReply(int Status, byte[] Body, string? ContentType = "application/x-amz-json-1.1")
{
    public static Task<ProxyReply?> Fault(int status, string code) =>
        Task.FromResult<ProxyReply?>(new ProxyReply(status, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = "aws#" + code, ["message"] = "by the proxy" })));

    public static Task<ProxyReply?> Json(string json) => Task.FromResult<ProxyReply?>(new ProxyReply(200, System.Text.Encoding.UTF8.GetBytes(json)));

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (ContentType is not null)
            response.ContentType = ContentType;
        await response.Body.WriteAsync(Body);
    }
}
