using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>An event of Kinesis: records of one shard as a rule, grouped by shard in any case.</summary>
public static class KinesisEvent
{
    /// <summary>The records of each shard in the order of their sequences; aggregated ones as the lines of their parts.</summary>
    /// <exception cref="MalformedEventException">It is none.</exception>
    public static IReadOnlyList<Delivery> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var shards = new Dictionary<string, List<StreamRecord>>();
            foreach (var record in document.RootElement.GetProperty("Records"u8).EnumerateArray())
            {
                var id = record.GetProperty("eventID"u8).GetString() ?? "";
                var shard = id.LastIndexOf(':') is > 0 and var colon ? id[..colon] : throw new FormatException($"'{id}' names no shard.");
                if (!shards.TryGetValue(shard, out var records)) shards.Add(shard, records = []);
                records.Add(Read(record.GetProperty("kinesis"u8)));
            }
            foreach (var records in shards.Values) records.Sort(static (a, b) => SequenceOrder.Compare(a.Sequence, b.Sequence));
            return [.. shards.Select(x => new Delivery(x.Key, x.Value))];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new MalformedEventException($"This is no event of Kinesis: {fault.Message}", fault);
        }
    }

    private static StreamRecord Read(JsonElement record)
    {
        var sequence = record.GetProperty("sequenceNumber"u8).GetString();
        if (string.IsNullOrEmpty(sequence) || !sequence.All(char.IsAsciiDigit)) throw new FormatException($"'{sequence}' is no sequence number.");
        var encoded = record.GetProperty("data"u8);
        // What is not base64 stays one line, in its quotes: it becomes no tick, is kept like any other bad line, and fails nothing beside it.
        if (!encoded.TryGetBytesFromBase64(out var data)) data = Encoding.UTF8.GetBytes(encoded.GetRawText());
        return new StreamRecord(sequence, KinesisClient.ArrivalOf(record.GetProperty("approximateArrivalTimestamp"u8)), AggregatedRecord.TryOpen(data) ?? data);
    }
}

/// <summary>What came of one shard.</summary>
public sealed record Delivery(string Shard, IReadOnlyList<StreamRecord> Records)
{
    public string First => Records[0].Sequence;
}
