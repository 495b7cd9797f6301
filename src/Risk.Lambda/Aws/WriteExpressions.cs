using Amazon.DynamoDBv2.Model;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>A condition of the port in the table's language. What has expired is absent, although it may stand there for days more.</summary>
internal sealed record WriteExpression(string? Text, Dictionary<string, string>? Names, Dictionary<string, AttributeValue>? Values)
{
    private const string Expired = "#ttl <= :now";
    private const string Alive = "(attribute_not_exists(#ttl) OR #ttl > :now)";

    /// <param name="now">Whole seconds since the Unix epoch.</param>
    public static WriteExpression Of(ItemWrite write, long now) => write.Condition.Kind switch
    {
        WriteCondition.Rule.None => new WriteExpression(null, null, null),
        WriteCondition.Rule.Absent => Made($"attribute_not_exists(#pk) OR {Expired}", now, ("#pk", ItemAttributes.Partition)),
        WriteCondition.Rule.VersionIs =>
            Made($"#version = :version AND {Alive}", now, ("#version", ItemAttributes.Version)).With(":version", ItemAttributes.Number(write.Condition.Version)),
        _ => Made($"attribute_not_exists(#pk) OR #guard < :guard OR {Expired}", now, ("#pk", ItemAttributes.Partition), ("#guard", ItemAttributes.Guard))
            .With(":guard", new AttributeValue { S = write.Item!.Guard }),
    };

    private static WriteExpression Made(string text, long now, params ReadOnlySpan<(string Name, string Attribute)> named)
    {
        var names = new Dictionary<string, string> { ["#ttl"] = ItemAttributes.Expiry };
        foreach (var (name, attribute) in named)
            names.Add(name, attribute);
        return new WriteExpression(text, names, new Dictionary<string, AttributeValue> { [":now"] = ItemAttributes.Number(now) });
    }

    private WriteExpression With(string name, AttributeValue value)
    {
        Values!.Add(name, value);
        return this;
    }
}
