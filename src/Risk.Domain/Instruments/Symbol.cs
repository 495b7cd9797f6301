using System.Diagnostics.CodeAnalysis;

namespace Risk.Domain.Instruments;

/// <summary>
/// The name under which an instrument is quoted: 1 to <see cref="MaxLength"/> characters out of A–Z, 0–9 and <c>. - _ &amp; ^ = : /</c>,
/// starting with a letter, a digit or <c>^</c>. Symbols compare ordinally. Lower-case input is raised, never kept.
/// </summary>
public readonly record struct Symbol : IComparable<Symbol>
{
    public const int MaxLength = 32;

    private readonly string? text;

    private Symbol(string text) => this.text = text;

    /// <summary>The text; empty only for <c>default(Symbol)</c>, which names nothing.</summary>
    public string Text => text ?? "";

    /// <exception cref="FormatException">The text is not a symbol.</exception>
    public static Symbol Parse(string text) =>
        TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol: 1 to {MaxLength} of A-Z 0-9 . - _ & ^ = : /");

    public static bool TryParse([NotNullWhen(true)] string? text, out Symbol symbol)
    {
        symbol = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return false;
        var upper = text.ToUpperInvariant();
        for (var i = 0; i < upper.Length; i++)
            if (!IsAllowed(upper[i], first: i == 0)) return false;
        symbol = new Symbol(upper);
        return true;
    }

    public int CompareTo(Symbol other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;

    private static bool IsAllowed(char c, bool first) =>
        char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '^' || (!first && c is '.' or '-' or '_' or '&' or '=' or ':' or '/');
}
