using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// Who listens to what: one item for each topic of a connection under <c>CONN#{topic}</c> / connection, indexed by connection / topic. An item
/// outlives its connection by no more than <see cref="Lifetime"/>, should nobody tell that it is gone.
/// </summary>
public sealed class ConnectionTable(IItemTable table, TimeProvider clock)
{
    /// <summary>The service ends every connection after two hours.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(125);

    private const int PageSize = 1000;

    private static readonly byte[] Nothing = "{}"u8.ToArray();

    /// <exception cref="StoreUnavailableException">Not known to be stored; asking again is harmless.</exception>
    public async Task SubscribeAsync(string connection, IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        var expiry = clock.GetUtcNow() + Lifetime;
        await WriteAsync(
            [.. topics.Distinct().Select(topic => ItemWrite.Put(new Item(KeyOf(topic, connection), Nothing, ExpiresAt: expiry, Index: new ItemKey(connection, topic))))],
            cancellation);
    }

    /// <summary>Removes the connection from all its topics. The index follows the table within moments: what it misses expires.</summary>
    public async Task ForgetAsync(string connection, CancellationToken cancellation)
    {
        var items = await AllAsync(new ItemQuery(connection, Limit: PageSize, OfIndex: true), cancellation);
        await WriteAsync([.. items.Select(item => ItemWrite.Delete(item.Key))], cancellation);
    }

    /// <summary>Removes the connection from these topics, and from whatever else the index knows of it.</summary>
    public async Task ForgetAsync(string connection, IEnumerable<string> topics, CancellationToken cancellation)
    {
        await WriteAsync([.. topics.Distinct().Select(topic => ItemWrite.Delete(KeyOf(topic, connection)))], cancellation);
        await ForgetAsync(connection, cancellation);
    }

    public async Task<IReadOnlyList<string>> ListenersAsync(string topic, CancellationToken cancellation) =>
        [.. (await AllAsync(new ItemQuery(PartitionOf(topic), Limit: PageSize), cancellation)).Select(item => item.Key.Sort)];

    private async Task<List<Item>> AllAsync(ItemQuery query, CancellationToken cancellation)
    {
        var items = new List<Item>();
        for (ItemQuery? next = query; next is not null;)
        {
            var page = await table.QueryAsync(next, cancellation);
            items.AddRange(page.Items);
            next = page.Cursor is null ? null : next with { Cursor = page.Cursor };
        }

        return items;
    }

    private async Task WriteAsync(ItemWrite[] writes, CancellationToken cancellation)
    {
        if ((await table.WriteEachAsync(writes, cancellation)).Contains(WriteOutcome.Unavailable))
            throw new StoreUnavailableException("The topics of a connection could not be written.");
    }

    private static ItemKey KeyOf(string topic, string connection) => new(PartitionOf(topic), connection);

    private static string PartitionOf(string topic) => $"CONN#{topic}";
}
