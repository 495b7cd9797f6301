using System.Text;
using System.Text.Json;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>How far a consumer has read each shard.</summary>
public sealed class CheckpointStore(IItemTable table, string consumer)
{
    /// <summary>The sequence of the last record that was handled; null before the first. A shard read to its end says so.</summary>
    public async Task<Checkpoint> LoadAsync(string shard, CancellationToken cancellation)
    {
        var item = await table.GetAsync(Keys.Checkpoint(consumer, shard), cancellation);
        if (item is null) return new Checkpoint(null, false);
        using var document = JsonDocument.Parse(item.Body);
        return new Checkpoint(document.RootElement.GetProperty("sequence"u8).GetString(), document.RootElement.GetProperty("ended"u8).GetBoolean());
    }

    public async Task SaveAsync(string shard, Checkpoint checkpoint, CancellationToken cancellation)
    {
        var sequence = checkpoint.Sequence is null ? "null" : $"\"{checkpoint.Sequence}\"";
        var body = Encoding.UTF8.GetBytes($$"""{"sequence":{{sequence}},"ended":{{(checkpoint.Ended ? "true" : "false")}}}""");
        var outcomes = await table.WriteEachAsync([ItemWrite.Put(new Item(Keys.Checkpoint(consumer, shard), body))], cancellation);
        if (outcomes[0] != WriteOutcome.Written) throw new StoreUnavailableException($"The checkpoint of shard {shard} could not be saved.");
    }
}

public readonly record struct Checkpoint(string? Sequence, bool Ended);
