using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Simulation;

public sealed class SimulationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_run_is_a_function_of_the_seed()
    {
        var runs = Enumerable.Range(1, 20).Select(Trace).ToArray();
        Assert.Equal(runs, Enumerable.Range(1, 20).Select(Trace));
        Assert.Equal(20, runs.Distinct().Count());
    }

    [Fact]
    public void A_crash_between_two_writes_leaves_the_first_done()
    {
        var table = new FakeItemTable(new Random(1), new FakeTimeProvider(Start)) { Hook = CrashAt("before P / b") };
        Assert.Throws<SimulatedCrash>(() => Run(1, _ => table.WriteEachAsync([Put("a"), Put("b"), Put("c")], Cancellation)));
        Assert.Equal(["a"], table.Everything.Select(item => item.Key.Sort));
    }

    [Fact]
    public void A_crash_around_an_atomic_write_leaves_nothing_or_all()
    {
        var table = new FakeItemTable(new Random(1), new FakeTimeProvider(Start)) { Hook = CrashAt("before P / a, P / b") };
        Assert.Throws<SimulatedCrash>(() => Run(1, _ => table.WriteAtomicAsync([Put("a"), Put("b")], Cancellation)));
        Assert.Empty(table.Everything);
        table.Hook = CrashAt("after P / a, P / b");
        Assert.Throws<SimulatedCrash>(() => Run(1, _ => table.WriteAtomicAsync([Put("a"), Put("b")], Cancellation)));
        Assert.Equal(2, table.Everything.Count);
    }

    [Fact]
    public void A_throttled_write_is_not_done_and_a_lost_reply_is_of_a_done_one()
    {
        var table = new FakeItemTable(new Random(1), new FakeTimeProvider(Start)) { Faults = new TableFaults(Throttle: 1) };
        Run(1, async _ => Assert.Equal([WriteOutcome.Unavailable], await table.WriteEachAsync([Put("a")], Cancellation)));
        Assert.Empty(table.Everything);
        table.Faults = new TableFaults(LostReply: 1);
        Run(1, async _ => Assert.Equal([WriteOutcome.Unavailable], await table.WriteEachAsync([Put("a")], Cancellation)));
        Run(1, async _ => await Assert.ThrowsAsync<StoreUnavailableException>(() => table.WriteAtomicAsync([Put("b")], Cancellation)));
        Assert.Equal(2, table.Everything.Count);
        table.Faults = new TableFaults(RefusedAfterCommit: 1);
        Run(1, async _ => Assert.Equal([WriteOutcome.Refused], await table.WriteEachAsync([ItemWrite.Put(Put("c").Item!, WriteCondition.Absent)], Cancellation)));
        Assert.Equal(3, table.Everything.Count);
    }

    [Fact]
    public void A_split_shard_ends_and_its_children_go_on_above_it() => Run(1, async clock =>
    {
        var stream = new FakeTickStream(new Random(2), clock);
        await PublishAsync(stream, 0, 50);
        var parent = Assert.Single(stream.OpenShards());
        var children = stream.Split(parent);
        await PublishAsync(stream, 50, 100);
        var read = await stream.ReadAsync(parent, null, 1000, Cancellation);
        Assert.Equal((50, true), (read.Records.Count, read.Ended));
        Assert.False((await stream.ReadAsync(parent, null, 49, Cancellation)).Ended);
        var below = new List<int>();
        foreach (var child in children)
        {
            var records = (await stream.ReadAsync(child, null, 1000, Cancellation)).Records;
            Assert.True(SequenceOrder.Compare(read.Records[^1].Sequence, records[0].Sequence) < 0);
            below.Add(records.Count);
        }

        Assert.Equal(50, below.Sum());
        Assert.All(below, count => Assert.InRange(count, 5, 45));
        var merged = stream.Merge(children[0], children[1]);
        var listed = await stream.ListShardsAsync(Cancellation);
        Assert.Equal(children, listed.Single(shard => shard.Id == merged).Parents);
        Assert.Equal([parent], listed.Single(shard => shard.Id == children[0]).Parents);
        stream.Forget(parent);
        Assert.DoesNotContain(parent, (await stream.ListShardsAsync(Cancellation)).Select(shard => shard.Id));
    });

    [Fact]
    public void Sequences_outgrow_their_digits() => Run(1, async clock =>
    {
        var stream = new FakeTickStream(new Random(3), clock);
        await PublishAsync(stream, 0, 500);
        var records = (await stream.ReadAsync(stream.OpenShards()[0], null, 1000, Cancellation)).Records;
        Assert.Equal((56, 57), (records[0].Sequence.Length, records[^1].Sequence.Length));
    });

    [Fact]
    public void A_stuck_simulation_says_so() =>
        Assert.Contains("stuck", Assert.Throws<InvalidOperationException>(() => Run(1, _ => new TaskCompletionSource().Task)).Message, StringComparison.Ordinal);

    [Fact]
    public void Delays_end_in_the_order_of_their_times() => Run(1, async clock =>
    {
        var order = new List<int>();
        async Task After(int seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
            order.Add(seconds);
            Assert.Equal(Start.AddSeconds(seconds), clock.GetUtcNow());
        }

        await Task.WhenAll(After(3), After(1), After(2));
        Assert.Equal([1, 2, 3], order);
    });

    [Fact]
    public void A_periodic_timer_fires_at_each_of_its_times()
    {
        var clock = new FakeTimeProvider(Start);
        var fired = new List<DateTimeOffset>();
        using (clock.CreateTimer(_ => fired.Add(clock.GetUtcNow()), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)))
            clock.Advance(TimeSpan.FromSeconds(6));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([Start.AddSeconds(1), Start.AddSeconds(3), Start.AddSeconds(5)], fired);
        Assert.Equal(Start.AddSeconds(12), clock.GetUtcNow());
    }

    /// <summary>Three writers of one table and a publisher, with faults; all that happens as text.</summary>
    private static string Trace(int seed)
    {
        var random = new Random(seed);
        var clock = new FakeTimeProvider(Start);
        var trace = new StringBuilder();
        Task Note(string point)
        {
            trace.Append(CultureInfo.InvariantCulture, $"{point};");
            return Task.Delay(TimeSpan.FromMilliseconds(random.Next(3)), clock);
        }

        var table = new FakeItemTable(random, clock) { Hook = Note, Faults = new TableFaults(Throttle: 0.2, LostReply: 0.2, Latency: 0.3) };
        var stream = new FakeTickStream(random, clock, 2) { Hook = Note, Faults = new StreamFaults(Duplicate: 0.1, PartialFailure: 0.1, LostReply: 0.1, Latency: 0.3) };
        async Task WriteAsync(string name)
        {
            for (var i = 0; i < 5; i++)
                trace.AppendJoin(',', await table.WriteEachAsync([Put(name), Put("shared")], Cancellation));
        }

        async Task PublishOrGiveUpAsync()
        {
            try
            {
                await PublishAsync(stream, 0, 20);
            }
            catch (StoreUnavailableException gaveUp)
            {
                trace.Append(gaveUp.Message);
            }
        }

        SeededScheduler.Run(random, clock, () => Task.WhenAll(WriteAsync("a"), WriteAsync("b"), WriteAsync("c"), PublishOrGiveUpAsync()));
        return trace.Append(CultureInfo.InvariantCulture, $"{table.Writes} {stream.Written} {clock.GetUtcNow():O}").ToString();
    }

    private static void Run(int seed, Func<FakeTimeProvider, Task> work)
    {
        var clock = new FakeTimeProvider(Start);
        SeededScheduler.Run(new Random(seed), clock, () => work(clock));
    }

    private static Func<string, Task> CrashAt(string point) => at => at == point ? throw new SimulatedCrash(point) : Task.CompletedTask;

    private static ItemWrite Put(string sort) => ItemWrite.Put(new Item(new ItemKey("P", sort), "{}"u8.ToArray()));

    private static Task PublishAsync(FakeTickStream stream, int from, int to) =>
        stream.PublishAsync([.. Enumerable.Range(from, to - from).Select(i => new OutgoingRecord($"key-{i}", new byte[] { (byte)i }))], Cancellation);
}
