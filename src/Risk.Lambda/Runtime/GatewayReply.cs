using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Risk.Lambda.Runtime;

/// <summary>
/// Writes a response as API Gateway takes it. A body is text, and goes as it is, if its content type is <c>text/*</c>, JSON, XML (SVG too),
/// JavaScript, NDJSON, YAML or a form, in UTF-8, without a content encoding; anything else, and what claims to be text but is no UTF-8, goes
/// as base64. An HTTP API and a function URL decode it by themselves; a REST API must list the type, or <c>*/*</c>, as binary.
/// </summary>
internal static class GatewayReply
{
    /// <summary>More the platform refuses, for the reply as a whole, base64 and escapes included.</summary>
    public const int MaxBytes = 6_291_556;

    private static readonly string[] TextTypes =
        ["application/json", "application/xml", "application/javascript", "application/x-ndjson", "application/ndjson", "application/yaml", "application/x-www-form-urlencoded"];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the response, or in its place the problem that it is too large.</summary>
    /// <param name="reply">Empty; takes the reply.</param>
    public static void Write(GatewayRequest request, GatewayResponse response, ArrayBufferWriter<byte> body, ArrayBufferWriter<byte> reply)
    {
        if (body.WrittenCount <= MaxBytes) WriteOnce(request, response, body.WrittenSpan, reply);
        if (body.WrittenCount <= MaxBytes && reply.WrittenCount <= MaxBytes) return;
        WriteProblem(request, 413, "too-large", "Payload Too Large", "The answer is larger than the 6 MB that a function may give. Ask for less at once: a shorter range, or pages.", reply);
    }

    public static void WriteProblem(GatewayRequest request, int status, string type, string title, string detail, ArrayBufferWriter<byte> reply)
    {
        var response = new GatewayResponse(new ArrayBufferWriter<byte>()) { StatusCode = status };
        response.Headers.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", $"urn:risk:problem:{type}");
            json.WriteString("title", title);
            json.WriteNumber("status", status);
            json.WriteString("detail", detail);
            json.WriteEndObject();
        }
        reply.ResetWrittenCount();
        WriteOnce(request, response, body.WrittenSpan, reply);
    }

    private static void WriteOnce(GatewayRequest request, GatewayResponse response, ReadOnlySpan<byte> body, ArrayBufferWriter<byte> reply)
    {
        using var json = new Utf8JsonWriter(reply, Options);
        json.WriteStartObject();
        json.WriteNumber("statusCode", response.StatusCode);
        if (request.IsPayload1) WriteHeaders1(json, response.Headers);
        else WriteHeaders2(json, response.Headers);
        // The answer to a HEAD describes a body that it hasn't.
        if (body.Length > 0 && !HttpMethods.IsHead(request.Method))
        {
            var isText = IsText(response.Headers) && Utf8.IsValid(body);
            json.WriteBoolean("isBase64Encoded", !isText);
            if (isText) json.WriteString("body", body);
            else json.WriteBase64String("body", body);
        }
        json.WriteEndObject();
    }

    private static void WriteHeaders1(Utf8JsonWriter json, IHeaderDictionary headers)
    {
        json.WriteStartObject("multiValueHeaders");
        foreach (var (name, values) in headers)
        {
            json.WriteStartArray(name);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Values are joined, but cookies have a member of their own: a comma is part of many.</summary>
    private static void WriteHeaders2(Utf8JsonWriter json, IHeaderDictionary headers)
    {
        json.WriteStartObject("headers");
        foreach (var (name, values) in headers)
        {
            if (!name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase)) json.WriteString(name, string.Join(", ", values.ToArray()));
        }
        json.WriteEndObject();
        if (headers.SetCookie is not { Count: > 0 } cookies) return;
        json.WriteStartArray("cookies");
        foreach (var cookie in cookies) json.WriteStringValue(cookie);
        json.WriteEndArray();
    }

    private static bool IsText(IHeaderDictionary headers)
    {
        if (headers.ContentEncoding.Count > 0 || !MediaTypeHeaderValue.TryParse(headers.ContentType.ToString(), out var type)) return false;
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return false;
        return type.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("xml", StringComparison.OrdinalIgnoreCase)
            || TextTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase);
    }
}
