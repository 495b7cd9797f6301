using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

public sealed class DynamoItemTableFaultTests(Emulators emulators) : IAsyncDisposable
{
    private readonly RetryClock clock = new();
    private FaultProxy? proxy;
    private AmazonDynamoDBClient? client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (proxy is not null)
            await proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(400, "ProvisionedThroughputExceededException")]
    [InlineData(400, "ThrottlingException")]
    [InlineData(500, "InternalServerError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task What_passes_is_tried_again(int status, string code)
    {
        var table = await OpenAsync(call => call.Number % 3 == 0 ? call.PassOnAsync() : ProxyReply.Fault(status, code));
        Assert.Equal([WriteOutcome.Written], await table.WriteEachAsync([ItemWrite.Put(Numbered(1), WriteCondition.Absent)], Cancellation));
        Assert.Equal(1, (await table.GetAsync(Key(1), Cancellation))!.Version);
        Assert.Null(await table.WriteAtomicAsync([ItemWrite.Put(Numbered(2)), ItemWrite.Delete(Key(1))], Cancellation));
        Assert.Single((await table.QueryAsync(new ItemQuery(Partition), Cancellation)).Items);
        Assert.Equal(8, clock.Waits.Count);
    }

    [Fact]
    public async Task A_throttled_item_is_unavailable_and_the_others_are_written()
    {
        var hot = Key(3).Sort;
        var table = await OpenAsync(call => call.Operation == "PutItem" && SortOf(call) == hot ? ProxyReply.Fault(400, "ThrottlingException") : call.PassOnAsync());
        var outcomes = await table.WriteEachAsync([.. Enumerable.Range(0, 40).Select(i => ItemWrite.Put(Numbered(i)))], Cancellation);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i == 3 ? WriteOutcome.Unavailable : WriteOutcome.Written), outcomes);
        Assert.Equal(RetryBounds.Default.Tries - 1, clock.Waits.Count);
    }

    [Fact]
    public async Task Waits_grow_and_differ_from_caller_to_caller()
    {
        async Task<IReadOnlyList<TimeSpan>> WaitsOf(int seed)
        {
            var waiting = new RetryClock();
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                new AwsRetry(waiting, seed).RunAsync<int>("It", _ => throw new HttpRequestException("down"), Cancellation));
            return waiting.Waits;
        }

        // A wait of less than a millisecond is none, and is not noted.
        var runs = (await Task.WhenAll(Enumerable.Range(0, 200).Select(WaitsOf))).Where(run => run.Count == RetryBounds.Default.Tries - 1).ToArray();
        Assert.True(runs.Length > 150);
        Assert.Equal(runs.Length, runs.Select(run => string.Join(' ', run)).Distinct().Count());
        for (var i = 0; i < RetryBounds.Default.Tries - 1; i++)
        {
            var most = Math.Min(1600, 50 * Math.Pow(2, i));
            var waits = runs.Select(run => run[i].TotalMilliseconds).ToArray();
            Assert.All(waits, wait => Assert.InRange(wait, 0, most));
            Assert.InRange(waits.Average(), 0.4 * most, 0.6 * most);
        }
    }

    [Fact]
    public async Task A_table_that_stays_down_is_said_to_be_so()
    {
        var table = await OpenAsync(_ => Task.FromResult<ProxyReply?>(null));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => table.GetAsync(Key(1), Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => table.GetManyAsync([Key(1), Key(2)], Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => table.QueryAsync(new ItemQuery(Partition), Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => table.WriteAtomicAsync([ItemWrite.Put(Numbered(1))], Cancellation));
        Assert.Equal([WriteOutcome.Unavailable], await table.WriteEachAsync([ItemWrite.Put(Numbered(1))], Cancellation));
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_and_asked_for_again()
    {
        var table = await OpenAsync(call =>
        {
            if (call.Number > 2)
                return call.PassOnAsync();
            var held = call.HoldAsync();
            clock.ExpireTries();
            return held;
        });
        Assert.Equal([WriteOutcome.Written], await table.WriteEachAsync([ItemWrite.Put(Numbered(1), WriteCondition.Absent)], Cancellation));
    }

    [Fact]
    public async Task A_deadline_ends_the_tries()
    {
        using var deadline = new CancellationTokenSource();
        var table = await OpenAsync(async call =>
        {
            if (call.Number == 3)
                await deadline.CancelAsync();
            return await ProxyReply.Fault(503, "ServiceUnavailable");
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.WriteEachAsync([ItemWrite.Put(Numbered(1))], deadline.Token));
        Assert.InRange(clock.Waits.Count, 2, 3);
    }

    [Fact]
    public async Task A_put_that_timed_out_after_its_commit_is_there_and_at_worst_refused()
    {
        var table = await OpenAsync(LoseFirstReply);
        Assert.Equal([WriteOutcome.Refused], await table.WriteEachAsync([ItemWrite.Put(Numbered(1), WriteCondition.Absent)], Cancellation));
        Assert.NotNull(await table.GetAsync(Key(1), Cancellation));
    }

    [Fact]
    public async Task A_put_without_a_condition_does_not_mind_a_lost_reply()
    {
        var table = await OpenAsync(LoseFirstReply);
        Assert.Equal([WriteOutcome.Written], await table.WriteEachAsync([ItemWrite.Put(Numbered(1))], Cancellation));
    }

    [Fact]
    public async Task An_atomic_write_whose_reply_was_lost_is_recognised()
    {
        var table = await OpenAsync(LoseFirstReply);
        ItemWrite[] writes = [ItemWrite.Put(Numbered(1), WriteCondition.Absent), ItemWrite.Put(Numbered(2), WriteCondition.Absent)];
        Assert.Null(await table.WriteAtomicAsync(writes, Cancellation));
        // The same again is another write, not the repetition of this one.
        Assert.Equal(0, await table.WriteAtomicAsync(writes, Cancellation));
    }

    [Theory]
    [InlineData("TransactionConflict")]
    [InlineData("ThrottlingError")]
    [InlineData("ProvisionedThroughputExceeded")]
    public async Task An_atomic_write_in_the_way_of_another_is_tried_again(string reason)
    {
        var table = await OpenAsync(call => call.Number < 4 ? Cancelled("None", reason) : call.PassOnAsync());
        Assert.Null(await table.WriteAtomicAsync([ItemWrite.Put(Numbered(1)), ItemWrite.Put(Numbered(2))], Cancellation));
        Assert.Equal(3, clock.Waits.Count);
    }

    [Fact]
    public async Task An_atomic_write_still_in_progress_is_tried_again()
    {
        var table = await OpenAsync(call => call.Number < 3 ? ProxyReply.Fault(400, "TransactionInProgressException") : call.PassOnAsync());
        Assert.Null(await table.WriteAtomicAsync([ItemWrite.Put(Numbered(1))], Cancellation));
        Assert.Equal(2, clock.Waits.Count);
    }

    [Fact]
    public async Task A_failed_condition_counts_before_a_conflict()
    {
        var table = await OpenAsync(_ => Cancelled("TransactionConflict", "ConditionalCheckFailed"));
        Assert.Equal(1, await table.WriteAtomicAsync([ItemWrite.Put(Numbered(1)), ItemWrite.Put(Numbered(2), WriteCondition.Absent)], Cancellation));
    }

    [Fact]
    public async Task A_token_used_for_another_write_is_a_fault_of_the_program()
    {
        var table = await OpenAsync(_ => ProxyReply.Fault(400, "IdempotentParameterMismatchException"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => table.WriteAtomicAsync([ItemWrite.Put(Numbered(1))], Cancellation));
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task What_will_not_pass_is_thrown_at_once()
    {
        var table = await OpenAsync(_ => ProxyReply.Fault(400, "AccessDeniedException"));
        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => table.WriteEachAsync([ItemWrite.Put(Numbered(1))], Cancellation));
        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => table.WriteAtomicAsync([ItemWrite.Put(Numbered(1))], Cancellation));
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task Keys_that_were_left_unread_are_asked_for_again()
    {
        var table = await OpenAsync(call => call.Operation == "BatchGetItem" ? ReadHalfAsync(call) : call.PassOnAsync());
        await table.WriteEachAsync([.. Enumerable.Range(0, 150).Select(i => ItemWrite.Put(Numbered(i)))], Cancellation);
        var found = await table.GetManyAsync([.. Enumerable.Range(0, 150).Select(Key)], Cancellation);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => Key(i).Sort), found.Select(item => item.Key.Sort).Order(StringComparer.Ordinal));
        Assert.NotEmpty(clock.Waits);
    }

    /// <summary>The first write is done, its reply never arrives.</summary>
    private static async Task<ProxyReply?> LoseFirstReply(ProxyCall call)
    {
        var reply = await call.PassOnAsync();
        return call.Number == 1 ? null : reply;
    }

    private static Task<ProxyReply?> Cancelled(params string[] reasons) => Task.FromResult<ProxyReply?>(new ProxyReply(400, System.Text.Encoding.UTF8.GetBytes(
        new JsonObject
        {
            ["__type"] = "aws#TransactionCanceledException",
            ["Message"] = "by the proxy",
            ["CancellationReasons"] = new JsonArray([.. reasons.Select(reason => new JsonObject { ["Code"] = reason })]),
        }.ToJsonString())));

    /// <summary>Reads the first half of the keys, 10 at least, and leaves the others unprocessed.</summary>
    private static async Task<ProxyReply?> ReadHalfAsync(ProxyCall call)
    {
        var asked = JsonNode.Parse(call.Body)!;
        var keys = asked["RequestItems"]![Emulators.Table]!["Keys"]!.AsArray();
        var kept = Math.Max(10, keys.Count / 2);
        var left = keys.Skip(kept).Select(key => key!.DeepClone()).ToArray();
        while (keys.Count > kept)
            keys.RemoveAt(keys.Count - 1);
        var reply = await call.PassOnAsync(System.Text.Encoding.UTF8.GetBytes(asked.ToJsonString()));
        var answer = JsonNode.Parse(reply!.Body)!;
        if (left.Length > 0)
            answer["UnprocessedKeys"] = new JsonObject { [Emulators.Table] = new JsonObject { ["Keys"] = new JsonArray(left), ["ConsistentRead"] = true } };
        return reply with { Body = System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString()) };
    }

    private async Task<DynamoItemTable> OpenAsync(Func<ProxyCall, Task<ProxyReply?>> plan)
    {
        proxy = await FaultProxy.StartAsync((await emulators.AddressesAsync()).Dynamo, plan);
        client = Emulators.Dynamo(proxy.Url);
        return new DynamoItemTable(client, Emulators.Table, clock, new AwsRetry(clock, seed: 7));
    }

    private static string? SortOf(ProxyCall call) => JsonNode.Parse(call.Body)!["Item"]!["SK"]!["S"]!.GetValue<string>();

    private static string Partition => $"FAULT#{TestContext.Current.Test!.TestDisplayName}";

    private static ItemKey Key(int number) => new(Partition, $"{number:0000}");

    private static Item Numbered(int number) => new(Key(number), "{}"u8.ToArray());
}
