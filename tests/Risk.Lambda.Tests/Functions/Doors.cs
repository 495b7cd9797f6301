using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Api.Access;

namespace Risk.Lambda.Tests.Functions;

/// <summary>Events of the gateway about callers: those of the files, changed.</summary>
internal static class Doors
{
    /// <param name="change">Of the whole event.</param>
    public static string File(string name, Action<JsonNode>? change = null)
    {
        var payload = JsonNode.Parse(System.IO.File.ReadAllText(EventFileTests.PathOf($"{name}.json")))!;
        change?.Invoke(payload);
        return payload.ToJsonString();
    }

    /// <summary>The question about an HTTP request with these headers.</summary>
    public static string Request(params (string Name, string Value)[] headers) => File("authorizer-anonymous", x =>
    {
        foreach (var (name, value) in headers) x["headers"]![name] = value;
    });

    /// <summary>The question about a handshake.</summary>
    public static string Handshake(string ticket, string? origin = null) => File("authorizer-ws-ticket", x =>
    {
        x["queryStringParameters"]!["ticket"] = ticket;
        x["multiValueQueryStringParameters"]!["ticket"] = new JsonArray(ticket);
        foreach (var headers in (string[])["headers", "multiValueHeaders"]) x[headers]!.AsObject().Remove("Origin");
        if (origin is null) return;
        x["headers"]!["Origin"] = origin;
        x["multiValueHeaders"]!["Origin"] = new JsonArray(origin);
    });

    /// <summary>A connection's event, of whom the authorizer vouched for.</summary>
    /// <param name="context">The authorizer's; it comes with the handshake and, not to be relied on, with what follows.</param>
    public static string Socket(string name, string connection, DateTimeOffset connectedAt, JsonElement? context = null, string? body = null) => File(name, x =>
    {
        var about = x["requestContext"]!.AsObject();
        (about["connectionId"], about["connectedAt"]) = (connection, connectedAt.ToUnixTimeMilliseconds());
        about.Remove("authorizer");
        if (context is { } given)
        {
            about["authorizer"] = JsonNode.Parse(given.GetRawText());
            about["authorizer"]!["principalId"] = given.GetProperty(HostCaller.NameClaim).GetString();
            about["authorizer"]!["integrationLatency"] = 12;
        }
        if (body is not null) x["body"] = body;
    });
}
