using System.Buffers;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Risk.Application.Ports;
using Risk.Lambda.Aws;

namespace Risk.Lambda.Tests.Functions;

/// <summary>A change as the stream of the table brings it.</summary>
internal static class TableRecord
{
    /// <summary>As the stream writes it: the row with its types.</summary>
    public static string Of(Item item, string sequence)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("eventName", "MODIFY");
        json.WriteStartObject("dynamodb");
        json.WriteString("SequenceNumber", sequence);
        json.WritePropertyName("NewImage");
        Write(json, ItemAttributes.Of(item));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Dictionary<string, AttributeValue> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AttributeValue value)
    {
        json.WriteStartObject();
        if (value.S is not null) json.WriteString("S", value.S);
        else if (value.N is not null) json.WriteString("N", value.N);
        else if (value.BOOL is { } flag) json.WriteBoolean("BOOL", flag);
        else if (value.NULL == true) json.WriteBoolean("NULL", true);
        else if (value.M is not null)
        {
            json.WritePropertyName("M");
            Write(json, value.M);
        }
        else
        {
            json.WriteStartArray("L");
            foreach (var element in value.L) Write(json, element);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
