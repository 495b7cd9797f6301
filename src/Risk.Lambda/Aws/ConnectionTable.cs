using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Api.Access;
using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// Who is connected, and who listens to what: the caller of each connection under <c>CONN#@{connection}</c>, and one item for each topic
/// of a connection under <c>CONN#{topic}</c> / connection. Both are indexed by <c>CONN#{connection}</c>, so all of a connection is found
/// together. No item outlives its connection by much, nor its caller's credentials, should nobody tell that they are gone.
/// </summary>
public sealed class ConnectionTable(IItemTable table)
{
    /// <summary>The service ends every connection after two hours.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private const int PageSize = 1000;

    // No symbol holds an at sign.
    private const string CallerMark = "@";

    /// <param name="connectedAt">Of the handshake.</param>
    /// <exception cref="StoreUnavailableException">Not known to be stored; asking again is harmless.</exception>
    public async Task OpenAsync(string connection, Caller caller, DateTimeOffset connectedAt, CancellationToken cancellation)
    {
        var ends = connectedAt + Lifetime;
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(HostCaller.ToContext(caller)), ConnectionJson.Default.DictionaryStringString);
        var item = new Item(CallerKey(connection), body, ExpiresAt: caller.ValidUntil < ends ? caller.ValidUntil : ends, Index: new ItemKey(PartitionOf(connection), CallerMark));
        await WriteAsync([ItemWrite.Put(item)], cancellation);
    }

    /// <summary>Null when the connection is unknown, or its time or that of its credentials is over.</summary>
    public async Task<Connection?> FindAsync(string connection, CancellationToken cancellation)
    {
        if (await table.GetAsync(CallerKey(connection), cancellation) is not { } item) return null;
        var context = JsonSerializer.Deserialize(item.Body.Span, ConnectionJson.Default.DictionaryStringString)!;
        return HostCaller.OfContext(context.GetValueOrDefault) is { } caller ? new Connection(connection, caller, item.ExpiresAt!.Value) : null;
    }

    /// <exception cref="StoreUnavailableException">Not known to be stored; asking again is harmless.</exception>
    public async Task SubscribeAsync(Connection connection, IEnumerable<string> topics, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var body = JsonSerializer.SerializeToUtf8Bytes(new Listener(connection.Id, connection.Caller.KeyId), ConnectionJson.Default.Listener);
        await WriteAsync(
            [.. topics.Distinct().Select(topic => ItemWrite.Put(
                new Item(KeyOf(topic, connection.Id), body, ExpiresAt: connection.ExpiresAt, Index: new ItemKey(PartitionOf(connection.Id), topic))))],
            cancellation);
    }

    /// <exception cref="StoreUnavailableException">Not known to be removed; asking again is harmless.</exception>
    public Task UnsubscribeAsync(string connection, IEnumerable<string> topics, CancellationToken cancellation) =>
        WriteAsync([.. topics.Distinct().Select(topic => ItemWrite.Delete(KeyOf(topic, connection)))], cancellation);

    /// <summary>What the connection listens to, but for changes of the last moment.</summary>
    public async Task<IReadOnlySet<string>> TopicsAsync(string connection, CancellationToken cancellation) =>
        (await OfConnectionAsync(connection, cancellation)).Select(item => item.Index!.Value.Sort).Where(topic => topic != CallerMark).ToHashSet();

    /// <summary>Removes the connection and all its topics. The index follows the table within moments: what it misses expires.</summary>
    public async Task ForgetAsync(string connection, CancellationToken cancellation)
    {
        var keys = (await OfConnectionAsync(connection, cancellation)).Select(item => item.Key).Append(CallerKey(connection));
        await WriteAsync([.. keys.Distinct().Select(key => ItemWrite.Delete(key))], cancellation);
    }

    /// <summary>Removes the connection from these topics, and from whatever else the index knows of it.</summary>
    public async Task ForgetAsync(string connection, IEnumerable<string> topics, CancellationToken cancellation)
    {
        await UnsubscribeAsync(connection, topics, cancellation);
        await ForgetAsync(connection, cancellation);
    }

    public async Task<IReadOnlyList<Listener>> ListenersAsync(string topic, CancellationToken cancellation) =>
        [.. (await AllAsync(new ItemQuery(PartitionOf(topic), Limit: PageSize), cancellation))
            .Select(item => JsonSerializer.Deserialize(item.Body.Span, ConnectionJson.Default.Listener)!)];

    private Task<List<Item>> OfConnectionAsync(string connection, CancellationToken cancellation) =>
        AllAsync(new ItemQuery(PartitionOf(connection), Limit: PageSize, OfIndex: true), cancellation);

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

    private static ItemKey CallerKey(string connection) => new(PartitionOf(CallerMark + connection), CallerMark);

    private static ItemKey KeyOf(string topic, string connection) => new(PartitionOf(topic), connection);

    private static string PartitionOf(string topicOrConnection) => $"CONN#{topicOrConnection}";
}

/// <summary>An open WebSocket.</summary>
/// <param name="ExpiresAt">When it, or the credentials behind it, end at the latest.</param>
public sealed record Connection(string Id, Caller Caller, DateTimeOffset ExpiresAt);

/// <param name="KeyId">The API key behind the connection, which may be revoked meanwhile; null for none.</param>
public sealed record Listener(string Connection, string? KeyId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Listener))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
