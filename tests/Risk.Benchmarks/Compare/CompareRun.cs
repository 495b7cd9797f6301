using System.Globalization;
using System.Text.Json;

namespace Risk.Benchmarks.Compare;

/// <summary>Times the work that production does, for comparison with other programs on the same machine.</summary>
public static class CompareRun
{
    private static readonly (string Key, string What)[] PipelineKeys =
    [
        ("pipeline_ticks_per_second", "simulated ticks of 100 symbols through the durable log, decode, ingest, store and the snapshots of 20 portfolios"),
        ("pipeline_p50_ms", "from the log's taking of a record to the stored snapshots of all that it affects"),
        ("pipeline_p99_ms", "the same"),
        ("pipeline_rss_mb_start", "resident memory before the measured ticks, after those that warm the code up"),
        ("pipeline_rss_mb_end", "resident memory after them"),
    ];

    internal static readonly TimedTask[] Tasks = [.. RiskTasks.All(), .. CalculatorTasks.All(), .. TickTasks.All()];

    /// <summary>The options, and what each key times.</summary>
    public static string Help() =>
        string.Join('\n', Tasks.Select(x => (x.Key, x.What)).Concat(PipelineKeys).Select(x => $"  {x.Key,-26} {x.What}").Prepend(CompareOptions.Usage + "\n"));

    public static async Task<int> MainAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(Help());
            return 0;
        }
        var (options, faults) = CompareOptions.Parse(arguments);
        if (options is null)
        {
            foreach (var fault in faults) await Console.Error.WriteLineAsync($"Not understood: {fault}");
            await Console.Error.WriteLineAsync(CompareOptions.Usage);
            return 2;
        }
        var figures = new List<(string Key, double Value)>();
        // First, so that its memory is its own.
        if (options.PipelineTicks > 0 && PipelineKeys.Any(x => options.Wants(x.Key))) figures.AddRange(await PipelineAsync(options.PipelineTicks));
        await Console.Error.WriteLineAsync(MachineLimits.Measure());
        foreach (var task in Tasks.Where(x => options.Wants(x.Key)))
        {
            var time = task.Run(options.Budget);
            figures.Add((time.Key, time.Median));
            await Console.Error.WriteLineAsync($"{time.Key,-26} median {Text(time.Median),10}   best {Text(time.Best),10}   {time.Samples.Count} samples");
        }
        foreach (var (key, value) in figures) Console.WriteLine($"{key,-28}{(key.StartsWith("pipeline_", StringComparison.Ordinal) ? $"{value:N1}" : Text(value)),14}");
        if (options.JsonFile is { } file) await WriteAsync(file, figures);
        return 0;
    }

    private static async Task<IEnumerable<(string Key, double Value)>> PipelineAsync(int ticks)
    {
        await Console.Error.WriteLineAsync($"pipeline: {ticks:N0} ticks");
        var x = await PipelineRun.MeasureAsync(ticks);
        return PipelineKeys.Select(k => k.Key).Zip(
            [x.TicksPerSecond, x.P50?.TotalMilliseconds ?? 0, x.P99?.TotalMilliseconds ?? 0, x.RssStartMb, x.RssEndMb]);
    }

    private static async Task WriteAsync(string file, IEnumerable<(string Key, double Value)> figures)
    {
        await using var stream = File.Create(file);
        await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        foreach (var (key, value) in figures) writer.WriteNumber(key, value);
        writer.WriteEndObject();
    }

    private static string Text(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:F1} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F2} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:F2} ms"),
    };
}
