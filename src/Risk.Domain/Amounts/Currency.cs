using System.Diagnostics.CodeAnalysis;

namespace Risk.Domain.Amounts;

/// <summary>An ISO 4217 alphabetic code: three upper-case letters. Whether the code is assigned is not checked.</summary>
public readonly record struct Currency : IComparable<Currency>
{
    private readonly string? code;

    private Currency(string code) => this.code = code;

    public static Currency Usd { get; } = new("USD");

    public static Currency Inr { get; } = new("INR");

    /// <summary>The code; empty only for <c>default(Currency)</c>, which names nothing.</summary>
    public string Code => code ?? "";

    /// <exception cref="FormatException">The text is not three letters.</exception>
    public static Currency Parse(string text) =>
        TryParse(text, out var currency) ? currency : throw new FormatException($"'{text}' is not a currency code: three letters are expected.");

    public static bool TryParse([NotNullWhen(true)] string? text, out Currency currency)
    {
        currency = default;
        if (text is not { Length: 3 } || !text.All(char.IsAsciiLetter)) return false;
        currency = new Currency(text.ToUpperInvariant());
        return true;
    }

    public int CompareTo(Currency other) => string.CompareOrdinal(Code, other.Code);

    public override string ToString() => Code;
}
