using System.Text.RegularExpressions;

namespace Risk.House.Tests.Reading;

/// <summary>One C# file: as it stands, as code alone, and without its comments. All three have the same length and lines.</summary>
/// <param name="Path">From the root of the repository, with forward slashes.</param>
internal sealed record SourceFile(string Path, string Raw)
{
    private readonly Lazy<Part[]> parts = new(() => CSharpLexer.Classify(Raw));

    public string Code => field ??= Keep(Part.Code, Part.Code);

    public string Uncommented => field ??= Keep(Part.Code, Part.Text);

    public int LineCount => Raw.AsSpan().TrimEnd('\n').Count('\n') + 1;

    public int LineAt(int index) => Raw.AsSpan(0, index).Count('\n') + 1;

    /// <summary><c>path:line</c> of an index into any of the three texts.</summary>
    public string At(int index) => $"{Path}:{LineAt(index)}";

    public IEnumerable<string> Findings(Regex pattern, string text, string complaint) =>
        pattern.Matches(text).Select(found => $"{At(found.Index)}: '{found.Value.Trim()}' {complaint}");

    private string Keep(Part one, Part other) =>
        string.Create(Raw.Length, (Raw, Parts: parts.Value, one, other), static (kept, from) =>
        {
            for (var i = 0; i < kept.Length; i++)
                kept[i] = from.Raw[i] == '\n' || from.Parts[i] == from.one || from.Parts[i] == from.other ? from.Raw[i] : ' ';
        });
}
