using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace Risk.Testing.Simulation;

/// <summary>
/// Runs a simulation under many seeds. SIMULATION_SEEDS=10000 makes each test take ten times as many as it does by default (as if 1,000 were its
/// number), SIMULATION_SEED=17 makes it take that one alone.
/// </summary>
public static class SimulationSeeds
{
    private const double Ordinary = 1_000;

    /// <param name="count">In the ordinary run.</param>
    /// <param name="test">Type and method, as a filter takes them.</param>
    /// <param name="judge">Throws when the run under this seed ends wrong.</param>
    public static async Task EachAsync(int count, string test, Func<int, Task> judge)
    {
        var failures = new ConcurrentDictionary<int, Exception>();
        var (first, seeds) = Range(count);
        await Parallel.ForAsync(first, first + seeds, async (seed, _) =>
        {
            try
            {
                await judge(seed);
            }
            catch (Exception fault)
            {
                failures[seed] = fault;
            }
        });
        if (failures.IsEmpty) return;
        var seed = failures.Keys.Min();
        Assert.Fail($"""
            {failures.Count} of {seeds} seeds end wrong: {string.Join(", ", failures.Keys.Order().Take(20))}
            Again: SIMULATION_SEED={seed} dotnet test -c Release --filter "FullyQualifiedName~{test}"
            {failures[seed]}
            """);
    }

    private static (int First, int Count) Range(int count)
    {
        if (Environment.GetEnvironmentVariable("SIMULATION_SEED") is { Length: > 0 } one) return (int.Parse(one, CultureInfo.InvariantCulture), 1);
        var wanted = Environment.GetEnvironmentVariable("SIMULATION_SEEDS") is { Length: > 0 } many ? double.Parse(many, CultureInfo.InvariantCulture) : Ordinary;
        return (0, Math.Max(1, (int)(count * wanted / Ordinary)));
    }
}
