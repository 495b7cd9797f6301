using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Amazon.S3;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Tests.Aws;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

/// <summary>A day through the program itself over the services' own protocols, its archive out of order for a while.</summary>
public sealed class CloseDayEndToEndTests(Emulators emulators)
{
    private const string Table = "risk-close-day";
    private const string Stream = "ticks-close-day";
    private const string Bucket = "raw-close-day";

    private static readonly AwsRetry Retry = new(TimeProvider.System, seed: 1);
    private static readonly DateTimeOffset Noon = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddHours(-12), TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_curated_copy_holds_every_tick_sent_once_although_the_archive_failed()
    {
        var services = await emulators.AddressesAsync();
        var isDown = false;
        await using var bucket = await FaultProxy.StartAsync(services.Fauxqs, call =>
            isDown && call.Operation == "PUT" ? Task.FromResult<ProxyReply?>(new ProxyReply(403, "<Error><Code>AccessDenied</Code></Error>"u8.ToArray(), "application/xml")) : call.PassOnAsync());
        using var dynamo = Emulators.Dynamo(services.Dynamo);
        using var s3 = Emulators.S3(services.Fauxqs);
        using var http = Emulators.Http(services.Kinesis, "kinesis");
        await MakeAsync(services, s3, http);
        var (table, archive) = (new DynamoItemTable(dynamo, Table, TimeProvider.System, Retry), new S3Archive(s3, Bucket, Retry));
        await FakeHouse.FurnishAsync(table, archive, TimeProvider.System);
        var stream = new KinesisTickStream(new KinesisClient(http), Stream, Retry);
        await stream.PublishAsync([.. Enumerable.Range(0, 300).Select(i => new OutgoingRecord($"{i % 3}", Encoding.UTF8.GetBytes(Line(i) + (i % 10 == 0 ? Line(i) : ""))))], Cancel);

        (string, string)[] settings = [("RISK_TABLE", Table), ("RISK_STREAM", Stream), ("RISK_RAW_BUCKET", Bucket), ("RISK_HISTORY_DAYS", "60")];
        await using var consuming = await RoleGate.StartAsync("Consumer", services with { Fauxqs = bucket.Url });
        await using (var consumer = await RunningBootstrap.StartAsync("Consumer", consuming.Services, settings))
            await ConsumeAsync(consumer, stream, batch => isDown = batch % 3 == 1);
        isDown = false;
        var gaps = await new RawGapStore(table).LoadAllAsync(Cancel);
        Assert.NotEmpty(gaps);

        await using var closing = await RoleGate.StartAsync("CloseDay", services);
        await using var close = await RunningBootstrap.StartAsync("CloseDay", closing.Services, settings);
        var reply = (await close.InvokeAsync("""{"detail":{"market":"SIM"}}""")).Json;
        Assert.Equal(gaps.Count, reply.GetProperty("gaps").GetProperty("filled").GetInt32());
        Assert.Empty(await new RawGapStore(table).LoadAllAsync(Cancel));
        Assert.Equal((3, 0), (reply.GetProperty("history").GetProperty("added").GetInt32(), reply.GetProperty("curated").GetProperty("differing").GetArrayLength()));
        Assert.Equal(Enumerable.Range(0, 300).OrderBy(i => (Symbol(i), i)).Select(i => $"{Symbol(i)} {i}"), await CuratedAsync(archive));
        var again = (await close.InvokeAsync("""{"detail":{"market":"SIM"}}""")).Json;
        Assert.Equal((0, 2), (again.GetProperty("windows_closed").GetInt32(), again.GetProperty("history").GetProperty("version").GetInt32()));
        Assert.False(again.GetProperty("curated").GetProperty("made").GetBoolean());
        Assert.Empty(consuming.Denied.Concat(closing.Denied));
    }

    private static string Symbol(int i) => FakeHouse.Symbols[i % 3].Text;

    private static string Line(int i) =>
        $$"""{"symbol":"{{Symbol(i)}}","time":"{{Noon.AddMilliseconds(100 * i).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}}","price":{{100 + (i % 7)}},"source":"feed","sequence":{{i}}}""" + "\n";

    private static async Task MakeAsync(Addresses services, AmazonS3Client s3, SignedHttp http)
    {
        await Emulators.CreateTableAsync(services.Dynamo, Table);
        await s3.PutBucketAsync(Bucket, Cancel);
        using var created = await KinesisAdmin.CreateAsync(http, Stream, 2);
        await KinesisAdmin.WaitUntilActiveAsync(http, Stream);
    }

    private static async Task ConsumeAsync(RunningBootstrap consumer, KinesisTickStream stream, Action<int> before)
    {
        var batch = 0;
        foreach (var shard in await stream.ListShardsAsync(Cancel))
        {
            string? after = null;
            for (var read = await stream.ReadAsync(shard.Id, after, 40, Cancel); read.Records.Count > 0; read = await stream.ReadAsync(shard.Id, after, 40, Cancel))
            {
                before(batch++);
                Assert.Empty(Events.Failures((await consumer.InvokeAsync(Events.Kinesis(shard.Id, read.Records))).Body));
                after = read.Records[^1].Sequence;
            }
        }
    }

    private static async Task<List<string>> CuratedAsync(S3Archive archive)
    {
        var ticks = new List<string>();
        foreach (var name in (await archive.ListAsync("curated/market=SIM/", Cancel)).Where(x => x.EndsWith(".gz", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(new GZipStream(new MemoryStream((await archive.GetAsync(name, Cancel))!), CompressionMode.Decompress));
            while (await reader.ReadLineAsync(Cancel) is { } line)
            {
                using var tick = JsonDocument.Parse(line);
                ticks.Add($"{tick.RootElement.GetProperty("symbol").GetString()} {tick.RootElement.GetProperty("sequence").GetInt64()}");
            }
        }
        return ticks;
    }
}
