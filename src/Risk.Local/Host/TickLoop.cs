using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Local.Storage;

namespace Risk.Local.Host;

/// <summary>
/// Consumes the log as it grows. While no tick comes it still looks whether positions or history have changed, so that their risk does not
/// wait for a price. A store that fails is tried again, ever more slowly; nothing is skipped.
/// </summary>
public sealed class TickLoop(
    LocalStore store, ConsumeStream consume, RecomputeRisk risk, StreamFigures figures, TimeProvider time, ILogger<TickLoop> log) : BackgroundService
{
    /// <summary>Up to 25 ticks a record: batches of up to 5,000 ticks, one transaction each.</summary>
    private const int RecordsPerBatch = 200;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<Symbol, SymbolState> NoSymbols = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first rounds may run long without ever waiting; the rest of the host must not wait for them.
        await Task.Yield();
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (await consume.RunOnceAsync(RecordsPerBatch, stoppingToken) == 0) await RestAsync(stoppingToken);
                failures = 0;
            }
            catch (StoreUnavailableException fault)
            {
                figures.Failed(fault.Message);
                log.LogWarning("The store failed and is tried again: {Fault}", fault.Message);
                failures++;
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 50 * Math.Pow(2, failures))), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task RestAsync(CancellationToken cancellation)
    {
        await risk.RunAsync(NoSymbols, cancellation);
        foreach (var shard in await store.Ticks.ListShardsAsync(cancellation))
            await store.Ticks.WaitForRecordsAsync(shard.Id, consume.ReadUpTo(shard.Id), Idle, cancellation);
    }
}
