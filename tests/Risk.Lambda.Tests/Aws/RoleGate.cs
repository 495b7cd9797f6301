using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Cloud;
using YamlDotNet.RepresentationModel;

namespace Risk.Lambda.Tests.Aws;

/// <summary>
/// Stands before the services for one function and lets through what its role in template.yaml allows, as IAM would: emulators allow
/// everything, so that a missing permission would show in an account only. Actions, tables and their index, partitions of items, objects by
/// their prefix; not keys of encryption, nor conditions of other kinds.
/// </summary>
internal sealed partial class RoleGate : IAsyncDisposable
{
    private static readonly Template Deployed = new(File.ReadAllText(EventFileTests.PathOf(Path.Combine("..", "template.yaml"))));

    private readonly List<FaultProxy> gates = [];
    private readonly ConcurrentQueue<string> denied = [];
    private readonly IReadOnlyList<YamlMappingNode> statements;

    private RoleGate(string function) =>
        statements = [.. Deployed.Statements().Where(x => x.Resource == $"{function}Role" || x.Resource == "EveryFunction").Select(x => x.Statement)];

    public Addresses Services { get; private set; } = null!;

    /// <summary>What was asked for and not allowed, each once.</summary>
    public IReadOnlyList<string> Denied => [.. denied.Distinct()];

    public static async Task<RoleGate> StartAsync(string function, Addresses services)
    {
        var gate = new RoleGate(function);
        async Task<string> Before(string service, Func<ProxyCall, IEnumerable<Need>> needs)
        {
            gate.gates.Add(await FaultProxy.StartAsync(service, call => gate.Judge(call, needs(call))));
            return gate.gates[^1].Url;
        }
        gate.Services = new Addresses(
            await Before(services.Dynamo, OfItems),
            await Before(services.Kinesis, call => [new Need($"kinesis:{call.Operation}", "TickStream.Arn")]),
            await Before(services.Fauxqs, call => [OfObject(call)]));
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in gates) await gate.DisposeAsync();
    }

    private Task<ProxyReply?> Judge(ProxyCall call, IEnumerable<Need> needs)
    {
        var refused = needs.Where(need => !Allows("Allow", need) || Allows("Deny", need)).ToList();
        if (refused.Count == 0) return call.PassOnAsync();
        foreach (var need in refused) denied.Enqueue(need.ToString());
        return ProxyReply.Fault(400, "AccessDeniedException");
    }

    private bool Allows(string effect, Need need) => statements.Any(statement =>
        Template.Text(statement, "Effect") == effect
        && Template.Texts(Template.Node(statement, "Action")).Contains(need.Action)
        && Template.Texts(Template.Node(statement, "Resource")).Any(resource => IsLike(need.Resource, resource))
        && (Template.Node(statement, "Condition") is not { } condition || Template.Texts(condition).Any(pattern => need.Partition is { } partition && IsLike(partition, pattern))));

    private static bool IsLike(string text, string pattern) => Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$");

    private static Need OfObject(ProxyCall call)
    {
        var key = Uri.UnescapeDataString(call.Context.Request.Path.Value!.TrimStart('/')).Split('/', 2) is [_, { Length: > 0 } named] ? named : null;
        return key is null ? new Need("s3:ListBucket", "RawBucket.Arn") : new Need(call.Operation switch
        {
            "GET" or "HEAD" => "s3:GetObject",
            "DELETE" => "s3:DeleteObject",
            _ => "s3:PutObject",
        }, $"${{RawBucket.Arn}}/{key}");
    }

    private static IEnumerable<Need> OfItems(ProxyCall call)
    {
        var body = JsonDocument.Parse(call.Body).RootElement;
        Need Item(string action, JsonElement owner, string member = "Key") => new($"dynamodb:{action}", "RiskTable.Arn", owner.GetProperty(member).GetProperty("PK").GetProperty("S").GetString());
        return call.Operation switch
        {
            "GetItem" or "DeleteItem" or "UpdateItem" => [Item(call.Operation, body)],
            "PutItem" => [Item("PutItem", body, "Item")],
            "BatchGetItem" => from table in body.GetProperty("RequestItems").EnumerateObject()
                              from key in table.Value.GetProperty("Keys").EnumerateArray()
                              select new Need("dynamodb:BatchGetItem", "RiskTable.Arn", key.GetProperty("PK").GetProperty("S").GetString()),
            "TransactWriteItems" => from write in body.GetProperty("TransactItems").EnumerateArray()
                                    from kind in write.EnumerateObject()
                                    select kind.Name == "Put" ? Item("PutItem", kind.Value, "Item") : Item($"{kind.Name}Item", kind.Value),
            "TransactGetItems" => from read in body.GetProperty("TransactItems").EnumerateArray() select Item("GetItem", read.GetProperty("Get")),
            "Query" => [new Need("dynamodb:Query", body.TryGetProperty("IndexName", out var index) ? $"${{RiskTable.Arn}}/index/{index}" : "RiskTable.Arn", PartitionOf(body))],
            _ => [new Need($"dynamodb:{call.Operation}", "RiskTable.Arn")],
        };
    }

    private static string PartitionOf(JsonElement query)
    {
        var name = Placeholder().Match(query.GetProperty("KeyConditionExpression").GetString()!).Groups[1].Value;
        return query.GetProperty("ExpressionAttributeValues").GetProperty(name).GetProperty("S").GetString()!;
    }

    [GeneratedRegex(@"^#pk = (:\w+)")]
    private static partial Regex Placeholder();

    /// <param name="Resource">In the template's words.</param>
    /// <param name="Partition">The key that an item is reached by; null where there is none.</param>
    private sealed record Need(string Action, string Resource, string? Partition = null)
    {
        public override string ToString() => $"{Action} on {Resource}{(Partition is null ? "" : $" at {Partition}")}";
    }
}
