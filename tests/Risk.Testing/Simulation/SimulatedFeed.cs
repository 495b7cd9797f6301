using System.Globalization;
using System.Runtime.InteropServices;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Testing.Simulation;

/// <summary>One producer of a run: counts its ticks, and sends them again, in another order, later, or with a clock that is off.</summary>
internal sealed class SimulatedFeed
{
    private readonly IngestSimulation run;
    private readonly Random random;
    private readonly SourceName source;
    private readonly SymbolTable symbols = new();
    private readonly TickPacker packer;
    private readonly long[] next;
    private List<Tick> held = [];

    public SimulatedFeed(IngestSimulation run, int number)
    {
        (this.run, random) = (run, run.Random);
        source = SourceName.Parse(string.Create(CultureInfo.InvariantCulture, $"feed-{number}"));
        symbols.AddRange(run.Names);
        packer = new TickPacker(symbols);
        next = new long[run.Names.Count];
    }

    public async Task RunAsync()
    {
        var (epoch, restartedAt, recent) = (0L, IngestSimulation.Start, new List<Tick>());
        for (var batch = run.Plan.Batches ?? random.Next(10, 25); batch > 0; batch--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, (int)run.Plan.Pause.TotalMilliseconds)), run.Clock);
            if (random.Next(8) == 0 && run.Clock.GetUtcNow() - restartedAt > run.Calm) (epoch, restartedAt) = (epoch + 1, run.Clock.GetUtcNow());
            var ticks = Enumerable.Range(0, random.Next(1, run.Plan.TicksInBatch + 1)).Select(_ => NextTick(epoch)).ToList();
            run.Produced.AddRange(ticks.Select(tick => (symbols[tick.Symbol], tick)));
            if (run.Plan.HostileFeeds) (ticks, recent) = Disturb(ticks, recent);
            await PublishAsync(ticks);
            if (random.Next(100) < run.Plan.PoisonPercent) await run.PublishPoisonAsync();
            if (random.Next(4) == 0) run.Reshard();
        }
        await PublishAsync(held);
    }

    private (List<Tick> Now, List<Tick> Recent) Disturb(List<Tick> ticks, List<Tick> recent)
    {
        var top = next[0];
        (held, ticks) = HoldBack(ticks, recent);
        if (recent.Count > 0 && random.Next(4) == 0) ticks.AddRange(recent.Where(_ => random.Next(3) == 0));
        if (random.Next(3) == 0) random.Shuffle(CollectionsMarshal.AsSpan(ticks));
        // A producer repeats only what its consumers can remember.
        return (ticks, next[0] == top ? ticks : []);
    }

    private Task PublishAsync(List<Tick> ticks) =>
        run.PublishAsync([.. packer.Pack(CollectionsMarshal.AsSpan(ticks)).Select(record => record with { Data = record.Data.ToArray() })]);

    /// <summary>What was held back comes later, twice, and behind the memory of its source: the ledger decides.</summary>
    private (List<Tick> Held, List<Tick> Now) HoldBack(List<Tick> ticks, List<Tick> published)
    {
        if (held.Count > 0)
        {
            // Only once newer ones are surely ahead of it: what was counted from memory must not be repeated behind it.
            var isForgotten = published.Exists(tick => tick.Symbol == held[0].Symbol && tick.Sequence >= held[0].Sequence + SequenceMemory.Width);
            return isForgotten ? ([], [.. ticks, .. held, .. held]) : (held, ticks);
        }
        if (random.Next(6) > 0) return (held, ticks);
        for (var i = 0; i < next.Length; i++) next[i] += SequenceMemory.Width + random.Next(50);
        return (ticks[..1], ticks[1..]);
    }

    private Tick NextTick(long epoch)
    {
        // The last symbol stalls: its windows wait for its next tick, and nobody else's do.
        var symbol = random.Next(next.Length - (random.Next(8) == 0 ? 0 : 1));
        var time = EventTime.From(run.Clock.GetUtcNow() + Skew());
        var price = 80 + random.Next(4_000) / 100m;
        if (random.Next(50) == 0) price *= random.Next(2) == 0 ? 0.4m : 1.9m;
        return new Tick(symbol, time, Price.From(price), default, default, Volume.From(random.Next(100)), source, epoch, next[symbol]++);
    }

    /// <summary>Most clocks are a little behind; some are five seconds off, or a day behind.</summary>
    private TimeSpan Skew() => !run.Plan.HostileFeeds ? -TimeSpan.FromMilliseconds(random.Next(900)) : random.Next(60) switch
    {
        0 => TimeSpan.FromSeconds(4.9),
        1 => TimeSpan.FromSeconds(-5),
        2 => TimeSpan.FromDays(-1),
        _ => TimeSpan.FromMilliseconds(-random.Next(900)),
    };
}
