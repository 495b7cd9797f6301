using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Monitoring;
using Risk.Application.Reporting;

namespace Risk.Api.Endpoints;

/// <summary>Whether the engine lives, what has become of the ticks, and how fast it is.</summary>
internal static partial class SystemEndpoints
{
    private static readonly string Version =
        typeof(SystemEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("System");
        group.MapGet("/health", Health).Anyone().Produces<HealthAnswer>().Describe(
            "Is the process alive?",
            "Answers without asking anything else.",
            new RouteDocs([], Examples.Health));
        group.MapGet("/health/detailed", Detailed).Needs(Role.Viewer).Produces<DetailedHealthAnswer>().Produces<DetailedHealthAnswer>(503).Describe(
            "Do the dependencies answer?",
            "Asks the store, the stream and the archive one question each. 503 when one of them does not answer.",
            new RouteDocs([], Examples.DetailedHealth));
        group.MapGet("/status", Status).Needs(Role.Viewer).Produces<StatusAnswer>().Describe(
            "What has become of the ticks, and what there is",
            "Counted, duplicate, late and quarantined ticks survive a restart; received, rate and lag are of this process. "
            + "ticks_produced adds the cursors of this process's producers (which survive) to the ticks posted since its start. "
            + "completeness_ratio is (counted + late + quarantined) / produced, at most 1.",
            new RouteDocs([], Examples.Status));
        group.MapGet("/api/v1/system/performance", Performance).Needs(Role.Viewer).Produces<PerformanceAnswer>().Describe(
            "Latency and throughput of this process",
            "All latencies in milliseconds, since the start, right within 6.25 %; null before the first.",
            new RouteDocs([], Examples.Performance));
    }

    private static IResult Health() => TypedResults.Json(new HealthAnswer("ok"), ApiJson.Default.HealthAnswer);

    private static async Task<IResult> Detailed(CheckDependencies check, ILogger<CheckDependencies> log, CancellationToken cancellation)
    {
        var asked = await check.RunAsync(cancellation);
        foreach (var silent in asked.Where(x => x.Cause is not null)) LogSilent(log, silent.Cause!, silent.Name);
        var isWell = asked.All(x => x.Fault is null);
        var answer = new DetailedHealthAnswer(
            isWell ? "ok" : "degraded",
            asked.ToDictionary(x => x.Name, x => new DependencyAnswer(x.Fault is null ? "ok" : "unavailable", x.Latency.TotalMilliseconds, x.Fault)));
        return TypedResults.Json(answer, ApiJson.Default.DetailedHealthAnswer, statusCode: isWell ? 200 : 503);
    }

    private static async Task<IResult> Status(ReportStatus report, CancellationToken cancellation)
    {
        var x = await report.RunAsync(cancellation);
        var stream = new StreamAnswer(
            x.Produced, x.Received, x.Counted, x.Duplicates, x.Late, x.Quarantined, x.TicksPerSecond, x.Lag.TotalMilliseconds, x.CompletenessRatio);
        var totals = new TotalsAnswer(x.TickedSymbols, x.Lowest?.ToDecimal(), x.Highest?.ToDecimal(), x.Volume);
        var answer = new StatusAnswer(
            Version, x.Uptime.TotalSeconds, x.StartedAt.ToWire(), stream, totals, x.Symbols, x.Accounts, x.LastSnapshotAt?.ToWire(), x.HistoryVersion, x.LastFault);
        return TypedResults.Json(answer, ApiJson.Default.StatusAnswer);
    }

    private static IResult Performance(StreamFigures figures, ProcessorTime processor)
    {
        var answer = new PerformanceAnswer(
            Latency(figures.Decode), Latency(figures.Ingest), Latency(figures.Measure), Latency(figures.Store), Latency(figures.EndToEnd), Latency(figures.Api),
            figures.TicksPerSecond, figures.Received, figures.Snapshots, Environment.WorkingSet, processor.Percent());
        return TypedResults.Json(answer, ApiJson.Default.PerformanceAnswer);
    }

    private static LatencyAnswer Latency(LatencyHistogram x) => new(
        x.Count, x.Quantile(0.5)?.TotalMilliseconds, x.Quantile(0.95)?.TotalMilliseconds, x.Quantile(0.99)?.TotalMilliseconds);

    [LoggerMessage(LogLevel.Warning, "The {Dependency} did not answer.")]
    private static partial void LogSilent(ILogger log, Exception cause, string dependency);
}

public sealed record HealthAnswer(string Status);

public sealed record DetailedHealthAnswer(string Status, Dictionary<string, DependencyAnswer> Dependencies);

public sealed record DependencyAnswer(string Status, double LatencyMs, string? Detail);

public sealed record StatusAnswer(
    string Version, double UptimeSeconds, string StartedAt, StreamAnswer Stream, TotalsAnswer Totals, int Symbols, int Accounts,
    string? LastSnapshotAt, long HistoryVersion, string? LastFault);

public sealed record StreamAnswer(
    long TicksProduced, long TicksReceived, long TicksCounted, long TicksDuplicate, long TicksLate, long TicksQuarantined,
    double TicksPerSecond, double LagMs, double CompletenessRatio);

public sealed record TotalsAnswer(int UniqueSymbols, decimal? PriceMin, decimal? PriceMax, decimal Volume);

public sealed record PerformanceAnswer(
    LatencyAnswer Decode, LatencyAnswer Ingest, LatencyAnswer Measure, LatencyAnswer Store, LatencyAnswer EndToEndMs, LatencyAnswer ApiMs,
    double TicksPerSecond, long TicksReceived, long Snapshots, long MemoryBytes, double CpuPercent);

/// <summary>Milliseconds.</summary>
public sealed record LatencyAnswer(long Count, double? P50, double? P95, double? P99);
