using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace Risk.Application.Tests.Streaming;

public sealed class IngestSimulationTests
{
    /// <summary>More by the variable SIMULATION_SEEDS; a seed that fails is named, and becomes a case of its own below.</summary>
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_is_lost_and_nothing_counted_twice_under_any_seed()
    {
        var failures = new ConcurrentDictionary<int, Exception>();
        await Parallel.ForAsync(0, Seeds, async (seed, _) =>
        {
            try
            {
                await IngestOracle.JudgeAsync(IngestSimulation.Run(seed));
            }
            catch (Exception fault)
            {
                failures[seed] = fault;
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {Seeds} seeds failed: {string.Join(", ", failures.Keys.Order().Take(20))}\n{failures.OrderBy(x => x.Key).FirstOrDefault().Value}");
    }

    [Fact]
    public void The_faults_do_strike()
    {
        var runs = Enumerable.Range(0, 20).Select(IngestSimulation.Run).ToList();
        Assert.True(runs.Sum(run => run.Crashes) > 20);
        Assert.True(runs.Sum(run => run.Zombies) > 20);
        Assert.True(runs.Sum(run => run.Table.Refusals) > 100);
        Assert.True(runs.Sum(run => run.Stream.Struck) > 100);
    }

    [Fact]
    public void A_run_is_a_function_of_its_seed()
    {
        var (first, second) = (IngestSimulation.Run(42), IngestSimulation.Run(42));
        Assert.Equal(first.Table.Writes, second.Table.Writes);
        Assert.Equal(first.Table.Everything.Select(item => (item.Key, item.Version)), second.Table.Everything.Select(item => (item.Key, item.Version)));
    }
}
