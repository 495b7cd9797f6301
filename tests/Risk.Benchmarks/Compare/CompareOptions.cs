using System.Globalization;

namespace Risk.Benchmarks.Compare;

/// <param name="JsonFile">Where the figures go for programs; null for nowhere.</param>
/// <param name="Budget">For the samples of one task.</param>
/// <param name="PipelineTicks">0 leaves the pipeline out.</param>
/// <param name="Only">The beginnings of the keys to time; all if empty.</param>
internal sealed record CompareOptions(string? JsonFile, TimeSpan Budget, int PipelineTicks, IReadOnlyList<string> Only)
{
    private static readonly CompareOptions Default = new(null, TimeSpan.FromSeconds(2), 1_000_000, []);

    public const string Usage =
        """
        compare [--json FILE] [--seconds S] [--ticks N] [--only KEYS]

        Seconds of one repetition of each task: the median, on one thread, in one process. Progress goes to the error stream.
          --json FILE   writes the figures as one JSON object under the keys below
          --seconds S   for the samples of one task (default 2); 0 takes one cold repetition each
          --ticks N     through the pipeline (default 1,000,000); 0 leaves it out
          --only KEYS   beginnings of keys, separated by commas
        """;

    /// <summary>Null with every fault if the arguments are not understood.</summary>
    public static (CompareOptions? Options, IReadOnlyList<string> Faults) Parse(IReadOnlyList<string> arguments)
    {
        var (options, faults) = (Default, new List<string>());
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--json" when value is not null:
                    options = options with { JsonFile = value };
                    break;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 3_600:
                    options = options with { Budget = TimeSpan.FromSeconds(seconds) };
                    break;
                case "--ticks" when int.TryParse(value, CultureInfo.InvariantCulture, out var ticks) && ticks >= 0:
                    options = options with { PipelineTicks = ticks };
                    break;
                case "--only" when value is not null:
                    options = options with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries) };
                    break;
                default:
                    faults.Add($"{arguments[i]} {value}".TrimEnd());
                    break;
            }
        }
        return (faults.Count == 0 ? options : null, faults);
    }

    public bool Wants(string key) => Only.Count == 0 || Only.Any(start => key.StartsWith(start, StringComparison.Ordinal));
}
