using Microsoft.Extensions.Logging;

namespace Risk.Lambda.Runtime;

/// <summary>Takes event after event from the platform, hands it to the function and posts what comes back.</summary>
public sealed partial class InvocationLoop(RuntimeApi api, FunctionHandler handler, JsonLogs logs, EmbeddedMetrics metrics, TimeProvider time)
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    // What it takes to report an error before the platform ends the process.
    private static readonly TimeSpan TimeToReport = TimeSpan.FromMilliseconds(200);

    private readonly ILogger log = logs.CreateLogger("Risk.Lambda.Runtime");

    /// <summary>Returns when it is stopped, between two events.</summary>
    /// <exception cref="RuntimeApiException">The platform answers as it should not; exit.</exception>
    /// <exception cref="HttpRequestException">The platform can't be reached; exit.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await HandleAsync(await api.NextAsync(stop));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(Invocation invocation)
    {
        logs.Current = invocation;
        Environment.SetEnvironmentVariable(TraceVariable, invocation.TraceId);
        var (reply, error) = await RunHandlerAsync(invocation);
        // The process is frozen from the reply on: nothing may be left to write.
        metrics.Flush();
        var outcome = error is null ? await api.ReplyAsync(invocation.RequestId, reply) : await api.FailAsync(invocation.RequestId, error);
        if (outcome == PostOutcome.TooLarge) LogTooLarge(log, reply.Length);
        else if (outcome == PostOutcome.Refused) LogRefused(log);
    }

    private async Task<(ReadOnlyMemory<byte> Reply, FunctionError? Error)> RunHandlerAsync(Invocation invocation)
    {
        using var deadline = new CancellationTokenSource(TimeFor(invocation), time);
        try
        {
            return (await handler(invocation, deadline.Token), null);
        }
        catch (OperationCanceledException fault) when (deadline.IsCancellationRequested)
        {
            LogDeadline(log, fault);
            return (default, FunctionError.OfDeadline(invocation));
        }
#pragma warning disable CA1031 // Whatever the function throws is the error of this event; the next one may succeed.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailure(log, fault);
            return (default, FunctionError.Of(fault));
        }
    }

    /// <summary>Until shortly before the deadline; of a very short time, nine tenths.</summary>
    private TimeSpan TimeFor(Invocation invocation)
    {
        var left = invocation.Deadline - time.GetUtcNow();
        if (left <= TimeSpan.Zero) return TimeSpan.Zero;
        var granted = left - (left / 10 < TimeToReport ? left / 10 : TimeToReport);
        return granted.TotalMilliseconds < int.MaxValue ? granted : TimeSpan.FromMilliseconds(int.MaxValue);
    }

    [LoggerMessage(LogLevel.Error, "The function failed.")]
    private static partial void LogFailure(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Error, "The function did not finish before its deadline.")]
    private static partial void LogDeadline(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Error, "The reply of {Bytes} bytes is larger than the platform takes; the invocation has failed.")]
    private static partial void LogTooLarge(ILogger log, int bytes);

    [LoggerMessage(LogLevel.Warning, "The platform took no answer: the invocation was answered before, or is over.")]
    private static partial void LogRefused(ILogger log);
}
