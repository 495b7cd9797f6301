using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Testing.Simulation;

namespace Risk.Application.Tests.Streaming;

/// <summary>
/// An event source mapping with its function: it remembers how far each shard was handled, whatever happens to the processes that handle
/// it. Two of them may share that memory, and so deliver the same records at once. It delivers again from further back, gives up on an invocation that goes on as a zombie, and starts a new process after a crash.
/// </summary>
internal sealed class SimulatedConsumer(IngestSimulation simulation, ShardProgress progress) : ISimulatedConsumer
{
    private readonly Dictionary<string, string?> handled = progress.Handled;
    private readonly HashSet<string> ended = progress.Ended;
    private readonly Random random = simulation.Random;
    private readonly FakeTimeProvider clock = simulation.Clock;
    private IngestProcess process = simulation.NewProcess();

    public async Task RunAsync(Func<bool> isDone)
    {
        while (!isDone())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 1_500)), clock);
            foreach (var shard in await ReadableAsync()) await DeliverAsync(shard);
        }
    }

    public async Task DrainAsync()
    {
        for (var found = true; found;)
        {
            found = false;
            foreach (var shard in await ReadableAsync())
            {
                var read = await simulation.Stream.ReadAsync(shard, handled.GetValueOrDefault(shard), 20, default);
                found |= read.Records.Count > 0 || read.Ended;
                await HandleAsync(shard, read);
                if (read.Ended) ended.Add(shard);
            }
        }
        await process.Risk.RunAsync(new Dictionary<Symbol, SymbolState>(), default);
    }

    private async Task DeliverAsync(string shard)
    {
        var after = handled.GetValueOrDefault(shard);
        if (random.Next(10) == 0) after = simulation.Stream.EarlierThan(shard, after);
        var read = await simulation.Stream.ReadAsync(shard, after, random.Next(1, 12), default);
        if (random.Next(8) == 0)
        {
            simulation.Zombies.Add(LingerAsync(process, shard, read));
            process = simulation.NewProcess();
            return;
        }
        try
        {
            await HandleAsync(shard, read);
            if (read.Ended) ended.Add(shard);
        }
        catch (SimulatedCrash)
        {
            process = simulation.NewProcess();
        }
        catch (StoreUnavailableException)
        {
            // The platform delivers again: what was handled has not moved.
        }
    }

    private async Task HandleAsync(string shard, ShardRead read)
    {
        if (read.Records.Count == 0) return;
        var result = await process.Ingest.RunAsync(shard, read.Records, default);
        var saved = result.FailedFrom is null ? read.Records : [.. read.Records.TakeWhile(record => record.Sequence != result.FailedFrom)];
        if (saved.Count > 0) handled[shard] = saved[^1].Sequence;
        if (result.FailedFrom is not null) throw new StoreUnavailableException("Some records are to be delivered again.");
    }

    /// <summary>The invocation has timed out: nobody waits for it, yet it goes on, and stops whenever it likes.</summary>
    private async Task LingerAsync(IngestProcess old, string shard, ShardRead read)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next((int)simulation.Plan.Linger.TotalMilliseconds)), clock);
            await old.Ingest.RunAsync(shard, read.Records, default);
        }
        catch (Exception fault) when (fault is SimulatedCrash or StoreUnavailableException)
        {
            // Nobody is there to hear it.
        }
    }

    private async Task<List<string>> ReadableAsync()
    {
        var shards = await simulation.Stream.ListShardsAsync(default);
        return [.. shards.Where(shard => !ended.Contains(shard.Id) && shard.Parents.All(ended.Contains)).Select(shard => shard.Id)];
    }
}

/// <summary>How far each shard was handled, and which were read to their end.</summary>
internal sealed class ShardProgress
{
    public Dictionary<string, string?> Handled { get; } = [];

    public HashSet<string> Ended { get; } = [];
}
