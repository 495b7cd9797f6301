using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>A method fits on a screen and a file in the head.</summary>
public sealed class SizeTests
{
    private const int MaxMethodLines = 50;
    private const int MaxFileLines = 300;

    /// <summary>What may be longer, and why. The subject is a path, or <c>path#Method</c>. Empty at best.</summary>
    private static readonly (string Subject, string Reason)[] Waivers = [];

    [Fact]
    public void Methods_and_files_stay_small() =>
        Findings.MustBeNone(
            Repository.Sources.SelectMany(TooLong).Where(x => Waivers.All(y => y.Subject != x.Subject)).Select(x => x.Finding),
            $"Methods have at most {MaxMethodLines} lines and files {MaxFileLines}. Name a part and give it a method or a file of its own.");

    [Fact]
    public void Waivers_of_size_are_needed_and_have_a_reason()
    {
        var subjects = Repository.Sources.SelectMany(TooLong).Select(x => x.Subject).ToHashSet();
        Findings.MustBeNone(
            Waivers.Where(x => !subjects.Contains(x.Subject)).Select(x => $"{x.Subject}: is not too long (any more)")
                .Concat(Waivers.Where(x => x.Reason.Length < 20).Select(x => $"{x.Subject}: '{x.Reason}' is no reason")),
            "Take the entry out of SizeTests.Waivers, or say why it must be as long as it is.");
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(51, 1)]
    public void A_method_is_too_long_from_51_lines_on(int lines, int findings) =>
        Assert.Equal(findings, TooLong(new SourceFile("src/A.cs", $"class A\n{{\n    void F()\n    {{\n{new string('\n', lines - 3)}    }}\n}}\n")).Count());

    [Theory]
    [InlineData(300, 0)]
    [InlineData(301, 1)]
    public void A_file_is_too_long_from_301_lines_on(int lines, int findings) =>
        Assert.Equal(findings, TooLong(new SourceFile("src/A.cs", string.Concat(Enumerable.Repeat("// line\n", lines)))).Count());

    private static IEnumerable<(string Subject, string Finding)> TooLong(SourceFile file)
    {
        if (file.LineCount > MaxFileLines) yield return (file.Path, $"{file.Path}:1: the file has {file.LineCount} lines");
        foreach (var member in MemberScanner.Members(file).Where(x => x.Lines > MaxMethodLines))
            yield return ($"{file.Path}#{member.Name}", $"{file.Path}:{member.StartLine}: {member.Name} has {member.Lines} lines");
    }
}
