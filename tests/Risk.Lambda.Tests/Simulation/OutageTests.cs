using System.Collections.Concurrent;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Lambda.Aws;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>A table or an archive that is slow, throttled or gone for a while: rows 20, 21 and 24 of docs/FAULTS.md.</summary>
public sealed class OutageTests
{
    private static readonly SimulationPlan Busy = DeliveryFaultTests.Calm with { Table = new TableFaults(), Batches = 1_000, TicksInBatch = 10, Pause = TimeSpan.FromMilliseconds(1_800) };

    [Theory]
    [InlineData(0.5, 60)]
    [InlineData(1, 600)]
    public Task After_a_throttle_the_delay_is_gone_before_as_long_again_has_passed(double share, int seconds) =>
        SimulationSeeds.EachAsync(5, $"{nameof(OutageTests)}.{nameof(After_a_throttle_the_delay_is_gone_before_as_long_again_has_passed)}", async seed =>
        {
            var (from, until) = (IngestSimulation.Start.AddSeconds(20), IngestSimulation.Start.AddSeconds(20 + seconds));
            var made = CloudSimulation.Of(
                seed, Busy with { Batches = seconds + 200 }, new MappingPlan { BatchSize = 500, WholeBatches = true }, table: Retried(), weather: async run =>
                {
                    await Task.Delay(from - run.Clock.GetUtcNow(), run.Clock);
                    run.Table.Faults = new TableFaults(Throttle: share, FailedRead: share);
                    await Task.Delay(until - from, run.Clock);
                    run.Table.Faults = new TableFaults();
                });
            await made.JudgeAsync();
            Assert.Empty(made.Mapping.Discarded);
            Assert.True(made.Run.Table.Struck > 50, "The throttle did not strike.");
            if (share >= 1) Assert.True(made.Mapping.Ages.Max(x => x.Age) > (until - from) / 2, "Nothing had to wait.");
            Assert.All(made.Mapping.Ages.Where(x => x.At > until + (until - from)), x => Assert.InRange(x.Age, TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        });

    [Fact]
    public void Processes_that_were_turned_away_together_do_not_come_back_together()
    {
        var calls = new ConcurrentDictionary<long, int>();
        var clock = new FakeTimeProvider(IngestSimulation.Start);
        SeededScheduler.Run(new Random(1), clock, () => Task.WhenAll(Enumerable.Range(0, 100).Select(async seed =>
        {
            var table = new FakeItemTable(new Random(seed), clock) { Faults = new TableFaults(Throttle: 1) };
            table.Hook = _ =>
            {
                calls.AddOrUpdate(clock.GetUtcNow().ToUnixTimeMilliseconds() / 50, 1, (_, count) => count + 1);
                return Task.CompletedTask;
            };
            var write = ItemWrite.Put(new Item(new ItemKey("P", "a"), "{}"u8.ToArray()));
            Assert.Equal([WriteOutcome.Unavailable], await new RetriedTable(table, new AwsRetry(clock, seed)).WriteEachAsync([write], default));
        })));
        // All start at once; the seven tries that each has left spread over their waits.
        Assert.Equal(800, calls.Values.Sum());
        Assert.True(calls.OrderBy(x => x.Key).Skip(5).Max(x => x.Value) <= 40, string.Join(' ', calls.OrderBy(x => x.Key).Select(x => x.Value)));
    }

    [Fact]
    public Task Slow_calls_and_server_errors_stay_within_the_deadline() =>
        SimulationSeeds.EachAsync(20, $"{nameof(OutageTests)}.{nameof(Slow_calls_and_server_errors_stay_within_the_deadline)}", async seed =>
        {
            var made = CloudSimulation.Of(seed, Busy with { Batches = 100 }, new MappingPlan { BatchSize = 100, WholeBatches = true }, table: Retried(), weather: run =>
            {
                var pass = run.Table.Hook;
                run.Table.Faults = new TableFaults(Throttle: 0.2, FailedRead: 0.2);
                run.Table.Hook = async moment =>
                {
                    await pass(moment);
                    if (moment.StartsWith("before", StringComparison.Ordinal) && run.Table.Faults.Throttle > 0 && run.Random.Next(5) == 0) await Task.Delay(TimeSpan.FromSeconds(3), run.Clock);
                };
                return Task.Delay(TimeSpan.FromSeconds(60), run.Clock);
            });
            await made.JudgeAsync();
            Assert.Empty(made.Mapping.Discarded);
            Assert.Equal(0, made.Mapping.TimedOut);
        });

    [Fact]
    public Task An_archive_that_is_gone_for_ten_minutes_leaves_gaps_and_stops_no_risk() =>
        SimulationSeeds.EachAsync(5, $"{nameof(OutageTests)}.{nameof(An_archive_that_is_gone_for_ten_minutes_leaves_gaps_and_stops_no_risk)}", async seed =>
        {
            var asOf = new List<DateTimeOffset>();
            var made = CloudSimulation.Of(seed, Busy with { Batches = 700 }, new MappingPlan { BatchSize = 100, WholeBatches = true }, weather: async run =>
            {
                run.Archive.FailedPut = 1;
                for (var minute = 0; minute < 10; minute++)
                {
                    await Task.Delay(TimeSpan.FromMinutes(1), run.Clock);
                    if (await new SnapshotStore(run.Table).FindLatestAsync(AccountId.Parse("one"), default) is { } latest) asOf.Add(latest.AsOf.ToDateTimeOffset());
                }
                run.Archive.FailedPut = 0;
            });
            // That each record lies in the archive or stands in a gap is part of the judgement.
            await made.JudgeAsync();
            Assert.Equal(10, asOf.Distinct().Count());
            Assert.True(made.Run.Table.Everything.Count(item => item.Key.Partition.StartsWith("RAWGAP#", StringComparison.Ordinal)) > 20);
        });

    /// <summary>Each process with a generator of its own.</summary>
    private static Func<IngestSimulation, IItemTable> Retried() => run => new RetriedTable(run.Table, new AwsRetry(run.Clock, run.Random.Next()));
}
