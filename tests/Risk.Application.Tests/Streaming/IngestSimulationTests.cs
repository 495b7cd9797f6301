using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Streaming;

public sealed class IngestSimulationTests
{
    [Fact]
    public Task Nothing_is_lost_and_nothing_counted_twice_under_any_seed() =>
        SimulationSeeds.EachAsync(1_000, nameof(IngestSimulationTests), seed => IngestOracle.JudgeAsync(Run(seed)));

    [Fact]
    public void The_faults_do_strike()
    {
        var runs = Enumerable.Range(0, 20).Select(Run).ToList();
        Assert.True(runs.Sum(run => run.Crashes) > 20);
        Assert.True(runs.Sum(run => run.Zombies.Count) > 20);
        Assert.True(runs.Sum(run => run.Table.Refusals) > 100);
        Assert.True(runs.Sum(run => run.Stream.Struck) > 100);
    }

    [Fact]
    public void A_run_is_a_function_of_its_seed()
    {
        var (first, second) = (Run(42), Run(42));
        Assert.Equal(first.Table.Writes, second.Table.Writes);
        Assert.Equal(first.Table.Everything.Select(item => (item.Key, item.Version)), second.Table.Everything.Select(item => (item.Key, item.Version)));
    }

    /// <summary>One or two consumers of the same shards.</summary>
    private static IngestSimulation Run(int seed) => IngestSimulation.Run(seed, SimulationPlan.Mixed, run =>
    {
        var progress = new ShardProgress();
        return [.. Enumerable.Range(0, run.Random.Next(1, 3)).Select(_ => new SimulatedConsumer(run, progress))];
    });
}
