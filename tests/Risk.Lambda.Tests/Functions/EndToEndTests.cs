using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Portfolios;
using Risk.Domain.Snapshots;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Tests.Aws;
using Risk.Lambda.Tests.Runtime;
using Risk.Local.Storage;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

/// <summary>Ticks in, VaR out: the program itself as each of its functions, over the services' own protocols.</summary>
public sealed class EndToEndTests(Emulators emulators)
{
    private const string Table = "risk-end-to-end";
    private const string Stream = "ticks-end-to-end";
    private const string Bucket = "raw-end-to-end";

    private static readonly AwsRetry Retry = new(TimeProvider.System, seed: 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_var_behind_the_gateway_is_that_of_the_published_ticks_to_the_last_bit()
    {
        var services = await emulators.AddressesAsync();
        using var dynamo = Emulators.Dynamo(services.Dynamo);
        using var s3 = Emulators.S3(services.Fauxqs);
        using var http = Emulators.Http(services.Kinesis, "kinesis");
        await MakeAsync(services, s3, http);
        var table = new DynamoItemTable(dynamo, Table, TimeProvider.System, Retry);
        var archive = new S3Archive(s3, Bucket, Retry);
        await FakeHouse.FurnishAsync(table, archive, TimeProvider.System);
        var stream = new KinesisTickStream(new KinesisClient(http), Stream, Retry);

        (string, string)[] settings = [("RISK_TABLE", Table), ("RISK_STREAM", Stream), ("RISK_RAW_BUCKET", Bucket), ("RISK_HISTORY_DAYS", "60"), ("RISK_RATE", "15")];
        await using var producing = await RoleGate.StartAsync("Producer", services);
        await using (var producer = await RunningBootstrap.StartAsync("Producer", producing.Services, settings))
            Assert.Equal("""{"published":900,"reason":null}""", (await producer.InvokeAsync(MinuteBefore(TimeProvider.System.GetUtcNow()))).Text);
        await using var consuming = await RoleGate.StartAsync("Consumer", services);
        await using (var consumer = await RunningBootstrap.StartAsync("Consumer", consuming.Services, settings)) await ConsumeAsync(consumer, stream);
        await using var reading = await RoleGate.StartAsync("ReadApi", services);
        await using var api = await RunningBootstrap.StartAsync("ReadApi", reading.Services, settings);
        Assert.Empty(producing.Denied.Concat(consuming.Denied));
        Assert.Equal(401, (await AskAsync(api, "/portfolio/var", "account_id=default", null)).GetProperty("statusCode").GetInt32());
        var status = await GetAsync(api, "/status", "");
        Assert.Equal((900, 900, 0), (Whole(status, "ticks_produced"), Whole(status, "ticks_counted"), Whole(status, "ticks_quarantined")));
        var answer = (await GetAsync(api, "/portfolio/var", "account_id=default")).GetProperty("portfolio");
        var expected = await MeasureOnOneMachineAsync(stream);
        Assert.Equal(
            new[] { expected.At95.Var, expected.At99.Var, expected.At95.Es, expected.At99.Es }.Select(x => BitConverter.DoubleToInt64Bits(x.Value!.Value)),
            new[] { "var_95", "var_99", "es_95", "es_99" }.Select(x => BitConverter.DoubleToInt64Bits(answer.GetProperty(x).GetDouble())));
        Assert.Equal(expected.MarketValue, answer.GetProperty("market_value").GetDouble());
        var stored = (await new SnapshotStore(table).FindLatestAsync(AccountId.Default, Cancel))!.Value;
        Assert.Equal((expected.At95.Var, expected.At99.Es), (stored.At95.Var, stored.At99.Es));
        Assert.NotEmpty(await archive.ListAsync("raw/dt=", Cancel));
    }

    private static async Task MakeAsync(Addresses services, AmazonS3Client s3, SignedHttp http)
    {
        await Emulators.CreateTableAsync(services.Dynamo, Table);
        await s3.PutBucketAsync(Bucket, Cancel);
        using var created = await KinesisAdmin.CreateAsync(http, Stream, 2);
        await KinesisAdmin.WaitUntilActiveAsync(http, Stream);
    }

    /// <summary>The minute that has just passed, at once.</summary>
    private static string MinuteBefore(DateTimeOffset now) => $$$"""{"time":"{{{now.AddMinutes(-1):yyyy-MM-ddTHH:mm:00Z}}}","detail":{"market":"SIM","at_once":true}}""";

    /// <summary>As the event source mapping does: each shard for itself, in batches.</summary>
    private static async Task ConsumeAsync(RunningBootstrap consumer, ITickStream stream)
    {
        foreach (var shard in await stream.ListShardsAsync(Cancel))
        {
            string? after = null;
            for (var read = await stream.ReadAsync(shard.Id, after, 7, Cancel); read.Records.Count > 0; read = await stream.ReadAsync(shard.Id, after, 7, Cancel))
            {
                var reply = await consumer.InvokeAsync(Events.Kinesis(shard.Id, read.Records));
                if (reply.Text != """{"batchItemFailures":[]}""") Assert.Fail(await consumer.StopAsync());
                after = read.Records[^1].Sequence;
            }
        }
    }

    private static async Task<JsonElement> GetAsync(RunningBootstrap api, string path, string query)
    {
        var answer = await AskAsync(api, path, query, "*:viewer");
        Assert.True(answer.GetProperty("statusCode").GetInt32() == 200, answer.ToString());
        return JsonDocument.Parse(answer.GetProperty("body").GetString()!).RootElement;
    }

    /// <param name="scopes">What the authorizer says of the caller; null for nothing.</param>
    private static async Task<JsonElement> AskAsync(RunningBootstrap api, string path, string query, string? scopes)
    {
        var payload = GatewayFunction.Event("http-api", x =>
        {
            (x["rawPath"], x["rawQueryString"], x["body"]) = (path, query, null);
            x["headers"]!.AsObject().Remove("content-length");
            x["headers"]!["accept"] = "application/json";
            (x["requestContext"]!["http"]!["method"], x["requestContext"]!["http"]!["path"]) = ("GET", path);
            if (scopes is not null)
                x["requestContext"]!["authorizer"] = new JsonObject { ["lambda"] = new JsonObject { [HostCaller.NameClaim] = "key:desk", [HostCaller.ScopesClaim] = scopes } };
        });
        return (await api.InvokeAsync(payload)).Json;
    }

    /// <summary>The oracle: the same records through the stores and the loop of the local program.</summary>
    private static async Task<RiskSnapshot> MeasureOnOneMachineAsync(ITickStream published)
    {
        var folder = Directory.CreateTempSubdirectory("risk-oracle-").FullName;
        try
        {
            await using var store = LocalStore.Open(folder, TimeProvider.System);
            await FakeHouse.FurnishAsync(store.Items, store.Archive, TimeProvider.System);
            foreach (var shard in await published.ListShardsAsync(Cancel))
            {
                string? after = null;
                for (var read = await published.ReadAsync(shard.Id, after, 100, Cancel); read.Records.Count > 0; read = await published.ReadAsync(shard.Id, after, 100, Cancel))
                {
                    await store.Ticks.PublishAsync([.. read.Records.Select(x => new OutgoingRecord("0", x.Data))], Cancel);
                    after = read.Records[^1].Sequence;
                }
            }
            await using var local = new ServiceCollection()
                .AddLogging().AddSingleton(TimeProvider.System)
                .AddSingleton<IItemTable>(store.Items).AddSingleton<ITickStream>(store.Ticks).AddSingleton<IArchive>(store.Archive)
                .AddRisk(FakeHouse.Settings).BuildServiceProvider();
            var consume = new ConsumeStream(store.Ticks, new CheckpointStore(store.Items, "risk"), local.GetRequiredService<IngestTicks>(), local.GetRequiredService<StreamFigures>());
            await local.GetRequiredService<Universe>().RefreshAsync(Cancel);
            while (await consume.RunOnceAsync(256, Cancel) > 0) { }
            return (await new SnapshotStore(store.Items).FindLatestAsync(AccountId.Default, Cancel))!.Value;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Whole(JsonElement status, string name) => status.GetProperty(name.StartsWith("ticks", StringComparison.Ordinal) ? "stream" : "totals").GetProperty(name).GetInt64();
}
