using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Tests.Runtime;

/// <summary>An HTTP function in this process: a web application on <see cref="ApiGatewayServer"/>, driven by events.</summary>
internal static class GatewayFunction
{
    public static Task<RunningFunction> StartAsync(Action<WebApplicationBuilder> build, Action<WebApplication> routes, Action<WebApplication>? built = null) =>
        RunningFunction.StartAsync(async runtime =>
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" }).UseApiGateway(runtime);
            build(builder);
            await using var app = builder.Build();
            routes(app);
            built?.Invoke(app);
            await app.RunAsync();
        });

    /// <summary>Answers everything by what it saw.</summary>
    public static Task<RunningFunction> StartEchoAsync() => StartAsync(_ => { }, app => app.Run(EchoAsync));

    public static Task<RunningFunction> StartAsync(RequestDelegate handler) => StartAsync(_ => { }, app => app.Run(handler));

    /// <summary>The event of a file, changed.</summary>
    public static string Event(string name, Action<JsonNode>? change = null)
    {
        var payload = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Runtime", "Events", $"{name}.json")))!;
        change?.Invoke(payload);
        return payload.ToJsonString();
    }

    /// <summary>What the application behind the gateway saw.</summary>
    public static async Task<JsonElement> SeenAsync(this RunningFunction function, string payload)
    {
        var answer = await function.Platform.InvokeAsync(payload);
        return answer.IsError ? throw new InvalidOperationException(answer.Text) : JsonDocument.Parse(answer.Json.GetProperty("body").GetString()!).RootElement;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = context.Request;
        await context.Response.WriteAsJsonAsync(new
        {
            method = request.Method,
            scheme = request.Scheme,
            protocol = request.Protocol,
            path_base = request.PathBase.Value,
            path = request.Path.Value,
            query = request.Query.ToDictionary(x => x.Key, x => x.Value.ToArray()),
            url = request.GetEncodedUrl(),
            raw_target = context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            headers = request.Headers.ToDictionary(x => x.Key.ToLowerInvariant(), x => x.Value.ToArray()),
            cookies = request.Cookies.ToDictionary(x => x.Key, x => x.Value),
            body = Convert.ToBase64String(body.ToArray()),
            content_length = request.ContentLength,
            can_have_body = context.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody,
            client = context.Connection.RemoteIpAddress?.ToString(),
            id = context.TraceIdentifier,
            authentication = context.User.Identity?.AuthenticationType,
            is_authenticated = context.User.Identity?.IsAuthenticated,
            name = context.User.Identity?.Name,
            claims = context.User.Claims.Select(x => $"{x.Type}={x.Value}").ToArray(),
        });
    }
}
