using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>A run with the handlers of the cloud: the Producer behind its schedule, the Consumer behind its event source mapping.</summary>
internal sealed class CloudSimulation : ISimulatedConsumer
{
    private const double FiredTwice = 0.3;

    private readonly int minutes;
    private readonly Func<IngestSimulation, Task> weather;

    private CloudSimulation(
        IngestSimulation run, MappingPlan mapping, double rate, int minutes, Func<IngestSimulation, IItemTable>? table, Func<IngestSimulation, Task>? weather)
    {
        (Run, this.minutes, this.weather) = (run, minutes, weather ?? (_ => Task.CompletedTask));
        Mapping = new EventSourceMapping(run, mapping, table);
        Producer = new ScheduledProducer(run, rate, run.Crash / 4);
        run.Stream.Hook = FakeInvocation.PassAsync;
    }

    public IngestSimulation Run { get; }

    public EventSourceMapping Mapping { get; }

    public ScheduledProducer Producer { get; }

    /// <param name="minutes">For which the schedule fires; 0 for feeds alone.</param>
    /// <param name="table">As a process of the Consumer sees it.</param>
    /// <param name="weather">What comes and goes meanwhile; consuming lasts until it is over.</param>
    public static CloudSimulation Of(
        int seed, SimulationPlan plan, MappingPlan mapping, int minutes = 0, double rate = 1, Func<IngestSimulation, IItemTable>? table = null, Func<IngestSimulation, Task>? weather = null)
    {
        CloudSimulation? made = null;
        IngestSimulation.Run(seed, plan, run => [made = new CloudSimulation(run, mapping, rate, minutes, table, weather)]);
        return made!;
    }

    public async Task RunAsync(Func<bool> isDone)
    {
        var producing = Task.WhenAll(Producer.RunAsync(minutes, FiredTwice), weather(Run));
        await Mapping.RunAsync(() => isDone() && producing.IsCompleted);
        await producing;
    }

    public Task DrainAsync() => Mapping.DrainAsync();

    /// <summary>The law, the windows, the VaR, and that every record lies in the archive or stands in a gap.</summary>
    public async Task JudgeAsync()
    {
        await JudgeProducerAsync();
        await IngestOracle.JudgeAsync(Run);
        await JudgeArchiveAsync();
    }

    /// <summary>
    /// Its ticks are those that reached the stream, each by its first arrival: what it sends again after a crash has the same sequence and
    /// another time. None may be missing between them.
    /// </summary>
    private async Task JudgeProducerAsync()
    {
        var batch = new TickBatch();
        var symbols = new SymbolTable();
        symbols.AddRange(Run.Names);
        batch.Decode([.. Run.Stream.Everything.Select(x => x.Record).Order(Comparer<StreamRecord>.Create((a, b) => SequenceOrder.Compare(a.Sequence, b.Sequence)))], symbols);
        var sent = Enumerable.Range(0, batch.TickCount).Select(place => batch.Tick(place)).Where(tick => tick.Source == HistoricalMarket.Source);
        var unique = sent.DistinctBy(tick => (tick.Symbol, tick.Epoch, tick.Sequence)).ToList();
        foreach (var ticks in unique.GroupBy(tick => tick.Symbol))
            Assert.Equal(Enumerable.Range(0, ticks.Count()).Select(x => (long)x), ticks.Select(tick => tick.Sequence).Order());
        Assert.All(Producer.Worked.Values, firings => Assert.Equal(1, firings));
        var cursor = await new ProducerCursors(Run.Table).LoadAsync(HistoricalMarket.Source, default);
        Assert.InRange(cursor?.Position ?? 0, Producer.Published, unique.Count);
        Run.Produced.AddRange(unique.Select(tick => (symbols[tick.Symbol], tick)));
    }

    private async Task JudgeArchiveAsync()
    {
        var kept = new List<(string Shard, string First, string Last)>();
        foreach (var name in await Run.Archive.ListAsync("raw/", default))
            if (name[(name.LastIndexOf('/') + 1)..^".ndjson.gz".Length].Split('-') is [.. var shard, var first, var last]) kept.Add((string.Join('-', shard), first, last));
        kept.AddRange((await new RawGapStore(Run.Table).LoadAllAsync(default)).Select(gap => (gap.Shard, gap.First, gap.Last)));
        foreach (var shard in Mapping.Handled.Keys)
            kept.AddRange(Mapping.Discarded.Where(x => x.Shard == shard).Select(x => (shard, x.Records[0].Sequence, x.Records[^1].Sequence)));
        foreach (var (shard, record) in Run.Stream.Everything)
            Assert.Contains(kept, x => x.Shard == shard && SequenceOrder.Compare(x.First, record.Sequence) <= 0 && SequenceOrder.Compare(record.Sequence, x.Last) <= 0);
    }
}
