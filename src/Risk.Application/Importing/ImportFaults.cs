namespace Risk.Application.Importing;

/// <param name="Where">Where: <c>line 12</c> or <c>line 12, column AAPL</c> of a CSV (the header is line 1), a JSON pointer otherwise; empty for the file as a whole.</param>
public sealed record ImportFault(string Where, string Detail);

/// <summary>Every fault of a file, in the order found; only the first <see cref="ImportLimits.MaxListedFaults"/> are listed.</summary>
public sealed record ImportFaults(IReadOnlyList<ImportFault> Listed, int Total)
{
    public static ImportFaults None { get; } = new([], 0);

    public bool Any => Total > 0;
}

/// <summary>What a file says. With faults the value is empty and must not be used: nothing is imported by halves.</summary>
public sealed record FileReading<T>(T Value, IReadOnlyList<string> Warnings, ImportFaults Faults);

/// <summary>Collects faults while a file is read to its end.</summary>
internal sealed class FaultList
{
    private readonly List<ImportFault> listed = [];
    private int total;

    public bool Any => total > 0;

    public void Add(string where, string detail)
    {
        total++;
        if (listed.Count < ImportLimits.MaxListedFaults) listed.Add(new ImportFault(where, detail));
    }

    public void Add(int line, string detail) => Add($"line {line}", detail);

    public void Add(int line, string column, string detail) => Add($"line {line}, column {column}", detail);

    public ImportFaults ToFaults() => total == 0 ? ImportFaults.None : new ImportFaults(listed, total);
}

/// <summary>Collects warnings; lists a bounded number and says how many more there are.</summary>
internal sealed class WarningList
{
    private readonly List<string> listed = [];
    private int total;

    public void Add(string warning)
    {
        total++;
        if (listed.Count < ImportLimits.MaxListedWarnings) listed.Add(warning);
    }

    public IReadOnlyList<string> ToWarnings() => total > listed.Count ? [.. listed, $"… and {total - listed.Count} more warnings."] : listed;
}
