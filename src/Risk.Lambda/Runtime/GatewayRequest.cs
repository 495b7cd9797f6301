using System.Net;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Risk.Lambda.Runtime;

/// <summary>
/// An HTTP request out of an event of API Gateway: payload 2.0 (HTTP APIs, Lambda function URLs) or 1.0 (REST APIs).
/// </summary>
/// <param name="IsPayload1">The reply must have the shape of payload 1.0.</param>
/// <param name="PathBase">The named stage, <c>/dev</c>, which a caller writes but no route knows; empty for <c>$default</c>.</param>
/// <param name="Path">Decoded but for <c>%2F</c>, as Kestrel hands it to the routes. A plus is a plus.</param>
/// <param name="Query">With its question mark, encoded.</param>
/// <param name="Body">The bytes that the caller sent; no base64.</param>
/// <param name="Client">Null where the gateway names no address.</param>
/// <param name="User">What the authorizer vouches for; null where there is none.</param>
internal sealed record GatewayRequest(
    bool IsPayload1,
    string Id,
    string Method,
    string Protocol,
    string PathBase,
    string Path,
    string Query,
    string RawPath,
    IHeaderDictionary Headers,
    ReadOnlyMemory<byte> Body,
    IPAddress? Client,
    ClaimsPrincipal? User)
{
    private const string DefaultStage = "$default";

    /// <summary>Callers reach the gateway by TLS only, unless an emulator says otherwise.</summary>
    public string Scheme => Headers["X-Forwarded-Proto"] == "http" ? "http" : "https";

    /// <exception cref="MalformedEventException">It is no request of API Gateway.</exception>
    public static GatewayRequest Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Object(root, "requestContext") is not { } context) throw new MalformedEventException("The event has no requestContext: it does not come from API Gateway.");
            if (Text(context, "eventType") is not null) throw new MalformedEventException("The event is one of a WebSocket API, not an HTTP request.");
            if (Text(root, "type") is not null) throw new MalformedEventException("The event asks an authorizer; it is not the request itself.");
            if (Object(context, "http") is { } http && Text(root, "rawPath") is { } rawPath) return OfPayload2(root, context, http, rawPath);
            if (Text(root, "httpMethod") is not null && Text(root, "path") is { } path) return OfPayload1(root, context, path);
            throw new MalformedEventException("The event has neither rawPath and requestContext.http (payload 2.0) nor path and httpMethod (payload 1.0).");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or a member of another kind or of broken text.
            throw new MalformedEventException($"The event can't be read: {fault.Message}", fault);
        }
    }

    private static GatewayRequest OfPayload2(JsonElement root, JsonElement context, JsonElement http, string rawPath)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        if (Object(root, "headers") is { } named)
        {
            foreach (var header in named.EnumerateObject()) headers[header.Name] = header.Value.GetString();
        }
        if (Array(root, "cookies") is { } cookies) headers.Cookie = string.Join("; ", cookies.EnumerateArray().Select(x => x.GetString()));
        var stage = Text(context, "stage");
        var pathBase = stage is null or DefaultStage || !IsUnder(rawPath, stage) ? "" : $"/{stage}";
        var rest = rawPath[pathBase.Length..];
        var query = Text(root, "rawQueryString");
        var request = new GatewayRequest(
            IsPayload1: false,
            Text(context, "requestId") ?? "",
            Text(http, "method") ?? throw new MalformedEventException("The event names no method."),
            Text(http, "protocol") ?? "HTTP/1.1",
            pathBase,
            Decode(rest),
            string.IsNullOrEmpty(query) ? "" : $"?{query}",
            rawPath,
            headers,
            ReadBody(root),
            Address(Text(http, "sourceIp")),
            Object(context, "authorizer") is { } authorizer ? GatewayClaims.OfPayload2(authorizer) : null);
        return request.Completed(Text(context, "domainName"));
    }

    private static GatewayRequest OfPayload1(JsonElement root, JsonElement context, string path)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, values) in Multiple(root, "multiValueHeaders", "headers")) headers[name] = values;
        var identity = Object(context, "identity");
        var stage = Text(context, "stage");
        // Here only the path of the context holds the stage.
        var pathBase = stage is not (null or DefaultStage) && Text(context, "path") == $"/{stage}{path}" ? $"/{stage}" : "";
        var query = new StringBuilder();
        foreach (var (name, values) in Multiple(root, "multiValueQueryStringParameters", "queryStringParameters"))
        {
            // The gateway has decoded them.
            foreach (var value in values) query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
        }
        var request = new GatewayRequest(
            IsPayload1: true,
            Text(context, "requestId") ?? "",
            Text(root, "httpMethod")!,
            Text(context, "protocol") ?? "HTTP/1.1",
            pathBase,
            Decode(path),
            query.ToString(),
            pathBase + path,
            headers,
            ReadBody(root),
            Address(identity is { } from ? Text(from, "sourceIp") : null),
            GatewayClaims.OfPayload1(Object(context, "authorizer"), identity));
        return request.Completed(Text(context, "domainName"));
    }

    /// <summary>Headers that speak of the body must fit the one that came; the gateway's are those of the caller's.</summary>
    private GatewayRequest Completed(string? domainName)
    {
        Headers.Remove("Transfer-Encoding");
        Headers.ContentLength = Body.Length > 0 || Headers.ContentLength is not null ? Body.Length : null;
        if (StringValues.IsNullOrEmpty(Headers.Host)) Headers.Host = domainName;
        return this;
    }

    private static ReadOnlyMemory<byte> ReadBody(JsonElement root)
    {
        if (!root.TryGetProperty("body", out var body) || body.ValueKind == JsonValueKind.Null) return default;
        if (root.TryGetProperty("isBase64Encoded", out var isBase64) && isBase64.ValueKind == JsonValueKind.True)
            return body.TryGetBytesFromBase64(out var sent) ? sent : throw new MalformedEventException("The body is said to be base64, and is not.");
        // From the event's bytes to the body's, without a string between them.
        var raw = JsonMarshal.GetRawUtf8Value(body);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var bytes = new byte[raw.Length];
        return bytes.AsMemory(0, reader.CopyString(bytes));
    }

    /// <summary>Each name with all its values, or with its one where the event has but the older member.</summary>
    private static IEnumerable<(string Name, StringValues Values)> Multiple(JsonElement root, string many, string one)
    {
        if (Object(root, many) is { } lists) return lists.EnumerateObject().Select(x => (x.Name, new StringValues([.. x.Value.EnumerateArray().Select(y => y.GetString())])));
        if (Object(root, one) is { } singles) return singles.EnumerateObject().Select(x => (x.Name, new StringValues(x.Value.GetString())));
        return [];
    }

    private static bool IsUnder(string path, string stage) =>
        path.Length > stage.Length && path.AsSpan(1).StartsWith(stage, StringComparison.Ordinal) && (path.Length == stage.Length + 1 || path[stage.Length + 1] == '/');

    private static string Decode(string path) => PathString.FromUriComponent(path.StartsWith('/') ? path : $"/{path}").Value!;

    private static IPAddress? Address(string? text) => IPAddress.TryParse(text, out var address) ? address : null;

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member.GetString() : null;

    private static JsonElement? Object(JsonElement parent, string name) => Member(parent, name, JsonValueKind.Object);

    private static JsonElement? Array(JsonElement parent, string name) => Member(parent, name, JsonValueKind.Array);

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return null;
        return member.ValueKind == kind ? member : throw new MalformedEventException($"'{name}' of the event is no {kind.ToString().ToLowerInvariant()}.");
    }
}
