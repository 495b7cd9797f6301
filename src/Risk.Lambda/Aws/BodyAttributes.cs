using System.Buffers;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Risk.Lambda.Aws;

/// <summary>
/// An item's body as native attributes and back. Strings, lists, maps, booleans and nulls keep their values; numbers keep their value but not
/// their spelling (the table drops zeros and signs of zero). Members come back in ordinal order, whatever the order they were put in.
/// </summary>
internal static class BodyAttributes
{
    /// <summary>What the table allows of lists and maps in each other, the body's own attribute counted.</summary>
    private const int MaxDepth = 32;

    /// <exception cref="ArgumentException">Not a JSON object, a name twice in one object, nested too deeply, or a number outside <see cref="DynamoNumber"/>.</exception>
    public static AttributeValue Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new ArgumentException("The body of an item is a JSON object.", nameof(json));
            var body = ReadValue(ref reader);
            return reader.Read() ? throw new ArgumentException("Something follows the body.", nameof(json)) : body;
        }
        catch (JsonException fault)
        {
            throw new ArgumentException($"The body of an item is a JSON object: {fault.Message}", nameof(json), fault);
        }
    }

    public static byte[] Write(AttributeValue body)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        WriteValue(json, body);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static AttributeValue ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadMap(ref reader),
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.String => new AttributeValue { S = reader.GetString() },
        JsonTokenType.Number => new AttributeValue { N = DynamoNumber.Demand(Encoding.ASCII.GetString(reader.ValueSpan)) },
        JsonTokenType.True => new AttributeValue { BOOL = true },
        JsonTokenType.False => new AttributeValue { BOOL = false },
        _ => new AttributeValue { NULL = true },
    };

    private static AttributeValue ReadMap(ref Utf8JsonReader reader)
    {
        var members = new Dictionary<string, AttributeValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!members.TryAdd(name, ReadValue(ref reader)))
                throw new ArgumentException($"The body of an item has '{name}' twice.");
        }

        return new AttributeValue { M = members };
    }

    private static AttributeValue ReadList(ref Utf8JsonReader reader)
    {
        var values = new List<AttributeValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            values.Add(ReadValue(ref reader));
        return new AttributeValue { L = values };
    }

    private static void WriteValue(Utf8JsonWriter json, AttributeValue value)
    {
        if (value.S is not null)
            json.WriteStringValue(value.S);
        else if (value.N is not null)
            json.WriteRawValue(DynamoNumber.Plain(value.N), skipInputValidation: true);
        else if (value.BOOL is { } flag)
            json.WriteBooleanValue(flag);
        else if (value.NULL == true)
            json.WriteNullValue();
        else if (value.L is not null)
            WriteList(json, value.L);
        else if (value.M is not null)
            WriteMap(json, value.M);
        else
            throw new InvalidDataException("The body of an item holds an attribute of a kind that no store writes.");
    }

    private static void WriteList(Utf8JsonWriter json, List<AttributeValue> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
            WriteValue(json, value);
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, Dictionary<string, AttributeValue> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }
}
