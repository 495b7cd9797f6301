using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Testing.Cloud;
using Risk.Testing.Simulation;

namespace Risk.Benchmarks.Lambda;

/// <summary>The functions in this process, with their table and archive in its memory: what they compute themselves, without any service.</summary>
internal sealed class ComputeRun
{
    private const int Unmeasured = 200;
    private const int Events = 200;

    private readonly FakeItemTable table = new(new Random(1), TimeProvider.System);
    private readonly FakeArchive archive = new(new Random(1));
    private readonly Market market = new();

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var ofNothing = (await StatusAsync()).Figures("http_status_empty", "GET /status there and back over an empty table in memory: the loop, the HTTP pipeline, the route");
        await market.FurnishAsync(table, archive);
        IReadOnlyList<Figure> ofConsumer = await ConsumerAsync();
        return [.. ofConsumer, .. (await StatusAsync()).Figures("http_status", "the same over 100 symbols and 100 portfolios, which it reads", 1), .. ofNothing];
    }

    private async Task<IReadOnlyList<Figure>> ConsumerAsync()
    {
        var house = new IngestProcess(table, RiskSettings.Default.Lateness, TimeProvider.System, archive);
        var lines = new LogLines(Stream.Null);
        var metrics = new EmbeddedMetrics(lines, new JsonLogs(lines, TimeProvider.System), TimeProvider.System, "risk-consumer");
        var consumer = new Consumer(
            house.Ingest, new ArchiveBatch(archive, new RawGapStore(table), TimeProvider.System), house.Figures, metrics, TimeProvider.System, NullLogger<Consumer>.Instance);
        var times = new List<double>();
        var (measuring, storing) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < Unmeasured + Events; i++)
        {
            if (i == Unmeasured) (measuring, storing) = (house.Figures.Measure.Total, house.Figures.Store.Total);
            var invocation = new Invocation("request", "arn", RuntimeApiServer.Far, null, null, Encoding.UTF8.GetBytes(market.NextEvent()));
            var began = Stopwatch.GetTimestamp();
            var reply = await consumer.HandleAsync(invocation, default);
            metrics.Flush();
            if (i >= Unmeasured) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (Encoding.UTF8.GetString(reply.Span) != """{"batchItemFailures":[]}""") throw new InvalidOperationException("The Consumer wants records again.");
            table.Take("WIN#");
        }
        if (house.Figures.Snapshots == 0) throw new InvalidOperationException("Nothing was measured.");
        return
        [
            .. times.Figures("consumer", "500 ticks of 100 symbols, 100 portfolios of 100 positions × 500 scenarios, table in memory", 60),
            Figure.Of("consumer_measure_ms", "of it measuring, on average", (house.Figures.Measure.Total - measuring).TotalMilliseconds / Events),
            Figure.Of("consumer_store_ms", "of it in the stores, on average", (house.Figures.Store.Total - storing).TotalMilliseconds / Events),
        ];
    }

    /// <summary>The loop and the pipeline as HttpApi puts them together, over the table here.</summary>
    private async Task<List<double>> StatusAsync()
    {
        await using var platform = await RuntimeApiServer.StartAsync();
        using var runtime = new LambdaRuntime(platform.Address, "risk-read-api", Stream.Null, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" }).UseApiGateway(runtime);
        builder.Services.AddSingleton<IItemTable>(table).AddSingleton<IArchive>(archive).AddSingleton<ITickStream>(new FakeTickStream(new Random(1), TimeProvider.System));
        builder.Services.AddSingleton<ILivePush, Nobody>().AddRiskApi(RiskSettings.Default, access: CloudSettings.Read(_ => null).Access);
        await using var app = builder.Build();
        app.MapRiskApi();
        await app.StartAsync();
        var (events, times) = (new StatusEvents(), new List<double>());
        for (var i = 0; i < 4_000; i++)
        {
            var payload = events.Next();
            var began = Stopwatch.GetTimestamp();
            var answer = await platform.InvokeAsync(payload);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            answer.MustBeWell();
        }
        await app.StopAsync();
        return times[^1_000..];
    }

    private sealed class Nobody : ILivePush
    {
        public bool HasListeners => false;

        public Task PushAsync(IReadOnlyList<LiveMessage> messages, CancellationToken cancellation) => Task.CompletedTask;
    }
}
