using Risk.Application.Ports;

namespace Risk.Application.Reporting;

/// <summary>Asks each dependency one small question, all at once and each for a bounded time.</summary>
public sealed class CheckDependencies(IItemTable table, ITickStream stream, IArchive archive, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<DependencyHealth>> RunAsync(CancellationToken cancellation) => await Task.WhenAll(
        AskAsync("store", token => table.GetAsync(new ItemKey("HEALTH", "probe"), token), cancellation),
        AskAsync("stream", stream.ListShardsAsync, cancellation),
        AskAsync("archive", token => archive.GetAsync("health/probe", token), cancellation));

    private async Task<DependencyHealth> AskAsync(string name, Func<CancellationToken, Task> question, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        Exception? cause = null;
        try
        {
            await question(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            cause = new TimeoutException($"No answer within {Patience.TotalSeconds} s.");
        }
#pragma warning disable CA1031 // Whatever it is that a dependency answers with is what was asked about; refusals are of a type of its own.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            cause = fault;
        }
        return new DependencyHealth(name, time.GetElapsedTime(started), cause);
    }
}

/// <param name="Cause">Why it did not answer; null when it did.</param>
public sealed record DependencyHealth(string Name, TimeSpan Latency, Exception? Cause)
{
    /// <summary>For callers, who need not know what it is made of; null when it answered.</summary>
    public string? Fault => Cause switch
    {
        null => null,
        TimeoutException patience => patience.Message,
        _ => "It can't be reached or used; the log says why.",
    };
}
