using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <summary>Runs the simulation by the wall clock. Time lost while the process stood still for long is not made up for.</summary>
public sealed class ProduceLiveTicks(ProduceTicks produce, TimeProvider clock)
{
    /// <summary>Ticks that fall due within it go out together.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan MaxBehind = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    /// <param name="runFor">Null runs until cancelled, which throws.</param>
    /// <returns>The ticks published.</returns>
    public async Task<long> RunAsync(double ticksPerSecond, TimeSpan? runFor, CancellationToken cancellation)
    {
        if (ticksPerSecond is not (>= 0.001 and <= 1_000_000)) throw new ArgumentOutOfRangeException(nameof(ticksPerSecond), ticksPerSecond, "Must lie in [0.001, 10⁶].");
        var began = clock.GetTimestamp();
        var pace = new TickPace(EventTime.From(clock.GetUtcNow()), ticksPerSecond);
        long published = 0;
        while (runFor is null || clock.GetElapsedTime(began) < runFor)
        {
            var now = EventTime.From(clock.GetUtcNow());
            var lead = now - pace.At(0);
            if (lead > MaxBehind || lead < -MaxBehind - TimeSpan.FromSeconds(1 / ticksPerSecond)) pace = new TickPace(now, ticksPerSecond);
            var due = 0L;
            if (now >= pace.At(0)) due = (long)((now - pace.At(0)).TotalSeconds * ticksPerSecond) + 1;
            while (due > 0 && pace.At(due - 1) > now) due--;
            if (due > 0)
            {
                published += (await produce.RunAsync(due, pace, cancellation)).Ticks;
                pace = pace.Skip(due);
            }
            var wait = TimeSpan.FromTicks(Math.Clamp((pace.At(0) - EventTime.From(clock.GetUtcNow())).Ticks, Beat.Ticks, MaxWait.Ticks));
            var left = runFor - clock.GetElapsedTime(began) ?? MaxWait;
            if (left > TimeSpan.Zero) await Task.Delay(wait < left ? wait : left, clock, cancellation);
        }
        return published;
    }
}
