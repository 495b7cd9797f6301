using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Risk.Testing.Cloud;

/// <summary>The platform's side of the Runtime API, on loopback: gives out events, takes answers, refuses what the platform refuses.</summary>
public sealed class RuntimeApiServer : IAsyncDisposable
{
    public const int MaxReplyBytes = 6_291_556;
    public static readonly DateTimeOffset Far = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Channel<Pending> queue = Channel.CreateUnbounded<Pending>();
    private readonly ConcurrentDictionary<string, Pending> given = new();
    private readonly TaskCompletionSource<Answer> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication app;
    private readonly TaskCompletionSource<long> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count;

    private RuntimeApiServer(WebApplication app) => this.app = app;

    /// <summary>Host and port.</summary>
    public string Address => new Uri(app.Urls.First()).Authority;

    /// <summary>Every call, in order: <c>GET invocation/next</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What answers the next calls to a path that ends so, once each, in the place of the server.</summary>
    public ConcurrentDictionary<string, int> Failures { get; } = new();

    /// <summary>The timestamp at which the function asked for its first event.</summary>
    public Task<long> Asked => asked.Task;

    /// <summary>The error of the initialisation or of a restore.</summary>
    public Task<Answer> Ended => ended.Task;

    public TaskCompletionSource Restored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<RuntimeApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(x => x.Limits.MaxRequestBodySize = null);
        var server = new RuntimeApiServer(builder.Build());
        server.Map();
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Waits for the answer to an event.</summary>
    public Task<Answer> InvokeAsync(string payload, string? traceId = null, DateTimeOffset? deadline = null) => InvokeAsync(Encoding.UTF8.GetBytes(payload), traceId, deadline);

    public async Task<Answer> InvokeAsync(byte[] payload, string? traceId = null, DateTimeOffset? deadline = null)
    {
        var pending = new Pending($"request-{Interlocked.Increment(ref count)}", payload, traceId, deadline ?? Far, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(pending, TestContext.Current.CancellationToken);
        return await pending.Answer.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    private void Map()
    {
        app.Use((context, next) =>
        {
            var path = context.Request.Path.Value!["/2018-06-01/runtime/".Length..];
            Calls.Enqueue($"{context.Request.Method} {path}");
            if (Failures.Keys.FirstOrDefault(path.EndsWith) is not { } failing || !Failures.TryRemove(failing, out var status)) return next(context);
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var runtime = app.MapGroup("/2018-06-01/runtime");
        runtime.MapGet("/invocation/next", (RequestDelegate)NextAsync);
        runtime.MapPost("/invocation/{id}/response", (RequestDelegate)(context => TakeAsync(context, isError: false)));
        runtime.MapPost("/invocation/{id}/error", (RequestDelegate)(context => TakeAsync(context, isError: true)));
        runtime.MapPost("/init/error", (RequestDelegate)EndAsync);
        runtime.MapPost("/restore/error", (RequestDelegate)EndAsync);
        runtime.MapGet("/restore/next", (RequestDelegate)(context => Restored.Task.WaitAsync(context.RequestAborted)));
    }

    private async Task NextAsync(HttpContext context)
    {
        asked.TrySetResult(Stopwatch.GetTimestamp());
        try
        {
            var next = await queue.Reader.ReadAsync(context.RequestAborted);
            given[next.Id] = next;
            var headers = context.Response.Headers;
            headers["Lambda-Runtime-Aws-Request-Id"] = next.Id;
            headers["Lambda-Runtime-Deadline-Ms"] = next.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:eu-north-1:111122223333:function:risk-test";
            if (next.TraceId is not null) headers["Lambda-Runtime-Trace-Id"] = next.TraceId;
            context.Response.ContentLength = next.Payload.Length;
            await context.Response.Body.WriteAsync(next.Payload, context.RequestAborted);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ChannelClosedException)
        {
            // The function has gone, or the test is over.
        }
    }

    private async Task TakeAsync(HttpContext context, bool isError)
    {
        var answer = await ReadAsync(context, isError);
        if (!given.TryGetValue((string)context.Request.RouteValues["id"]!, out var pending)) context.Response.StatusCode = 400;
        else if (answer.Body.Length > MaxReplyBytes)
        {
            context.Response.StatusCode = 413;
            pending.Answer.TrySetResult(answer with { IsTooLarge = true });
        }
        else context.Response.StatusCode = pending.Answer.TrySetResult(answer) ? 202 : 403;
    }

    private async Task EndAsync(HttpContext context)
    {
        var answer = await ReadAsync(context, isError: true);
        context.Response.StatusCode = 202;
        ended.TrySetResult(answer);
    }

    private static async Task<Answer> ReadAsync(HttpContext context, bool isError)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new Answer(body.ToArray(), isError, context.Request.Headers["Lambda-Runtime-Function-Error-Type"].FirstOrDefault());
    }

    private sealed record Pending(string Id, byte[] Payload, string? TraceId, DateTimeOffset Deadline, TaskCompletionSource<Answer> Answer);
}

public sealed record Answer(byte[] Body, bool IsError, string? ErrorType, bool IsTooLarge = false)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Fails unless it is an error of that type, in the header as in the body.</summary>
    public Answer MustBeError(string type)
    {
        Assert.True(IsError, Text);
        Assert.Equal(type, ErrorType);
        Assert.Equal(type, Json.GetProperty("errorType").GetString());
        Assert.Equal(JsonValueKind.Array, Json.GetProperty("stackTrace").ValueKind);
        return this;
    }
}
