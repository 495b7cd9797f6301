using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Prices;

namespace Risk.Api.Endpoints;

/// <summary>Ticks that somebody posts. They go to the stream; what is wrong with one of them is answered, not stored.</summary>
internal static class TickEndpoints
{
    private const string KeyHeader = "Idempotency-Key";

    private static readonly string[] Known = ["symbol", "time", "price", "bid", "ask", "volume", "source", "epoch", "sequence"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/market/ticks", Post).Needs(Role.Ingest).WithTags("Market").Accepts<TicksRequest>(RequestBody.Json).Produces<TicksAnswer>(202).Describe(
            "Take ticks in",
            "Answers once the accepted ticks are durable in the stream; they show in prices and figures moments later. A rejected "
            + "tick does not hold up the others. source and sequence go together: the sequence counts up by one per source and "
            + "symbol, so that a repeated post counts once. Ticks without them are told apart only by an Idempotency-Key: the same "
            + "key and body again gives the same answer and no second count. time is RFC 3339 or whole milliseconds since 1970.",
            new RouteDocs([], Examples.Ticks, Examples.TicksBody), 400, 413, 415, 422);

    private static async Task<IResult> Post(HttpRequest request, Universe universe, PublishTicks publish, TimeProvider time, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.UsualLimit, cancellation, RequestBody.Json);
        if (body.Problem is { } refused) return refused;
        using var document = body.Parse(out var malformed);
        if (document is null) return malformed!;
        await universe.RefreshAsync(cancellation);
        var faults = new List<Fault>();
        var key = KeyOf(request, faults);
        var (ticks, rejected) = Read(document.RootElement, universe, EventTime.From(time.GetUtcNow()), faults);
        if (faults.Count > 0) return Problems.Invalid(faults);
        var answer = JsonSerializer.Serialize(new TicksAnswer(ticks.Count, rejected), ApiJson.Default.TicksAnswer);
        if (key is null) await publish.RunAsync(ticks, cancellation);
        else if (await publish.RunOnceAsync(SubjectOf(request), key, body.Bytes, ticks, answer, cancellation) is { } first) answer = first;
        else return Problems.Of(422, "idempotency-key-reused", $"The {KeyHeader} was used before with another body. Take a new key for a new request.");
        return TypedResults.Text(answer, RequestBody.Json, statusCode: 202);
    }

    /// <summary>Two callers may choose the same key.</summary>
    private static string SubjectOf(HttpRequest request) =>
        CallerAccess.OfRequest(request.HttpContext).Caller is var caller && caller == Caller.Local ? "ticks" : $"ticks#{caller.Name}";

    /// <summary>A fault of the request's form is the whole request's; a fault of a tick's content is that tick's.</summary>
    private static (List<Tick> Ticks, List<RejectedTick> Rejected) Read(JsonElement root, Universe universe, EventTime now, List<Fault> faults)
    {
        var (ticks, rejected) = (new List<Tick>(), new List<RejectedTick>());
        var reader = new BodyReader(root, "", faults, "ticks");
        if (root.ValueKind != JsonValueKind.Object || reader.Array("ticks", RequestBody.UsualLimit) is not { } elements) return (ticks, rejected);
        var buffer = new TickBuffer();
        for (var i = 0; i < elements.Count; i++)
        {
            var element = elements[i].Element;
            if (element.ValueKind == JsonValueKind.Object)
                foreach (var member in element.EnumerateObject())
                    if (!Known.Contains(member.Name)) faults.Add(new Fault($"/ticks/{i}/{member.Name}", $"Unknown property. Known are {string.Join(", ", Known)}."));
            buffer.Clear();
            TickCodec.Decode(LineOf(element), universe.Symbols, now, buffer);
            if (buffer.Ticks.Length == 1) ticks.Add(buffer.Ticks[0]);
            else rejected.Add(new RejectedTick(i, buffer.Rejections[0].Reason.ToText()));
        }
        return (ticks, rejected);
    }

    /// <summary>The element's own bytes on one line: in JSON a line break only ever stands between tokens.</summary>
    private static byte[] LineOf(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element));
        var line = buffer.WrittenSpan.ToArray();
        line.AsSpan().ReplaceAny(LineBreaks, (byte)' ');
        return line;
    }

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    private static string? KeyOf(HttpRequest request, List<Fault> faults)
    {
        var values = request.Headers[KeyHeader];
        if (values.Count == 0) return null;
        if (values.Count == 1 && values[0] is { Length: > 0 and <= IdempotencyStore.MaxKeyLength } key && key.All(c => c is > ' ' and <= '~')) return key;
        faults.Add(new Fault(KeyHeader, $"Expected is one key of 1 to {IdempotencyStore.MaxKeyLength} visible ASCII characters."));
        return null;
    }
}

public sealed record TicksRequest(IReadOnlyList<TickRequest> Ticks);

public sealed record TickRequest(
    string Symbol, string Time, decimal Price, decimal? Bid = null, decimal? Ask = null, decimal? Volume = null,
    string? Source = null, long? Epoch = null, long? Sequence = null);

public sealed record TicksAnswer(int Accepted, IReadOnlyList<RejectedTick> Rejected);

/// <param name="Index">In the posted array, from 0.</param>
public sealed record RejectedTick(int Index, string Reason);
