using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Testing.Simulation;

namespace Risk.Application.Tests.Streaming;

/// <summary>
/// One run of the ingestion under faults, a function of its seed: producers that repeat and reorder, a stream that splits, merges, repeats and
/// loses replies, a table that throttles and times out after commit, consumers that crash between any two writes, deliver again, race each
/// other on one shard, and leave zombies behind. At the end everything is drained without faults, and <see cref="IngestOracle"/> judges.
/// </summary>
internal sealed class IngestSimulation
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// How long an abandoned invocation may linger. Within it a symbol moves through fewer shards, and its source through fewer epochs, than a
    /// state remembers: that is what the marks of three shards and the memory of two epochs are for.
    /// </summary>
    public const int MaxLingerMs = 10_000;

    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(MaxLingerMs + 2_000);
    private static readonly Symbol[] Names = [.. new[] { "AAA", "BBB", "CCC", "DDD", "EEE" }.Select(Symbol.Parse)];

    private readonly Random random;
    private readonly FakeTimeProvider clock = new(Start);
    private readonly List<Task> zombies = [];
    private readonly double crash;
    private DateTimeOffset lastReshard = Start;
    private int activeProducers;

    private IngestSimulation(int seed)
    {
        random = new Random(seed);
        Table = new FakeItemTable(random, clock);
        Stream = new FakeTickStream(random, clock, random.Next(1, 3));
        Lateness = TimeSpan.FromSeconds(random.Next(3) == 0 ? 1 : 12);
        crash = random.Next(2) == 0 ? 0 : 0.02;
    }

    public FakeItemTable Table { get; }

    public FakeTickStream Stream { get; }

    public TimeSpan Lateness { get; }

    /// <summary>Every tick that was produced, each once.</summary>
    public List<(Symbol Symbol, Tick Tick)> Produced { get; } = [];

    /// <summary>Every line that is no tick, each once.</summary>
    public HashSet<string> Poison { get; } = [];

    public int Crashes { get; private set; }

    public int Zombies => zombies.Count;

    public static IngestSimulation Run(int seed)
    {
        var simulation = new IngestSimulation(seed);
        SeededScheduler.Run(simulation.random, simulation.clock, simulation.RunAsync);
        return simulation;
    }

    public IngestProcess NewProcess() => new(Table, Lateness, clock);

    private async Task RunAsync()
    {
        await SeedAsync();
        Table.Hook = _ => random.NextDouble() < crash ? Crash() : Task.CompletedTask;
        Table.Faults = new TableFaults(Throttle: Some(0.03), LostReply: Some(0.03), RefusedAfterCommit: Some(0.03), FailedRead: Some(0.01), ShortPage: Some(0.1), Latency: 0.3);
        Stream.Faults = new StreamFaults(Duplicate: Some(0.1), PartialFailure: Some(0.1), LostReply: Some(0.05), ShortRead: Some(0.3), Latency: 0.2);
        activeProducers = random.Next(1, 3);
        var producers = Enumerable.Range(0, activeProducers).Select(ProduceAsync).ToArray();
        var progress = new ShardProgress();
        var consumers = Enumerable.Range(0, random.Next(1, 3)).Select(_ => new SimulatedConsumer(this, progress, random, zombies, clock)).ToArray();
        var consuming = consumers.Select(consumer => consumer.RunAsync(() => activeProducers == 0)).ToArray();
        var editing = EditPositionsAsync();
        await Task.WhenAll([.. producers, editing]);
        await Task.WhenAll(consuming);
        (Table.Faults, Stream.Faults, Table.Hook) = (new TableFaults(), new StreamFaults(), _ => Task.CompletedTask);
        await Task.WhenAll(zombies);
        foreach (var consumer in consumers) await consumer.DrainAsync();
    }

    private Task Crash()
    {
        Crashes++;
        throw new SimulatedCrash();
    }

    private double Some(double share) => random.Next(2) == 0 ? share : 0;

    private async Task SeedAsync()
    {
        var process = NewProcess();
        await process.Instruments.PutAsync([.. Names.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], default);
        var dates = Enumerable.Range(0, 61).Select(i => new DateOnly(2025, 1, 1).AddDays(i)).ToArray();
        var closes = Names.Select(_ => Enumerable.Range(0, 61).Select(_ => 90 + 20 * random.NextDouble()).ToArray()).ToArray();
        await process.History.ReviseAsync(_ => new PriceHistory(dates, Names, closes), default);
        await ReplacePositionsAsync("one", Names);
        await ReplacePositionsAsync("two", Names[..2]);
    }

    private async Task ReplacePositionsAsync(string account, IEnumerable<Symbol> symbols)
    {
        var positions = symbols.Select(x => new Position(x, random.Next(-50, 100), 100)).ToArray();
        await new PortfolioStore(Table).ReplaceAsync(new Portfolio(AccountId.Parse(account), Currency.Usd, 1_000, positions, 0), null, [], default);
    }

    /// <summary>Adds, changes and removes symbols while ticks flow; an edit that fails is given up, like a caller that goes away.</summary>
    private async Task EditPositionsAsync()
    {
        for (var edits = random.Next(3); edits > 0; edits--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20_000)), clock);
            try
            {
                await ReplacePositionsAsync("two", Names.Where(_ => random.Next(2) == 0));
            }
            catch (Exception fault) when (fault is SimulatedCrash or StoreUnavailableException)
            {
                Crashes++;
            }
        }
    }

    private async Task ProduceAsync(int number)
    {
        var source = SourceName.Parse(string.Create(CultureInfo.InvariantCulture, $"feed-{number}"));
        var symbols = new SymbolTable();
        symbols.AddRange(Names);
        var packer = new TickPacker(symbols);
        var next = new long[Names.Length];
        var (epoch, restartedAt, recent, held) = (0L, Start, new List<Tick>(), new List<Tick>());
        for (var batch = random.Next(10, 25); batch > 0; batch--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 2_000)), clock);
            if (random.Next(8) == 0 && clock.GetUtcNow() - restartedAt > Calm) (epoch, restartedAt) = (epoch + 1, clock.GetUtcNow());
            var ticks = Enumerable.Range(0, random.Next(1, 20)).Select(_ => NextTick(source, epoch, next)).ToList();
            Produced.AddRange(ticks.Select(tick => (symbols[tick.Symbol], tick)));
            var top = next[0];
            (held, ticks) = HoldBack(held, ticks, recent, next);
            if (recent.Count > 0 && random.Next(4) == 0) ticks.AddRange(recent.Where(_ => random.Next(3) == 0));
            if (random.Next(3) == 0) Shuffle(ticks);
            // A producer repeats only what its consumers can remember.
            recent = next[0] == top ? ticks : [];
            await PublishAsync(packer, ticks);
            if (random.Next(3) == 0) await PublishPoisonAsync();
            if (random.Next(4) == 0) Reshard();
        }
        await PublishAsync(packer, held);
        activeProducers--;
    }

    /// <summary>A producer that is told nothing sends the same records again; the stream gives them new sequences.</summary>
    private Task PublishAsync(TickPacker packer, List<Tick> ticks) =>
        PublishAsync([.. packer.Pack(CollectionsMarshal.AsSpan(ticks)).Select(record => record with { Data = record.Data.ToArray() })]);

    private async Task PublishAsync(OutgoingRecord[] records)
    {
        while (true)
        {
            try
            {
                await Stream.PublishAsync(records, default);
                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock);
            }
        }
    }

    /// <summary>What was held back comes later, twice, and behind the memory of its source: the ledger decides.</summary>
    private (List<Tick> Held, List<Tick> Now) HoldBack(List<Tick> held, List<Tick> ticks, List<Tick> published, long[] next)
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

    /// <summary>A symbol that nobody knows, and clocks an hour ahead, among others.</summary>
    private Task PublishPoisonAsync()
    {
        var time = clock.GetUtcNow().AddHours(1).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var line = random.Next(5) switch
        {
            0 => $$"""{"symbol":"AAA","time":"2026-01-05T09:00:00Z","price":-{{random.Next(1000)}},"source":"feed-9","sequence":{{random.Next(1000)}}}""",
            1 or 2 => $$"""{"symbol":"ZZ{{random.Next(10)}}","time":"2026-01-05T09:00:00Z","price":1,"source":"feed-9","sequence":{{random.Next(1000)}}}""",
            3 => $"not json {random.Next(1000)}",
            _ => $$"""{"symbol":"AAA","time":"{{time}}","price":1,"source":"feed-9","sequence":{{random.Next(1000)}}}""",
        };
        Poison.Add(line);
        return PublishAsync([new OutgoingRecord(random.Next(64).ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(line + "\n"))]);
    }

    private void Reshard()
    {
        if (clock.GetUtcNow() - lastReshard < Calm / 2) return;
        lastReshard = clock.GetUtcNow();
        var open = Stream.OpenShards();
        if (open.Count < 3 && random.Next(2) == 0) Stream.Split(open[random.Next(open.Count)]);
        else if (open.Count > 1) Stream.Merge(open[0], open[1]);
    }

    private Tick NextTick(SourceName source, long epoch, long[] next)
    {
        // The last symbol stalls: its windows wait for its next tick, and nobody else's do.
        var symbol = random.Next(Names.Length - (random.Next(8) == 0 ? 0 : 1));
        var time = EventTime.From(clock.GetUtcNow() + Skew());
        var price = 80 + random.Next(4_000) / 100m;
        if (random.Next(50) == 0) price *= random.Next(2) == 0 ? 0.4m : 1.9m;
        return new Tick(symbol, time, Price.From(price), default, default, Volume.From(random.Next(100)), source, epoch, next[symbol]++);
    }

    /// <summary>Most clocks are a little behind; some are five seconds off, or a day behind.</summary>
    private TimeSpan Skew() => random.Next(60) switch
    {
        0 => TimeSpan.FromSeconds(4.9),
        1 => TimeSpan.FromSeconds(-5),
        2 => TimeSpan.FromDays(-1),
        _ => TimeSpan.FromMilliseconds(-random.Next(900)),
    };

    private void Shuffle(List<Tick> ticks)
    {
        for (var i = ticks.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (ticks[i], ticks[j]) = (ticks[j], ticks[i]);
        }
    }
}
