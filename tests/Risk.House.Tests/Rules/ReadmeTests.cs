using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>What the README tells a newcomer to type and to open is there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Verbs = ["run", "test", "build", "restore", "format", "publish"];

    private static readonly string Readme = Repository.Read("README.md");

    [Fact]
    public void The_two_commands_stand_in_the_readme()
    {
        var commands = Commands(Readme).Select(x => x.Command).ToList();
        Assert.Contains("dotnet run --project src/Risk.Local", commands);
        Assert.Contains("dotnet test", commands);
    }

    [Fact]
    public void Commands_of_the_readme_refer_to_projects_that_exist() =>
        Findings.MustBeNone(
            Commands(Readme).SelectMany(x => CommandFaults(x.Command).Select(fault => $"README.md:{x.Line}: '{x.Command}' {fault}")),
            "Correct the command: a newcomer copies it as it stands.");

    [Fact]
    public void Verbs_and_options_of_the_readme_are_known_to_the_program() =>
        Findings.MustBeNone(
            from command in Commands(Readme)
            where command.Command.StartsWith("dotnet run ", StringComparison.Ordinal)
            from word in ProgramWords(command.Command)
            where !Repository.Sources.Any(x => x.Path.StartsWith(ProjectOf(command.Command) + "/", StringComparison.Ordinal) && Names(x, word))
            select $"README.md:{command.Line}: '{word}' is not in the source of {ProjectOf(command.Command)}",
            "Correct the README, or give the program the verb or option (as a literal, with or without its dashes).");

    [Fact]
    public void The_tree_of_the_readme_exists()
    {
        var tree = Fences(Readme).SingleOrDefault(x => x.Language == "tree").Lines;
        Assert.True(tree?.Count > 5, "README.md draws the tree in a fence marked ```tree, one full path a line, each followed by what lies there.");
        Findings.MustBeNone(
            tree.Select(x => (x.Line, Path: x.Text.Split(' ')[0])).Where(x => !Repository.Exists(x.Path)).Select(x => $"README.md:{x.Line}: {x.Path} does not exist"),
            "Draw the tree as it is.");
    }

    [Fact]
    public void Every_project_stands_in_the_tree_of_the_readme() =>
        Findings.MustBeNone(
            Repository.Projects.Where(x => !Readme.Contains($"\n{x.Folder}/ ", StringComparison.Ordinal)).Select(x => $"README.md: {x.Folder}/ is not drawn"),
            "Add a line to the tree: the path, a slash, and what lies there.");

    [Fact]
    public void Paths_and_links_of_the_documents_exist() =>
        Findings.MustBeNone(
            Repository.Files.Where(IsDocument).SelectMany(x => PathFaults(x, Repository.Read(x), Repository.Exists)),
            "Correct the path or link; files move, documents have to follow.");

    [Fact]
    public void Decisions_that_the_source_refers_to_exist() =>
        Findings.MustBeNone(
            from file in Repository.Sources
            from found in Decision().Matches(file.Raw)
            where !Repository.Files.Any(x => x.StartsWith(found.Value + "-", StringComparison.Ordinal))
            select $"{file.At(found.Index)}: {found.Value} does not exist",
            "Write the record down, or correct its number.");

    [Fact]
    public void Types_of_the_reading_order_exist()
    {
        var types = Repository.Product.Select(x => Path.GetFileNameWithoutExtension(x.Path)).ToHashSet();
        Findings.MustBeNone(
            from line in Readme.Split('\n').Index()
            where ReadingStop().IsMatch(line.Item)
            from type in TypeName().Matches(line.Item)
            where !types.Contains(type.Groups[1].Value)
            select $"README.md:{line.Index + 1}: no file in src is named {type.Groups[1].Value}.cs",
            "Lead the reader along files that exist.");
    }

    [Theory]
    [InlineData("dotnet run --project src/Risk.Nowhere", "src/Risk.Nowhere")]
    [InlineData("dotnet test tests/Risk.Nowhere -c Release", "tests/Risk.Nowhere")]
    [InlineData("dotnet riskl", "riskl")]
    public void A_wrong_command_is_named(string command, string named) => Assert.Contains(named, Assert.Single(CommandFaults(command)), StringComparison.Ordinal);

    [Theory]
    [InlineData("dotnet run --project src/Risk.Local -- import src/Nothing.csv --json")]
    [InlineData("dotnet run -c Release --project tests/Risk.Golden -- IN OUT")]
    [InlineData("dotnet test")]
    public void A_right_command_is_not_named(string command) => Assert.Empty(CommandFaults(command));

    [Fact]
    public void Only_commands_in_fences_are_read() =>
        Assert.Equal(["dotnet test"], Commands("Type `dotnet run`.\n```sh\n$ dotnet test   # all of them\n```\ndotnet build\n").Select(x => x.Command));

    [Fact]
    public void A_dead_link_is_named()
    {
        var faults = PathFaults("docs/A.md", "[a](../src/B.cs) [b](https://example.org/) [c](B.md#part)\n`src/C.cs` `tests/Risk.House.Tests/`", x => x is "docs/B.md" or "tests/Risk.House.Tests/");
        Assert.Equal(["docs/A.md:1: src/B.cs does not exist", "docs/A.md:2: src/C.cs does not exist"], faults);
    }

    private static IEnumerable<string> CommandFaults(string command)
    {
        var words = command.Split(" -- ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !Verbs.Contains(words[1])) return [$"has the verb '{words.ElementAtOrDefault(1)}'; known are {string.Join(", ", Verbs)}"];
        var places = words.Where(x => x.Contains('/') && !x.StartsWith('-')).ToList();
        if (places.Count == 0 && words[1] == "run") return ["names no project"];
        return places.Where(x => !Repository.Projects.Any(y => y.Folder == x.TrimEnd('/') || y.Path == x)).Select(x => $"names {x}, where no project is");
    }

    private static string ProjectOf(string command) => ProjectOption().Match(command).Groups[1].Value.TrimEnd('/');

    /// <summary>The first word after <c>--</c>, if it is a verb, and all options.</summary>
    private static IEnumerable<string> ProgramWords(string command) =>
        command.Split(" -- ", 2) is [_, var rest] ? rest.Split(' ').Where((x, i) => x.StartsWith("--", StringComparison.Ordinal) || i == 0 && PlainWord().IsMatch(x)) : [];

    private static bool Names(SourceFile file, string word) =>
        file.Uncommented.Contains($"\"{word}\"", StringComparison.Ordinal) || file.Uncommented.Contains($"\"{word.TrimStart('-')}\"", StringComparison.Ordinal);

    private static IEnumerable<(int Line, string Command)> Commands(string markdown) =>
        from fence in Fences(markdown)
        from line in fence.Lines
        let text = line.Text.Split(" #")[0].Trim().TrimStart('$', ' ')
        where text.StartsWith("dotnet ", StringComparison.Ordinal)
        select (line.Line, text);

    private static List<(string Language, List<(int Line, string Text)> Lines)> Fences(string markdown)
    {
        var fences = new List<(string, List<(int, string)>)>();
        List<(int, string)>? open = null;
        foreach (var (index, text) in markdown.Split('\n').Index())
        {
            if (!text.StartsWith("```", StringComparison.Ordinal)) open?.Add((index + 1, text));
            else if (open != null) open = null;
            else fences.Add((text[3..].Trim(), open = []));
        }
        return fences;
    }

    private static bool IsDocument(string path) => path.EndsWith(".md", StringComparison.Ordinal) && (!path.Contains('/') || path.StartsWith("docs/", StringComparison.Ordinal));

    private static IEnumerable<string> PathFaults(string document, string markdown, Func<string, bool> exists)
    {
        var folder = Path.GetDirectoryName(document) ?? "";
        foreach (var (index, line) in markdown.Split('\n').Index())
        {
            var links = Link().Matches(line).Select(x => Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, x.Groups[1].Value))).Replace('\\', '/'));
            var paths = OwnPath().Matches(line).Select(x => x.Groups[1].Value);
            foreach (var path in links.Concat(paths).Where(x => !exists(x))) yield return $"{document}:{index + 1}: {path} does not exist";
        }
    }

    [GeneratedRegex(@"--project\s+(\S+)")]
    private static partial Regex ProjectOption();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex PlainWord();

    [GeneratedRegex(@"docs/decisions/\d{4}")]
    private static partial Regex Decision();

    /// <summary>A numbered line.</summary>
    [GeneratedRegex(@"^\d+\. ")]
    private static partial Regex ReadingStop();

    [GeneratedRegex(@"`([A-Z]\w+)`")]
    private static partial Regex TypeName();

    /// <summary>The target of a relative link, without its fragment.</summary>
    [GeneratedRegex(@"\]\((?![a-z]+:|#)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|\.ci)/[^`\s{}*<>…]*)`")]
    private static partial Regex OwnPath();
}
