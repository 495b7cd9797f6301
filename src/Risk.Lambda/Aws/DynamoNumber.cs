using System.Globalization;

namespace Risk.Lambda.Aws;

/// <summary>Numbers of the table: decimal, up to 38 significant digits, from 10⁻¹³⁰ to below 10¹²⁶ in size, or zero.</summary>
public static class DynamoNumber
{
    public const int MaxDigits = 38;
    private const int LeastExponent = -130;
    private const int GreatestExponent = 125;

    /// <returns>The same text.</returns>
    /// <param name="json">A number as JSON spells it.</param>
    /// <exception cref="ArgumentException">The table could not keep it exactly.</exception>
    public static string Demand(string json)
    {
        var (digits, exponent) = Split(json);
        if (digits.Length > MaxDigits)
            throw new ArgumentException($"{json} has {digits.Length} digits; the table keeps {MaxDigits}.", nameof(json));
        if (digits.Length > 0 && digits.Length - 1 + exponent is < LeastExponent or > GreatestExponent)
            throw new ArgumentException($"{json} is beyond the sizes that the table keeps.", nameof(json));
        return json;
    }

    /// <summary>Whole numbers without an exponent, since readers of integers take no other spelling; anything else as it is.</summary>
    public static string Plain(string number)
    {
        if (!number.AsSpan().ContainsAny('E', 'e', '+'))
            return number;
        var (digits, exponent) = Split(number.TrimStart('+'));
        if (digits.Length == 0)
            return "0";
        var sign = number[0] == '-' ? "-" : "";
        return exponent < 0 ? $"{sign}{digits}E{exponent.ToString(CultureInfo.InvariantCulture)}" : sign + digits + new string('0', exponent);
    }

    /// <summary>The value as whole digits, without zeros at either end, times a power of ten.</summary>
    private static (string Digits, int Exponent) Split(string number)
    {
        var text = number.AsSpan().TrimStart('-');
        var exponent = 0;
        if (text.IndexOfAny('E', 'e') is var e and >= 0)
        {
            exponent = int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given)
                && int.Abs(given) < 100_000 ? given : 100_000;
            text = text[..e];
        }

        var point = text.IndexOf('.');
        var digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        exponent -= point < 0 ? 0 : text.Length - point - 1;
        var whole = digits.TrimEnd('0');
        return (whole.TrimStart('0'), exponent + digits.Length - whole.Length);
    }
}
