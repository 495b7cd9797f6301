using System.Xml.Linq;

namespace Risk.House.Tests.Reading;

/// <summary>The tree as text: read once, never built, never run.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".risk", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is not built, fetched or ignored, from the root, with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesUnder("").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Files.Where(IsCSharp).Select(x => new SourceFile(x, Read(x)))];

    public static IReadOnlyList<SourceFile> Product { get; } = [.. Sources.Where(x => x.Path.StartsWith("src/", StringComparison.Ordinal))];

    public static IReadOnlyList<SourceFile> Tests { get; } = [.. Sources.Where(x => x.Path.StartsWith("tests/", StringComparison.Ordinal))];

    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files.Where(x => x.EndsWith(".csproj", StringComparison.Ordinal)).Select(x => new ProjectFile(x, XElement.Parse(Read(x))))];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static bool IsCSharp(string path) =>
        path.EndsWith(".cs", StringComparison.Ordinal) && (path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("tests/", StringComparison.Ordinal));

    private static IEnumerable<string> FilesUnder(string folder)
    {
        var here = Path.Combine(Root, folder);
        var files = Directory.EnumerateFiles(here).Select(x => Path.GetRelativePath(Root, x).Replace('\\', '/'));
        var folders = Directory.EnumerateDirectories(here).Select(x => Path.GetRelativePath(Root, x).Replace('\\', '/'));
        return files.Concat(folders.Where(x => !NotOurs.Contains(Path.GetFileName(x))).SelectMany(FilesUnder));
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at != null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "RiskLambdas.sln"))) return at.FullName;
        throw new InvalidOperationException($"No RiskLambdas.sln above {AppContext.BaseDirectory}: the house tests read the tree that they were built in.");
    }
}
