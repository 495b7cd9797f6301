using System.Collections.Concurrent;
using Risk.Application.Ports;
using Risk.Local.Storage;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Local.Tests.Storage;

public sealed class SqliteItemTableTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly DataFolder folder = new();
    private readonly FakeTimeProvider clock = new(Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Items_outlive_the_program()
    {
        using (var table = SqliteItemTable.Open(folder.Items, clock))
            await table.WriteEachAsync([Put("a", 3)], Cancellation);
        using var again = SqliteItemTable.Open(folder.Items, clock);
        Assert.Equal(3, (await again.GetAsync(Key("a"), Cancellation))!.Version);
    }

    [Fact]
    public async Task The_feed_gets_what_was_put_in_the_order_of_the_commits()
    {
        var feed = new RecordingFeed();
        using var table = SqliteItemTable.Open(folder.Items, clock, feed);
        await table.WriteEachAsync([Put("a", 1), ItemWrite.Delete(Key("b")), Put("c", 1, WriteCondition.VersionIs(9)), Put("d", 1)], Cancellation);
        await table.WriteAtomicAsync([Put("e", 1), ItemWrite.Check(Key("a"), WriteCondition.VersionIs(9))], Cancellation);
        await table.WriteAtomicAsync([Put("f", 1), ItemWrite.Check(Key("a"), WriteCondition.VersionIs(1))], Cancellation);
        Assert.Equal(["a", "d", "f"], feed.Changed.Select(item => item.Key.Sort));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => RaiseAsync(table), Cancellation)));
        var versions = feed.Changed.Where(item => item.Key.Sort == "n").Select(item => item.Version).ToArray();
        Assert.Equal(Enumerable.Range(1, 50).Select(version => (long)version), versions);
    }

    [Fact]
    public async Task Reading_goes_on_while_another_writes()
    {
        using var table = SqliteItemTable.Open(folder.Items, clock);
        await table.WriteEachAsync([Put("a", 1)], Cancellation);
        using var other = SqliteFile.Open(folder.Items);
        var seen = other.InTransaction(() =>
        {
            other.Execute("UPDATE items SET version = 2");
            var read = table.GetAsync(Key("a"), Cancellation);
            Assert.True(read.IsCompletedSuccessfully);
            return read;
        });
        Assert.Equal(1, (await seen)!.Version);
        Assert.Equal(2, (await table.GetAsync(Key("a"), Cancellation))!.Version);
    }

    [Fact]
    public async Task Maintaining_deletes_what_expired_and_empties_the_log()
    {
        using var table = SqliteItemTable.Open(folder.Items, clock);
        foreach (var chunk in Enumerable.Range(0, 1300).Chunk(650))
            await table.WriteEachAsync([.. chunk.Select(i => ItemWrite.Put(Made($"{i:0000}", 1) with { ExpiresAt = Start.AddSeconds(i < 1200 ? 5 : 500) }))], Cancellation);
        clock.Advance(TimeSpan.FromSeconds(10));
        await table.MaintainAsync(Cancellation);
        using var other = SqliteFile.Open(folder.Items);
        Assert.Equal(100, other.Number("SELECT count(*) FROM items"));
        var (logged, carried) = other.Checkpoint(truncate: false);
        Assert.Equal(logged, carried);
        await table.MaintainAsync(Cancellation);
        Assert.Equal(100, (await table.QueryAsync(new ItemQuery("P"), Cancellation)).Items.Count);
    }

    [Fact]
    public async Task A_log_grown_large_is_cut()
    {
        using var table = SqliteItemTable.Open(folder.Items, clock);
        var body = new byte[300_000];
        for (var i = 0; i < 25; i++)
        {
            Array.Fill(body, (byte)('a' + i));
            (body[0], body[^1]) = ((byte)'{', (byte)'}');
            await table.WriteEachAsync([.. Enumerable.Range(0, 10).Select(k => ItemWrite.Put(new Item(Key($"{k}"), body, i)))], Cancellation);
        }

        Assert.True(new FileInfo(folder.Items + "-wal").Length > 64 << 20);
        await table.MaintainAsync(Cancellation);
        Assert.Equal(0, new FileInfo(folder.Items + "-wal").Length);
        Assert.Equal(24, (await table.GetAsync(Key("3"), Cancellation))!.Version);
    }

    [Fact]
    public async Task Maintaining_beside_writers_and_readers_loses_nothing()
    {
        using var table = SqliteItemTable.Open(folder.Items, clock);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var maintaining = Task.Run(
            async () =>
            {
                while (!done.IsCancellationRequested)
                    await table.MaintainAsync(Cancellation);
            },
            Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 1; i <= 200; i++)
                {
                    await table.WriteEachAsync([Put($"{writer}-{i}", i), Put($"{writer}", i)], Cancellation);
                    Assert.Equal(i, (await table.GetAsync(Key($"{writer}"), Cancellation))!.Version);
                }
            },
            Cancellation)));
        await done.CancelAsync();
        await maintaining;
        Assert.Equal(804, (await table.QueryAsync(new ItemQuery("P"), Cancellation)).Items.Count);
        using var other = SqliteFile.Open(folder.Items);
        Assert.Equal(0, other.Number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
    }

    [Fact]
    public async Task A_file_that_stays_held_is_unavailable_after_bounded_tries_and_works_again_later()
    {
        using var table = SqliteItemTable.Open(folder.Items, clock);
        using var other = SqliteFile.Open(folder.Items);
        other.Execute("BEGIN IMMEDIATE");
        var writing = Task.Run(() => table.WriteEachAsync([Put("a", 1)], Cancellation), Cancellation);
        while (!writing.IsCompleted)
        {
            clock.AdvanceToNextTimer();
            await Task.Yield();
        }

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => writing);
        Assert.Contains("held by another program", fault.Message, StringComparison.Ordinal);
        other.Execute("ROLLBACK");
        Assert.Equal([WriteOutcome.Written], await table.WriteEachAsync([Put("a", 1)], Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_form_of_query_walks_a_key_without_sorting(bool ofIndex)
    {
        using var table = SqliteItemTable.Open(folder.Items, clock);
        using var file = SqliteFile.Open(folder.Items);
        foreach (var descending in new[] { false, true })
        {
            foreach (var continues in new[] { false, true })
            {
                using var plan = file.Prepare("EXPLAIN QUERY PLAN " + SqliteItemReader.Sql(ofIndex, descending, continues));
                Assert.True(plan.Step());
                Assert.Matches(ofIndex ? "SEARCH.*items_by_index \\(ipk=\\? AND .*isk" : "SEARCH.*\\(pk=\\? AND .*sk", plan.Text(3));
                Assert.False(plan.Step());
            }
        }
    }

    private static async Task RaiseAsync(SqliteItemTable table)
    {
        while (true)
        {
            var version = (await table.GetAsync(Key("n"), Cancellation))?.Version ?? 0;
            var condition = version == 0 ? WriteCondition.Absent : WriteCondition.VersionIs(version);
            if ((await table.WriteEachAsync([Put("n", version + 1, condition)], Cancellation))[0] == WriteOutcome.Written)
                return;
        }
    }

    private static ItemKey Key(string sort) => new("P", sort);

    private static Item Made(string sort, long version) => new(Key(sort), "{}"u8.ToArray(), version);

    private static ItemWrite Put(string sort, long version, WriteCondition condition = default) => ItemWrite.Put(Made(sort, version), condition);

    private sealed class RecordingFeed : IChangeFeed
    {
        public ConcurrentQueue<Item> Changed { get; } = [];

        public void Publish(IReadOnlyList<Item> changed)
        {
            foreach (var item in changed)
                Changed.Enqueue(item);
        }
    }
}
