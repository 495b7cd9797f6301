using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Risk.Application.Feeds;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Prices;
using Risk.Local.Commands;
using Risk.Local.Storage;

namespace Risk.Local.Host;

/// <summary>Feeds the log while the host runs: simulated ticks, or a file replayed once, or nothing but what is posted.</summary>
public sealed class FeedLoop(
    RunSettings settings,
    LocalStore store,
    ProducerCursors cursors,
    HistoricalMarket markets,
    Universe universe,
    OpenTickFile open,
    TickProducers producers,
    StreamFigures figures,
    TimeProvider time,
    ILogger<FeedLoop> log) : BackgroundService
{
    public static readonly SourceName Source = HistoricalMarket.Source;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (settings.Ticks == "none") return;
        if (settings.Ticks != "simulate")
        {
            await ReplayAsync(stoppingToken);
            return;
        }
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await markets.BuildAsync(settings.Seed, stoppingToken) is not { } market)
                {
                    log.LogWarning("There is no price history to simulate from: import one with --prices, or post ticks.");
                    return;
                }
                var produce = new ProduceTicks(store.Ticks, cursors, universe.Symbols, market);
                await new ProduceLiveTicks(produce, time).RunAsync(settings.Rate, null, stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                figures.Failed(fault.Message);
                log.LogWarning("The simulation could not publish and goes on in a second: {Fault}", fault.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task ReplayAsync(CancellationToken cancellation)
    {
        try
        {
            await using var content = File.OpenRead(settings.Ticks);
            using var file = await open.RunAsync(settings.Ticks, content, cancellation);
            var replay = new ReplayTicks(store.Ticks, cursors, universe.Symbols, time);
            producers.Add(file.CursorName.ToString(), _ => Task.FromResult(replay.Published));
            var result = await replay.RunAsync(file, settings.Speed, again: false, cancellation);
            log.LogInformation(
                "Replayed {File}: {Lines} lines, {Published} published, {Earlier} published by an earlier run, {Skipped} skipped.",
                settings.Ticks, result.Lines, result.Published, result.PublishedEarlier, result.Skipped.Values.Sum());
        }
        catch (Exception fault) when (fault is TickFileException or StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            figures.Failed(fault.Message);
            log.LogError("The replay stopped; start again to go on behind the last published line. {Fault}", fault.Message);
        }
    }
}
