using System.Diagnostics;

namespace Risk.Benchmarks.Compare;

/// <summary>One figure of the comparison: what is timed, under its key.</summary>
/// <param name="What">For --help: what one repetition does.</param>
/// <param name="Prepare">Builds the data, untimed, and gives the work of one repetition: its result, so that no part of it can be left out.</param>
internal sealed record TimedTask(string Key, string What, Func<Func<double>> Prepare)
{
    /// <summary>Long against the clock's resolution, short against the slices of time that other programs are given.</summary>
    private static readonly TimeSpan SampleLength = TimeSpan.FromMilliseconds(0.2);

    /// <summary>The runtime optimises a method some calls and a tenth of a second after its first call, in the background.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    private static double sink;

    /// <param name="budget">For all samples of the task; zero takes a single sample of one repetition, cold.</param>
    public TaskTime Run(TimeSpan budget)
    {
        var work = Prepare();
        if (budget <= TimeSpan.Zero) return new TaskTime(Key, [Sample(work, 1)]);
        var repetitions = Calibrate(work);
        var samples = new List<double>();
        for (var watch = Stopwatch.StartNew(); samples.Count < 5 || watch.Elapsed < budget;) samples.Add(Sample(work, repetitions));
        return new TaskTime(Key, samples);
    }

    /// <summary>Doubles the repetitions until a sample is long enough and the code is warm.</summary>
    private static int Calibrate(Func<double> work)
    {
        var repetitions = 1;
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var isLong = Sample(work, repetitions) * repetitions >= SampleLength.TotalSeconds;
            if (isLong && watch.Elapsed >= WarmUp) return repetitions;
            if (!isLong) repetitions *= 2;
        }
    }

    private static double Sample(Func<double> work, int repetitions)
    {
        var sum = 0d;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++) sum += work();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Volatile.Write(ref sink, sum);
        return seconds / repetitions;
    }
}

/// <summary>Seconds of one repetition, as often as they were measured.</summary>
internal sealed record TaskTime(string Key, IReadOnlyList<double> Samples)
{
    public double Median => Samples.Order().ElementAt(Samples.Count / 2);

    public double Best => Samples.Min();
}
