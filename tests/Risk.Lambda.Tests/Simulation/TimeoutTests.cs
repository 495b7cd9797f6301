using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>An invocation that ends in the middle of its 500 records, each of a symbol of its own: row 7 of docs/FAULTS.md.</summary>
public sealed class TimeoutTests
{
    private const int Records = 500;

    private static readonly Symbol[] Names = [.. Enumerable.Range(0, Records).Select(i => Symbol.Parse($"T{i:D3}"))];

    /// <param name="isKilled">True: the process ends there. False: it stands still until its deadline has passed.</param>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(250, false)]
    [InlineData(499, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(250, true)]
    [InlineData(499, true)]
    public Task A_batch_that_was_cut_off_is_finished_by_the_next_invocation(int record, bool isKilled) =>
        SimulationSeeds.EachAsync(100, $"{nameof(TimeoutTests)}.{nameof(A_batch_that_was_cut_off_is_finished_by_the_next_invocation)}", seed =>
        {
            var random = new Random(seed);
            var clock = new FakeTimeProvider(IngestSimulation.Start);
            SeededScheduler.Run(random, clock, () => RunAsync(random, clock, record, isKilled));
            return Task.CompletedTask;
        });

    private static async Task RunAsync(Random random, FakeTimeProvider clock, int record, bool isKilled)
    {
        var table = new FakeItemTable(random, clock) { Hook = FakeInvocation.PassAsync };
        var archive = new FakeArchive(random);
        await new InstrumentStore(table).PutAsync([.. Names.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], default);
        table.Faults = new TableFaults(Latency: 0.1);
        var records = Enumerable.Range(0, Records).Select(i => RecordOf(i, random)).ToArray();
        var first = new FakeInvocation(clock);
        var moment = $"before {Keys.Price(Names[record])}";
        first.At = what => what != moment ? Task.CompletedTask : isKilled ? first.Kill() : Task.Delay(TimeSpan.FromSeconds(random.Next(49, 75)), clock);
        var lingering = new List<Task>();
        var reply = await InvokeAsync(first, records);
        Assert.Equal(isKilled, reply is null && !first.HasTimedOut);
        var saved = table.Everything.Count(item => item.Key.Partition.StartsWith("PX#", StringComparison.Ordinal));
        Assert.InRange(saved, 0, Records);
        var from = reply is { } answer ? EventSourceMapping.FailedFrom(answer, records) ?? Records : 0;
        // From the record that the reply names, or all of them: one batch is repeated at most.
        if (from < Records) Assert.Empty(Events.Failures((await InvokeAsync(new FakeInvocation(clock), records[from..]))!.Value));
        await Task.WhenAll(lingering);
        var states = await new PriceStore(table).LoadAllAsync(default);
        Assert.Equal(Names, states.Keys);
        Assert.All(states.Values, state => Assert.Equal((1, 0, 0, 1), (state.Counted, state.Duplicates, state.Late, state.Version)));

        Task<ReadOnlyMemory<byte>?> InvokeAsync(FakeInvocation invocation, StreamRecord[] some)
        {
            var process = new ConsumerProcess(new IngestProcess(table, TimeSpan.FromSeconds(2), clock, archive), table, archive, clock);
            return invocation.RunAsync(process.Function.HandleAsync, Events.Kinesis(Events.Shard, some), "request", lingering.Add);
        }
    }

    private static StreamRecord RecordOf(int i, Random random)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture, $$"""{"symbol":"{{Names[i]}}","time":"2026-01-05T08:59:59Z","price":{{random.Next(1, 1_000)}},"source":"feed","sequence":{{i}}}""");
        return new StreamRecord((100_000 + i).ToString(CultureInfo.InvariantCulture), IngestSimulation.Start, Encoding.UTF8.GetBytes(line));
    }
}
