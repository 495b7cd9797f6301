using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>One fault between the Producer and the stream at a time: rows 2 and 3 of docs/FAULTS.md.</summary>
public sealed class ProducerFaultTests
{
    private static readonly SimulationPlan Calm = DeliveryFaultTests.Calm;

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.2)]
    public Task What_is_published_again_because_the_reply_was_lost_counts_once(double share) =>
        EachAsync(50, nameof(What_is_published_again_because_the_reply_was_lost_counts_once), Calm with { Stream = new StreamFaults(LostReply: share, Latency: 0.2) }, null);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public Task What_is_turned_away_comes_later_and_is_not_lost(double share) =>
        EachAsync(50, nameof(What_is_turned_away_comes_later_and_is_not_lost), Calm with { Stream = new StreamFaults(PartialFailure: share, Latency: 0.2) }, null);

    [Fact]
    public Task A_stream_that_takes_nothing_for_ten_seconds_loses_nothing() =>
        EachAsync(50, nameof(A_stream_that_takes_nothing_for_ten_seconds_loses_nothing), Calm, async run =>
        {
            await Task.Delay(TimeSpan.FromSeconds(run.Random.Next(5, 40)), run.Clock);
            run.Stream.Faults = new StreamFaults(Outage: 1);
            await Task.Delay(TimeSpan.FromSeconds(10), run.Clock);
            run.Stream.Faults = new StreamFaults();
        });

    private static Task EachAsync(int seeds, string test, SimulationPlan plan, Func<IngestSimulation, Task>? weather) =>
        SimulationSeeds.EachAsync(seeds, $"{nameof(ProducerFaultTests)}.{test}", async seed =>
        {
            var made = CloudSimulation.Of(seed, plan, new MappingPlan(), minutes: 2, rate: 3, weather: weather);
            await made.JudgeAsync();
            Assert.True(made.Producer.Published > 50, $"{made.Producer.Published} were published.");
        });
}
