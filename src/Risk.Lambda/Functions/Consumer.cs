using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>Ticks of the Kinesis stream: counts them, measures what they affect, archives them as they came.</summary>
public sealed partial class Consumer(
    IngestTicks ingest, ArchiveBatch archive, StreamFigures figures, EmbeddedMetrics metrics, TimeProvider time, ILogger<Consumer> log)
{
    /// <summary>Kept back from the time that there is, for the archive and the reply.</summary>
    private static readonly TimeSpan TimeToArchive = TimeSpan.FromSeconds(12);

    private string? lastFault;

    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE", "RISK_RAW_BUCKET");
        await using var services = new ServiceCollection().AddCloud(settings, runtime).AddSingleton<Consumer>().BuildServiceProvider();
        await runtime.ServeAsync(services.GetRequiredService<Consumer>().HandleAsync);
    }

    /// <exception cref="MalformedEventException">The event is not one of Kinesis.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var deliveries = KinesisEvent.Parse(invocation.Event);
        var left = invocation.Deadline - time.GetUtcNow();
        using var stop = new CancellationTokenSource(Clamp(left - (left / 4 < TimeToArchive ? left / 4 : TimeToArchive)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop.Token);
        var failed = new List<string>();
        foreach (var delivery in deliveries)
            if (await TakeAsync(delivery, either.Token, cancellation) is { } from) failed.Add(from);
        return PartialBatch.Reply(failed);
    }

    /// <summary>Returns the record from which on the shard must come again, or null.</summary>
    private async Task<string?> TakeAsync(Delivery delivery, CancellationToken untilArchive, CancellationToken untilReply)
    {
        var from = await IngestAsync(delivery, untilArchive);
        var done = from is null ? delivery.Records : [.. delivery.Records.TakeWhile(record => record.Sequence != from)];
        try
        {
            foreach (var gap in await archive.RunAsync(delivery.Shard, done, untilReply)) LogGap(log, gap, delivery.Shard);
            return from;
        }
        catch (Exception fault) when (fault is StoreUnavailableException || IsTimeUp(fault, untilReply))
        {
            // Neither archived nor noted: all come again, and those that are counted already add nothing.
            LogLater(log, fault, delivery.Shard, delivery.First);
            return delivery.First;
        }
    }

    private async Task<string?> IngestAsync(Delivery delivery, CancellationToken cancellation)
    {
        metrics.Record(Metric.IteratorAge, Age(delivery.Records.Min(record => record.ArrivedAt)));
        var (measure, store) = (figures.Measure.Total, figures.Store.Total);
        try
        {
            var result = await ingest.RunAsync(delivery.Shard, delivery.Records, cancellation);
            metrics.Record(Metric.TicksCounted, result.Counts.Counted);
            metrics.Record(Metric.TicksDuplicate, result.Counts.Duplicates);
            metrics.Record(Metric.TicksLate, result.Counts.Late);
            metrics.Record(Metric.TicksQuarantined, result.Counts.Quarantined + result.Rejected);
            if (figures.NewestSnapshot is { } newest) metrics.Record(Metric.SnapshotAge, Age(newest.ToDateTimeOffset()));
            if (result.FailedFrom is { } from) LogLater(log, null, delivery.Shard, from);
            return result.FailedFrom;
        }
        catch (Exception fault) when (fault is StoreUnavailableException || IsTimeUp(fault, cancellation))
        {
            LogLater(log, fault, delivery.Shard, delivery.First);
            return delivery.First;
        }
        finally
        {
            metrics.Record(Metric.MeasureTime, figures.Measure.Total - measure);
            metrics.Record(Metric.StoreTime, figures.Store.Total - store);
            if (figures.LastFault is { } said && said != lastFault) LogFault(log, lastFault = said);
        }
    }

    private static bool IsTimeUp(Exception fault, CancellationToken cancellation) => fault is OperationCanceledException && cancellation.IsCancellationRequested;

    private TimeSpan Age(DateTimeOffset since) => time.GetUtcNow() - since;

    private static TimeSpan Clamp(TimeSpan span) => TimeSpan.FromMilliseconds(Math.Clamp(span.TotalMilliseconds, 0, int.MaxValue));

    [LoggerMessage(LogLevel.Warning, "Shard {Shard} must come again from {Sequence} on.")]
    private static partial void LogLater(ILogger log, Exception? fault, string shard, string sequence);

    [LoggerMessage(LogLevel.Error, "Raw records of shard {Shard} are not in the archive; a gap item says which.")]
    private static partial void LogGap(ILogger log, Exception fault, string shard);

    [LoggerMessage(LogLevel.Error, "{Fault}")]
    private static partial void LogFault(ILogger log, string fault);
}
