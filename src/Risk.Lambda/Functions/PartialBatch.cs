using System.Buffers;
using System.Text.Json;

namespace Risk.Lambda.Functions;

/// <summary>The reply to an event of a stream: the sequence numbers from which on its records must come again; none for all is done.</summary>
internal static class PartialBatch
{
    public static ReadOnlyMemory<byte> Reply(IEnumerable<string> failedFrom)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("batchItemFailures"u8);
        foreach (var sequence in failedFrom)
        {
            json.WriteStartObject();
            json.WriteString("itemIdentifier"u8, sequence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
