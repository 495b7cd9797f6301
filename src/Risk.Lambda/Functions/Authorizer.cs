using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>
/// Tells the gateway who calls: by API key or token for an HTTP request, by a ticket for a WebSocket, which is used up by it. Whoever brings
/// nothing is denied; routes for anyone have no authorizer in the gateway, so they are never asked about.
/// </summary>
public sealed partial class Authorizer(Authenticator authenticator, TicketStore tickets, AccessSettings access, ILogger<Authorizer> log)
{
    private const string Nobody = "nobody";

    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE");
        await using var services = new ServiceCollection()
            .AddCloud(settings, runtime).AddAuthenticator(settings.Access.Jwt).AddSingleton(settings.Access).AddSingleton<Authorizer>().BuildServiceProvider();
        await runtime.ServeAsync(services.GetRequiredService<Authorizer>().HandleAsync);
    }

    /// <summary>Replies to an HTTP API with <c>isAuthorized</c>, to a WebSocket API with a policy; both with the caller as context.</summary>
    /// <exception cref="MalformedEventException">The event asks nothing that can be answered.</exception>
    /// <exception cref="StoreUnavailableException">It can't be found out now: the gateway answers 500, so that the caller tries again.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var asked = AuthorizerEvent.Parse(invocation.Event);
        var (caller, fault) = asked.IsSocket ? await ByTicketAsync(asked, cancellation) : await ByHeadersAsync(asked, cancellation);
        if (fault is not null) LogDenied(log, asked.Route, fault);
        return asked.IsSocket ? Policy(asked.Arn, caller) : Simple(caller);
    }

    private async Task<Authentication> ByHeadersAsync(AuthorizerEvent asked, CancellationToken cancellation)
    {
        try
        {
            return await authenticator.RunAsync(asked.Keys, asked.Authorizations, cancellation);
        }
        catch (StoreUnavailableException unavailable) when (asked.Keys.Count == 0)
        {
            // Tokens need the issuer's keys alone: without them every token is denied. A key that can't be looked up is another matter.
            LogNoKeys(log, unavailable);
            return new Authentication(null, "token: the issuer's keys are not at hand");
        }
    }

    private async Task<Authentication> ByTicketAsync(AuthorizerEvent asked, CancellationToken cancellation)
    {
        // Before the ticket is used up: a page of another site must not spend it either.
        if (!asked.Origins.All(origin => access.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))) return new Authentication(null, "a page of another site");
        if (asked.Tickets.Count != 1) return new Authentication(null, "not one ticket");
        var caller = await tickets.RedeemAsync(asked.Tickets[0], cancellation);
        return new Authentication(caller, caller is null ? "the ticket is unknown, expired or used" : null);
    }

    private static ReadOnlyMemory<byte> Simple(Caller? caller) => Json(json =>
    {
        json.WriteBoolean("isAuthorized"u8, caller is not null);
        WriteContext(json, caller);
    });

    private static ReadOnlyMemory<byte> Policy(string arn, Caller? caller) => Json(json =>
    {
        json.WriteString("principalId"u8, caller?.Name ?? Nobody);
        json.WriteStartObject("policyDocument"u8);
        json.WriteString("Version"u8, "2012-10-17"u8);
        json.WriteStartArray("Statement"u8);
        json.WriteStartObject();
        json.WriteString("Action"u8, "execute-api:Invoke"u8);
        json.WriteString("Effect"u8, caller is null ? "Deny"u8 : "Allow"u8);
        json.WriteString("Resource"u8, arn);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        WriteContext(json, caller);
    });

    private static void WriteContext(Utf8JsonWriter json, Caller? caller)
    {
        if (caller is null) return;
        json.WriteStartObject("context"u8);
        foreach (var (name, value) in HostCaller.ToContext(caller)) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    [LoggerMessage(LogLevel.Warning, "{Route} was refused: {Fault}.")]
    private static partial void LogDenied(ILogger log, string route, string fault);

    [LoggerMessage(LogLevel.Error, "The keys of the issuer of tokens are not at hand; every token is denied.")]
    private static partial void LogNoKeys(ILogger log, Exception fault);
}
