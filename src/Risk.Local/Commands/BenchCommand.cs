using System.CommandLine;
using System.Globalization;
using Risk.Application.Feeds;
using Risk.Application.Monitoring;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;
using Risk.Local.Demo;
using Risk.Local.Host;
using Risk.Local.Storage;

namespace Risk.Local.Commands;

/// <summary>A short run of the whole pipeline on this machine: durable log, decode, ingest, SQLite, snapshots.</summary>
internal static class BenchCommand
{
    private const int Ticks = 200_000;
    private const int WarmUpTicks = 40_000;
    private const int TicksPerSecondOfEvents = 10_000;
    private const int RecordsPerBatch = 200;
    private static readonly int BatchTicks = ProduceTicks.MaxTicksPerSymbol * DemoMarket.Symbols.Count;

    /// <summary>In the past, so that no tick lies in the future of the machine it runs on.</summary>
    private static readonly EventTime Start = EventTime.From(new DateTimeOffset(2025, 1, 2, 14, 30, 0, TimeSpan.Zero));

    public static Command Of()
    {
        var command = new Command("bench", $"Measure this machine: {Terminal.Count(Ticks)} simulated ticks of the demo market through the whole pipeline, in a temporary folder.");
        var json = Terminal.JsonOption();
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => Failures.ShowAsync(async () =>
        {
            await RunAsync(WarmUpTicks, cancellation);
            var done = await RunAsync(Ticks, cancellation);
            if (parsed.GetValue(json)) Terminal.WriteJson(writer =>
            {
                writer.WriteNumber("ticks", Ticks);
                writer.WriteNumber("counted", done.Counted);
                writer.WriteNumber("seconds", done.Elapsed.TotalSeconds);
                writer.WriteNumber("ticks_per_second", Ticks / done.Elapsed.TotalSeconds);
                writer.WriteNumber("p50_ms", done.P50.TotalMilliseconds);
                writer.WriteNumber("p99_ms", done.P99.TotalMilliseconds);
                writer.WriteNumber("memory_bytes", Environment.WorkingSet);
            });
            else Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Ticks:N0} ticks in {done.Elapsed.TotalSeconds:N2} s: {Ticks / done.Elapsed.TotalSeconds:N0} ticks/s; tick to stored snapshot p50 {done.P50.TotalMilliseconds:N1} ms, p99 {done.P99.TotalMilliseconds:N1} ms; memory {Environment.WorkingSet >> 20:N0} MB"));
            return done.Counted == Ticks ? Failures.Done : Failures.Failed;
        }));
        return command;
    }

    private static async Task<BenchFigures> RunAsync(int ticks, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("risk-bench-").FullName;
        try
        {
            await using var desk = Desk.Open(folder, RiskSettings.Default, MarketCalendar.Sim, "");
            await desk.Get<FirstRun>().InventAsync(seed: 1, cancellation);
            return await MeasureAsync(desk, ticks, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One batch is published while the one before it is consumed: what is measured is sustained, not queued.</summary>
    private static async Task<BenchFigures> MeasureAsync(Desk desk, int ticks, CancellationToken cancellation)
    {
        var (store, universe, consume, figures) = (desk.Get<LocalStore>(), desk.Get<Universe>(), desk.Get<ConsumeStream>(), desk.Get<StreamFigures>());
        var instruments = DemoMarket.Symbols.Select(x => new SimulatedInstrument(x.Instrument.Symbol, x.StartPrice, x.AnnualVolatilityRatio, Sector: x.Instrument.Sector));
        var market = new SimulatedMarket(1, [.. instruments], universe.Symbols, SourceName.Parse("bench"));
        var (packer, batch, prices, clock) = (new TickPacker(universe.Symbols), new Tick[BatchTicks], market.StartPrices(), TimeProvider.System);
        var started = clock.GetTimestamp();
        for (var published = 0; published < ticks;)
        {
            var size = Math.Min(BatchTicks, ticks - published);
            market.Generate(published, prices, batch.AsSpan(0, size), 1, new TickPace(Start, TicksPerSecondOfEvents, published), Start);
            var publishing = store.Ticks.PublishAsync(packer.Pack(batch.AsSpan(0, size)), cancellation);
            await Task.Run(() => consume.RunOnceAsync(RecordsPerBatch, cancellation), cancellation);
            await publishing;
            published += size;
        }
        while (await consume.RunOnceAsync(RecordsPerBatch, cancellation) > 0) cancellation.ThrowIfCancellationRequested();
        var elapsed = clock.GetElapsedTime(started);
        var counted = (await desk.Get<PriceStore>().LoadAllAsync(cancellation)).Values.Sum(state => state.Counted);
        return new BenchFigures(counted, elapsed, figures.EndToEnd.Quantile(0.5) ?? default, figures.EndToEnd.Quantile(0.99) ?? default);
    }

    private sealed record BenchFigures(long Counted, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99);
}
