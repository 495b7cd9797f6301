using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Risk.Application.Closing;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;
using Risk.Local.Storage;

namespace Risk.Local.Host;

/// <summary>
/// Closes each market's day a few minutes after its session, and at the start what was missed while the program did not run. A close waits
/// until all that came before it is ingested and archived.
/// </summary>
public sealed class CloseLoop(
    LocalStore store, CloseDay close, ConsumeStream consume, ArchiveTicks archive, StreamFigures figures, TimeProvider time, ILogger<CloseLoop> log) : BackgroundService
{
    /// <summary>After the close of the session. Longer than the archive keeps records back.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>How many sessions of a market are made up for at the start. Windows, from which a close is taken, live longer.</summary>
    public const int MaxMissed = 7;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Market, EventTime> closedThrough = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                figures.Failed(fault.Message);
                log.LogWarning("The close of the day failed and is tried again in {Seconds} s: {Fault}", Interval.TotalSeconds, fault.Message);
            }
        }
    }

    /// <summary>Closes what is due and not closed yet, the oldest day first.</summary>
    /// <exception cref="StoreUnavailableException">Call again.</exception>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        foreach (var market in Enum.GetValues<Market>())
            foreach (var day in DueDays(market))
            {
                var due = day.To.Add(Grace);
                if (!await IsCaughtUpAsync(due, cancellation)) return;
                Tell(await close.RunAsync(market, due.ToDateTimeOffset(), cancellation));
                closedThrough[market] = day.To;
            }
    }

    private List<TradingDay> DueDays(Market market)
    {
        var days = new List<TradingDay>();
        var through = closedThrough.GetValueOrDefault(market);
        for (var day = TradingDay.ClosedBy(market, EventTime.From(time.GetUtcNow() - Grace)); day is not null && day.To > through && days.Count < MaxMissed; day = day.Before)
            days.Insert(0, day);
        return days;
    }

    /// <summary>True when no record that came until then waits to be ingested or archived.</summary>
    private async Task<bool> IsCaughtUpAsync(EventTime due, CancellationToken cancellation)
    {
        foreach (var shard in await store.Ticks.ListShardsAsync(cancellation))
            foreach (var done in new[] { consume.ReadUpTo(shard.Id), archive.ArchivedUpTo(shard.Id) })
                if ((await store.Ticks.ReadAsync(shard.Id, done, 1, cancellation)).Records is [var next, ..] && EventTime.From(next.ArrivedAt) < due) return false;
        return true;
    }

    private void Tell(DayClose closed)
    {
        if (closed is not { History: { } history, Curated: { } curated }) return;
        if (history.Fault is { } fault)
        {
            figures.Failed(fault);
            log.LogError("The closes of {Market} on {Date} are not in the history: {Fault}", closed.Market, closed.Date, fault);
        }
        if (curated.Made)
            log.LogInformation("Closed {Market} on {Date}: {Closes} closes, {Ticks} ticks in {Manifest}", closed.Market, closed.Date, history.Added, curated.Ticks, curated.Manifest);
    }
}
