namespace Risk.Testing.Simulation;

/// <summary>
/// Runs asynchronous code on the calling thread and lets a seeded generator choose which of the ready continuations comes next: a run, with all
/// its interleavings, is a function of the seed. When nothing is ready, time moves on to the next timer. The code under test must await without
/// <c>ConfigureAwait(false)</c> and without threads of its own.
/// </summary>
public sealed class SeededScheduler : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly Random _random;

    private SeededScheduler(Random random) => _random = random;

    /// <exception cref="InvalidOperationException">Nothing is ready and no timer is set, yet the work is not done.</exception>
    public static void Run(Random random, FakeTimeProvider clock, Func<Task> work)
    {
        var scheduler = new SeededScheduler(random);
        var outer = Current;
        SetSynchronizationContext(scheduler);
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (!scheduler.RunOne() && !clock.AdvanceToNextTimer())
                    throw new InvalidOperationException("The simulation is stuck: nothing is ready and no timer is set.");
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_ready)
            _ready.Add((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in a simulation may block.");

    private bool RunOne()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (_ready)
        {
            if (_ready.Count == 0)
                return false;
            var chosen = _random.Next(_ready.Count);
            next = _ready[chosen];
            _ready.RemoveAt(chosen);
        }

        next.Callback(next.State);
        return true;
    }
}
