using System.Text.Json;
using Risk.Api.Access;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>A question of API Gateway: an HTTP request (payload 2.0), or the handshake of a WebSocket.</summary>
/// <param name="IsSocket">The answer must be a policy.</param>
/// <param name="Arn">What is asked for: the route of an HTTP API, the method of a WebSocket API.</param>
/// <param name="Route">For the log.</param>
/// <param name="Keys">All values of the header with API keys.</param>
/// <param name="Authorizations">All values of <c>Authorization</c>.</param>
/// <param name="Origins">Of the pages that call; none for a program.</param>
public sealed record AuthorizerEvent(
    bool IsSocket, string Arn, string Route, IReadOnlyList<string> Keys, IReadOnlyList<string> Authorizations, IReadOnlyList<string> Origins, IReadOnlyList<string> Tickets)
{
    /// <exception cref="MalformedEventException">It is none.</exception>
    public static AuthorizerEvent Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("type"u8).GetString() != "REQUEST") throw new FormatException("its type is not REQUEST.");
            var context = root.GetProperty("requestContext"u8);
            var isSocket = context.TryGetProperty("eventType"u8, out var kind);
            if (isSocket && kind.GetString() != "CONNECT") throw new FormatException("only a handshake is authorized.");
            if (!isSocket && root.GetProperty("version"u8).GetString() != "2.0") throw new FormatException("its version is not 2.0.");
            return new AuthorizerEvent(
                isSocket,
                (isSocket ? root.GetProperty("methodArn"u8) : root.GetProperty("routeArn"u8)).GetString() ?? "",
                context.GetProperty("routeKey"u8).GetString() ?? "",
                Values(root, "headers", Authenticator.KeyHeader),
                Values(root, "headers", "authorization"),
                Values(root, "headers", "origin"),
                Values(root, "queryStringParameters", "ticket"));
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new MalformedEventException($"This is no event of an authorizer: {fault.Message}", fault);
        }
    }

    /// <summary>Of a name in any case: from the member with many values where the event has it, else from the one with one value each.</summary>
    private static List<string> Values(JsonElement root, string member, string name)
    {
        var many = $"multiValue{char.ToUpperInvariant(member[0])}{member[1..]}";
        if (!root.TryGetProperty(many, out var named) || named.ValueKind != JsonValueKind.Object) root.TryGetProperty(member, out named);
        if (named.ValueKind != JsonValueKind.Object) return [];
        return
        [
            .. from given in named.EnumerateObject()
               where given.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
               from value in given.Value.ValueKind == JsonValueKind.Array ? given.Value.EnumerateArray().ToArray() : [given.Value]
               select value.GetString() ?? "",
        ];
    }
}
