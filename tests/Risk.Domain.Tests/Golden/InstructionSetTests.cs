using System.Diagnostics;
using System.Runtime.Intrinsics;
using Risk.Golden;
using Xunit;

namespace Risk.Domain.Tests.Golden;

/// <summary>
/// All reference cases computed again by processes that may use less of this machine: what they write must be the same text, so the same
/// bits, Monte Carlo among it. A machine that has no wider vectors compares what it has.
/// </summary>
public sealed class InstructionSetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("risk-golden-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_figure_has_the_same_bits_with_narrower_vectors_and_with_none()
    {
        var cases = Directory.CreateDirectory(Path.Combine(folder, "cases")).FullName;
        foreach (var name in GoldenTests.Names) File.WriteAllText(Path.Combine(cases, $"{name.Data}.json"), GoldenTests.Text(name.Data));
        var (whole, widest) = Run(cases, "all", "DOTNET_TieredPGO", "1");
        Assert.Equal(GoldenTests.Names.Count, whole.Count);
        Assert.Equal(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128, widest);
        foreach (var (variable, most) in ((string, int)[])[("DOTNET_EnableAVX512", 256), ("DOTNET_EnableAVX2", 128), ("DOTNET_EnableHWIntrinsic", 64)])
        {
            var (narrow, width) = Run(cases, variable, variable, "0");
            // Variables that this processor's runtime does not know change nothing; the last is known to all.
            Assert.True(width <= most || width == widest && most > 64, $"{variable}=0 left vectors of {width} bits.");
            foreach (var (name, text) in whole) Assert.True(narrow[name] == text, $"{name} differs with {variable}=0.");
        }
    }

    private (Dictionary<string, string> Results, int Width) Run(string cases, string name, string variable, string value)
    {
        var results = Path.Combine(folder, name);
        var start = new ProcessStartInfo("dotnet", [typeof(GoldenCase).Assembly.Location, cases, results]) { RedirectStandardOutput = true };
        start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var last = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n')[^1];
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (
            Directory.GetFiles(results).ToDictionary(file => Path.GetFileName(file), File.ReadAllText),
            Keys.NumberIn(last[last.IndexOf("vectors", StringComparison.Ordinal)..])!.Value);
    }
}
