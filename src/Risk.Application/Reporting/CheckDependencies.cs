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
        string? fault = null;
        try
        {
            await question(either.Token).WaitAsync(either.Token);
        }
        catch (StoreUnavailableException)
        {
            fault = "It can't be reached or used; the log says why.";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            fault = $"No answer within {Patience.TotalSeconds} s.";
        }
        return new DependencyHealth(name, time.GetElapsedTime(started), fault);
    }
}

/// <param name="Fault">Null when it answered.</param>
public sealed record DependencyHealth(string Name, TimeSpan Latency, string? Fault);
