using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Testing.Simulation;

/// <summary>
/// One run of the ingestion under faults, a function of its seed: producers that repeat and reorder, a stream that splits, merges, repeats and
/// loses replies, a table that throttles and times out after commit, and consumers of the caller's making, which may crash between any two
/// writes, deliver again, race each other on one shard, and leave zombies behind. At the end everything is drained without faults, and
/// <see cref="IngestOracle"/> judges.
/// </summary>
public sealed class IngestSimulation
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private DateTimeOffset lastReshard = Start;
    private int resharded;
    private int activeProducers;

    private IngestSimulation(int seed, SimulationPlan plan)
    {
        Plan = plan;
        Random = new Random(seed);
        Archive = new FakeArchive(new Random(~seed));
        Table = new FakeItemTable(Random, Clock, new SnapshotWatch(this));
        Stream = new FakeTickStream(Random, Clock, plan.Shards is { } shards ? shards[0] : Random.Next(1, 3));
        Lateness = plan.Lateness ?? TimeSpan.FromSeconds(Random.Next(3) == 0 ? 1 : 12);
        Crash = plan.Crash ?? (Random.Next(2) == 0 ? 0 : 0.02);
        Names = [.. Enumerable.Range(0, plan.Symbols).Select(NameOf)];
        Table.Hook = _ => CrashOrGoOn();
    }

    public SimulationPlan Plan { get; }

    public Random Random { get; }

    public FakeTimeProvider Clock { get; } = new(Start);

    public FakeArchive Archive { get; }

    public FakeItemTable Table { get; }

    public FakeTickStream Stream { get; }

    public TimeSpan Lateness { get; }

    /// <summary>The share of moments at a write that end a process; zero once the faults are over.</summary>
    public double Crash { get; private set; }

    public IReadOnlyList<Symbol> Names { get; }

    /// <summary>Every tick that was produced, each once.</summary>
    public List<(Symbol Symbol, Tick Tick)> Produced { get; } = [];

    /// <summary>Every line that is no tick, each once.</summary>
    public HashSet<string> Poison { get; } = [];

    public int Crashes { get; set; }

    /// <summary>Snapshots that were put over newer ones.</summary>
    public int BackwardSnapshots { get; private set; }

    /// <summary>Abandoned invocations that go on.</summary>
    public List<Task> Zombies { get; } = [];

    /// <summary>Rows of the ledgers that a fault may have left behind: no more than there were faults.</summary>
    public int FaultsStruck => Crashes + Zombies.Count + Table.Struck + Table.Refusals;

    /// <summary>Longer than any zombie lives.</summary>
    public TimeSpan Calm => Plan.Linger + TimeSpan.FromSeconds(2);

    public static IngestSimulation Run(int seed, SimulationPlan plan, Func<IngestSimulation, IReadOnlyList<ISimulatedConsumer>> consumers)
    {
        var simulation = new IngestSimulation(seed, plan);
        SeededScheduler.Run(simulation.Random, simulation.Clock, () => simulation.RunAsync(consumers));
        return simulation;
    }

    public static Symbol NameOf(int number) => Symbol.Parse(number < 26 ? new string((char)('A' + number), 3) : string.Create(CultureInfo.InvariantCulture, $"S{number:D4}"));

    public IngestProcess NewProcess(IItemTable? table = null) => new(table ?? Table, Lateness, Clock, Archive);

    /// <summary>A producer that is told nothing sends the same records again; the stream gives them new sequences.</summary>
    public async Task PublishAsync(OutgoingRecord[] records)
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
                await Task.Delay(TimeSpan.FromMilliseconds(100), Clock);
            }
        }
    }

    /// <summary>A symbol that nobody knows, and clocks an hour ahead, among others.</summary>
    public Task PublishPoisonAsync()
    {
        var time = Clock.GetUtcNow().AddHours(1).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var line = Random.Next(5) switch
        {
            0 => $$"""{"symbol":"AAA","time":"2026-01-05T09:00:00Z","price":-{{Random.Next(1000)}},"source":"feed-9","sequence":{{Random.Next(1000)}}}""",
            1 or 2 => $$"""{"symbol":"ZZ{{Random.Next(10)}}","time":"2026-01-05T09:00:00Z","price":1,"source":"feed-9","sequence":{{Random.Next(1000)}}}""",
            3 => $"not json {Random.Next(1000)}",
            _ => $$"""{"symbol":"AAA","time":"{{time}}","price":1,"source":"feed-9","sequence":{{Random.Next(1000)}}}""",
        };
        Poison.Add(line);
        return PublishAsync([new OutgoingRecord(Random.Next(64).ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(line + "\n"))]);
    }

    public void Reshard()
    {
        if (Clock.GetUtcNow() - lastReshard < Calm / 2) return;
        lastReshard = Clock.GetUtcNow();
        if (Plan.Shards is { } shards)
        {
            if (++resharded < shards.Count) ReshardTo(shards[resharded]);
            return;
        }
        var open = Stream.OpenShards();
        if (open.Count < 3 && Random.Next(2) == 0) Stream.Split(open[Random.Next(open.Count)]);
        else if (open.Count > 1) Stream.Merge(open[0], open[1]);
    }

    /// <summary>For any fault that the caller's own hook does not bring about.</summary>
    public Task CrashOrGoOn()
    {
        if (Crash <= 0 || Random.NextDouble() >= Crash) return Task.CompletedTask;
        Crashes++;
        throw new SimulatedCrash();
    }

    private void ReshardTo(int count)
    {
        while (Stream.OpenShards() is var open && open.Count != count)
            if (open.Count < count) Stream.Split(open[Random.Next(open.Count)]);
            else Stream.Merge(open[0], open[1]);
    }

    private async Task RunAsync(Func<IngestSimulation, IReadOnlyList<ISimulatedConsumer>> make)
    {
        var crash = Crash;
        Crash = 0;
        await SeedAsync();
        Crash = crash;
        Table.Faults = Plan.Table ?? new TableFaults(Some(0.03), Some(0.03), Some(0.03), Some(0.01), Some(0.1), Latency: 0.3);
        Stream.Faults = Plan.Stream ?? new StreamFaults(Some(0.1), Some(0.1), Some(0.05), ShortRead: Some(0.3), Latency: 0.2);
        activeProducers = Plan.Producers ?? Random.Next(1, 3);
        var consumers = make(this);
        var producers = Enumerable.Range(0, activeProducers).Select(ProduceAsync).ToArray();
        var consuming = consumers.Select(consumer => consumer.RunAsync(() => activeProducers == 0)).ToArray();
        await Task.WhenAll([.. producers, EditPositionsAsync()]);
        await Task.WhenAll(consuming);
        (Table.Faults, Stream.Faults, Crash, Archive.FailedPut) = (new TableFaults(), new StreamFaults(), 0, 0);
        await Task.WhenAll(Zombies);
        foreach (var consumer in consumers) await consumer.DrainAsync();
    }

    private async Task ProduceAsync(int number)
    {
        await new SimulatedFeed(this, number).RunAsync();
        activeProducers--;
    }

    private sealed class SnapshotWatch(IngestSimulation run) : IChangeFeed
    {
        private readonly Dictionary<ItemKey, string> latest = [];

        public void Publish(IReadOnlyList<Item> changed)
        {
            foreach (var item in changed.Where(item => item.Key.Sort == "LATEST"))
            {
                if (latest.TryGetValue(item.Key, out var before) && string.CompareOrdinal(before, item.Guard) > 0) run.BackwardSnapshots++;
                latest[item.Key] = item.Guard!;
            }
        }
    }

    private double Some(double share) => Random.Next(2) == 0 ? share : 0;

    private async Task SeedAsync()
    {
        var process = NewProcess();
        await process.Instruments.PutAsync([.. Names.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], default);
        var dates = Enumerable.Range(0, 61).Select(i => new DateOnly(2025, 1, 1).AddDays(i)).ToArray();
        var closes = Names.Select(_ => Enumerable.Range(0, 61).Select(_ => 90 + 20 * Random.NextDouble()).ToArray()).ToArray();
        await process.History.ReviseAsync(_ => new PriceHistory(dates, Names, closes), default);
        await ReplacePositionsAsync("one", Names);
        await ReplacePositionsAsync("two", Names.Take(2));
    }

    private async Task ReplacePositionsAsync(string account, IEnumerable<Symbol> symbols)
    {
        var positions = symbols.Select(x => new Position(x, Random.Next(-50, 100), 100)).ToArray();
        await new PortfolioStore(Table).ReplaceAsync(new Portfolio(AccountId.Parse(account), Currency.Usd, 1_000, positions, 0), null, [], default);
    }

    /// <summary>Adds, changes and removes symbols while ticks flow; an edit that fails is given up, like a caller that goes away.</summary>
    private async Task EditPositionsAsync()
    {
        for (var edits = Random.Next(Plan.Edits + 1); edits > 0; edits--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(20_000)), Clock);
            try
            {
                await ReplacePositionsAsync("two", Names.Where(_ => Random.Next(2) == 0));
            }
            catch (Exception fault) when (fault is SimulatedCrash or StoreUnavailableException)
            {
                Crashes++;
            }
        }
    }
}

/// <summary>Whatever stands between the stream and the table in a run.</summary>
public interface ISimulatedConsumer
{
    /// <summary>Consumes under faults until told that it is over.</summary>
    Task RunAsync(Func<bool> isDone);

    /// <summary>Handles all that is left, and looks once more whether some risk is due; no faults strike any more.</summary>
    Task DrainAsync();
}
