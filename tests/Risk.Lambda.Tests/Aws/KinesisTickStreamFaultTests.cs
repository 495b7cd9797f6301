using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

/// <summary>kinesalite never turns a record away, so the proxy does.</summary>
public sealed class KinesisTickStreamFaultTests(Emulators emulators) : IAsyncDisposable
{
    private readonly RetryClock clock = new();
    private readonly Lock guard = new();
    private readonly List<int> sent = [];
    private FaultProxy? proxy;
    private SignedHttp? http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (proxy is not null)
            await proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public async Task Only_the_records_that_were_turned_away_go_again(double share)
    {
        var random = new Random(11);
        var stream = await OpenAsync(call => call.Operation == "PutRecords" ? PutSomeAsync(call, _ => random.NextDouble() >= share) : call.PassOnAsync());
        var texts = Enumerable.Range(0, 1200).Select(i => Named($"{i:0000}")).ToArray();
        await PublishAsync(stream, texts);
        Assert.Equal(texts, (await MineAsync(stream)).Order(StringComparer.Ordinal));
        Assert.All(sent, count => Assert.InRange(count, 1, KinesisTickStream.MaxRecordsAtOnce));
        Assert.Equal(500, sent[0]);
        Assert.InRange(sent.Sum(), 1200 + 1, 1200 + (1200 * 2 * share));
    }

    [Fact]
    public async Task Records_that_are_turned_away_for_good_are_not_said_to_be_durable()
    {
        var stream = await OpenAsync(call => PutSomeAsync(call, text => !text.EndsWith('3')));
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => PublishAsync(stream, Named("1"), Named("2"), Named("3")));
        Assert.Contains("ProvisionedThroughputExceededException", fault.Message, StringComparison.Ordinal);
        Assert.Equal([3, .. Enumerable.Repeat(1, RetryBounds.Default.Tries - 1)], sent);
    }

    [Theory]
    [InlineData(400, "ProvisionedThroughputExceededException")]
    [InlineData(400, "LimitExceededException")]
    [InlineData(500, "InternalFailure")]
    public async Task A_call_that_was_turned_away_goes_again(int status, string code)
    {
        var stream = await OpenAsync(call => call.Number % 2 == 1 ? ProxyReply.Fault(status, code) : call.PassOnAsync());
        await PublishAsync(stream, Named("x"));
        Assert.Equal([Named("x")], await MineAsync(stream));
    }

    [Fact]
    public async Task A_call_whose_reply_was_lost_goes_again_whole()
    {
        var stream = await OpenAsync(async call =>
        {
            var reply = await call.PassOnAsync();
            return call.Number == 1 ? null : reply;
        });
        await PublishAsync(stream, Named("x"), Named("y"));
        Assert.Equal([Named("x"), Named("x"), Named("y"), Named("y")], (await MineAsync(stream)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_and_asked_for_again()
    {
        var stream = await OpenAsync(call =>
        {
            if (call.Number > 1)
                return call.PassOnAsync();
            var held = call.HoldAsync();
            clock.ExpireTries();
            return held;
        });
        await PublishAsync(stream, Named("x"));
        Assert.Equal([Named("x")], await MineAsync(stream));
    }

    [Fact]
    public async Task An_iterator_that_has_expired_is_made_anew()
    {
        var expired = 0;
        var stream = await OpenAsync(call => call.Operation == "GetRecords" && Interlocked.Exchange(ref expired, 0) == 1
            ? ProxyReply.Fault(400, "ExpiredIteratorException")
            : call.PassOnAsync());
        await PublishAsync(stream, [.. Enumerable.Range(0, 20).Select(i => Named($"{i:00}"))]);
        foreach (var shard in await stream.ListShardsAsync(Cancellation))
        {
            var first = await stream.ReadAsync(shard.Id, null, 1, Cancellation);
            var after = first.Records.Count == 0 ? null : first.Records[0].Sequence;
            expired = 1;
            var second = await stream.ReadAsync(shard.Id, after, 1, Cancellation);
            Assert.Equal(0, expired);
            expired = 0;
            Assert.Equal((await stream.ReadAsync(shard.Id, after, 1, Cancellation)).Records.Select(x => x.Sequence), second.Records.Select(x => x.Sequence));
        }
    }

    [Fact]
    public async Task A_stretch_without_records_is_read_through()
    {
        var stream = await OpenAsync(call => call.Operation == "GetRecords" && call.Number < 6
            ? ProxyReply.Json($$"""{"Records":[],"MillisBehindLatest":5000,"NextShardIterator":{{JsonNode.Parse(call.Body)!["ShardIterator"]!.ToJsonString()}}}""")
            : call.PassOnAsync());
        await PublishAsync(stream, Named("x"));
        Assert.Equal([Named("x")], await MineAsync(stream));
    }

    [Fact]
    public async Task What_will_not_pass_is_thrown_at_once()
    {
        var stream = await OpenAsync(_ => ProxyReply.Fault(400, "ResourceNotFoundException"));
        var fault = await Assert.ThrowsAsync<AmazonServiceException>(() => PublishAsync(stream, "x"));
        Assert.Equal("ResourceNotFoundException", fault.ErrorCode);
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task A_call_holds_no_more_than_five_megabytes()
    {
        var bytes = new List<long>();
        var stream = await OpenAsync(async call =>
        {
            var records = JsonNode.Parse(call.Body)!["Records"]!.AsArray();
            bytes.Add(records.Sum(record => Convert.FromBase64String(record!["Data"]!.GetValue<string>()).LongLength + 1));
            return await ProxyReply.Json(new JsonObject { ["Records"] = new JsonArray([.. records.Select(_ => new JsonObject())]) }.ToJsonString());
        });
        var data = new byte[KinesisTickStream.MaxRecordBytes - 1];
        await stream.PublishAsync([.. Enumerable.Repeat(new OutgoingRecord("k", data), 12)], Cancellation);
        Assert.Equal([5, 5, 2], bytes.Select(sum => sum / KinesisTickStream.MaxRecordBytes));
        await Assert.ThrowsAsync<ArgumentException>(() => stream.PublishAsync([new OutgoingRecord("k", new byte[data.Length + 1])], Cancellation));
        Assert.Equal(3, bytes.Count);
    }

    [Fact]
    public async Task Children_name_their_parents_and_parents_end()
    {
        await OpenAsync(call => call.PassOnAsync());
        using (await KinesisAdmin.CreateAsync(http!, "merging", 2))
            await KinesisAdmin.WaitUntilActiveAsync(http!, "merging");
        var stream = new KinesisTickStream(new KinesisClient(http!), "merging", new AwsRetry(clock, seed: 7));
        await PublishAsync(stream, [.. Enumerable.Range(0, 20).Select(i => Named($"{i:00}"))]);
        var parents = (await stream.ListShardsAsync(Cancellation)).Select(shard => shard.Id).ToArray();
        using (await KinesisAdmin.MergeAsync(http!, "merging", parents[0], parents[1]))
            await KinesisAdmin.WaitUntilActiveAsync(http!, "merging");
        await PublishAsync(stream, Named("after"));
        var child = (await stream.ListShardsAsync(Cancellation)).Single(shard => shard.Parents.Count > 0);
        Assert.Equal(parents, child.Parents.Order(StringComparer.Ordinal));
        foreach (var parent in parents)
        {
            var first = await stream.ReadAsync(parent, null, 1000, Cancellation);
            Assert.True(first.Ended || (await stream.ReadAsync(parent, first.Records[^1].Sequence, 1000, Cancellation)).Ended);
        }

        var read = await stream.ReadAsync(child.Id, null, 1000, Cancellation);
        Assert.False(read.Ended);
        Assert.Equal([Named("after")], read.Records.Select(record => Encoding.UTF8.GetString(record.Data.Span)));
    }

    private async Task<ProxyReply?> PutSomeAsync(ProxyCall call, Func<string, bool> takes)
    {
        var asked = JsonNode.Parse(call.Body)!;
        var records = asked["Records"]!.AsArray();
        bool[] taken;
        lock (guard)
        {
            sent.Add(records.Count);
            taken = [.. records.Select(record => takes(Encoding.UTF8.GetString(Convert.FromBase64String(record!["Data"]!.GetValue<string>()))))];
        }

        for (var i = taken.Length - 1; i >= 0; i--)
        {
            if (!taken[i])
                records.RemoveAt(i);
        }

        var stored = records.Count == 0 ? [] : JsonNode.Parse((await call.PassOnAsync(Encoding.UTF8.GetBytes(asked.ToJsonString())))!.Body)!["Records"]!.AsArray();
        var answers = new JsonArray();
        var next = 0;
        foreach (var took in taken)
        {
            answers.Add(took
                ? stored[next++]!.DeepClone()
                : new JsonObject { ["ErrorCode"] = "ProvisionedThroughputExceededException", ["ErrorMessage"] = "by the proxy" });
        }

        return await ProxyReply.Json(new JsonObject { ["FailedRecordCount"] = taken.Count(took => !took), ["Records"] = answers }.ToJsonString());
    }

    private async Task<KinesisTickStream> OpenAsync(Func<ProxyCall, Task<ProxyReply?>> plan)
    {
        proxy = await FaultProxy.StartAsync((await emulators.AddressesAsync()).Kinesis, plan);
        http = Emulators.Http(proxy.Url, "kinesis");
        return new KinesisTickStream(new KinesisClient(http), Emulators.Stream, new AwsRetry(clock, seed: 7));
    }

    private static Task PublishAsync(KinesisTickStream stream, params string[] texts) =>
        stream.PublishAsync([.. texts.Select(text => new OutgoingRecord(text, Encoding.UTF8.GetBytes(text)))], Cancellation);

    private static async Task<List<string>> MineAsync(KinesisTickStream stream)
    {
        var mine = new List<string>();
        foreach (var shard in await stream.ListShardsAsync(Cancellation))
        {
            for (string? after = null; await stream.ReadAsync(shard.Id, after, 1000, Cancellation) is { Records: { Count: > 0 } records }; after = records[^1].Sequence)
                mine.AddRange(records.Select(record => Encoding.UTF8.GetString(record.Data.Span)).Where(text => text.StartsWith(Named(""), StringComparison.Ordinal)));
        }

        return mine;
    }

    private static string Named(string text) => $"{TestContext.Current.Test!.TestDisplayName}/{text}";
}
