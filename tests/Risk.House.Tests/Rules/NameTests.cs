using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>A name says what lies inside: in rooms, files, namespaces and tests.</summary>
public sealed partial class NameTests
{
    private static readonly string[] SayNothing = ["Shared", "Common", "Helpers", "Helper", "Utils", "Util", "Utilities", "Infrastructure", "Manager", "Misc"];

    [Fact]
    public void Rooms_and_files_have_names_that_say_something() =>
        Findings.MustBeNone(
            Repository.Files.Where(x => x.StartsWith("src/", StringComparison.Ordinal) || x.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(EmptyWords),
            "Name the room or file after what it holds; if that takes an 'and', it is two.");

    [Fact]
    public void Namespaces_are_folders() =>
        Findings.MustBeNone(Repository.Sources.SelectMany(WrongNamespaces), "Move the file, or change its namespace.");

    [Fact]
    public void Tests_are_named_by_a_sentence() =>
        Findings.MustBeNone(Repository.Tests.SelectMany(NoSentences), "A test's name is a sentence with underscores: Is_the_loss_at_the_tail_index.");

    [Theory]
    [InlineData("src/Risk.Domain/Shared/Money.cs", "Shared")]
    [InlineData("src/Risk.Domain/Prices/PriceHelper.cs", "Helper")]
    [InlineData("tests/Risk.Testing/StreamManager.cs", "Manager")]
    public void An_empty_word_is_named(string path, string word) => Assert.Contains($"'{word}'", Assert.Single(EmptyWords(path)), StringComparison.Ordinal);

    [Fact]
    public void A_word_inside_a_word_is_not_named() => Assert.Empty(EmptyWords("src/Risk.Domain/Prices/CommonwealthUtility.cs"));

    [Theory]
    [InlineData("namespace Risk.Domain.Measures;", 1)]
    [InlineData("namespace Risk.Domain.Prices;", 0)]
    [InlineData("Console.WriteLine();", 0)]
    [InlineData("public enum Side;", 1)]
    public void A_namespace_that_is_no_folder_is_named(string code, int findings) =>
        Assert.Equal(findings, WrongNamespaces(new SourceFile("src/Risk.Domain/Prices/Side.cs", code)).Count());

    [Theory]
    [InlineData("[Fact] public void Is_the_worst_loss() { }", 0)]
    [InlineData("[Theory, InlineData(1)]\n[InlineData(2)] public void TestVar(int n) { }", 1)]
    [InlineData("[Fact(Timeout = 5)] public async Task is_lower_case() { }", 1)]
    [InlineData("public void Helper() { }", 0)]
    public void A_name_that_is_no_sentence_is_named(string method, int findings) =>
        Assert.Equal(findings, NoSentences(new SourceFile("tests/A.cs", $"class A {{ {method} }}")).Count());

    private static IEnumerable<string> EmptyWords(string path) =>
        from part in path.Split('/')
        from word in Word().Matches(part).Select(x => x.Value)
        where SayNothing.Contains(word, StringComparer.OrdinalIgnoreCase)
        select $"{path}: '{word}'";

    private static IEnumerable<string> WrongNamespaces(SourceFile file)
    {
        var expected = Path.GetDirectoryName(file.Path)!.Replace('\\', '/').Split('/', 2)[1].Replace('/', '.');
        var found = Namespace().Match(file.Code);
        if (!found.Success && !file.Path.EndsWith("/Program.cs", StringComparison.Ordinal) && TypeAtTop().IsMatch(file.Code)) return [$"{file.Path}:1: has types but no namespace; {expected} is expected"];
        return found.Success && found.Groups[1].Value != expected ? [$"{file.At(found.Index)}: {found.Groups[1].Value} is not {expected}"] : [];
    }

    private static IEnumerable<string> NoSentences(SourceFile file) =>
        MemberScanner.Members(file).Where(x => IsTest(x) && !Sentence().IsMatch(x.Name)).Select(x => $"{file.Path}:{x.StartLine}: {x.Name}");

    internal static bool IsTest(Member member) => TestAttribute().IsMatch(member.Attributes);

    [GeneratedRegex(@"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|readonly|abstract|partial)\s+)*(?:class|record|struct|interface|enum)\s", RegexOptions.Multiline)]
    private static partial Regex TypeAtTop();

    [GeneratedRegex(@"(?:\[|,)\s*(?:Fact|Theory)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence();
}
