using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>The settings that the code reads and those that docs/SETTINGS.md declares are the same.</summary>
public sealed partial class SettingsTests
{
    private const string Table = "docs/SETTINGS.md";

    private static readonly string[] Columns = ["name", "meaning", "default", "range", "read by"];

    [Fact]
    public void Settings_that_are_read_are_declared() =>
        Findings.MustBeNone(
            Undeclared(Repository.Product, Declared(Repository.Read(Table))),
            $"Declare the setting in the table of {Table}: {string.Join(", ", Columns)}.");

    [Fact]
    public void Settings_that_are_declared_are_read() =>
        Findings.MustBeNone(
            Unread(Repository.Product, Declared(Repository.Read(Table))),
            $"Take the row out of {Table}, or read the setting: by its whole name, as a literal, so that a search finds it.");

    [Fact]
    public void Every_setting_is_declared_once_and_in_full()
    {
        var rows = Declared(Repository.Read(Table));
        Findings.MustBeNone(
            rows.Where(x => x.Cells.Length != Columns.Length || x.Cells.Any(y => y.Length == 0)).Select(x => $"{Table}:{x.Line}: {x.Name} has an empty cell or not {Columns.Length} of them")
                .Concat(rows.GroupBy(x => x.Name).Where(x => x.Count() > 1).Select(x => $"{Table}:{x.Last().Line}: {x.Key} is declared twice")),
            $"Each row says {string.Join(", ", Columns)}; a dash stands for no default.");
    }

    [Fact]
    public void Names_of_settings_are_written_whole() =>
        Findings.MustBeNone(
            Repository.Product.SelectMany(x => x.Findings(Pieced(), x.Uncommented, "is part of a name")),
            "Write the whole name as a literal, so that a search for it finds who reads it.");

    [Fact]
    public void A_setting_on_one_side_only_is_named()
    {
        SourceFile[] files = [new("src/A.cs", "var port = Read(\"RISK_PORT\"); // RISK_COMMENT\n")];
        var rows = Declared("| name | meaning |\n|---|---|\n| `RISK_DATA` | folder |\n");
        Assert.Equal(["src/A.cs:1: RISK_PORT is not declared"], Undeclared(files, rows));
        Assert.Equal([$"{Table}:3: RISK_DATA is not read anywhere in src"], Unread(files, rows));
    }

    /// <summary>The settings whose last column names one of the readers; all of them without any.</summary>
    internal static IReadOnlyList<string> DeclaredNames(params string[] readers) =>
        [.. Declared(Repository.Read(Table)).Where(x => readers.Length == 0 || readers.Any(y => x.Cells[^1].Contains(y, StringComparison.Ordinal))).Select(x => x.Name)];

    private static IEnumerable<string> Undeclared(IReadOnlyList<SourceFile> files, List<Row> declared) =>
        from file in files
        from found in Name().Matches(file.Uncommented)
        where declared.All(x => x.Name != found.Value)
        select $"{file.At(found.Index)}: {found.Value} is not declared";

    private static IEnumerable<string> Unread(IReadOnlyList<SourceFile> files, List<Row> declared)
    {
        var read = files.SelectMany(x => Name().Matches(x.Uncommented)).Select(x => x.Value).ToHashSet();
        return declared.Where(x => !read.Contains(x.Name)).Select(x => $"{Table}:{x.Line}: {x.Name} is not read anywhere in src");
    }

    /// <summary>The rows of all tables whose first cell is the name of a setting.</summary>
    private static List<Row> Declared(string markdown) =>
        [.. from line in markdown.Split('\n').Index()
            where line.Item.StartsWith("| `RISK_", StringComparison.Ordinal)
            let cells = line.Item.Trim().Trim('|').Split('|').Select(x => x.Trim()).ToArray()
            select new Row(line.Index + 1, cells[0].Trim('`'), cells)];

    [GeneratedRegex(@"\bRISK_[A-Z][A-Z0-9_]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"""RISK_(?:""|\{|[A-Z0-9_]*_(?:""|\{))")]
    private static partial Regex Pieced();

    private sealed record Row(int Line, string Name, string[] Cells);
}
