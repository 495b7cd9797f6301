using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Risk.Benchmarks.Lambda;

/// <summary>What is deployed: one folder for all functions.</summary>
internal static class Package
{
    private const double MaxMb = 8;

    /// <summary>Publishes it by the rule of the Makefile, which a deployment uses, too. Returns the folder.</summary>
    public static async Task<string> PublishAsync()
    {
        using var make = Process.Start(new ProcessStartInfo("make", ["build"]) { WorkingDirectory = Root(), RedirectStandardOutput = true })!;
        await make.StandardOutput.BaseStream.CopyToAsync(Console.OpenStandardError());
        await make.WaitForExitAsync();
        return make.ExitCode == 0 ? Path.Combine(Root(), "artifacts", "lambda") : throw new InvalidOperationException($"make build ended with {make.ExitCode}.");
    }

    /// <summary>In millions of bytes, as the design counts.</summary>
    public static Figure Weigh(string folder)
    {
        using var zipped = new MemoryStream();
        ZipFile.CreateFromDirectory(folder, zipped, CompressionLevel.SmallestSize, includeBaseDirectory: false);
        return Figure.Of("package_mb", "the published folder, zipped", zipped.Length / 1e6, MaxMb);
    }

    public static string Event(string name) => File.ReadAllText(Path.Combine(Root(), "events", $"{name}.json"));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
