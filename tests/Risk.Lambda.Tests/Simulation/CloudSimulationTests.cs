using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>The handlers under everything at once; docs/FAULTS.md says which test tries which fault alone.</summary>
public sealed class CloudSimulationTests
{
    [Fact]
    public Task Nothing_is_lost_and_nothing_counted_twice_under_any_seed() =>
        SimulationSeeds.EachAsync(1_000, nameof(CloudSimulationTests), seed => Mixed(seed).JudgeAsync());

    [Fact]
    public void The_faults_do_strike()
    {
        var runs = Enumerable.Range(0, 20).Select(Mixed).ToList();
        Assert.True(runs.Sum(x => x.Run.Crashes) > 20);
        Assert.True(runs.Sum(x => x.Run.Zombies.Count) > 20);
        Assert.True(runs.Sum(x => x.Run.Table.Refusals) > 100);
        Assert.True(runs.Sum(x => x.Run.Stream.Struck) > 100);
        Assert.InRange(runs.Sum(x => x.Producer.AlreadyRun), 2, 20);
        Assert.InRange(runs.Sum(x => x.Producer.Failures), 2, 60);
        Assert.True(runs.Sum(x => x.Producer.Published) > 300);
        Assert.True(runs.Max(x => x.Mapping.DeepestSplit) > 1);
    }

    [Fact]
    public void A_run_is_a_function_of_its_seed()
    {
        var (first, second) = (Mixed(42), Mixed(42));
        Assert.Equal(first.Mapping.Invocations, second.Mapping.Invocations);
        Assert.Equal(first.Run.Table.Everything.Select(item => (item.Key, item.Version)), second.Run.Table.Everything.Select(item => (item.Key, item.Version)));
    }

    private static CloudSimulation Mixed(int seed) => CloudSimulation.Of(seed, SimulationPlan.Mixed, MappingPlan.Mixed, minutes: 1, rate: 0.5);
}
