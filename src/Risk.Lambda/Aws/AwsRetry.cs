using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// Repeats a call until it is answered, within bounds: each try has its own time, the waits between them grow and are drawn at random from
/// zero up, so that many callers that were turned away together do not come back together. The SDK's own repetitions are off.
/// </summary>
/// <param name="seed">Another one in each process: equal seeds would wait in step.</param>
public sealed class AwsRetry(TimeProvider clock, int seed, RetryBounds? bounds = null)
{
    private readonly RetryBounds bounds = bounds ?? RetryBounds.Default;
    private readonly Lock guard = new();
    private Random random = new(seed);

    /// <summary>In a copy of the process: copies that wait in step come back together.</summary>
    public void Reseed(int newSeed)
    {
        lock (guard)
            random = new Random(newSeed);
    }

    /// <param name="what">Names the call in the message of the exception.</param>
    /// <param name="call">One try. What it throws is judged by <see cref="AwsFaults"/>; it may throw <see cref="StoreUnavailableException"/> to ask for another.</param>
    /// <exception cref="StoreUnavailableException">All tries failed.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var timeout = new CancellationTokenSource(bounds.TryTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
            try
            {
                return await call(either.Token);
            }
            catch (Exception fault) when (AwsFaults.IsTransient(fault))
            {
                cancellation.ThrowIfCancellationRequested();
                if (tries == bounds.Tries)
                    throw new StoreUnavailableException($"{what}: no success after {tries} tries: {fault.Message}", fault);
            }

            await Task.Delay(WaitAfter(tries), clock, cancellation);
        }
    }

    private TimeSpan WaitAfter(int tries)
    {
        var most = Math.Min(bounds.LongestWait.TotalMilliseconds, bounds.FirstWait.TotalMilliseconds * Math.Pow(2, tries - 1));
        lock (guard)
            return TimeSpan.FromMilliseconds(most * random.NextDouble());
    }
}

/// <param name="Tries">The first included.</param>
/// <param name="TryTimeout">Of one try, from sending to the last byte of the answer.</param>
/// <param name="FirstWait">The upper bound of the first wait; it doubles with each.</param>
public sealed record RetryBounds(int Tries, TimeSpan TryTimeout, TimeSpan FirstWait, TimeSpan LongestWait)
{
    /// <summary>At most 4.8 s of waits, 2.4 s on average: an outage that lasts longer is the platform's to repeat.</summary>
    public static RetryBounds Default { get; } = new(8, TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(1_600));

    /// <summary>For objects of many megabytes.</summary>
    public static RetryBounds OfObjects { get; } = Default with { TryTimeout = TimeSpan.FromSeconds(15) };

    /// <summary>For what is worth little a moment later.</summary>
    public static RetryBounds OfPushes { get; } = Default with { Tries = 2, TryTimeout = TimeSpan.FromSeconds(2) };
}
