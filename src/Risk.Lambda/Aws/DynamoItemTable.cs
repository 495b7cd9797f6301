using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// The items in one DynamoDB table. Reads are consistent, but those of the index: it follows the table within moments, so a list by index may
/// miss the newest write, and items of equal index sort keys come in no particular order. A conditional write whose reply was lost is sent
/// again and may then be <see cref="WriteOutcome.Refused"/> by its own effect; an atomic one is not, because its token is recognised.
/// </summary>
/// <param name="client">With its own repetitions switched off (<see cref="AwsClients"/>).</param>
public sealed class DynamoItemTable(IAmazonDynamoDB client, string table, TimeProvider clock, AwsRetry retry) : IItemTable
{
    private const int KeysAtOnce = 100;
    private const int CallsAtOnce = 16;

    private readonly DynamoTransaction transaction = new(client, table, retry);

    public async Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation)
    {
        ItemRules.Demand(key);
        var request = new GetItemRequest { TableName = table, Key = ItemAttributes.Of(key), ConsistentRead = true };
        var answer = await retry.RunAsync($"Reading {key}", tried => client.GetItemAsync(request, tried), cancellation);
        return answer.Item is { Count: > 0 } row ? Alive(row) : null;
    }

    public async Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellation.ThrowIfCancellationRequested();
        var chunks = keys.Chunk(KeysAtOnce).ToArray();
        var found = new List<Item>[chunks.Length];
        await EachAsync(chunks.Length, async (i, running) => found[i] = await GetChunkAsync(chunks[i], running), cancellation);
        return [.. found.SelectMany(items => items)];
    }

    public async Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation)
    {
        ItemRules.Demand(query);
        if (TableQuery.Of(table, query) is not { } request)
            return new ItemPage([], null);
        while (true)
        {
            var answer = await retry.RunAsync($"Querying {query.Partition}", tried => client.QueryAsync(request, tried), cancellation);
            var items = (answer.Items ?? []).Select(Alive).OfType<Item>().ToList();
            var more = answer.LastEvaluatedKey is { Count: > 0 };
            if (items.Count > query.Limit)
                (items, more) = (items[..query.Limit], true);
            // A short page is a page; one that holds only what has expired is none.
            if (items.Count > 0 || !more)
                return new ItemPage(items, more ? ItemCursor.After(items[^1], query.OfIndex) : null);
            request.ExclusiveStartKey = answer.LastEvaluatedKey;
        }
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        ItemRules.Demand(writes, atomic: false);
        cancellation.ThrowIfCancellationRequested();
        // All are built before the first is sent: a caller's mistake in the last must not leave the others written.
        var calls = writes.Select(CallOf).ToArray();
        var outcomes = new WriteOutcome[calls.Length];
        await EachAsync(calls.Length, async (i, running) => outcomes[i] = await WriteAsync(writes[i].Key, calls[i], running), cancellation);
        return outcomes;
    }

    public async Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        ItemRules.Demand(writes, atomic: true);
        cancellation.ThrowIfCancellationRequested();
        return writes.Count == 0 ? null : await transaction.RunAsync(writes, Now, cancellation);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    private async Task<List<Item>> GetChunkAsync(ItemKey[] keys, CancellationToken cancellation)
    {
        var items = new List<Item>(keys.Length);
        var left = keys.Select(ItemAttributes.Of).ToList();
        await retry.RunAsync("Reading many items", async tried =>
        {
            var request = new BatchGetItemRequest
            {
                RequestItems = new Dictionary<string, KeysAndAttributes> { [table] = new() { Keys = left, ConsistentRead = true } },
            };
            var answer = await client.BatchGetItemAsync(request, tried);
            foreach (var row in answer.Responses?.GetValueOrDefault(table) ?? [])
            {
                if (Alive(row) is { } item)
                    items.Add(item);
            }

            left = answer.UnprocessedKeys?.GetValueOrDefault(table)?.Keys ?? [];
            return left.Count == 0 ? true : throw new StoreUnavailableException($"{left.Count} keys were left unread.");
        }, cancellation);
        return items;
    }

    private async Task<WriteOutcome> WriteAsync(ItemKey key, Func<CancellationToken, Task> call, CancellationToken cancellation)
    {
        try
        {
            return await retry.RunAsync($"Writing {key}", async tried =>
            {
                await call(tried);
                return WriteOutcome.Written;
            }, cancellation);
        }
        catch (ConditionalCheckFailedException)
        {
            return WriteOutcome.Refused;
        }
        catch (StoreUnavailableException)
        {
            return WriteOutcome.Unavailable;
        }
    }

    private Func<CancellationToken, Task> CallOf(ItemWrite write)
    {
        var condition = WriteExpression.Of(write, Now);
        if (write.Item is { } item)
        {
            var put = new PutItemRequest
            {
                TableName = table,
                Item = ItemAttributes.Of(item),
                ConditionExpression = condition.Text,
                ExpressionAttributeNames = condition.Names,
                ExpressionAttributeValues = condition.Values,
            };
            return cancellation => client.PutItemAsync(put, cancellation);
        }

        var delete = new DeleteItemRequest
        {
            TableName = table,
            Key = ItemAttributes.Of(write.Key),
            ConditionExpression = condition.Text,
            ExpressionAttributeNames = condition.Names,
            ExpressionAttributeValues = condition.Values,
        };
        return cancellation => client.DeleteItemAsync(delete, cancellation);
    }

    private Item? Alive(Dictionary<string, AttributeValue> row)
    {
        var item = ItemAttributes.Read(row);
        return item.ExpiresAt is { } expires && expires.ToUnixTimeSeconds() <= Now ? null : item;
    }

    private static Task EachAsync(int count, Func<int, CancellationToken, Task> work, CancellationToken cancellation) =>
        Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellation }, async (i, running) => await work(i, running));
}
