using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Stores;

/// <summary>
/// A symbol's state as the body of an item. Whole numbers with the unit in the name (`_e8` for 10⁻⁸, `_us` for microseconds); the parts
/// that repeat are arrays without names, to keep the item within one write unit of the cloud's table.
/// </summary>
internal static class SymbolStateJson
{
    /// <summary>Raised when the shape changes; a newer program reads the older shapes.</summary>
    private const int Schema = 1;

    public static byte[] Write(Symbol symbol, SymbolState state, ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteNumber("schema"u8, Schema);
        json.WriteString("symbol"u8, symbol.Text);
        json.WriteNumber("watermark_us"u8, state.Watermark.Microseconds);
        json.WriteNumber("last_e8"u8, state.Last.E8);
        json.WriteNumber("bid_e8"u8, state.Bid.E8);
        json.WriteNumber("ask_e8"u8, state.Ask.E8);
        json.WritePropertyName("last_order"u8);
        WriteOrder(json, state.LastOrder);
        json.WriteNumber("counted"u8, state.Counted);
        json.WriteNumber("duplicates"u8, state.Duplicates);
        json.WriteNumber("late"u8, state.Late);
        json.WriteNumber("quarantined"u8, state.Quarantined);
        json.WriteNumber("outliers"u8, state.Outliers);
        json.WriteNumber("lowest_e8"u8, state.Lowest.E8);
        json.WriteNumber("highest_e8"u8, state.Highest.E8);
        json.WritePropertyName("volume_e6"u8);
        WriteInteger(json, state.VolumeSum);
        WriteShards(json, state);
        WriteSources(json, state);
        json.WriteStartArray("windows"u8);
        foreach (var window in state.Windows) WriteWindow(json, window);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static SymbolState Read(long version, ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.GetProperty("schema"u8).GetInt32() > Schema)
            throw new InvalidDataException("A symbol's state was written by a newer version of this program; start that version.");
        var figures = new SymbolFigures(
            new EventTime(root.GetProperty("watermark_us"u8).GetInt64()),
            ReadPrice(root, "last_e8"u8),
            ReadPrice(root, "bid_e8"u8),
            ReadPrice(root, "ask_e8"u8),
            ReadOrder(root.GetProperty("last_order"u8)),
            root.GetProperty("counted"u8).GetInt64(),
            root.GetProperty("duplicates"u8).GetInt64(),
            root.GetProperty("late"u8).GetInt64(),
            root.GetProperty("quarantined"u8).GetInt64(),
            root.GetProperty("outliers"u8).GetInt64(),
            ReadPrice(root, "lowest_e8"u8),
            ReadPrice(root, "highest_e8"u8),
            ReadInteger(root.GetProperty("volume_e6"u8)));
        return SymbolState.Restore(
            version,
            figures,
            [.. root.GetProperty("shards"u8).EnumerateArray().Select(x => new ShardMark(x[0].GetString()!, x[1].GetString()!))],
            [.. root.GetProperty("sources"u8).EnumerateArray().Select(ReadSource)],
            [.. root.GetProperty("windows"u8).EnumerateArray().Select(ReadWindow)]);
    }

    public static void WriteWindow(Utf8JsonWriter json, PriceWindow window)
    {
        json.WriteStartArray();
        json.WriteNumberValue(window.Start.Microseconds);
        json.WriteNumberValue(window.Count);
        WriteInteger(json, window.PriceSum);
        WriteInteger(json, window.VolumeSum);
        WriteInteger(json, window.NotionalSum);
        json.WriteNumberValue(window.Open.E8);
        json.WriteNumberValue(window.High.E8);
        json.WriteNumberValue(window.Low.E8);
        json.WriteNumberValue(window.Close.E8);
        WriteOrder(json, window.OpenOrder);
        WriteOrder(json, window.CloseOrder);
        json.WriteEndArray();
    }

    public static PriceWindow ReadWindow(JsonElement x) => PriceWindow.Restore(
        new EventTime(x[0].GetInt64()),
        x[1].GetInt64(),
        ReadInteger(x[2]),
        ReadInteger(x[3]),
        ReadInteger(x[4]),
        new Price(x[5].GetInt64()),
        new Price(x[6].GetInt64()),
        new Price(x[7].GetInt64()),
        new Price(x[8].GetInt64()),
        ReadOrder(x[9]),
        ReadOrder(x[10]));

    private static void WriteShards(Utf8JsonWriter json, SymbolState state)
    {
        json.WriteStartArray("shards"u8);
        foreach (var mark in state.Shards)
        {
            json.WriteStartArray();
            json.WriteStringValue(mark.Shard);
            json.WriteStringValue(mark.Sequence);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteSources(Utf8JsonWriter json, SymbolState state)
    {
        json.WriteStartArray("sources"u8);
        foreach (var source in state.Sources)
        {
            json.WriteStartArray();
            WriteName(json, source.Source);
            WriteMemory(json, source.Current);
            if (source.Previous is { } previous) WriteMemory(json, previous);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static AntiReplay ReadSource(JsonElement x) =>
        new(SourceName.Parse(x[0].GetString()!), ReadMemory(x, 1), x.GetArrayLength() > 4 ? ReadMemory(x, 4) : null);

    private static void WriteMemory(Utf8JsonWriter json, SequenceMemory memory)
    {
        json.WriteNumberValue(memory.Epoch);
        json.WriteNumberValue(memory.Top);
        WriteBits(json, memory.Seen);
    }

    private static SequenceMemory ReadMemory(JsonElement x, int at)
    {
        var bytes = Convert.FromHexString(x[at + 2].GetString()!);
        Span<ulong> seen = stackalloc ulong[SequenceMemory.Width / 64];
        for (var i = 0; i < seen.Length; i++) seen[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8 * i));
        return SequenceMemory.Restore(x[at].GetInt64(), x[at + 1].GetInt64(), seen);
    }

    private static void WriteBits(Utf8JsonWriter json, ReadOnlySpan<ulong> words)
    {
        Span<byte> bytes = stackalloc byte[SequenceMemory.Width / 8];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes[(8 * i)..], words[i]);
        Span<char> hex = stackalloc char[SequenceMemory.Width / 4];
        Convert.TryToHexString(bytes, hex, out _);
        json.WriteStringValue(hex);
    }

    private static void WriteOrder(Utf8JsonWriter json, in TickOrder order)
    {
        json.WriteStartArray();
        json.WriteNumberValue(order.Time.Microseconds);
        WriteName(json, order.Source);
        json.WriteNumberValue(order.Epoch);
        json.WriteNumberValue(order.Sequence);
        json.WriteEndArray();
    }

    private static TickOrder ReadOrder(JsonElement x) =>
        new(new EventTime(x[0].GetInt64()), SourceName.Parse(x[1].GetString()!), x[2].GetInt64(), x[3].GetInt64());

    private static void WriteName(Utf8JsonWriter json, SourceName source)
    {
        Span<byte> name = stackalloc byte[SourceName.MaxLength];
        json.WriteStringValue(name[..source.CopyTo(name)]);
    }

    private static Price ReadPrice(JsonElement root, ReadOnlySpan<byte> name) => new(root.GetProperty(name).GetInt64());

    /// <summary>JSON numbers have no size limit; the table of the cloud keeps 38 digits.</summary>
    private static void WriteInteger(Utf8JsonWriter json, Int128 value)
    {
        Span<byte> digits = stackalloc byte[40];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        json.WriteRawValue(digits[..length], skipInputValidation: true);
    }

    private static Int128 ReadInteger(JsonElement x) => Int128.Parse(x.GetRawText(), CultureInfo.InvariantCulture);
}
