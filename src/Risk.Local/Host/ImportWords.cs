namespace Risk.Local.Host;

/// <summary>What became of imported files, for people.</summary>
internal static class ImportWords
{
    private const int MaxFaults = 50;
    private const int MaxNotes = 10;

    public static IEnumerable<string> OfFiles(IEnumerable<ImportedFile> files)
    {
        foreach (var file in files)
        {
            yield return $"Imported {file.Path}: {file.Summary}.";
            foreach (var warning in file.Warnings.Take(MaxNotes)) yield return $"  note: {warning}";
            if (file.Warnings.Count > MaxNotes) yield return $"  … and {file.Warnings.Count - MaxNotes} more notes";
        }
    }

    /// <summary>Every fault with its place, file by file.</summary>
    public static string OfFaults(IEnumerable<ImportedFile> files)
    {
        var lines = new List<string>();
        foreach (var file in files.Where(file => file.Faults.Any))
        {
            lines.Add($"{file.Path} has {file.Faults.Total} {(file.Faults.Total == 1 ? "fault" : "faults")}:");
            lines.AddRange(file.Faults.Listed.Take(MaxFaults).Select(fault => fault.Where.Length == 0 ? $"  {fault.Detail}" : $"  {fault.Where}: {fault.Detail}"));
            if (file.Faults.Total > MaxFaults) lines.Add($"  … and {file.Faults.Total - MaxFaults} more");
        }
        lines.Add("Nothing was imported. Correct the files and try again.");
        return string.Join(Environment.NewLine, lines);
    }
}
