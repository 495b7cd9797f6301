using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Risk.Application.Monitoring;

namespace Risk.Benchmarks;

/// <summary>
/// Simulated ticks through the durable log, decode, ingest, SQLite and snapshots, as the local host runs them: a producer that publishes as
/// fast as the log takes, and the consumer behind it. Event time runs at 10,000 ticks per second.
/// </summary>
internal static class PipelineRun
{
    private const int Symbols = 100;
    private const int Portfolios = 20;
    private const int BatchTicks = 5_000;
    private const int WarmUpTicks = 1_000_000;

    /// <summary>How far the producer may run ahead of the consumer: what is measured is sustained, not queued.</summary>
    private const int MaxAhead = 2 * BatchTicks;

    public static async Task<int> MainAsync(string[] options)
    {
        var ticks = options.SkipWhile(x => x != "--ticks").Skip(1).Select(x => int.Parse(x, CultureInfo.InvariantCulture)).FirstOrDefault(1_000_000);
        Print(await MeasureAsync(ticks), options.Contains("--json"));
        return 0;
    }

    /// <exception cref="InvalidOperationException">A tick was lost or counted twice.</exception>
    public static async Task<PipelineFigures> MeasureAsync(int ticks)
    {
        var warmUpTicks = Math.Min(ticks, WarmUpTicks);
        var folder = Directory.CreateTempSubdirectory("risk-pipeline-").FullName;
        try
        {
            // The first house runs until the code is compiled for good; the second one's figures are of the measured ticks alone.
            await using (var warmUp = LocalHouse.Open(folder))
            {
                await warmUp.SeedAsync(Symbols, Portfolios, positions: Symbols, days: 501);
                await RunAsync(warmUp, warmUpTicks, 0);
            }
            await using var house = LocalHouse.Open(folder);
            await house.ResumeAsync();
            var figures = await RunAsync(house, ticks, warmUpTicks);
            return figures.Counted == ticks + warmUpTicks
                ? figures
                : throw new InvalidOperationException($"{ticks + warmUpTicks} ticks were sent, {figures.Counted} counted.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<PipelineFigures> RunAsync(LocalHouse house, int ticks, int from)
    {
        GC.Collect();
        var rssStart = Environment.WorkingSet;
        var (published, handled) = (0, 0);
        using var room = new SemaphoreSlim(0);
        var watch = Stopwatch.StartNew();
        var producing = Task.Run(async () =>
        {
            for (; published < ticks; published += BatchTicks)
            {
                while (published - Volatile.Read(ref handled) >= MaxAhead) await room.WaitAsync();
                await house.PublishAsync(from + published, Math.Min(BatchTicks, ticks - published));
            }
        });
        using var stop = new CancellationTokenSource();
        var keeping = KeepHouseAsync(house, stop.Token);
        var before = house.Figures.Received;
        while (handled < ticks)
        {
            await house.ConsumeOnceAsync();
            Volatile.Write(ref handled, (int)(house.Figures.Received - before));
            room.Release();
        }
        await producing;
        watch.Stop();
        await stop.CancelAsync();
        await keeping;
        return new PipelineFigures(
            ticks, await house.CountedAsync(), ticks / watch.Elapsed.TotalSeconds, house.Figures.EndToEnd.Quantile(0.5), house.Figures.EndToEnd.Quantile(0.99),
            rssStart / 1048576.0, Environment.WorkingSet / 1048576.0, house.Figures);
    }

    private static async Task KeepHouseAsync(LocalHouse house, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!stop.IsCancellationRequested)
        {
            await house.MaintainAsync();
            await timer.WaitForNextTickAsync(stop).AsTask().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static void Print(PipelineFigures x, bool json)
    {
        var rows = new (string Key, double Value)[]
        {
            ("pipeline_ticks_per_second", x.TicksPerSecond),
            ("pipeline_p50_ms", x.P50?.TotalMilliseconds ?? 0),
            ("pipeline_p99_ms", x.P99?.TotalMilliseconds ?? 0),
            ("pipeline_rss_mb_start", x.RssStartMb),
            ("pipeline_rss_mb_end", x.RssEndMb),
            ("ticks", x.Ticks),
            ("counted", x.Counted),
            ("decode_p50_ms", x.All.Decode.Quantile(0.5)?.TotalMilliseconds ?? 0),
            ("ingest_p50_ms", x.All.Ingest.Quantile(0.5)?.TotalMilliseconds ?? 0),
            ("store_p50_ms", x.All.Store.Quantile(0.5)?.TotalMilliseconds ?? 0),
            ("measure_p50_ms", x.All.Measure.Quantile(0.5)?.TotalMilliseconds ?? 0),
        };
        if (json)
        {
            using var writer = new Utf8JsonWriter(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
            writer.WriteStartObject();
            foreach (var (key, value) in rows) writer.WriteNumber(key, Math.Round(value, 4));
            writer.WriteEndObject();
            writer.Flush();
            Console.WriteLine();
            return;
        }
        foreach (var (key, value) in rows) Console.WriteLine($"{key,-28}{value,14:N2}");
    }
}

internal sealed record PipelineFigures(
    int Ticks, long Counted, double TicksPerSecond, TimeSpan? P50, TimeSpan? P99, double RssStartMb, double RssEndMb, StreamFigures All);
