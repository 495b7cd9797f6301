using Risk.Domain.Prices;

namespace Risk.Application.Ports;

/// <summary>
/// An ordered, durable, at-least-once stream of records in shards. A record's partition key decides its shard; order holds within a shard.
/// Shards split and merge: a parent must be read to its end before its children.
/// </summary>
public interface ITickStream
{
    /// <summary>
    /// Returns when every record is durable. Partial failures are resent inside, with bounded retries; a record may so appear twice.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Some records are not known to be durable.</exception>
    Task PublishAsync(IReadOnlyList<OutgoingRecord> records, CancellationToken cancellation);

    Task<IReadOnlyList<Shard>> ListShardsAsync(CancellationToken cancellation);

    /// <summary>
    /// The next records of the shard after the sequence (null: from the oldest kept), in order; empty when there are none yet.
    /// </summary>
    Task<ShardRead> ReadAsync(string shard, string? afterSequence, int maxRecords, CancellationToken cancellation);

    /// <summary>As <see cref="ReadAsync"/>, with the record of the sequence in front; from the oldest kept when that one is forgotten already.</summary>
    /// <param name="sequence">Of a record that the shard once held.</param>
    Task<ShardRead> ReadFromAsync(string shard, string sequence, int maxRecords, CancellationToken cancellation);
}

public readonly record struct OutgoingRecord(string PartitionKey, ReadOnlyMemory<byte> Data);

/// <param name="Parents">Shards to be read to their end first; they may be gone already.</param>
public sealed record Shard(string Id, IReadOnlyList<string> Parents);

/// <param name="Sequence">Rises within the shard; decimal digits, compared by length and then ordinally (<see cref="SequenceOrder"/>).</param>
/// <param name="ArrivedAt">When the stream took the record.</param>
public readonly record struct StreamRecord(string Sequence, DateTimeOffset ArrivedAt, ReadOnlyMemory<byte> Data);

/// <param name="Ended">The shard was closed by a split or a merge and has been read to its end.</param>
/// <param name="BehindLatest">How far the last record read lies behind the newest one of the shard.</param>
public sealed record ShardRead(IReadOnlyList<StreamRecord> Records, bool Ended, TimeSpan BehindLatest);

/// <summary>Sequence numbers have more digits than any number type holds: the longer one is the larger, equals compare ordinally.</summary>
public static class SequenceOrder
{
    public static int Compare(string a, string b) => ShardMark.CompareSequences(a, b);
}
