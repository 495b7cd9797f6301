using Risk.Lambda.Aws;

namespace Risk.Lambda.Tests.Aws;

/// <summary>Waits between tries are over at once, and noted; the time of a try runs out when the test says so.</summary>
internal sealed class RetryClock : TimeProvider
{
    private static readonly TimeSpan ShortestTry = RetryBounds.OfPushes.TryTimeout;

    private readonly Lock guard = new();
    private readonly List<Timer> tries = [];
    private readonly List<TimeSpan> waits = [];
    private DateTimeOffset now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (guard)
                return [.. waits];
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard)
            return now;
    }

    public void Advance(TimeSpan by)
    {
        lock (guard)
            now += by;
    }

    public void ExpireTries()
    {
        Timer[] running;
        lock (guard)
            running = [.. tries];
        foreach (var timer in running)
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (guard)
        {
            if (dueTime >= ShortestTry)
            {
                tries.Add(timer);
                return timer;
            }

            if (dueTime < TimeSpan.Zero)
                return timer;
            waits.Add(dueTime);
            now += dueTime;
        }

        ThreadPool.QueueUserWorkItem(_ => timer.Fire());
        return timer;
    }

    private sealed class Timer(RetryClock clock, TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock.guard)
                clock.tries.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
