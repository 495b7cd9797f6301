using System.Text;
using Amazon.DynamoDBv2.Model;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>A query of the port in the table's language.</summary>
internal static class TableQuery
{
    /// <summary>Null when the bounds exclude everything: the table would call that a mistake.</summary>
    /// <exception cref="ArgumentException">The cursor is not one of such a query.</exception>
    public static QueryRequest? Of(string table, ItemQuery query)
    {
        var start = query.Cursor is { } cursor ? StartOf(query, ItemCursor.Parse(cursor, query.OfIndex)) : null;
        if (query.To is "" || (query is { From: { } from, To: { } to } && Compare(from, to) > 0))
            return null;
        var (condition, values) = ConditionOf(query);
        return new QueryRequest
        {
            TableName = table,
            IndexName = query.OfIndex ? ItemAttributes.IndexName : null,
            ConsistentRead = !query.OfIndex,
            KeyConditionExpression = condition,
            ExpressionAttributeNames = NamesOf(query, condition),
            ExpressionAttributeValues = values,
            ScanIndexForward = !query.Descending,
            // One more than asked for tells whether there is another page.
            Limit = query.Limit + 1,
            ExclusiveStartKey = start,
        };
    }

    private static (string Text, Dictionary<string, AttributeValue> Values) ConditionOf(ItemQuery query)
    {
        var values = new Dictionary<string, AttributeValue> { [":pk"] = Text(query.Partition) };
        if (query.From is { Length: > 0 } from)
            values[":from"] = Text(from);
        if (query.To is { } to)
            values[":to"] = Text(to);
        var range = (values.ContainsKey(":from"), values.ContainsKey(":to")) switch
        {
            (true, true) => " AND #sk BETWEEN :from AND :to",
            (true, false) => " AND #sk >= :from",
            (false, true) => " AND #sk <= :to",
            _ => "",
        };
        return ("#pk = :pk" + range, values);
    }

    private static Dictionary<string, string> NamesOf(ItemQuery query, string condition)
    {
        var names = new Dictionary<string, string> { ["#pk"] = query.OfIndex ? ItemAttributes.IndexPartition : ItemAttributes.Partition };
        if (condition.Contains("#sk", StringComparison.Ordinal))
            names["#sk"] = query.OfIndex ? ItemAttributes.IndexSort : ItemAttributes.Sort;
        return names;
    }

    private static Dictionary<string, AttributeValue> StartOf(ItemQuery query, string[] cursor)
    {
        if ((query.From is not null && Compare(cursor[0], query.From) < 0) || (query.To is not null && Compare(cursor[0], query.To) > 0))
            throw new ArgumentException("This is not a cursor of this query.", nameof(query));
        if (!query.OfIndex)
            return ItemAttributes.Of(new ItemKey(query.Partition, cursor[0]));
        var start = ItemAttributes.Of(new ItemKey(cursor[1], cursor[2]));
        start[ItemAttributes.IndexPartition] = Text(query.Partition);
        start[ItemAttributes.IndexSort] = Text(cursor[0]);
        return start;
    }

    private static int Compare(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static AttributeValue Text(string text) => new() { S = text };
}
