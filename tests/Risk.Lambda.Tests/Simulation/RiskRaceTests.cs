using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>Snapshots under races: rows 26 and 27 of docs/FAULTS.md. That none goes back and the last is not stale is part of every judgement.</summary>
public sealed class RiskRaceTests
{
    [Fact]
    public Task Two_workers_that_race_leave_the_newest_risk_and_never_an_older_one() =>
        SimulationSeeds.EachAsync(2_000, $"{nameof(RiskRaceTests)}.{nameof(Two_workers_that_race_leave_the_newest_risk_and_never_an_older_one)}", async seed =>
        {
            var plan = DeliveryFaultTests.Calm with { Batches = 3, Table = new TableFaults(Latency: 0.6), Pause = TimeSpan.FromMilliseconds(400) };
            await CloudSimulation.Of(seed, plan, new MappingPlan { BatchSize = 3, Cold = 0.5, Twice = 0.3 }, weather: SlowWrites).JudgeAsync();
        });

    [Fact]
    public Task Positions_that_are_edited_meanwhile_are_measured_at_last() =>
        SimulationSeeds.EachAsync(500, $"{nameof(RiskRaceTests)}.{nameof(Positions_that_are_edited_meanwhile_are_measured_at_last)}", async seed =>
        {
            var plan = DeliveryFaultTests.Calm with { Batches = 8, Edits = 6, Table = new TableFaults(Latency: 0.4), Pause = TimeSpan.FromSeconds(3) };
            await CloudSimulation.Of(seed, plan, new MappingPlan { Cold = 0.2, Twice = 0.3 }, weather: SlowWrites).JudgeAsync();
        });

    /// <summary>Each write takes its time, so that another worker measures and writes meanwhile.</summary>
    private static Task SlowWrites(IngestSimulation run)
    {
        var pass = run.Table.Hook;
        run.Table.Hook = async moment =>
        {
            await pass(moment);
            await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(300)), run.Clock);
        };
        return Task.CompletedTask;
    }
}
