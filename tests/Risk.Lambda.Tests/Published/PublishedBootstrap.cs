using System.Diagnostics;
using System.Runtime.CompilerServices;
using Risk.Lambda.Tests.Published;
using Xunit;

[assembly: AssemblyFixture(typeof(PublishedBootstrap))]

namespace Risk.Lambda.Tests.Published;

/// <summary>
/// The program as <c>make build</c> leaves it: published once for all tests, with the words of the Makefile but for the configuration, which
/// is that of the tests, so that what has just been built is not built again under the tests that run it. The variable <c>BOOTSTRAP</c>
/// names another one to be tested: a <c>bootstrap.dll</c>, or the executable of <c>make build-self-contained</c>.
/// </summary>
public sealed class PublishedBootstrap : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
    private const string Variable = "BOOTSTRAP";
    private const string Rule = "PUBLISH := dotnet ";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("risk-bootstrap-");
    private readonly Lazy<Task<string>> published;

    public PublishedBootstrap() => published = new Lazy<Task<string>>(PublishAsync);

    /// <summary>The path of what is to be started.</summary>
    public Task<string> PathAsync() => published.Value;

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>The words after <c>dotnet</c> by which the Makefile publishes into the folder.</summary>
    private static string[] Words(string makefile, string folder)
    {
        var rule = makefile.Split('\n').Single(line => line.StartsWith(Rule, StringComparison.Ordinal))[Rule.Length..];
        return [.. rule.Split(' ').Select(word => word switch { "Release" => Configuration, "$(PACKAGE)" => folder, _ => word }), "--no-build"];
    }

    private async Task<string> PublishAsync()
    {
        var root = Root();
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return Path.GetFullPath(given, root);
        var start = new ProcessStartInfo("dotnet", Words(await File.ReadAllTextAsync(Path.Combine(root, "Makefile")), folder.FullName))
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
        };
        // A build server would outlive the tests.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var dotnet = Process.Start(start)!;
        var output = await dotnet.StandardOutput.ReadToEndAsync();
        await dotnet.WaitForExitAsync();
        return dotnet.ExitCode == 0 ? Path.Combine(folder.FullName, "bootstrap.dll") : throw new InvalidOperationException($"dotnet publish failed: {output.Trim()}");
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
