using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Risk.Api.Wire;

/// <summary>The bytes of a request, or the problem why there are none.</summary>
internal readonly record struct RequestBody(ReadOnlyMemory<byte> Bytes, string MediaType, IResult? Problem)
{
    public const int UsualLimit = 256 * 1024;

    /// <summary>Of calculators and imports: base64 of it must fit the 6 MB that a Lambda function is given.</summary>
    public const int ImportLimit = 4 * 1024 * 1024;

    private const int MaxFirstRoom = 64 * 1024;

    public const string Json = "application/json";
    public const string Csv = "text/csv";

    public bool IsCsv => MediaType == Csv;

    public static async Task<RequestBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation, params string[] accepted)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !accepted.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            return new RequestBody(default, "", Problems.Unsupported(accepted));
        if (request.ContentLength > limit) return new RequestBody(default, "", Problems.TooLarge(limit));
        // What is announced is only promised: room is made for what has come.
        var bytes = new ArrayBufferWriter<byte>((int)Math.Min(request.ContentLength ?? 0, MaxFirstRoom) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(bytes.GetMemory(4096), cancellation);
            if (read == 0) return Of(bytes.WrittenMemory, type.MediaType.Value!.ToLowerInvariant());
            bytes.Advance(read);
            if (bytes.WrittenCount > limit) return new RequestBody(default, "", Problems.TooLarge(limit));
        }
    }

    /// <summary>JSON is read lazily: text that is none would be found out in the middle of the work.</summary>
    private static RequestBody Of(ReadOnlyMemory<byte> bytes, string mediaType) =>
        mediaType == Json && JsonText.FaultOf(bytes.Span) is { } fault
            ? new RequestBody(default, "", Problems.Invalid([new Fault("", $"Not valid JSON: {fault}")]))
            : new RequestBody(bytes, mediaType, null);

    /// <summary>The document, or a problem that says where it stops being one.</summary>
    public JsonDocument? Parse(out IResult? problem)
    {
        problem = null;
        try
        {
            return JsonDocument.Parse(Bytes, new JsonDocumentOptions { MaxDepth = ApiJson.MaxDepth });
        }
        catch (JsonException fault)
        {
            problem = Problems.Invalid([new Fault("", $"Not valid JSON at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}: {Reason(fault)}")]);
            return null;
        }
    }

    private static string Reason(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[..end];
    }
}
