using System.Text;
using System.Text.Json;
using Risk.Api.Access;
using Risk.Application.Access;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>An event of a WebSocket API.</summary>
/// <param name="ConnectedAt">When the handshake was.</param>
/// <param name="Caller">Whom the authorizer vouches for; null for nobody.</param>
/// <param name="Message">What the client sent; empty but for a message.</param>
public sealed record SocketEvent(SocketEventKind Kind, string Connection, DateTimeOffset ConnectedAt, Caller? Caller, ReadOnlyMemory<byte> Message)
{
    /// <exception cref="MalformedEventException">It is none.</exception>
    public static SocketEvent Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var context = root.GetProperty("requestContext"u8);
            var kind = context.GetProperty("eventType"u8).GetString() switch
            {
                "CONNECT" => SocketEventKind.Connect,
                "DISCONNECT" => SocketEventKind.Disconnect,
                "MESSAGE" => SocketEventKind.Message,
                _ => throw new FormatException("its type is none of a connection."),
            };
            if (root.TryGetProperty("methodArn"u8, out _)) throw new FormatException("it asks an authorizer.");
            var connection = context.GetProperty("connectionId"u8).GetString();
            if (string.IsNullOrEmpty(connection)) throw new FormatException("it names no connection.");
            var connectedAt = DateTimeOffset.FromUnixTimeMilliseconds(context.GetProperty("connectedAt"u8).GetInt64());
            return new SocketEvent(kind, connection, connectedAt, CallerOf(context), kind == SocketEventKind.Message ? MessageOf(root) : default);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            throw new MalformedEventException($"This is no event of a WebSocket API: {fault.Message}", fault);
        }
    }

    private static Caller? CallerOf(JsonElement context) =>
        context.TryGetProperty("authorizer"u8, out var authorizer) && authorizer.ValueKind == JsonValueKind.Object && GatewayClaims.OfPayload1(authorizer, null) is { } user
            ? HostCaller.Of(user, jwt: null)
            : null;

    private static byte[] MessageOf(JsonElement root)
    {
        if (!root.TryGetProperty("body"u8, out var body) || body.ValueKind == JsonValueKind.Null) return [];
        var isBase64 = root.TryGetProperty("isBase64Encoded"u8, out var flag) && flag.ValueKind == JsonValueKind.True;
        return isBase64 ? body.GetBytesFromBase64() : Encoding.UTF8.GetBytes(body.GetString()!);
    }
}

public enum SocketEventKind
{
    Connect,
    Message,
    Disconnect,
}
