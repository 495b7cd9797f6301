using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Risk.Application.Monitoring;
using Risk.Application.Ports;

namespace Risk.Local.Host;

/// <summary>Runs <see cref="Housekeeping"/> every second, and once more to its end when the host stops.</summary>
public sealed class HousekeepingLoop(Housekeeping housekeeping, StreamFigures figures, TimeProvider time, ILogger<HousekeepingLoop> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await housekeeping.RunOnceAsync(all: false, stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                figures.Failed(fault.Message);
                log.LogWarning("Housekeeping failed and is tried again in {Seconds} s: {Fault}", Interval.TotalSeconds, fault.Message);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await housekeeping.RunOnceAsync(all: true, cancellationToken);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException)
        {
            log.LogWarning("What is not archived yet stays in the log until the next start: {Fault}", fault.Message);
        }
    }
}
