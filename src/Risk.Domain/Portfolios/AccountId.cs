using System.Diagnostics.CodeAnalysis;

namespace Risk.Domain.Portfolios;

/// <summary>An account's id: 1 to <see cref="MaxLength"/> characters out of letters, digits, <c>. - _</c>. Case matters.</summary>
public readonly record struct AccountId : IComparable<AccountId>
{
    public const int MaxLength = 64;

    private readonly string? text;

    private AccountId(string text) => this.text = text;

    /// <summary>The account that is meant when none is named.</summary>
    public static AccountId Default { get; } = new("default");

    public string Text => text ?? "";

    /// <exception cref="FormatException">The text is not an account id.</exception>
    public static AccountId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an account id: 1 to {MaxLength} letters, digits and . - _");

    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')) return false;
        id = new AccountId(text);
        return true;
    }

    public int CompareTo(AccountId other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;
}
