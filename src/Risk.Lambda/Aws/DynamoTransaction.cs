using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>All or none. The token lets the table recognise a repetition for ten minutes, so a lost reply does no harm.</summary>
internal sealed class DynamoTransaction(IAmazonDynamoDB client, string table, AwsRetry retry)
{
    private const string ConditionFailed = "ConditionalCheckFailed";

    private static readonly HashSet<string> Transient = ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];

    /// <returns>The first write whose condition failed, or null.</returns>
    public async Task<int?> RunAsync(IReadOnlyList<ItemWrite> writes, long now, CancellationToken cancellation)
    {
        var request = new TransactWriteItemsRequest
        {
            TransactItems = [.. writes.Select(write => PartOf(write, now))],
            // Random and not made of the content: the same content written again later is another write, which a known token would swallow.
            ClientRequestToken = RandomNumberGenerator.GetHexString(32),
        };
        return await retry.RunAsync($"Writing {writes.Count} items at once", tried => TryAsync(request, tried), cancellation);
    }

    private async Task<int?> TryAsync(TransactWriteItemsRequest request, CancellationToken cancellation)
    {
        try
        {
            await client.TransactWriteItemsAsync(request, cancellation);
            return null;
        }
        catch (TransactionCanceledException fault) when (FirstFailed(fault) is { } index)
        {
            return index;
        }
        catch (TransactionCanceledException fault) when (fault.CancellationReasons?.TrueForAll(reason => Transient.Contains(reason.Code)) == true)
        {
            throw new StoreUnavailableException("Another write of the same items was under way, or the table was busy.", fault);
        }
        catch (IdempotentParameterMismatchException fault)
        {
            throw new InvalidOperationException("A token of one atomic write was used for another: a fault of this program, or two of its generators in step.", fault);
        }
    }

    private static int? FirstFailed(TransactionCanceledException fault) =>
        fault.CancellationReasons?.FindIndex(reason => reason.Code == ConditionFailed) is { } index and >= 0 ? index : null;

    private TransactWriteItem PartOf(ItemWrite write, long now)
    {
        var condition = WriteExpression.Of(write, now);
        var (text, names, values) = (condition.Text, condition.Names, condition.Values);
        if (write.Item is { } item)
        {
            return new TransactWriteItem
            {
                Put = new Put
                {
                    TableName = table,
                    Item = ItemAttributes.Of(item),
                    ConditionExpression = text,
                    ExpressionAttributeNames = names,
                    ExpressionAttributeValues = values,
                },
            };
        }

        var key = ItemAttributes.Of(write.Key);
        return write.IsCheck
            ? new TransactWriteItem
            {
                // A check without a condition holds always; the table wants one nevertheless.
                ConditionCheck = new ConditionCheck
                {
                    TableName = table,
                    Key = key,
                    ConditionExpression = text ?? $"attribute_exists({ItemAttributes.Partition}) OR attribute_not_exists({ItemAttributes.Partition})",
                    ExpressionAttributeNames = names,
                    ExpressionAttributeValues = values,
                },
            }
            : new TransactWriteItem
            {
                Delete = new Delete
                {
                    TableName = table,
                    Key = key,
                    ConditionExpression = text,
                    ExpressionAttributeNames = names,
                    ExpressionAttributeValues = values,
                },
            };
    }
}
