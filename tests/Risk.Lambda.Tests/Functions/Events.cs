using System.Buffers;
using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Tests.Functions;

/// <summary>Events as the services write them, of invented accounts.</summary>
internal static class Events
{
    public const string Shard = "shardId-000000000001";

    public static string Kinesis(string shard, IEnumerable<StreamRecord> records) => Json(json =>
    {
        json.WriteStartArray("Records");
        foreach (var record in records)
        {
            json.WriteStartObject();
            json.WriteStartObject("kinesis");
            json.WriteString("kinesisSchemaVersion", "1.0");
            json.WriteString("partitionKey", "17");
            json.WriteString("sequenceNumber", record.Sequence);
            json.WriteBase64String("data", record.Data.Span);
            json.WriteNumber("approximateArrivalTimestamp", (record.ArrivedAt - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond);
            json.WriteEndObject();
            json.WriteString("eventSource", "aws:kinesis");
            json.WriteString("eventVersion", "1.0");
            json.WriteString("eventID", $"{shard}:{record.Sequence}");
            json.WriteString("eventName", "aws:kinesis:record");
            json.WriteString("eventSourceARN", "arn:aws:kinesis:us-east-1:111122223333:stream/ticks");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static Invocation Of(string payload, DateTimeOffset? deadline = null, string requestId = "request-1") => new(
        requestId, "arn:aws:lambda:us-east-1:111122223333:function:risk", deadline ?? new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), null, null, Encoding.UTF8.GetBytes(payload));

    /// <summary>The sequences of a partial batch reply.</summary>
    public static string[] Failures(ReadOnlyMemory<byte> reply)
    {
        using var document = JsonDocument.Parse(reply);
        return [.. document.RootElement.GetProperty("batchItemFailures").EnumerateArray().Select(x => x.GetProperty("itemIdentifier").GetString()!)];
    }

    private static string Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
