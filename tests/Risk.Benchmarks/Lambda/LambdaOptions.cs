namespace Risk.Benchmarks.Lambda;

/// <param name="Json">Print the figures as JSON, or write them to <paramref name="JsonFile"/>.</param>
/// <param name="Package">A published folder to measure; null publishes one.</param>
internal sealed record LambdaOptions(bool Json, string? JsonFile, string? Package)
{
    public const string Usage =
        """
        lambda [--json [FILE]] [--package FOLDER]

        The program of the cloud functions as it is deployed, over emulators on this machine: each figure beside its target and the load
        average at the time. Publishes by `make build` first. Takes some minutes; progress goes to the error stream.
          --json [FILE]      as one JSON object, on the terminal or into the file
          --package FOLDER   measures what was published there before, and publishes nothing
          --help             this
        """;

    /// <summary>Null with every fault if the arguments are not understood.</summary>
    public static (LambdaOptions? Options, IReadOnlyList<string> Faults) Parse(IReadOnlyList<string> arguments)
    {
        var (options, faults) = (new LambdaOptions(false, null, null), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--json":
                    options = options with { Json = true, JsonFile = value };
                    break;
                case "--package" when value is not null && File.Exists(Path.Combine(value, "bootstrap.dll")):
                    options = options with { Package = value };
                    break;
                case "--package":
                    faults.Add($"--package {value}: no folder with a bootstrap.dll");
                    break;
                default:
                    faults.Add($"{arguments[i]} {value}".TrimEnd());
                    break;
            }
            if (value is not null) i++;
        }
        return (faults.Count == 0 ? options : null, faults);
    }
}
