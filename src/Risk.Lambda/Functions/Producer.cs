using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>
/// Simulated ticks of one minute, each time the schedule fires. The schedule fires generously; the calendar of the market decides. It fires
/// at least once; the lock on the scheduled time lets the first one work. By hand, <c>detail.at_once</c> publishes the minute of the event's
/// time without waiting for it, at any hour.
/// </summary>
public sealed partial class Producer(
    HistoricalMarket markets, Universe universe, ITickStream stream, ProducerCursors cursors, JobLock jobs, CloudSettings settings, TimeProvider time, ILogger<Producer> log)
{
    /// <summary>Kept free before the deadline: what was begun is finished.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(3);

    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE", "RISK_STREAM", "RISK_RAW_BUCKET");
        await using var services = new ServiceCollection().AddCloud(settings, runtime).AddSingleton<Producer>().BuildServiceProvider();
        await runtime.ServeAsync(services.GetRequiredService<Producer>().HandleAsync);
    }

    /// <summary>Replies with the number of ticks that were published, and why none were.</summary>
    /// <exception cref="MalformedEventException">The event is not one of a schedule, or names an unknown market.</exception>
    /// <exception cref="StoreUnavailableException">Some ticks are not known to be published; the same event may be given again.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var fired = ScheduleEvent.Parse(invocation.Event);
        var market = settings.Market;
        if (fired.Market is { } named && !MarketCalendar.TryParse(named, out market)) throw new MalformedEventException($"'{named}' is not a market: SIM, NSE or US.");
        var calendar = MarketCalendar.Of(market);
        var now = fired.AtOnce ? fired.Time!.Value : time.GetUtcNow();
        if (!calendar.IsOpen(EventTime.From(now))) return Reply(0, "market_closed");
        var scheduled = fired.Time ?? StartOfMinute(now);
        // A schedule fires at least once; by hand each call is meant.
        if (fired.Schedule is { } schedule && !await jobs.TryTakeAsync($"producer-{schedule}", scheduled, invocation.RequestId, cancellation)) return Reply(0, "already_run");
        await universe.RefreshAsync(cancellation);
        if (await markets.BuildAsync(settings.Seed, cancellation) is not { } simulated)
        {
            LogNothing(log);
            return Reply(0, "no_history");
        }
        var produce = new ProduceTicks(stream, cursors, universe.Symbols, simulated);
        var end = End(calendar, now);
        if (fired.AtOnce)
        {
            var ticks = (long)Math.Ceiling((end - now).TotalSeconds * settings.Rate);
            return Reply((await produce.RunAsync(ticks, new TickPace(EventTime.From(now), settings.Rate), cancellation)).Ticks, null);
        }
        var runFor = (invocation.Deadline - TimeToEnd < end ? invocation.Deadline - TimeToEnd : end) - now;
        return Reply(runFor > TimeSpan.Zero ? await new ProduceLiveTicks(produce, time).RunAsync(settings.Rate, runFor, cancellation) : 0, null);
    }

    /// <summary>The next minute or the close of the market: what comes first.</summary>
    private static DateTimeOffset End(MarketCalendar calendar, DateTimeOffset now)
    {
        var end = StartOfMinute(now).AddMinutes(1);
        return calendar.NextClose(EventTime.From(now))?.ToDateTimeOffset() is { } close && close < end ? close : end;
    }

    private static DateTimeOffset StartOfMinute(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private static ReadOnlyMemory<byte> Reply(long published, string? reason)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("published"u8, published);
        json.WriteString("reason"u8, reason);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    [LoggerMessage(LogLevel.Warning, "There is no price history to simulate from: import one.")]
    private static partial void LogNothing(ILogger log);
}
