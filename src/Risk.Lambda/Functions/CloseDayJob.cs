using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Application.Closing;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>
/// Closes the trading day of a market when the schedule fires. The calendar decides whether there was a session; the lock on the scheduled
/// time lets the first of several firings work. A firing that comes late is not dropped: it closes the day of its scheduled time. One that
/// runs out of time fails, and the platform's next attempt at the same event goes on where it stopped.
/// </summary>
public sealed partial class CloseDayJob(
    CloseDay close, RecomputeRisk risk, JobLock jobs, EmbeddedMetrics metrics, CloudSettings settings, TimeProvider time, ILogger<CloseDayJob> log)
{
    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<Symbol, SymbolState> NoSymbols = [];

    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE", "RISK_STREAM", "RISK_RAW_BUCKET");
        await using var services = new ServiceCollection().AddCloud(settings, runtime).AddSingleton<CloseDayJob>().BuildServiceProvider();
        await runtime.ServeAsync(services.GetRequiredService<CloseDayJob>().HandleAsync);
    }

    /// <summary>Replies with what was done, and why nothing was.</summary>
    /// <exception cref="MalformedEventException">The event is not one of a schedule, names an unknown market, or a time to come.</exception>
    /// <exception cref="Application.Ports.StoreUnavailableException">Some of it is not done; the same event may be given again.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var fired = ScheduleEvent.Parse(invocation.Event);
        var market = settings.Market;
        if (fired.Market is { } named && !MarketCalendar.TryParse(named, out market)) throw new MalformedEventException($"'{named}' is not a market: SIM, NSE or US.");
        var now = time.GetUtcNow();
        var scheduled = fired.Time ?? now;
        if (scheduled > now + MaxAhead) throw new MalformedEventException($"The time {scheduled:O} lies ahead: nothing can be closed yet.");
        if (fired.Schedule is { } schedule && !await jobs.TryTakeAsync($"close-day-{schedule}-{market}", scheduled, invocation.RequestId, cancellation))
            return Reply(DayClose.Nothing(market, "already_run"));
        var closed = await close.RunAsync(market, scheduled, cancellation);
        Tell(closed);
        if (closed.Reason is null) await risk.RunAsync(NoSymbols, cancellation);
        return Reply(closed);
    }

    private void Tell(DayClose closed)
    {
        if (closed is not { History: { } history, Gaps: { } gaps, Curated: { } curated }) return;
        metrics.Record(Metric.WindowsClosed, closed.WindowsClosed);
        metrics.Record(Metric.RawGapsFilled, gaps.Filled);
        metrics.Record(Metric.RawGapsLost, gaps.Missing.Count);
        metrics.Record(Metric.TicksCurated, curated.Made ? curated.Ticks : 0);
        metrics.Record(Metric.HistoryNotExtended, history.Fault is null ? 0 : 1);
        if (history.Fault is { } fault) LogHistory(log, fault);
        foreach (var gap in gaps.Missing) LogGap(log, gap);
    }

    private static ReadOnlyMemory<byte> Reply(DayClose closed) => JsonSerializer.SerializeToUtf8Bytes(closed, DayCloseJson.Default.DayClose);

    [LoggerMessage(LogLevel.Error, "The closes of the day are not in the history: {Fault}")]
    private static partial void LogHistory(ILogger log, string fault);

    [LoggerMessage(LogLevel.Error, "The raw object {Name} is missing, and the stream no longer holds all of its records.")]
    private static partial void LogGap(ILogger log, string name);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DayClose))]
internal sealed partial class DayCloseJson : JsonSerializerContext;
