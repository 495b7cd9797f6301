using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Testing.Contracts;

/// <summary>What every <see cref="IItemTable"/> promises. Each test stays in partitions of its own name, so that all may share one table.</summary>
public abstract class ItemTableContract
{
    protected static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    protected FakeTimeProvider Clock { get; } = new(Start);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The table under test, which takes the time from <see cref="Clock"/>.</summary>
    protected abstract ValueTask<IItemTable> OpenAsync();

    [Fact]
    public async Task An_item_comes_back_as_it_was_put()
    {
        var table = await OpenAsync();
        var item = new Item(Key("a/ü€𝄞"), Body("{\"price\":1.5,\"text\":\"ü€𝄞\"}"), 7, "00012", Start.AddHours(1), new ItemKey(Named("INDEX"), "i"));
        Assert.Equal(WriteOutcome.Written, await PutAsync(table, item));
        AssertSame(item, await table.GetAsync(item.Key, Cancellation));
    }

    [Fact]
    public async Task A_key_without_an_item_gives_null()
    {
        var table = await OpenAsync();
        Assert.Null(await table.GetAsync(Key("missing"), Cancellation));
        Assert.Empty(await table.GetManyAsync([Key("missing")], Cancellation));
        Assert.Empty(await table.GetManyAsync([], Cancellation));
    }

    [Fact]
    public async Task Many_keys_give_those_that_exist()
    {
        var table = await OpenAsync();
        var items = Enumerable.Range(0, 120).Select(i => Numbered(i)).ToArray();
        foreach (var chunk in items.Chunk(50))
            await table.WriteEachAsync([.. chunk.Select(item => ItemWrite.Put(item))], Cancellation);
        var found = await table.GetManyAsync([.. Enumerable.Range(60, 120).Select(i => Numbered(i).Key)], Cancellation);
        Assert.Equal(items[60..].Select(item => item.Key.Sort), found.Select(item => item.Key.Sort).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_write_has_its_own_outcome()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1, version: 4));
        var outcomes = await table.WriteEachAsync(
            [
                ItemWrite.Put(Numbered(0), WriteCondition.Absent),
                ItemWrite.Put(Numbered(1), WriteCondition.Absent),
                ItemWrite.Put(Numbered(2), WriteCondition.VersionIs(1)),
                ItemWrite.Delete(Numbered(3).Key),
            ],
            Cancellation);
        Assert.Equal([WriteOutcome.Written, WriteOutcome.Refused, WriteOutcome.Refused, WriteOutcome.Written], outcomes);
        Assert.Equal(4, (await table.GetAsync(Numbered(1).Key, Cancellation))!.Version);
        Assert.Null(await table.GetAsync(Numbered(2).Key, Cancellation));
    }

    [Fact]
    public async Task A_version_condition_holds_for_that_version_only()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1, version: 4));
        Assert.Equal(WriteOutcome.Refused, await PutAsync(table, Numbered(1, version: 9), WriteCondition.VersionIs(3)));
        Assert.Equal(WriteOutcome.Written, await PutAsync(table, Numbered(1, version: 5), WriteCondition.VersionIs(4)));
        Assert.Equal(WriteOutcome.Refused, await PutAsync(table, Numbered(1, version: 5), WriteCondition.VersionIs(4)));
        Assert.Equal(WriteOutcome.Refused, await DeleteAsync(table, Numbered(1).Key, WriteCondition.VersionIs(4)));
        Assert.Equal(WriteOutcome.Written, await DeleteAsync(table, Numbered(1).Key, WriteCondition.VersionIs(5)));
        Assert.Equal(WriteOutcome.Refused, await DeleteAsync(table, Numbered(1).Key, WriteCondition.VersionIs(5)));
        Assert.Null(await table.GetAsync(Numbered(1).Key, Cancellation));
    }

    [Fact]
    public async Task A_guard_only_rises()
    {
        var table = await OpenAsync();
        async Task<WriteOutcome> Guarded(string guard) => await PutAsync(table, Numbered(1) with { Guard = guard }, WriteCondition.GuardBelow);
        Assert.Equal(WriteOutcome.Written, await Guarded("0009"));
        Assert.Equal(WriteOutcome.Refused, await Guarded("0009"));
        Assert.Equal(WriteOutcome.Refused, await Guarded("0008"));
        Assert.Equal(WriteOutcome.Written, await Guarded("0010"));
        Assert.Equal("0010", (await table.GetAsync(Numbered(1).Key, Cancellation))!.Guard);
    }

    [Fact]
    public async Task A_guard_does_not_replace_an_item_that_has_none()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1));
        Assert.Equal(WriteOutcome.Refused, await PutAsync(table, Numbered(1) with { Guard = "1" }, WriteCondition.GuardBelow));
    }

    [Fact]
    public async Task An_expired_item_is_absent_to_reads_and_conditions()
    {
        var table = await OpenAsync();
        var index = new ItemKey(Named("INDEX"), "i");
        for (var i = 0; i < 5; i++)
            await PutAsync(table, Numbered(i, version: 3) with { Guard = "9", ExpiresAt = Start.AddSeconds(60), Index = index });
        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await table.GetAsync(Numbered(0).Key, Cancellation));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await table.GetAsync(Numbered(0).Key, Cancellation));
        Assert.Empty(await table.GetManyAsync([Numbered(0).Key], Cancellation));
        Assert.Empty(await AllAsync(table, new ItemQuery(Partition())));
        Assert.Empty(await AllAsync(table, new ItemQuery(index.Partition, OfIndex: true)));
        Assert.Equal(WriteOutcome.Refused, await PutAsync(table, Numbered(1), WriteCondition.VersionIs(3)));
        Assert.Equal(WriteOutcome.Written, await PutAsync(table, Numbered(2), WriteCondition.Absent));
        Assert.Equal(WriteOutcome.Written, await PutAsync(table, Numbered(3) with { Guard = "1" }, WriteCondition.GuardBelow));
        Assert.Equal(0, await table.WriteAtomicAsync([ItemWrite.Check(Numbered(4).Key, WriteCondition.VersionIs(3))], Cancellation));
        Assert.Null(await table.WriteAtomicAsync([ItemWrite.Check(Numbered(4).Key, WriteCondition.Absent)], Cancellation));
    }

    [Fact]
    public async Task An_atomic_write_does_all()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1, version: 2));
        Assert.Null(await table.WriteAtomicAsync(
            [
                ItemWrite.Check(Numbered(1).Key, WriteCondition.VersionIs(2)),
                ItemWrite.Put(Numbered(2), WriteCondition.Absent),
                ItemWrite.Delete(Numbered(3).Key),
            ],
            Cancellation));
        Assert.NotNull(await table.GetAsync(Numbered(2).Key, Cancellation));
    }

    [Fact]
    public async Task An_atomic_write_does_nothing_when_one_condition_fails_and_names_the_first()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1, version: 2));
        Assert.Equal(2, await table.WriteAtomicAsync(
            [
                ItemWrite.Put(Numbered(2)),
                ItemWrite.Delete(Numbered(1).Key),
                ItemWrite.Check(Numbered(4).Key, WriteCondition.VersionIs(1)),
                ItemWrite.Put(Numbered(3), WriteCondition.VersionIs(1)),
            ],
            Cancellation));
        Assert.Null(await table.GetAsync(Numbered(2).Key, Cancellation));
        Assert.Equal(2, (await table.GetAsync(Numbered(1).Key, Cancellation))!.Version);
    }

    [Fact]
    public async Task Mistakes_of_the_caller_are_refused_before_anything_is_written()
    {
        var table = await OpenAsync();
        ItemWrite[] twice = [ItemWrite.Put(Numbered(1)), ItemWrite.Delete(Numbered(1).Key)];
        await Assert.ThrowsAsync<ArgumentException>(() => table.WriteEachAsync(twice, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => table.WriteAtomicAsync(twice, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => table.WriteEachAsync([ItemWrite.Check(Key("c"), WriteCondition.Absent)], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => table.WriteAtomicAsync([.. Enumerable.Range(0, 101).Select(i => ItemWrite.Put(Numbered(i)))], Cancellation));
        var large = Numbered(1) with { Body = Encoding.ASCII.GetBytes('{' + new string(' ', ItemLimits.MaxBodyBytes - 1) + '}') };
        var bare = Numbered(1) with { Body = "[1]"u8.ToArray() };
        await Assert.ThrowsAsync<ArgumentException>(() => table.WriteEachAsync([ItemWrite.Put(Numbered(2)), ItemWrite.Put(large)], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => table.WriteEachAsync([ItemWrite.Put(Numbered(2)), ItemWrite.Put(bare)], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(table, Numbered(1), WriteCondition.GuardBelow));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(table, Numbered(1) with { Key = new ItemKey(Partition(), "") }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => table.QueryAsync(new ItemQuery(Partition(), Limit: 1001), Cancellation));
        Assert.Empty(await AllAsync(table, new ItemQuery(Partition())));
    }

    [Fact]
    public async Task No_writes_are_no_writes()
    {
        var table = await OpenAsync();
        Assert.Empty(await table.WriteEachAsync([], Cancellation));
        Assert.Null(await table.WriteAtomicAsync([], Cancellation));
    }

    [Fact]
    public async Task A_large_item_fits()
    {
        var table = await OpenAsync();
        var item = Numbered(1) with { Body = Body($"{{\"text\":\"{new string('x', ItemLimits.MaxBodyBytes - 11)}\"}}") };
        await PutAsync(table, item);
        AssertSame(item, await table.GetAsync(item.Key, Cancellation));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var table = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.WriteEachAsync([ItemWrite.Put(Numbered(1))], cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.GetAsync(Numbered(1).Key, cancelled.Token));
        Assert.Null(await table.GetAsync(Numbered(1).Key, Cancellation));
    }

    [Fact]
    public async Task Of_concurrent_writers_of_one_version_one_wins()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1, version: 1));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            Task.Run(() => PutAsync(table, Numbered(1, version: 2), WriteCondition.VersionIs(1)), Cancellation)));
        Assert.Single(outcomes, WriteOutcome.Written);
    }

    protected static async Task<List<Item>> AllAsync(IItemTable table, ItemQuery query)
    {
        var items = new List<Item>();
        do
        {
            var page = await table.QueryAsync(query, Cancellation);
            Assert.True(page.Items.Count <= query.Limit);
            items.AddRange(page.Items);
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return items;
    }

    protected static async Task<WriteOutcome> PutAsync(IItemTable table, Item item, WriteCondition condition = default) =>
        (await table.WriteEachAsync([ItemWrite.Put(item, condition)], Cancellation))[0];

    protected string Named(string name) => $"{name}#{GetType().Name}#{TestContext.Current.TestMethod!.MethodName}";

    protected string Partition() => Named("TEST");

    protected ItemKey Key(string sort) => new(Partition(), sort);

    protected Item Numbered(int number, long version = 1) => new(Key($"{number:0000}"), Body($"{{\"n\":{number}}}"), version);

    protected static byte[] Body(string json) => Encoding.UTF8.GetBytes(json);

    protected static void AssertSame(Item expected, Item? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Body = default }, actual with { Body = default });
        using var wanted = JsonDocument.Parse(expected.Body);
        using var given = JsonDocument.Parse(actual.Body);
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, given.RootElement), $"{wanted.RootElement} came back as {given.RootElement}");
    }

    private static async Task<WriteOutcome> DeleteAsync(IItemTable table, ItemKey key, WriteCondition condition) =>
        (await table.WriteEachAsync([ItemWrite.Delete(key, condition)], Cancellation))[0];
}
