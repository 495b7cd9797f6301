using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// An item as a row of the one table: keys, version, guard, expiry and index key as attributes of their own, the body as the map
/// <see cref="Body"/>, so that no member can collide with them.
/// </summary>
public static class ItemAttributes
{
    public const string Partition = "PK";
    public const string Sort = "SK";
    public const string Version = "version";
    public const string Guard = "guard";

    /// <summary>Whole seconds since the Unix epoch, rounded up: the unit in which the service itself deletes what has expired.</summary>
    public const string Expiry = "ttl";

    public const string IndexPartition = "G1PK";
    public const string IndexSort = "G1SK";
    public const string Body = "body";

    /// <summary>Of the index over (<see cref="IndexPartition"/>, <see cref="IndexSort"/>); it holds whole items.</summary>
    public const string IndexName = "GSI1";

    public static Dictionary<string, AttributeValue> Of(ItemKey key) => new()
    {
        [Partition] = new AttributeValue { S = key.Partition },
        [Sort] = new AttributeValue { S = key.Sort },
    };

    /// <exception cref="ArgumentException">The body is not a JSON object, or holds a number that the table can't keep.</exception>
    public static Dictionary<string, AttributeValue> Of(Item item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var row = Of(item.Key);
        row[Version] = Number(item.Version);
        row[Body] = BodyAttributes.Read(item.Body.Span);
        if (item.Guard is not null)
            row[Guard] = new AttributeValue { S = item.Guard };
        if (item.ExpiresAt is { } expires)
            row[Expiry] = Number((expires.UtcTicks - DateTime.UnixEpoch.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
        if (item.Index is { } index)
        {
            row[IndexPartition] = new AttributeValue { S = index.Partition };
            row[IndexSort] = new AttributeValue { S = index.Sort };
        }

        return row;
    }

    public static Item Read(IReadOnlyDictionary<string, AttributeValue> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new Item(
            new ItemKey(row[Partition].S, row[Sort].S),
            BodyAttributes.Write(row[Body]),
            long.Parse(row[Version].N, CultureInfo.InvariantCulture),
            row.TryGetValue(Guard, out var guard) ? guard.S : null,
            row.TryGetValue(Expiry, out var expiry) ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(expiry.N, CultureInfo.InvariantCulture)) : null,
            row.TryGetValue(IndexPartition, out var partition) ? new ItemKey(partition.S, row[IndexSort].S) : null);
    }

    /// <summary>The item of an image in a record of the table's stream: <c>{"PK":{"S":"…"}, …}</c>.</summary>
    public static Item ReadImage(JsonElement image) => Read(image.EnumerateObject().ToDictionary(member => member.Name, member => ValueOf(member.Value)));

    internal static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    private static AttributeValue ValueOf(JsonElement tagged)
    {
        var (kind, value) = tagged.EnumerateObject().Select(member => (member.Name, member.Value)).Single();
        return kind switch
        {
            "S" => new AttributeValue { S = value.GetString() },
            "N" => new AttributeValue { N = value.GetString() },
            "BOOL" => new AttributeValue { BOOL = value.GetBoolean() },
            "NULL" => new AttributeValue { NULL = true },
            "L" => new AttributeValue { L = [.. value.EnumerateArray().Select(ValueOf)] },
            "M" => new AttributeValue { M = value.EnumerateObject().ToDictionary(member => member.Name, member => ValueOf(member.Value)) },
            _ => throw new InvalidDataException($"An image holds an attribute of the kind '{kind}', which no store writes."),
        };
    }
}
