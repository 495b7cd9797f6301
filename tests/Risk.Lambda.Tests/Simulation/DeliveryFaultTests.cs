using System.Text;
using Risk.Application.Ports;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>One fault of delivery at a time, over many seeds: rows 1, 6, 8, 9, 11, 17 and 39 of docs/FAULTS.md.</summary>
public sealed class DeliveryFaultTests
{
    /// <summary>No fault but those that a test switches on.</summary>
    internal static readonly SimulationPlan Calm = new()
    {
        Producers = 1,
        Table = new TableFaults(Latency: 0.2),
        Stream = new StreamFaults(),
        Crash = 0,
        PoisonPercent = 0,
        HostileFeeds = false,
        Edits = 0,
        Shards = [2],
        Lateness = TimeSpan.FromSeconds(12),
    };

    private const string Name = nameof(DeliveryFaultTests);

    [Fact]
    public Task Every_batch_delivered_up_to_five_times_counts_once() => EachAsync(100, nameof(Every_batch_delivered_up_to_five_times_counts_once), Calm, new MappingPlan { Again = 1 });

    [Fact]
    public Task A_commit_whose_reply_is_lost_is_not_redone() => EachAsync(
        100, nameof(A_commit_whose_reply_is_lost_is_not_redone), Calm with { Table = new TableFaults(LostReply: 0.15, RefusedAfterCommit: 0.15, Latency: 0.2) }, new MappingPlan());

    [Fact]
    public async Task A_zombie_that_ends_up_to_a_minute_late_changes_nothing()
    {
        var (zombies, refusals) = (0, 0);
        var plan = Calm with { Linger = TimeSpan.FromSeconds(60), Batches = 30, Pause = TimeSpan.FromSeconds(5), Shards = null };
        await SimulationSeeds.EachAsync(100, $"{Name}.{nameof(A_zombie_that_ends_up_to_a_minute_late_changes_nothing)}", async seed =>
        {
            var made = CloudSimulation.Of(seed, plan, new MappingPlan { Zombies = 0.2 });
            await made.JudgeAsync();
            Interlocked.Add(ref zombies, made.Run.Zombies.Count);
            Interlocked.Add(ref refusals, made.Run.Table.Refusals);
        });
        // What a zombie still wrote was refused.
        Assert.True(zombies > 0 && refusals > zombies / 10, $"{zombies} zombies, {refusals} refused writes");
    }

    [Fact]
    public async Task Two_consumers_of_one_shard_get_in_each_others_way_and_count_once()
    {
        var (refusals, ticks, seeds) = (0, 0, 0);
        var plan = Calm with { Producers = 2, Batches = 25, TicksInBatch = 39, Table = new TableFaults(Latency: 0.5), Shards = [1] };
        await SimulationSeeds.EachAsync(200, $"{Name}.{nameof(Two_consumers_of_one_shard_get_in_each_others_way_and_count_once)}", async seed =>
        {
            var made = CloudSimulation.Of(seed, plan, new MappingPlan { Twice = 1 });
            await made.JudgeAsync();
            // More than eight tries, and the handler would have asked for its records again.
            Assert.Equal(0, made.Mapping.Asked);
            Interlocked.Add(ref refusals, made.Run.Table.Refusals);
            Interlocked.Add(ref ticks, made.Run.Produced.Count);
            Interlocked.Increment(ref seeds);
        });
        Assert.True(refusals > 10 * seeds, $"{refusals} conflicts in {seeds} runs");
        Assert.InRange(ticks / seeds, 700, 1_300);
    }

    [Fact]
    public Task A_record_that_ends_its_process_is_isolated_and_kept_and_its_neighbours_count_once() =>
        SimulationSeeds.EachAsync(20, $"{Name}.{nameof(A_record_that_ends_its_process_is_isolated_and_kept_and_its_neighbours_count_once)}", async seed =>
        {
            var deadly = Encoding.UTF8.GetBytes("the end of the process ");
            var marker = Convert.ToBase64String(deadly);
            var plan = Calm with { Producers = 3, Batches = 250, TicksInBatch = 1, Pause = TimeSpan.FromMilliseconds(220), Shards = [1] };
            var made = CloudSimulation.Of(
                seed, plan, new MappingPlan { BatchSize = 500, WholeBatches = true, IsDeadly = payload => payload.Contains(marker, StringComparison.Ordinal) }, weather: async run =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(50_000)), run.Clock);
                    await run.PublishAsync([new OutgoingRecord("1", deadly)]);
                });
            await made.JudgeAsync();
            var discarded = Assert.Single(made.Mapping.Discarded);
            Assert.Equal(deadly, Assert.Single(discarded.Records).Data.ToArray());
            Assert.Contains(marker, discarded.Payload, StringComparison.Ordinal);
            Assert.InRange(made.Mapping.DeepestSplit, 0, 9);
        });

    [Fact]
    public async Task A_batch_of_five_hundred_is_halved_nine_times_at_most()
    {
        var deadly = Encoding.UTF8.GetBytes("the end of the process ");
        var marker = Convert.ToBase64String(deadly);
        foreach (var place in new[] { 0, 1, 249, 250, 498, 499 })
        {
            // All is there before the mapping reads for the first time.
            var records = Enumerable.Range(0, 500).Select(i => new OutgoingRecord("1", i == place ? deadly : Encoding.UTF8.GetBytes($"line {i}\n"))).ToArray();
            var made = CloudSimulation.Of(
                place, Calm with { Batches = 0, Shards = [1] }, new MappingPlan { BatchSize = 500, WholeBatches = true, IsDeadly = payload => payload.Contains(marker, StringComparison.Ordinal) },
                weather: run => run.PublishAsync(records));
            made.Run.Poison.UnionWith(Enumerable.Range(0, 500).Where(i => i != place).Select(i => $"line {i}"));
            await made.JudgeAsync();
            Assert.InRange(made.Mapping.DeepestSplit, 8, 9);
            Assert.Single(Assert.Single(made.Mapping.Discarded).Records);
        }
    }

    [Fact]
    public async Task Shards_that_split_and_merge_under_load_are_read_in_order()
    {
        var (whole, seeds) = (0, 0);
        var plan = SimulationPlan.Mixed with { Shards = [1, 2, 1, 3], Linger = TimeSpan.FromSeconds(3), Batches = 30 };
        await SimulationSeeds.EachAsync(500, $"{Name}.{nameof(Shards_that_split_and_merge_under_load_are_read_in_order)}", async seed =>
        {
            var made = CloudSimulation.Of(seed, plan, MappingPlan.Mixed);
            await made.JudgeAsync();
            Interlocked.Increment(ref seeds);
            if (made.Run.Stream.OpenShards().Count == 3) Interlocked.Increment(ref whole);
        });
        Assert.True(whole > 0.8 * seeds, $"Only {whole} of {seeds} runs went through all four stages.");
    }

    [Fact]
    public Task A_new_process_for_each_of_fifty_events_has_no_partial_effect() =>
        SimulationSeeds.EachAsync(20, $"{Name}.{nameof(A_new_process_for_each_of_fifty_events_has_no_partial_effect)}", async seed =>
        {
            var made = CloudSimulation.Of(seed, Calm with { Batches = 60, Crash = 0.02 }, new MappingPlan { Cold = 1 });
            await made.JudgeAsync();
            Assert.True(made.Mapping.Processes >= 50 && made.Mapping.Processes > 0.9 * made.Mapping.Invocations, $"{made.Mapping.Processes} processes, {made.Mapping.Invocations} invocations");
        });

    [Theory]
    [InlineData("", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("""{"batchItemFailures":null}""", null)]
    [InlineData("""{"batchItemFailures":[]}""", null)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"12"},{"itemIdentifier":"11"}]}""", 1)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":""}]}""", 0)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":null}]}""", 0)]
    [InlineData("""{"batchItemFailures":[{"sequence":"11"}]}""", 0)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"99"}]}""", 0)]
    public void A_reply_is_read_as_the_platform_reads_it(string reply, int? from) =>
        Assert.Equal(from, EventSourceMapping.FailedFrom(Encoding.UTF8.GetBytes(reply), [.. new[] { "10", "11", "12" }.Select(x => new StreamRecord(x, default, default))]));

    private static Task EachAsync(int seeds, string test, SimulationPlan plan, MappingPlan mapping) =>
        SimulationSeeds.EachAsync(seeds, $"{Name}.{test}", seed => CloudSimulation.Of(seed, plan, mapping).JudgeAsync());
}
