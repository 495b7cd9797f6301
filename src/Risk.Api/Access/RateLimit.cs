using System.Collections.Concurrent;

namespace Risk.Api.Access;

/// <summary>
/// How fast each caller may ask: a bucket that fills steadily and holds a burst. A bucket is one number, the moment at which it will be
/// full again. (ASP.NET's own limiter can't be given a clock.) Counted in each process by itself.
/// </summary>
internal sealed class RateLimit(TimeProvider time)
{
    public const int PerSecond = 50;
    public const int Burst = 100;

    /// <summary>Of routes that take ticks in.</summary>
    public const int FeedPerSecond = 500;
    public const int FeedBurst = 1_000;

    private const int MaxBuckets = 10_000;

    private readonly ConcurrentDictionary<(string Caller, bool IsFeed), long> fullAt = new();

    /// <summary>Takes one; or null was not possible: how long to wait until it is.</summary>
    public TimeSpan? Take(string caller, bool isFeed)
    {
        var (perSecond, burst) = isFeed ? (FeedPerSecond, FeedBurst) : (PerSecond, Burst);
        var (cost, room) = (time.TimestampFrequency / perSecond, time.TimestampFrequency / perSecond * (burst - 1));
        while (true)
        {
            var now = time.GetTimestamp();
            var isKnown = fullAt.TryGetValue((caller, isFeed), out var known);
            var begin = isKnown ? Math.Max(known, now) : now;
            if (begin - now > room) return TimeSpan.FromSeconds((double)(begin - now - room) / time.TimestampFrequency);
            if (isKnown ? fullAt.TryUpdate((caller, isFeed), begin + cost, known) : fullAt.TryAdd((caller, isFeed), begin + cost)) break;
        }
        if (fullAt.Count > MaxBuckets) ForgetFull();
        return null;
    }

    /// <summary>A full bucket and none are the same.</summary>
    private void ForgetFull()
    {
        var now = time.GetTimestamp();
        foreach (var bucket in fullAt)
            if (bucket.Value <= now) fullAt.TryRemove(bucket);
    }
}
