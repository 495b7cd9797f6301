using System.Text.Json;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>An event of the stream of the table, with the new images.</summary>
public static class TableEvent
{
    /// <summary>The changes in their order. What was deleted has no item.</summary>
    /// <exception cref="MalformedEventException">It is none, or it carries no images.</exception>
    public static IReadOnlyList<TableChange> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.GetProperty("Records"u8).EnumerateArray().Select(Read)];
        }
        catch (Exception fault) when (IsOfShape(fault))
        {
            throw new MalformedEventException($"This is no event of a table's stream: {fault.Message}", fault);
        }
    }

    private static TableChange Read(JsonElement record)
    {
        var change = record.GetProperty("dynamodb"u8);
        var sequence = change.GetProperty("SequenceNumber"u8).GetString() ?? throw new FormatException("A change has no sequence number.");
        if (record.GetProperty("eventName"u8).GetString() == "REMOVE") return new TableChange(sequence, null, null);
        var image = change.GetProperty("NewImage"u8);
        try
        {
            return new TableChange(sequence, ItemAttributes.ReadImage(image), null);
        }
        catch (Exception fault) when (fault is InvalidDataException || IsOfShape(fault))
        {
            return new TableChange(sequence, null, fault);
        }
    }

    private static bool IsOfShape(Exception fault) =>
        fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentException;
}

/// <param name="Item">What stands there now; null for what was deleted.</param>
/// <param name="Fault">Why it can't be read.</param>
public sealed record TableChange(string Sequence, Item? Item, Exception? Fault);
