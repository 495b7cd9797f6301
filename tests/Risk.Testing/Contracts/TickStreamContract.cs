using System.Text;
using Risk.Application.Ports;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Testing.Contracts;

/// <summary>
/// What every <see cref="ITickStream"/> promises: at least once, in order within a shard. A stream may hold records of other tests, and may
/// repeat a record; so the tests look for their own records and count each once.
/// </summary>
public abstract class TickStreamContract
{
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ValueTask<ITickStream> OpenAsync();

    [Fact]
    public async Task What_is_published_is_read()
    {
        var stream = await OpenAsync();
        var sent = Enumerable.Range(0, 300).Select(i => Named($"{i:000}")).ToArray();
        await PublishAsync(stream, [.. sent]);
        var read = await ReadAllAsync(stream);
        Assert.Equal(sent, read.SelectMany(shard => shard.Value).Select(TextOf).Where(IsMine).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_records_of_one_key_stay_in_one_shard_and_in_order()
    {
        var stream = await OpenAsync();
        for (var i = 0; i < 40; i++)
            await stream.PublishAsync([Record("key-a", Named($"a{i:00}")), Record("key-b", Named($"b{i:00}"))], Cancellation);
        var shards = (await ReadAllAsync(stream)).Values.Select(records => records.Select(TextOf).Where(IsMine).Distinct().ToArray()).ToArray();
        foreach (var key in new[] { "a", "b" })
        {
            var holding = Assert.Single(shards, texts => texts.Any(text => text.StartsWith(Named(key), StringComparison.Ordinal)));
            var mine = holding.Where(text => text.StartsWith(Named(key), StringComparison.Ordinal)).ToArray();
            Assert.Equal(Enumerable.Range(0, 40).Select(i => Named($"{key}{i:00}")), mine);
        }
    }

    [Fact]
    public async Task Sequences_rise_and_are_digits()
    {
        var stream = await OpenAsync();
        await PublishAsync(stream, [.. Enumerable.Range(0, 50).Select(i => Named($"{i}"))]);
        foreach (var records in (await ReadAllAsync(stream)).Values)
        {
            Assert.All(records, record => Assert.All(record.Sequence, digit => Assert.InRange(digit, '0', '9')));
            for (var i = 1; i < records.Count; i++)
                Assert.True(SequenceOrder.Compare(records[i - 1].Sequence, records[i].Sequence) < 0);
        }
    }

    [Fact]
    public async Task Reading_goes_on_after_a_sequence_and_repeats_from_an_older_one()
    {
        var stream = await OpenAsync();
        await PublishAsync(stream, [.. Enumerable.Range(0, 60).Select(i => Named($"{i:00}"))]);
        foreach (var (shard, records) in await ReadAllAsync(stream))
        {
            for (var from = 0; from < records.Count; from += 13)
            {
                var again = await stream.ReadAsync(shard, records[from].Sequence, 5, Cancellation);
                Assert.Equal(records.Skip(from + 1).Take(again.Records.Count).Select(record => record.Sequence), again.Records.Select(record => record.Sequence));
                Assert.InRange(again.Records.Count, from + 1 < records.Count ? 1 : 0, 5);
            }
        }
    }

    [Fact]
    public async Task Reading_from_a_sequence_begins_with_its_record()
    {
        var stream = await OpenAsync();
        await PublishAsync(stream, [.. Enumerable.Range(0, 40).Select(i => Named($"{i:00}"))]);
        foreach (var (shard, records) in await ReadAllAsync(stream))
            for (var from = 0; from < records.Count; from += 11)
            {
                var again = await stream.ReadFromAsync(shard, records[from].Sequence, 5, Cancellation);
                Assert.Equal(records.Skip(from).Take(again.Records.Count).Select(record => record.Sequence), again.Records.Select(record => record.Sequence));
                Assert.InRange(again.Records.Count, 1, 5);
                var next = await stream.ReadAsync(shard, again.Records[^1].Sequence, 5, Cancellation);
                Assert.Equal(records.Skip(from + again.Records.Count).Take(next.Records.Count).Select(record => record.Sequence), next.Records.Select(record => record.Sequence));
            }
    }

    [Fact]
    public async Task At_the_end_there_is_nothing_to_read_and_nothing_behind()
    {
        var stream = await OpenAsync();
        await PublishAsync(stream, Named("x"));
        foreach (var (shard, records) in (await ReadAllAsync(stream)).Where(shard => shard.Value.Count > 0))
        {
            var end = await stream.ReadAsync(shard, records[^1].Sequence, 10, Cancellation);
            Assert.Empty(end.Records);
            Assert.False(end.Ended);
            Assert.Equal(TimeSpan.Zero, end.BehindLatest);
        }
    }

    [Fact]
    public async Task Bytes_come_back_as_they_were()
    {
        var stream = await OpenAsync();
        var mark = Encoding.UTF8.GetBytes(Named("!"));
        byte[] data = [.. mark, 0, 255, 10, 13, .. new byte[5000]];
        await stream.PublishAsync([new OutgoingRecord("k", data)], Cancellation);
        var found = (await ReadAllAsync(stream)).Values.SelectMany(records => records).First(record => record.Data.Span.StartsWith(mark));
        Assert.Equal(data, found.Data.ToArray());
    }

    [Fact]
    public async Task Publishing_nothing_is_allowed()
    {
        var stream = await OpenAsync();
        await stream.PublishAsync([], Cancellation);
    }

    [Fact]
    public async Task Concurrent_publishers_lose_nothing()
    {
        var stream = await OpenAsync();
        var sent = Enumerable.Range(0, 64).SelectMany(p => Enumerable.Range(0, 5).Select(i => Named($"{p:00}-{i}"))).ToArray();
        await Task.WhenAll(sent.Chunk(5).Select(mine => Task.Run(() => PublishAsync(stream, mine), Cancellation)));
        var read = (await ReadAllAsync(stream)).Values.SelectMany(records => records).Select(TextOf).Where(IsMine).Distinct();
        Assert.Equal(sent, read.Order(StringComparer.Ordinal));
    }

    protected static OutgoingRecord Record(string key, string text) => new(key, Encoding.UTF8.GetBytes(text));

    protected static string TextOf(StreamRecord record) => Encoding.UTF8.GetString(record.Data.Span);

    protected string Named(string text) => $"{GetType().Name}/{TestContext.Current.TestMethod!.MethodName}/{text}";

    protected bool IsMine(string text) => text.StartsWith(Named(""), StringComparison.Ordinal);

    /// <summary>Each text under a key of its own, so that they spread over the shards.</summary>
    protected static Task PublishAsync(ITickStream stream, params string[] texts) =>
        stream.PublishAsync([.. texts.Select(text => Record(text, text))], Cancellation);

    /// <summary>Every shard from its oldest record to an empty read.</summary>
    protected static async Task<Dictionary<string, List<StreamRecord>>> ReadAllAsync(ITickStream stream)
    {
        var all = new Dictionary<string, List<StreamRecord>>();
        foreach (var shard in await stream.ListShardsAsync(Cancellation))
        {
            var records = all[shard.Id] = [];
            while (true)
            {
                var read = await stream.ReadAsync(shard.Id, records.Count == 0 ? null : records[^1].Sequence, 17, Cancellation);
                Assert.True(read.Records.Count <= 17);
                if (read.Records.Count == 0)
                    break;
                records.AddRange(read.Records);
            }
        }

        return all;
    }
}
