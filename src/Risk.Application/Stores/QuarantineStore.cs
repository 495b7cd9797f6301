using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Prices;

namespace Risk.Application.Stores;

/// <summary>
/// Lines that could not be counted: each kept once, under the hash of its bytes, and counted once per shard. The count moves together with
/// the mark of the last record counted, so that a repeated delivery adds nothing.
/// </summary>
public sealed class QuarantineStore(IItemTable table)
{
    /// <summary>How much of a line a row keeps.</summary>
    public const int MaxLineBytes = 4096;

    /// <summary>The key of a line: the same bytes on the same day are the same line, wherever they arrive.</summary>
    public static ItemKey KeyOf(ReadOnlySpan<byte> line, DateTimeOffset arrivedAt)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return Keys.Quarantined(DateOnly.FromDateTime(arrivedAt.UtcDateTime), Convert.ToHexStringLower(hash[..16]));
    }

    public async Task<ShardRejections> LoadAsync(string shard, CancellationToken cancellation) =>
        await table.GetAsync(Keys.QuarantineCount(shard), cancellation) is { } item ? Read(item) : ShardRejections.None;

    /// <summary>False when somebody else counted meanwhile: read again and redo.</summary>
    public async Task<bool> SaveAsync(string shard, ShardRejections counts, CancellationToken cancellation)
    {
        var item = new Item(Keys.QuarantineCount(shard), Write(counts), counts.Version + 1);
        var condition = counts.Version == 0 ? WriteCondition.Absent : WriteCondition.VersionIs(counts.Version);
        var outcome = (await table.WriteEachAsync([ItemWrite.Put(item, condition)], cancellation))[0];
        if (outcome == WriteOutcome.Unavailable) throw new StoreUnavailableException($"The count of rejected lines of shard {shard} could not be saved.");
        return outcome == WriteOutcome.Written;
    }

    /// <summary>Of all shards: lines quarantined, and second arrivals of such lines.</summary>
    public async Task<(long Quarantined, long Duplicates)> TotalsAsync(CancellationToken cancellation)
    {
        var (quarantined, duplicates) = (0L, 0L);
        await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.QuarantineCount("").Partition), cancellation))
        {
            var counts = Read(item);
            quarantined += counts.Quarantined;
            duplicates += counts.Duplicates;
        }
        return (quarantined, duplicates);
    }

    /// <summary>The rows of one day, in no particular order.</summary>
    public async Task<List<Item>> LoadRowsAsync(DateOnly day, CancellationToken cancellation)
    {
        var rows = new List<Item>();
        for (var bucket = 0; bucket < Keys.QuarantineBuckets; bucket++)
            await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.QuarantinePartition(day, bucket)), cancellation))
                rows.Add(item);
        return rows;
    }

    private static ShardRejections Read(Item item)
    {
        using var document = JsonDocument.Parse(item.Body);
        var root = document.RootElement;
        return new ShardRejections(
            item.Version, root.GetProperty("mark"u8).GetString()!, root.GetProperty("quarantined"u8).GetInt64(), root.GetProperty("duplicates"u8).GetInt64());
    }

    private static byte[] Write(ShardRejections counts)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("mark"u8, counts.Mark);
        json.WriteNumber("quarantined"u8, counts.Quarantined);
        json.WriteNumber("duplicates"u8, counts.Duplicates);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>What one shard brought that could not be counted. <paramref name="Mark"/> is the sequence up to which this is known; empty for none.</summary>
public sealed record ShardRejections(long Version, string Mark, long Quarantined, long Duplicates)
{
    public static ShardRejections None { get; } = new(0, "", 0, 0);

    public bool Covers(string sequence) => Mark.Length > 0 && ShardMark.CompareSequences(sequence, Mark) <= 0;
}
