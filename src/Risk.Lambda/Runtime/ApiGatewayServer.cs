using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Risk.Lambda.Runtime;

/// <summary>
/// The server of an HTTP function, in Kestrel's place: requests are events of API Gateway (HTTP API, REST API) or of a function URL. It
/// starts the invocation loop; when that ends, the application stops, and what ended it is thrown from there.
/// </summary>
public sealed class ApiGatewayServer(LambdaRuntime runtime, IHostApplicationLifetime lifetime) : IServer
{
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    /// <summary>None: there are no addresses and no limits of its own.</summary>
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Returns at once; the hosted services have started before.</summary>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        loop = Task.Run(() => ServeAsync(new GatewayFunction<TContext>(application).HandleAsync), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await loop.WaitAsync(cancellationToken);
    }

    public void Dispose() => stop.Dispose();

    private async Task ServeAsync(FunctionHandler handler)
    {
        try
        {
            await runtime.ServeAsync(handler, stop.Token);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}

public static class ApiGatewayHosting
{
    /// <summary>Serves the application on the runtime's events and writes its log in the runtime's form.</summary>
    public static WebApplicationBuilder UseApiGateway(this WebApplicationBuilder builder, LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // The framework notes each request with its whole address; the gateway's access log has what is needed of it. It also notes that it
        // has started and may be stopped by Ctrl+C.
        builder.Logging.ClearProviders().AddProvider(runtime.Logs).AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddSingleton<IServer>(services => new ApiGatewayServer(runtime, services.GetRequiredService<IHostApplicationLifetime>()));
        return builder;
    }
}

/// <summary>One event through the application. The buffers are kept from event to event, since only one is handled at a time.</summary>
internal sealed class GatewayFunction<TContext>(IHttpApplication<TContext> application)
    where TContext : notnull
{
    // What a large answer took is given back.
    private const int MaxKeptBytes = 1024 * 1024;

    private ArrayBufferWriter<byte> body = new(16 * 1024);
    private ArrayBufferWriter<byte> reply = new(16 * 1024);

    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        (body, reply) = (Emptied(body), Emptied(reply));
        var request = GatewayRequest.Parse(invocation.Event);
        var response = new GatewayResponse(body);
        await RunAsync(Features(request, response, cancellation), response);
        // The application stops without a word when nobody waits for it any more; but the gateway does, as long as the function lives.
        if (cancellation.IsCancellationRequested && response.StatusCode == StatusCodes.Status200OK && body.WrittenCount == 0)
            GatewayReply.WriteProblem(request, 503, "deadline", "Service Unavailable", "The request took longer than the function may run; nothing is known to be changed.", reply);
        else
            GatewayReply.Write(request, response, body, reply);
        return reply.WrittenMemory;
    }

    private async Task RunAsync(FeatureCollection features, GatewayResponse response)
    {
        var context = application.CreateContext(features);
        try
        {
            await application.ProcessRequestAsync(context);
            await response.FinishAsync();
        }
        catch (Exception fault)
        {
            application.DisposeContext(context, fault);
            throw;
        }
        await response.AfterwardsAsync();
        application.DisposeContext(context, null);
    }

    private static FeatureCollection Features(GatewayRequest request, GatewayResponse response, CancellationToken cancellation)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = request.Method,
            Protocol = request.Protocol,
            Scheme = request.Scheme,
            PathBase = request.PathBase,
            Path = request.Path,
            QueryString = request.Query,
            RawTarget = request.RawPath + request.Query,
            Headers = request.Headers,
            Body = MemoryMarshal.TryGetArray(request.Body, out var bytes) && bytes.Array is { } array ? new MemoryStream(array, bytes.Offset, bytes.Count, writable: false) : Stream.Null,
        });
        features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(request.Body.Length > 0));
        features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature { TraceIdentifier = request.Id });
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellation });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { ConnectionId = request.Id, RemoteIpAddress = request.Client });
        if (request.User is not null) features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature { User = request.User });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        return features;
    }

    private static ArrayBufferWriter<byte> Emptied(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > MaxKeptBytes) return new ArrayBufferWriter<byte>(16 * 1024);
        buffer.ResetWrittenCount();
        return buffer;
    }

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
