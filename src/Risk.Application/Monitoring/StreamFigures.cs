using Risk.Domain.Prices;

namespace Risk.Application.Monitoring;

/// <summary>
/// What this process has seen of the stream since it started. What must survive a restart is counted in the stores; this is for watching.
/// </summary>
public sealed class StreamFigures(TimeProvider time)
{
    private readonly Lock guard = new();
    private readonly Queue<(long At, int Ticks)> recent = new();
    private long recentTicks;
    private long received;
    private long lagTicks;
    private long snapshots;
    private long windows;
    private long newestSnapshot;
    private string? lastFault;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public LatencyHistogram Decode { get; } = new();

    public LatencyHistogram Ingest { get; } = new();

    public LatencyHistogram Measure { get; } = new();

    public LatencyHistogram Store { get; } = new();

    /// <summary>From the stream's taking of a record to the stored snapshots of all it affects.</summary>
    public LatencyHistogram EndToEnd { get; } = new();

    public LatencyHistogram Api { get; } = new();

    /// <summary>Ticks delivered, with every repetition.</summary>
    public long Received => Interlocked.Read(ref received);

    public long Snapshots => Interlocked.Read(ref snapshots);

    /// <summary>Of when the newest snapshot is that this process stored; null before the first.</summary>
    public EventTime? NewestSnapshot => Interlocked.Read(ref newestSnapshot) is not 0 and var time ? new EventTime(time) : null;

    /// <summary>Closed windows stored; one that is stored again counts again.</summary>
    public long Windows => Interlocked.Read(ref windows);

    /// <summary>How far the consumer was behind the newest record when it last read.</summary>
    public TimeSpan Lag => TimeSpan.FromTicks(Interlocked.Read(ref lagTicks));

    /// <summary>The last failure of a measurement or a store, for people; null when there was none.</summary>
    public string? LastFault => Volatile.Read(ref lastFault);

    public void Delivered(int ticks)
    {
        Interlocked.Add(ref received, ticks);
        lock (guard)
        {
            var now = time.GetTimestamp();
            recent.Enqueue((now, ticks));
            recentTicks += ticks;
            Forget(now);
        }
    }

    /// <summary>Over the last ten seconds, or since the start if that is less.</summary>
    public double TicksPerSecond
    {
        get
        {
            lock (guard)
            {
                Forget(time.GetTimestamp());
                var running = time.GetUtcNow() - StartedAt;
                return recentTicks / Math.Clamp(running.TotalSeconds, 1, RateSpan.TotalSeconds);
            }
        }
    }

    public void Behind(TimeSpan lag) => Interlocked.Exchange(ref lagTicks, lag.Ticks);

    public void SnapshotsStored(int count, EventTime newest)
    {
        Interlocked.Add(ref snapshots, count);
        Interlocked.Exchange(ref newestSnapshot, newest.Microseconds);
    }

    public void WindowsStored(int count) => Interlocked.Add(ref windows, count);

    public void Failed(string what) => Volatile.Write(ref lastFault, what);

    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(10);

    private void Forget(long now)
    {
        while (recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > RateSpan)
        {
            recent.Dequeue();
            recentTicks -= oldest.Ticks;
        }
    }
}
