namespace Risk.Api.Setup;

/// <summary>How busy the process was since it was last asked, in percent of one processor: two busy processors are 200.</summary>
internal sealed class ProcessorTime(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly Lock guard = new();
    private long askedAt = time.GetTimestamp();
    private TimeSpan used = Used();
    private double percent;

    public double Percent()
    {
        lock (guard)
        {
            var elapsed = time.GetElapsedTime(askedAt);
            if (elapsed < Shortest) return percent;
            var now = Used();
            percent = Math.Round(100 * (now - used) / elapsed, 1);
            (askedAt, used) = (time.GetTimestamp(), now);
            return percent;
        }
    }

    private static TimeSpan Used() =>
        OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsBrowser() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
}
