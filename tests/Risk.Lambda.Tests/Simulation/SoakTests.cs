using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>Row 40 of docs/FAULTS.md. SOAK_SECONDS=3600 makes it an hour of simulated time: 18 million ticks.</summary>
public sealed class SoakTests
{
    private const int MinutesToJudgeMemory = 30;

    [Fact]
    public async Task Every_tick_of_a_long_run_is_counted_once_and_memory_does_not_grow()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("SOAK_SECONDS") ?? "60", CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();
        var run = await SoakRun.OfAsync(seconds);
        await run.JudgeAsync();
        Assert.InRange(run.Ticks, (long)seconds * SoakRun.TicksPerSecond, ((long)seconds + 3) * SoakRun.TicksPerSecond);
        var (heap, resident) = (run.Memory.ConvertAll(x => x.Heap), run.Memory.ConvertAll(x => x.Resident));
        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Ticks} ticks, {run.Repeated} events twice, {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s; heap MB {heap[0]:F1} … {heap[^1]:F1}; resident MB {string.Join(' ', resident.Select(x => x.ToString("F0", CultureInfo.InvariantCulture)))}"));
        if (run.Memory.Count < MinutesToJudgeMemory) return;
        Assert.InRange(SoakRun.GrowthIn10Minutes(heap), double.NegativeInfinity, 1);
        Assert.InRange(SoakRun.GrowthIn10Minutes(resident), double.NegativeInfinity, 1);
    }

    [Fact]
    public void Growth_is_that_of_the_lowest_figures_once_it_runs()
    {
        Assert.Equal(2, SoakRun.GrowthIn10Minutes([.. Enumerable.Range(0, 60).Select(i => i < 20 ? 500 - i : (0.2 * i) + (i % 7 == 3 ? 90 : 0))]), 9);
        Assert.Equal(0, SoakRun.GrowthIn10Minutes([.. Enumerable.Range(0, 60).Select(i => i < 20 ? i : 30.0 + (i % 2))]), 9);
    }
}
