using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Setup;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Lambda.Tests.Aws;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>
/// A table, a stream and a bucket on the emulators for the events of the files, always with the same in them: the small market, the ticks
/// of <c>consumer-good.json</c> where they are wanted, the key, the ticket and the connection that the files name, and a gateway that keeps
/// what is posted to connections.
/// </summary>
internal sealed class EventHouse : IAsyncDisposable
{
    public const string Connection = "R1kmxc2VNjMCEXA=";

    private const string KeyId = "demo00000001";
    private const string Ticket = "exampleTicketExampleTicketExampleTicketX";
    private const string KeyText = $"rk_{KeyId}_notARealSecretNotARealSecretNotARealSecr";

    private static readonly AwsRetry Retry = new(TimeProvider.System, seed: 1);
    private static readonly Caller Caller = new($"key:{KeyId}", Scopes.Read("default:viewer"), RuntimeApiServer.Far, KeyId);

    private readonly ConcurrentQueue<(string Connection, JsonNode Message)> pushed = [];
    private readonly List<RoleGate> roles = [];
    private readonly Addresses services;
    private readonly AmazonDynamoDBClient dynamo;
    private readonly AmazonS3Client s3;
    private readonly SignedHttp kinesis;
    private readonly string name;
    private FaultProxy gateway = null!;

    private EventHouse(Addresses services, string name)
    {
        (this.services, this.name) = (services, name);
        (dynamo, s3, kinesis) = (Emulators.Dynamo(services.Dynamo), Emulators.S3(services.Fauxqs), Emulators.Http(services.Kinesis, "kinesis"));
        Table = new DynamoItemTable(dynamo, name, TimeProvider.System, Retry);
        Archive = new S3Archive(s3, name, Retry);
        Stream = new KinesisTickStream(new KinesisClient(kinesis), name, Retry);
    }

    public DynamoItemTable Table { get; }

    public S3Archive Archive { get; }

    public KinesisTickStream Stream { get; }

    /// <summary>What the functions asked for beyond their roles.</summary>
    public IReadOnlyList<string> Denied => [.. roles.SelectMany(role => role.Denied)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="name">Of the table, the stream and the bucket: of no other test.</param>
    /// <param name="withChanges">The table has a stream of its own, from before the ticks on.</param>
    public static async Task<EventHouse> OpenAsync(Addresses services, string name, bool hasTicks = true, bool withChanges = false)
    {
        var house = new EventHouse(services, name);
        await Emulators.CreateTableAsync(services.Dynamo, name);
        await house.s3.PutBucketAsync(name, Cancel);
        using (await KinesisAdmin.CreateAsync(house.kinesis, name, 1)) await KinesisAdmin.WaitUntilActiveAsync(house.kinesis, name);
        house.gateway = await FaultProxy.StartAsync("", house.TakeAsync);
        await house.FurnishAsync();
        if (withChanges)
        {
            var stream = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES };
            await house.dynamo.UpdateTableAsync(new UpdateTableRequest { TableName = name, StreamSpecification = stream }, Cancel);
        }
        if (hasTicks) await house.IngestAsync(EventFileTests.PathOf("consumer-good.json"));
        return house;
    }

    /// <summary>The function may do what its role in the template allows.</summary>
    public async Task<RunningBootstrap> StartAsync(string program, string function, params (string Name, string Value)[] more)
    {
        var role = await RoleGate.StartAsync(function, services);
        roles.Add(role);
        return await RunningBootstrap.StartAsync(
            program, function, role.Services,
            [
                ("RISK_TABLE", name), ("RISK_STREAM", name), ("RISK_RAW_BUCKET", name), ("RISK_HISTORY_DAYS", "60"), ("RISK_WEBSOCKET_URL", $"ws{gateway.Url[4..]}/live"),
                ("RISK_ALLOWED_ORIGINS", "https://desk.example.com"), .. more,
            ]);
    }

    /// <summary>The connection that the events speak of, open and listening to all that they tell; the gateway's clock is not theirs.</summary>
    public async Task ConnectAsync()
    {
        var connections = new ConnectionTable(Table);
        await connections.OpenAsync(Connection, Caller, TimeProvider.System.GetUtcNow(), Cancel);
        await connections.SubscribeAsync((await connections.FindAsync(Connection, Cancel))!, ["AAA", "account:default"], Cancel);
    }

    /// <summary>What was posted to connections since the last time, in an order of its own; null for nothing.</summary>
    public JsonArray? TakePushed()
    {
        var taken = new List<JsonNode>();
        while (pushed.TryDequeue(out var next)) taken.Add(new JsonObject { ["connection"] = next.Connection, ["message"] = next.Message });
        return taken.Count == 0 ? null : new JsonArray([.. taken.OrderBy(x => x.ToJsonString(), StringComparer.Ordinal)]);
    }

    /// <summary>The records of the table's stream, which an event has as they are.</summary>
    public async Task<IReadOnlyList<JsonNode>> ChangesAsync()
    {
        using var http = Emulators.Http(services.Dynamo, "dynamodb");
        async Task<JsonNode> AskAsync(string operation, string body) => JsonNode.Parse(
            await http.PostAsync("", "application/x-amz-json-1.0", $"DynamoDBStreams_20120810.{operation}", Encoding.UTF8.GetBytes(body), Cancel))!;
        var arn = (await dynamo.DescribeTableAsync(name, Cancel)).Table.LatestStreamArn;
        var records = new List<JsonNode>();
        foreach (var shard in (await AskAsync("DescribeStream", $$"""{"StreamArn":"{{arn}}"}"""))["StreamDescription"]!["Shards"]!.AsArray())
        {
            var from = await AskAsync("GetShardIterator", $$"""{"StreamArn":"{{arn}}","ShardId":"{{shard!["ShardId"]}}","ShardIteratorType":"TRIM_HORIZON"}""");
            records.AddRange((await AskAsync("GetRecords", $$"""{"ShardIterator":"{{from["ShardIterator"]}}"}"""))["Records"]!.AsArray().Select(x => x!));
        }
        return records;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var role in roles) await role.DisposeAsync();
        await gateway.DisposeAsync();
        await dynamo.DeleteTableAsync(name, Cancel);
        dynamo.Dispose();
        s3.Dispose();
        kinesis.Dispose();
    }

    private async Task FurnishAsync()
    {
        await FakeHouse.FurnishAsync(Table, Archive, TimeProvider.System);
        var shares = Symbol.Parse("BRK/B");
        await new InstrumentStore(Table).PutAsync([new Instrument(shares, shares.Text, AssetClass.Equity, Currency.Usd)], Cancel);
        var made = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
        await new KeyStore(Table).AddAsync(new ApiKey(KeyId, "demo", Scopes.Read("*:admin"), HashOf(KeyText), made, "test", RuntimeApiServer.Far, null), Cancel);
        var ticket = $$"""{"name":"key:{{KeyId}}","scopes":"default:viewer","expires_at":"2100-01-01T00:00:00Z","valid_until":"2100-01-01T00:00:00Z","key_id":"{{KeyId}}"}""";
        await Table.WriteAtomicAsync([ItemWrite.Put(new Item(Keys.Ticket(HashOf(Ticket)), Encoding.UTF8.GetBytes(ticket)))], Cancel);
        await ConnectAsync();
    }

    /// <summary>As the function does it.</summary>
    private async Task IngestAsync(string file)
    {
        using var runtime = new LambdaRuntime("127.0.0.1:9", "risk-test", System.IO.Stream.Null, TimeProvider.System);
        await using var made = new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders())
            .AddSingleton(TimeProvider.System).AddSingleton(runtime.Metrics)
            .AddSingleton<IItemTable>(Table).AddSingleton<IArchive>(Archive)
            .AddRisk(FakeHouse.Settings).AddSingleton<Consumer>()
            .BuildServiceProvider();
        Assert.Empty(Events.Failures(await made.GetRequiredService<Consumer>().HandleAsync(Events.Of(await File.ReadAllTextAsync(file, Cancel)), Cancel)));
    }

    private Task<ProxyReply?> TakeAsync(ProxyCall call)
    {
        pushed.Enqueue((Uri.UnescapeDataString(call.RawPath.Split('/')[^1]), JsonNode.Parse(call.Body)!));
        return ProxyReply.Json("");
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
