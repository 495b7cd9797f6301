using Risk.Application.Ports;
using Risk.Local.Storage;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Local.Tests.Storage;

public sealed class SqliteTickStreamTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly DataFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Records_and_their_order_outlive_the_program()
    {
        await using (var stream = SqliteTickStream.Open(folder.Log, clock))
            await PublishAsync(stream, 0, 10);
        await using var again = SqliteTickStream.Open(folder.Log, clock);
        await PublishAsync(again, 10, 20);
        Assert.Equal(Enumerable.Range(0, 20), (await ReadAsync(again, null)).Records.Select(NumberOf));
    }

    [Fact]
    public async Task A_log_made_anew_goes_on_above_the_checkpoints_of_the_old_one()
    {
        string checkpoint;
        await using (var stream = SqliteTickStream.Open(folder.Log, clock))
        {
            await PublishAsync(stream, 0, 100);
            checkpoint = (await ReadAsync(stream, null)).Records[^1].Sequence;
        }

        File.Delete(folder.Log);
        clock.Advance(TimeSpan.FromSeconds(1));
        await using var anew = SqliteTickStream.Open(folder.Log, clock);
        await PublishAsync(anew, 0, 1);
        Assert.Single((await ReadAsync(anew, checkpoint)).Records);
    }

    [Fact]
    public async Task Behind_latest_is_the_time_between_the_last_read_and_the_newest_arrival()
    {
        await using var stream = SqliteTickStream.Open(folder.Log, clock);
        await PublishAsync(stream, 0, 2);
        clock.Advance(TimeSpan.FromSeconds(7));
        await PublishAsync(stream, 2, 4);
        Assert.Equal(TimeSpan.FromSeconds(7), (await stream.ReadAsync("local-0", null, 2, Cancellation)).BehindLatest);
        var all = await stream.ReadAsync("local-0", null, 4, Cancellation);
        Assert.Equal(TimeSpan.Zero, all.BehindLatest);
        Assert.Equal(clock.GetUtcNow(), all.Records[3].ArrivedAt);
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_record_or_with_the_time()
    {
        await using var stream = SqliteTickStream.Open(folder.Log, clock);
        var waiting = stream.WaitForRecordsAsync("local-0", null, TimeSpan.FromSeconds(5), Cancellation);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await waiting);
        await PublishAsync(stream, 0, 1);
        Assert.True(await stream.WaitForRecordsAsync("local-0", null, TimeSpan.FromSeconds(5), Cancellation));
        var last = (await ReadAsync(stream, null)).Records[^1].Sequence;
        waiting = stream.WaitForRecordsAsync("local-0", last, TimeSpan.FromSeconds(5), Cancellation);
        Assert.False(waiting.IsCompleted);
        await PublishAsync(stream, 1, 2);
        Assert.True(await waiting);
        using var cancelled = new CancellationTokenSource();
        waiting = stream.WaitForRecordsAsync("local-0", (await ReadAsync(stream, null)).Records[^1].Sequence, TimeSpan.FromSeconds(5), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Trimming_deletes_what_is_read_and_old_and_never_the_newest()
    {
        await using var stream = SqliteTickStream.Open(folder.Log, clock);
        await PublishAsync(stream, 0, 2500);
        var all = (await ReadAsync(stream, null, 5000)).Records;
        async Task<int> LeftAsync(int readUpTo)
        {
            await stream.MaintainAsync(new Dictionary<string, string> { ["local-0"] = all[readUpTo].Sequence }, Day, Cancellation);
            return (await ReadAsync(stream, null, 5000)).Records.Count;
        }

        Assert.Equal(2500, await LeftAsync(2000));
        clock.Advance(2 * Day);
        await PublishAsync(stream, 2500, 2510);
        Assert.Equal(509, await LeftAsync(2000));
        await stream.MaintainAsync(new Dictionary<string, string>(), Day, Cancellation);
        Assert.Equal(10, await LeftAsync(2499));
        clock.Advance(2 * Day);
        var newest = (await ReadAsync(stream, null)).Records[^1].Sequence;
        await stream.MaintainAsync(new Dictionary<string, string> { ["local-0"] = newest }, Day, Cancellation);
        Assert.Equal([2509], (await ReadAsync(stream, null)).Records.Select(NumberOf));
    }

    [Fact]
    public async Task Publishers_beside_maintenance_and_a_reader_lose_nothing()
    {
        await using var stream = SqliteTickStream.Open(folder.Log, clock);
        var publishing = Task.WhenAll(Enumerable.Range(0, 64).Select(p => Task.Run(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                    await PublishAsync(stream, (p * 10) + i, (p * 10) + i + 1);
            },
            Cancellation)));
        var read = new List<int>();
        string? after = null;
        while (read.Count < 640)
        {
            var next = await stream.ReadAsync("local-0", after, 50, Cancellation);
            read.AddRange(next.Records.Select(NumberOf));
            after = next.Records.Count > 0 ? next.Records[^1].Sequence : after;
            await stream.MaintainAsync(new Dictionary<string, string>(), Day, Cancellation);
        }

        await publishing;
        Assert.Equal(Enumerable.Range(0, 640), read.Order());
    }

    [Fact]
    public async Task What_is_queued_is_written_before_closing()
    {
        Task publishing;
        await using (var stream = SqliteTickStream.Open(folder.Log, clock))
            publishing = Task.WhenAll(Enumerable.Range(0, 20).Select(i => PublishAsync(stream, i, i + 1)));
        await publishing;
        await using var again = SqliteTickStream.Open(folder.Log, clock);
        Assert.Equal(20, (await ReadAsync(again, null)).Records.Count);
    }

    [Fact]
    public async Task An_unknown_shard_is_the_callers_mistake()
    {
        await using var stream = SqliteTickStream.Open(folder.Log, clock);
        await Assert.ThrowsAsync<ArgumentException>(() => stream.ReadAsync("local-1", null, 1, Cancellation));
    }

    private static Task PublishAsync(SqliteTickStream stream, int from, int to) => stream.PublishAsync(
        [.. Enumerable.Range(from, to - from).Select(i => new OutgoingRecord("key", BitConverter.GetBytes(i)))], Cancellation);

    private static Task<ShardRead> ReadAsync(SqliteTickStream stream, string? after, int most = 1000) =>
        stream.ReadAsync("local-0", after, most, Cancellation);

    private static int NumberOf(StreamRecord record) => BitConverter.ToInt32(record.Data.Span);
}
