using System.Buffers;
using System.Text.Json;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws.Clients;

/// <summary>The four operations of Kinesis that the house needs. Each call is one try.</summary>
public sealed class KinesisClient(SignedHttp http)
{
    /// <returns>The codes of the records that were turned away, by their places in the call.</returns>
    public async Task<IReadOnlyDictionary<int, string>> PutRecordsAsync(string stream, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellation)
    {
        using var answer = await CallAsync("PutRecords", json =>
        {
            json.WriteString("StreamName"u8, stream);
            json.WriteStartArray("Records"u8);
            foreach (var record in records)
            {
                json.WriteStartObject();
                json.WriteBase64String("Data"u8, record.Data.Span);
                json.WriteString("PartitionKey"u8, record.PartitionKey);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }, cancellation);
        var failed = new Dictionary<int, string>();
        var place = 0;
        foreach (var result in answer.RootElement.GetProperty("Records"u8).EnumerateArray())
        {
            if (TextOf(result, "ErrorCode"u8) is { } code)
                failed.Add(place, code);
            place++;
        }

        return place == records.Count ? failed : throw new InvalidDataException($"Kinesis answered for {place} of {records.Count} records.");
    }

    /// <param name="next">Continues an earlier answer.</param>
    public async Task<(IReadOnlyList<Shard> Shards, string? Next)> ListShardsAsync(string stream, string? next, CancellationToken cancellation)
    {
        using var answer = await CallAsync("ListShards", json =>
        {
            if (next is null)
                json.WriteString("StreamName"u8, stream);
            else
                json.WriteString("NextToken"u8, next);
        }, cancellation);
        var shards = answer.RootElement.GetProperty("Shards"u8).EnumerateArray().Select(shard => new Shard(
            shard.GetProperty("ShardId"u8).GetString()!,
            [.. new[] { TextOf(shard, "ParentShardId"u8), TextOf(shard, "AdjacentParentShardId"u8) }.OfType<string>()]));
        return ([.. shards], TextOf(answer.RootElement, "NextToken"u8));
    }

    /// <param name="sequence">Null for the oldest record kept.</param>
    /// <param name="included">The record of the sequence is the first; else the one after it.</param>
    public async Task<string> GetShardIteratorAsync(string stream, string shard, string? sequence, bool included, CancellationToken cancellation)
    {
        using var answer = await CallAsync("GetShardIterator", json =>
        {
            json.WriteString("StreamName"u8, stream);
            json.WriteString("ShardId"u8, shard);
            json.WriteString("ShardIteratorType"u8, sequence is null ? "TRIM_HORIZON"u8 : included ? "AT_SEQUENCE_NUMBER"u8 : "AFTER_SEQUENCE_NUMBER"u8);
            if (sequence is not null)
                json.WriteString("StartingSequenceNumber"u8, sequence);
        }, cancellation);
        return answer.RootElement.GetProperty("ShardIterator"u8).GetString()!;
    }

    public async Task<KinesisPage> GetRecordsAsync(string iterator, int limit, CancellationToken cancellation)
    {
        using var answer = await CallAsync("GetRecords", json =>
        {
            json.WriteString("ShardIterator"u8, iterator);
            json.WriteNumber("Limit"u8, limit);
        }, cancellation);
        var root = answer.RootElement;
        var records = root.GetProperty("Records"u8).EnumerateArray().Select(record => new StreamRecord(
            record.GetProperty("SequenceNumber"u8).GetString()!,
            ArrivalOf(record.GetProperty("ApproximateArrivalTimestamp"u8)),
            record.GetProperty("Data"u8).GetBytesFromBase64()));
        var behind = root.TryGetProperty("MillisBehindLatest"u8, out var millis) && millis.ValueKind == JsonValueKind.Number ? millis.GetInt64() : 0;
        return new KinesisPage([.. records], TextOf(root, "NextShardIterator"u8), TimeSpan.FromMilliseconds(behind));
    }

    /// <summary>Seconds with a fraction, in whole microseconds.</summary>
    internal static DateTimeOffset ArrivalOf(JsonElement seconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)decimal.Round(seconds.GetDecimal() * 1_000_000) * TimeSpan.TicksPerMicrosecond);

    private async Task<JsonDocument> CallAsync(string operation, Action<Utf8JsonWriter> members, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        var target = "Kinesis_20131202." + operation;
        return JsonDocument.Parse(await http.PostAsync("", "application/x-amz-json-1.1", target, buffer.WrittenMemory, cancellation));
    }

    private static string? TextOf(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="Next">Null when the shard was closed and this was its end.</param>
/// <param name="Behind">How far the answer lies behind the newest record of the shard; zero at its end.</param>
public sealed record KinesisPage(IReadOnlyList<StreamRecord> Records, string? Next, TimeSpan Behind);
