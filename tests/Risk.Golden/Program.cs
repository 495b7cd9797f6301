using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using Risk.Golden;

// Exit code: 0 when nothing failed (a family that is not built yet is no failure), 1 when a file could not be read or computed or, with
// --check, did not agree; 2 for wrong arguments.
var widest = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;
if (args is ["bits"])
{
    Console.Error.WriteLine($"{RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}, vectors of {widest} bits");
    foreach (var line in SimulationBits.Cases.Select(x => x.ToString()).Concat(KernelBits.Lines())) Console.WriteLine(line);
    return 0;
}
var folders = args.Where(arg => arg != "--check").ToArray();
if (folders.Length != 2 || !Directory.Exists(folders[0]))
{
    Console.Error.WriteLine("usage: Risk.Golden IN_DIR OUT_DIR [--check]   (IN_DIR must exist)   or: Risk.Golden bits");
    return 2;
}
Directory.CreateDirectory(folders[1]);
var outcomes = Directory.GetFiles(folders[0], "*.json").Order(StringComparer.Ordinal)
    .Select(file => Run(file, folders[1], args.Contains("--check"))).ToArray();
Console.WriteLine($"{outcomes.Count(x => x == Outcome.Ok)} ok, {outcomes.Count(x => x == Outcome.NotBuilt)} not built yet, {outcomes.Count(x => x == Outcome.Failed)} failed, with vectors of {widest} bits");
return outcomes.Contains(Outcome.Failed) ? 1 : 0;

static Outcome Run(string file, string outDirectory, bool check)
{
    var name = Path.GetFileName(file);
    try
    {
        var golden = GoldenCase.Parse(File.ReadAllText(file));
        if (FamilyTable.Find(golden.Name) is not { } compute) return Report(Outcome.NotBuilt, "not built yet", name, golden.Name);
        var result = compute(golden);
        File.WriteAllText(Path.Combine(outDirectory, name), result.ToJsonString());
        var differences = check ? Comparison.Differences(golden, result) : [];
        return differences.Count == 0
            ? Report(Outcome.Ok, "ok", name, "")
            : Report(Outcome.Failed, "DIFFERS", name, string.Join("; ", differences.Take(4)) + (differences.Count > 4 ? $" (+{differences.Count - 4})" : ""));
    }
    catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
    {
        return Report(Outcome.Failed, "UNREADABLE", name, fault.Message);
    }
    catch (Exception fault)
    {
        // Whatever one case does, the others are still computed; the exit code tells.
        return Report(Outcome.Failed, "FAILED", name, $"{fault.GetType().Name}: {fault.Message}");
    }
}

static Outcome Report(Outcome outcome, string word, string name, string detail)
{
    Console.WriteLine($"{word,-13} {name} {detail}".TrimEnd());
    return outcome;
}

internal enum Outcome
{
    Ok,
    NotBuilt,
    Failed,
}
