using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Prices;

namespace Risk.Application.Stores;

/// <summary>How far each producer has published: one item a source, conditional on its version.</summary>
public sealed class ProducerCursors(IItemTable table)
{
    private const int Schema = 1;

    public async Task<ProducerCursor?> LoadAsync(SourceName source, CancellationToken cancellation) =>
        await table.GetAsync(KeyOf(source), cancellation) is { } item ? Read(item) : null;

    /// <summary>Saves the cursor as the version after its own. Returns it so, or null when another producer of the source was faster.</summary>
    /// <exception cref="StoreUnavailableException">Not known to be saved.</exception>
    public async Task<ProducerCursor?> TrySaveAsync(SourceName source, ProducerCursor cursor, CancellationToken cancellation)
    {
        var condition = cursor.Version == 0 ? WriteCondition.Absent : WriteCondition.VersionIs(cursor.Version);
        var saved = cursor with { Version = cursor.Version + 1 };
        var write = ItemWrite.Put(new Item(KeyOf(source), Write(saved), saved.Version), condition);
        return await table.WriteAtomicAsync([write], cancellation) is null ? saved : null;
    }

    private static ItemKey KeyOf(SourceName source) => new($"PROD#{source}", "CURSOR");

    private static byte[] Write(ProducerCursor cursor)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteNumber("seed", cursor.Seed);
            json.WriteString("content", cursor.Content);
            json.WriteNumber("epoch", cursor.Epoch);
            json.WriteNumber("position", cursor.Position);
            json.WriteNumber("last_time", cursor.LastTime.Microseconds);
            json.WriteStartArray("prices");
            foreach (var price in cursor.Prices) json.WriteNumberValue(price);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static ProducerCursor Read(Item item)
    {
        using var json = JsonDocument.Parse(item.Body);
        var body = json.RootElement;
        return new ProducerCursor(
            body.GetProperty("seed").GetInt64(), body.GetProperty("content").GetString()!, body.GetProperty("epoch").GetInt64(),
            body.GetProperty("position").GetInt64(), new EventTime(body.GetProperty("last_time").GetInt64()),
            [.. body.GetProperty("prices").EnumerateArray().Select(x => x.GetInt64())], item.Version);
    }
}

/// <param name="Content">What is produced: the hash of the simulated universe or of the file.</param>
/// <param name="Position">Ticks published (simulation) or lines done (replay) of this epoch.</param>
/// <param name="LastTime">The latest event time published.</param>
/// <param name="Prices">The simulation's prices at the position, in 10⁻⁸; empty for a replay.</param>
/// <param name="Version">0 for a cursor that was never saved.</param>
public sealed record ProducerCursor(long Seed, string Content, long Epoch, long Position, EventTime LastTime, IReadOnlyList<long> Prices, long Version = 0);
