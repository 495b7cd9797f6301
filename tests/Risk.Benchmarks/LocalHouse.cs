using System.Globalization;
using Risk.Application.Feeds;
using Risk.Application.Monitoring;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Local.Storage;

namespace Risk.Benchmarks;

/// <summary>The use cases of the local host over its real files, put together by hand.</summary>
internal sealed class LocalHouse : IAsyncDisposable
{
    private static readonly SourceName Source = SourceName.Parse("sim");

    // In the past, so that no tick lies in the future of the machine it runs on.
    private static readonly EventTime Start = EventTime.From(new DateTimeOffset(2025, 1, 2, 14, 30, 0, TimeSpan.Zero));

    private readonly LocalStore store;
    private readonly InstrumentStore instruments;
    private readonly HistoryStore history;
    private readonly PortfolioStore portfolios;
    private readonly PriceStore prices;
    private readonly Universe universe;
    private readonly ConsumeStream consume;
    private readonly StreamFigures figures;
    private SimulatedMarket? market;
    private TickPacker? packer;
    private long[] marketPrices = [];
    private readonly Tick[] batch = new Tick[5_000];

    private LocalHouse(LocalStore store, TimeProvider time)
    {
        this.store = store;
        figures = new StreamFigures(time);
        instruments = new InstrumentStore(store.Items);
        history = new HistoryStore(store.Items, store.Archive, time);
        portfolios = new PortfolioStore(store.Items);
        prices = new PriceStore(store.Items);
        universe = new Universe(instruments);
        var risk = new RecomputeRisk(
            portfolios, instruments, history, prices, new SnapshotStore(store.Items), RiskSettings.Default.Conventions, figures, time);
        var ledger = new ClaimLedger(store.Items);
        var quarantine = new QuarantineLines(new QuarantineStore(store.Items), ledger, universe.Symbols, time);
        var ingest = new IngestTicks(
            universe, prices, new WindowStore(store.Items), quarantine, ledger, risk, figures, RiskSettings.Default.Lateness, time);
        consume = new ConsumeStream(store.Ticks, new CheckpointStore(store.Items, "risk"), ingest, figures);
    }

    public StreamFigures Figures => figures;

    public static LocalHouse Open(string folder) => new(LocalStore.Open(folder, TimeProvider.System), TimeProvider.System);

    public async Task SeedAsync(int symbols, int accounts, int positions, int days)
    {
        var random = new Random(1);
        var names = Enumerable.Range(0, symbols).Select(i => Symbol.Parse(string.Create(CultureInfo.InvariantCulture, $"S{i:D3}"))).ToArray();
        await instruments.PutAsync([.. names.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd, "Sector"))], default);
        await universe.RefreshAsync(default);
        var dates = Enumerable.Range(0, days).Select(i => new DateOnly(2023, 1, 2).AddDays(i)).ToArray();
        var closes = names.Select(_ => Walk(random, days)).ToArray();
        await history.ReviseAsync(_ => new PriceHistory(dates, names, closes), default);
        for (var a = 0; a < accounts; a++)
        {
            var held = names.Take(positions).Select(x => new Position(x, random.Next(10, 1_000), 100)).ToArray();
            var account = AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"book-{a:D2}"));
            await portfolios.ReplaceAsync(new Portfolio(account, Currency.Usd, 10_000, held, 0), null, [], default);
        }
        await ResumeAsync();
    }

    /// <summary>Makes a seeded house ready to produce.</summary>
    public async Task ResumeAsync()
    {
        await universe.RefreshAsync(default);
        var known = (await instruments.LoadAllAsync(default)).Instruments.Keys.Order();
        market = new SimulatedMarket(1, [.. known.Select(x => new SimulatedInstrument(x, 100, 0.25))], universe.Symbols, Source);
        marketPrices = market.StartPrices();
        packer = new TickPacker(universe.Symbols);
    }

    public async Task PublishAsync(long from, int count)
    {
        var pace = new TickPace(Start, 10_000, from);
        market!.Generate(from, marketPrices, batch.AsSpan(0, count), 1, pace, Start);
        await store.Ticks.PublishAsync(packer!.Pack(batch.AsSpan(0, count)), default);
    }

    public Task<int> ConsumeOnceAsync() => consume.RunOnceAsync(256, default);

    /// <summary>What the host's housekeeping does each second.</summary>
    public async Task MaintainAsync()
    {
        await store.Items.MaintainAsync(default);
        await store.Ticks.MaintainAsync(new Dictionary<string, string>(), TimeSpan.FromHours(1), default);
    }

    public async Task<long> CountedAsync() => (await prices.LoadAllAsync(default)).Values.Sum(state => state.Counted);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static double[] Walk(Random random, int days)
    {
        var price = 100.0;
        return [.. Enumerable.Range(0, days).Select(_ => price *= 1 + 0.02 * (random.NextDouble() - 0.5))];
    }
}
