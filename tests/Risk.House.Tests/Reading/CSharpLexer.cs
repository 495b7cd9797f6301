namespace Risk.House.Tests.Reading;

internal enum Part : byte
{
    Code,
    Comment,
    Text,
}

/// <summary>
/// Says of each character of a C# source whether it is code, comment (also preprocessor lines) or text (strings and characters; the holes
/// of interpolated strings are code). Written here because the Roslyn package that resolves with the other pins parses C# 11, and this
/// tree uses collection expressions, primary constructors and what comes after them.
/// </summary>
internal sealed class CSharpLexer
{
    private readonly string source;
    private readonly Part[] parts;
    private int at;

    private CSharpLexer(string source) => (this.source, parts) = (source, new Part[source.Length]);

    public static Part[] Classify(string source)
    {
        var lexer = new CSharpLexer(source);
        lexer.ReadCode(inHole: false);
        return lexer.parts;
    }

    /// <summary>Reads to the end of the source or, in a hole, up to its closing brace.</summary>
    private void ReadCode(bool inHole)
    {
        var depth = 0;
        while (at < source.Length)
        {
            var c = source[at];
            if (c == '/' && Peek(1) == '/' || c == '#' && IsFirstOnLine()) MarkTo(EndOfLine(), Part.Comment);
            else if (c == '/' && Peek(1) == '*') MarkTo(After("*/"), Part.Comment);
            else if (c == '\'') ReadCharacter();
            else if (c is '"' or '$' or '@' && TryReadString()) continue;
            else if (inHole && depth == 0 && c == '}') return;
            else if (inHole && depth == 0 && c == ':') ReadFormatOrAlias();
            else
            {
                depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
                at++;
            }
        }
    }

    private void ReadCharacter()
    {
        var end = at + 1;
        while (end < source.Length && source[end] is not ('\'' or '\n')) end += source[end] == '\\' ? 2 : 1;
        MarkTo(end + 1, Part.Text);
    }

    /// <summary>After a colon outside of parentheses a hole holds a format, which may contain quotes; <c>global::</c> is the exception.</summary>
    private void ReadFormatOrAlias()
    {
        if (Peek(1) == ':') at += 2;
        else MarkTo(source.IndexOf('}', at), Part.Text);
    }

    private bool TryReadString()
    {
        var quote = at;
        while (quote < source.Length && source[quote] is '$' or '@') quote++;
        if (quote >= source.Length || source[quote] != '"') return false;
        var prefix = source[at..quote];
        var (dollars, isVerbatim) = (prefix.Count(c => c == '$'), prefix.Contains('@'));
        var quotes = RunOf('"', quote);
        if (!isVerbatim && quotes >= 3)
        {
            MarkTo(quote + quotes, Part.Text);
            ReadRaw(quotes, dollars);
        }
        else
        {
            MarkTo(quote + 1, Part.Text);
            ReadQuoted(dollars > 0, isVerbatim);
        }
        return true;
    }

    private void ReadQuoted(bool hasHoles, bool isVerbatim)
    {
        while (at < source.Length)
        {
            var c = source[at];
            var isPair = c == '\\' && !isVerbatim || c == '"' && isVerbatim && Peek(1) == '"' || c == '{' && hasHoles && Peek(1) == '{';
            if (c == '{' && hasHoles && !isPair) ReadHole(braces: 1);
            else MarkTo(at + (isPair ? 2 : 1), Part.Text);
            if (c == '"' && !isPair) return;
        }
    }

    private void ReadRaw(int quotes, int dollars)
    {
        while (at < source.Length)
        {
            var isEnd = source[at] == '"' && RunOf('"', at) >= quotes;
            var braces = dollars > 0 ? RunOf('{', at) : 0;
            if (braces >= dollars && braces > 0)
            {
                MarkTo(at + braces - dollars, Part.Text);
                ReadHole(dollars);
            }
            else MarkTo(at + (isEnd ? RunOf('"', at) : Math.Max(1, braces)), Part.Text);
            if (isEnd) return;
        }
    }

    private void ReadHole(int braces)
    {
        MarkTo(at + braces, Part.Text);
        ReadCode(inHole: true);
        MarkTo(at + braces, Part.Text);
    }

    private void MarkTo(int end, Part part)
    {
        var bounded = end < at ? source.Length : Math.Min(end, source.Length);
        parts.AsSpan(at, bounded - at).Fill(part);
        at = bounded;
    }

    private char Peek(int ahead) => at + ahead < source.Length ? source[at + ahead] : '\0';

    private int RunOf(char c, int start)
    {
        var end = start;
        while (end < source.Length && source[end] == c) end++;
        return end - start;
    }

    private int EndOfLine() => source.IndexOf('\n', at);

    private int After(string mark) => source.IndexOf(mark, at + mark.Length, StringComparison.Ordinal) is var found and >= 0 ? found + mark.Length : source.Length;

    private bool IsFirstOnLine() => source.AsSpan(0, at)[(source.LastIndexOf('\n', Math.Max(0, at - 1)) + 1)..].IsWhiteSpace();
}
