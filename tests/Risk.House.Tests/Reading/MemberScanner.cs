using System.Text.RegularExpressions;

namespace Risk.House.Tests.Reading;

/// <summary>A method, constructor, operator or property, or all top-level statements of a file together.</summary>
/// <param name="Attributes">As code alone: strings are blank.</param>
/// <param name="Lines">From its first line, attributes aside, to its last; blank lines and comments count.</param>
internal sealed record Member(string Name, string Attributes, int StartLine, int Lines);

/// <summary>Finds the members of the types of one file by their braces. Plain fields are left out: a table of data may be long.</summary>
internal sealed partial class MemberScanner
{
    public const string TopLevel = "top-level statements";

    private readonly SourceFile file;
    private readonly string code;
    private readonly List<Member> members = [];
    private readonly List<(int Line, int Lines)> statements = [];

    private MemberScanner(SourceFile file) => (this.file, code) = (file, file.Code);

    /// <exception cref="FormatException">The braces do not match: an unknown construct, or alternatives in <c>#if</c>.</exception>
    public static IReadOnlyList<Member> Members(SourceFile file)
    {
        var scanner = new MemberScanner(file);
        scanner.ReadBody(0, isFileLevel: true);
        if (scanner.statements.Count > 0)
            scanner.members.Add(new Member(TopLevel, "", scanner.statements[0].Line, scanner.statements.Sum(x => x.Lines)));
        return scanner.members;
    }

    /// <summary>Reads declarations; returns the index behind the closing brace.</summary>
    private int ReadBody(int at, bool isFileLevel)
    {
        while ((at = SkipSpace(at)) < code.Length)
        {
            if (code[at] == '}') return isFileLevel ? throw new FormatException($"{file.At(at)}: a closing brace that nothing opened.") : at + 1;
            at = code[at] == ';' ? at + 1 : ReadDeclaration(at, isFileLevel);
        }
        return isFileLevel ? at : throw new FormatException($"{file.Path}: a brace is not closed.");
    }

    private int ReadDeclaration(int start, bool isFileLevel)
    {
        var head = start;
        while (head < code.Length && code[head] == '[' && (!isFileLevel || IsAttribute(head))) head = SkipSpace(Close(head));
        var (headEnd, isAssigned) = (-1, false);
        for (var at = head; at < code.Length; at++)
        {
            var c = code[at];
            if (c is '(' or '[') at = Close(at) - 1;
            else if (c == '=' && headEnd < 0 && IsAssignment(ref at)) (headEnd, isAssigned) = (at, code[at + 1] != '>');
            else if (c == '{' && headEnd >= 0) at = Close(at) - 1;
            else if (c == '{')
            {
                if (TypeHead().Match(code[head..at]) is { Success: true } type) return type.Value.EndsWith("enum", StringComparison.Ordinal) ? Close(at) : ReadBody(at + 1, isFileLevel: false);
                var end = Close(at);
                if (!IsInitialised(end)) return Add(start, head, at, end, isAssigned: false, isFileLevel);
                (headEnd, isAssigned, at) = (at, false, end - 1);
            }
            else if (c == ';') return Add(start, head, headEnd < 0 ? at : headEnd, at + 1, isAssigned, isFileLevel);
        }
        return code.Length;
    }

    private int Add(int start, int head, int headEnd, int end, bool isAssigned, bool isFileLevel)
    {
        var header = code[head..headEnd].Trim();
        if (header.Length == 0 || TypeHead().IsMatch(header) || NoMember().IsMatch(header)) return end;
        var line = file.LineAt(head);
        var lines = file.LineAt(end - 1) - line + 1;
        var isFunction = code[end - 1] == '}' || headEnd < end - 1 && !isAssigned;
        if (isFileLevel && (!isFunction || Statement().IsMatch(header))) statements.Add((line, lines));
        else if (!isAssigned || NameOf(header, out _) || BlockLambda().IsMatch(code[headEnd..end]))
        {
            NameOf(header, out var name);
            members.Add(new Member(name, code[start..head].Trim(), line, lines));
        }
        return end;
    }

    /// <summary>True for something with parameters; else the name is the header's last word.</summary>
    private static bool NameOf(string header, out string name)
    {
        var called = Operator().Match(header) is { Success: true } sign ? sign : BeforeParameters().Matches(header).FirstOrDefault(x => !Modifier().IsMatch(x.Groups[1].Value));
        name = (called ?? LastWord().Match(header)).Groups[1].Value;
        return called != null;
    }

    private bool IsAssignment(ref int at)
    {
        if (code[at + 1] == '=')
        {
            at++;
            return false;
        }
        return code[at - 1] is not ('!' or '<' or '>' or '+' or '-' or '*' or '/' or '%' or '&' or '|' or '^');
    }

    /// <summary>A property's <c>{ get; } = value;</c></summary>
    private bool IsInitialised(int end) => SkipSpace(end) is var next && next < code.Length && code[next] == '=';

    private bool IsAttribute(int open) => code[SkipSpace(Close(open))] is not ('.' or ';' or '=');

    private int Close(int open)
    {
        var depth = 0;
        for (var at = open; at < code.Length; at++)
        {
            if (code[at] is '(' or '[' or '{') depth++;
            if (code[at] is ')' or ']' or '}' && --depth == 0) return at + 1;
        }
        throw new FormatException($"{file.At(open)}: '{code[open]}' is not closed.");
    }

    private int SkipSpace(int at)
    {
        while (at < code.Length && char.IsWhiteSpace(code[at])) at++;
        return at;
    }

    [GeneratedRegex(@"^(?:(?:public|private|protected|internal|static|sealed|abstract|partial|readonly|ref|unsafe|file|new)\s+)*(?:class|struct|interface|enum|record|namespace|extension)\b")]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"^(?:global\s+)?using\s+(?!var\b|\()[\w.=<>\s:]+$|^(?:\w+\s+)*delegate\b|^extern\s+alias\b")]
    private static partial Regex NoMember();

    [GeneratedRegex(@"^(?:if|else|for|foreach|while|do|switch|using|lock|try|catch|finally|await|return|var|checked|unchecked|unsafe|fixed)\b")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(operator\b[^(]*)\(")]
    private static partial Regex Operator();

    [GeneratedRegex(@"(\w+)\s*(?:<[^()]*>)?\s*\(")]
    private static partial Regex BeforeParameters();

    [GeneratedRegex(@"^(?:public|private|protected|internal|static|readonly|async|override|virtual|required|new|ref|in|volatile|const|where)$")]
    private static partial Regex Modifier();

    [GeneratedRegex(@"(\w+)\W*$")]
    private static partial Regex LastWord();

    [GeneratedRegex(@"=>\s*\{")]
    private static partial Regex BlockLambda();
}
