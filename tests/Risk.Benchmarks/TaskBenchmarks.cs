using BenchmarkDotNet.Attributes;
using Risk.Benchmarks.Compare;

namespace Risk.Benchmarks;

/// <summary>Every task of the comparison, with what it allocates.</summary>
[MemoryDiagnoser]
public class TaskBenchmarks
{
    private Func<double> work = () => 0;

    [ParamsSource(nameof(Keys))]
    public string Key { get; set; } = "";

    public static IEnumerable<string> Keys => CompareRun.Tasks.Select(x => x.Key);

    [GlobalSetup]
    public void Prepare() => work = CompareRun.Tasks.Single(x => x.Key == Key).Prepare();

    [Benchmark]
    public double Run() => work();
}
