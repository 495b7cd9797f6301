using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>
/// A hundred symbols at 5,000 ticks a second of simulated time through one process of the Consumer, in events of 500 records of 25, some of
/// them delivered twice. What the windows must add up to is summed while the ticks are made; stored windows are added up and taken out, so
/// that only what the process itself keeps can grow.
/// </summary>
internal sealed class SoakRun
{
    public const int TicksPerSecond = 5_000;

    private const int InRecord = 25;
    private const int InEvent = 500 * InRecord;
    private const int Names = 100;

    private readonly Random random = new(1);
    private readonly FakeTimeProvider clock = new(IngestSimulation.Start);
    private readonly SymbolTable symbols = new();
    private readonly TickPacker packer;
    private readonly FakeItemTable table;
    private readonly ConsumerProcess process;
    private readonly long[] next = new long[Names];
    private readonly Sums[] produced = new Sums[Names];
    private readonly Sums[] stored = new Sums[Names];
    private readonly Tick[] ticks = new Tick[InEvent];
    private long sequence = 1_000_000;

    private SoakRun()
    {
        symbols.AddRange(Enumerable.Range(0, Names).Select(i => Symbol.Parse($"S{i:D2}")));
        packer = new TickPacker(symbols);
        table = new FakeItemTable(random, clock);
        var archive = new NoArchive();
        process = new ConsumerProcess(new IngestProcess(table, TimeSpan.FromSeconds(2), clock, archive), table, archive, clock);
    }

    /// <summary>Of each simulated minute, in MB.</summary>
    public List<(double Heap, double Resident)> Memory { get; } = [];

    public long Ticks => next.Sum();

    public int Repeated { get; private set; }

    public static async Task<SoakRun> OfAsync(int seconds)
    {
        var run = new SoakRun();
        await run.FurnishAsync();
        for (var until = 0L; until < (long)seconds * TicksPerSecond;)
        {
            until += InEvent;
            await run.StepAsync();
            if (until / InEvent % (60 * TicksPerSecond / InEvent) == 0) run.Weigh();
        }
        return run;
    }

    /// <summary>Counted is what was produced, for each symbol, and so are the sums over its windows, as integers.</summary>
    public async Task JudgeAsync()
    {
        var states = await new PriceStore(table).LoadAllAsync(default);
        Assert.Equal(Names, states.Count);
        for (var i = 0; i < Names; i++)
        {
            var state = states[symbols[i]];
            Assert.Equal((next[i], 0L), (state.Counted, state.Late));
            foreach (var window in state.Windows.Where(window => window.End > state.Watermark)) stored[i].Add(window);
            Assert.Equal(produced[i], stored[i]);
        }
    }

    /// <summary>
    /// By which a figure of each minute grows in ten of them: from the lowest of the middle third to the lowest of the last. What has not been
    /// given back to the machine yet lies above the lowest.
    /// </summary>
    public static double GrowthIn10Minutes(IReadOnlyList<double> figures)
    {
        var third = figures.Count / 3;
        return (figures.TakeLast(third).Min() - figures.Skip(third).Take(third).Min()) * 10 / third;
    }

    private async Task StepAsync()
    {
        for (var i = 0; i < InEvent; i++) ticks[i] = NextTick(i);
        clock.Advance(TimeSpan.FromSeconds((double)InEvent / TicksPerSecond));
        var payload = Events.Kinesis(Events.Shard, packer.Pack(ticks).Select(record => new StreamRecord((sequence++).ToString(CultureInfo.InvariantCulture), clock.GetUtcNow(), record.Data)));
        var isRepeated = random.Next(50) == 0;
        Repeated += isRepeated ? 1 : 0;
        for (var time = isRepeated ? 0 : 1; time < 2; time++)
            Assert.Empty(Events.Failures(await process.Function.HandleAsync(Events.Of(payload), default)));
        process.Metrics.Flush();
        foreach (var item in table.Take("WIN#"))
        {
            symbols.TryFind(Encoding.ASCII.GetBytes(item.Key.Partition.Split('#')[1]), out var symbol);
            stored[symbol].Add(WindowStore.Read(item));
        }
    }

    private Tick NextTick(int i)
    {
        var symbol = random.Next(Names);
        var tick = new Tick(
            symbol, EventTime.From(clock.GetUtcNow().AddSeconds((double)i / TicksPerSecond)), Price.From(90 + (random.Next(2_000) / 100m)), default, default,
            Volume.From(random.Next(100)), SourceName.Parse("soak"), 0, next[symbol]++);
        produced[symbol] = produced[symbol].With(1, tick.Price.E8, tick.Volume.E6);
        return tick;
    }

    private void Weigh()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        Memory.Add((heap / 1048576.0, Environment.WorkingSet / 1048576.0));
    }

    private async Task FurnishAsync()
    {
        var all = Enumerable.Range(0, Names).Select(i => symbols[i]).ToArray();
        var dates = Enumerable.Range(0, 501).Select(i => new DateOnly(2024, 1, 1).AddDays(i)).ToArray();
        await process.House.Instruments.PutAsync([.. all.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], default);
        await process.House.History.ReviseAsync(_ => new PriceHistory(dates, all, [.. all.Select(_ => dates.Select(_ => 90 + (20 * random.NextDouble())).ToArray())]), default);
        Position[] positions = [.. all.Select(x => new Position(x, random.Next(-50, 100), 100))];
        await process.House.Portfolios.ReplaceAsync(new Portfolio(AccountId.Default, Currency.Usd, 1_000, positions, 0), null, [], default);
    }

    private record struct Sums(long Count, Int128 Prices, Int128 Volumes)
    {
        public readonly Sums With(long count, Int128 prices, Int128 volumes) => new(Count + count, Prices + prices, Volumes + volumes);

        public void Add(PriceWindow window) => this = With(window.Count, window.PriceSum, window.VolumeSum);
    }

    /// <summary>Takes everything and keeps only the history.</summary>
    private sealed class NoArchive : IArchive
    {
        private readonly Dictionary<string, byte[]> kept = [];

        public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
        {
            if (name.StartsWith("history/", StringComparison.Ordinal)) kept[name] = content.ToArray();
            return Task.CompletedTask;
        }

        public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => Task.FromResult(kept.GetValueOrDefault(name));

        public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([.. kept.Keys]);
    }
}
