namespace Risk.Application.Streaming;

/// <summary>
/// A JSON number as it was written: ± <see cref="mantissa"/> × 10^<see cref="exponent"/>, plus, when <see cref="more"/>, something less
/// than one unit of the mantissa. Nothing passes through a double.
/// </summary>
internal readonly struct ExactNumber
{
    private const ulong LastWithRoom = 999_999_999_999_999_999;
    private const int ExponentCap = 1_000_000;

    private static readonly ulong[] PowersOfTen = [.. Enumerable.Range(0, 20).Select(n => (ulong)decimal.Parse("1" + new string('0', n)))];

    private readonly ulong mantissa;
    private readonly int exponent;
    private readonly bool more;
    private readonly bool isInteger;

    private ExactNumber(bool negative, ulong mantissa, int exponent, bool more, bool isInteger) =>
        (IsNegative, this.mantissa, this.exponent, this.more, this.isInteger) = (negative && mantissa != 0, mantissa, exponent, more, isInteger);

    /// <summary>Below zero; −0 is not.</summary>
    public bool IsNegative { get; }

    /// <summary>At least 10³⁰⁹ in magnitude: beyond what a double holds.</summary>
    public bool IsNotFinite => exponent > 289 && mantissa != 0 && exponent + DigitsOf(mantissa) > 309;

    /// <summary>Reads a number in JSON's grammar and moves <paramref name="at"/> behind it; false if there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int at, out ExactNumber number)
    {
        number = default;
        var negative = (uint)at < (uint)text.Length && text[at] == '-';
        if (negative) at++;
        var first = at;
        ulong digits = 0;
        var shift = 0;
        var more = false;
        for (; (uint)at < (uint)text.Length && Digit(text[at]) is var d && d <= 9; at++)
        {
            if (digits <= LastWithRoom) digits = digits * 10 + d;
            else (shift, more) = (shift + 1, more | d != 0);
        }
        if (at == first || (text[first] == '0' && at > first + 1)) return false;
        var isInteger = true;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            isInteger = false;
            var point = ++at;
            for (; (uint)at < (uint)text.Length && Digit(text[at]) is var d && d <= 9; at++)
            {
                if (digits <= LastWithRoom) (digits, shift) = (digits * 10 + d, shift - 1);
                else more |= d != 0;
            }
            if (at == point) return false;
        }
        if ((uint)at < (uint)text.Length && (text[at] | 0x20) == 'e')
        {
            isInteger = false;
            if (!TryReadExponent(text, ref at, out var power)) return false;
            shift += power;
        }
        number = new ExactNumber(negative, digits, shift, more, isInteger);
        return true;
    }

    /// <summary>
    /// The magnitude in units of 10^−<paramref name="decimals"/>, half to even; false if it exceeds <paramref name="max"/> such units
    /// before rounding.
    /// </summary>
    public bool TryScale(int decimals, long max, out long scaled)
    {
        scaled = 0;
        if (mantissa == 0) return true;
        var up = exponent + decimals;
        if (up > 19) return false;
        if (up >= 0)
        {
            if (Math.BigMul(mantissa, PowersOfTen[up], out var product) != 0 || product > (ulong)max || (product == (ulong)max && more)) return false;
            scaled = (long)product;
            return true;
        }
        if (up < -19) return true;
        var unit = PowersOfTen[-up];
        var (whole, rest) = Math.DivRem(mantissa, unit);
        if (whole > (ulong)max || (whole == (ulong)max && (rest != 0 || more))) return false;
        var half = unit / 2;
        var roundsUp = rest > half || (rest == half && (more || (whole & 1) != 0));
        scaled = (long)whole + (roundsUp ? 1 : 0);
        return true;
    }

    /// <summary>A whole number that was written without point and exponent, from 0 to 2⁶³ − 1.</summary>
    public bool TryWhole(out long value)
    {
        value = (long)mantissa;
        return isInteger && !IsNegative && exponent == 0 && mantissa <= long.MaxValue;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref int at, out int power)
    {
        power = 0;
        at++;
        var negative = (uint)at < (uint)text.Length && text[at] == '-';
        if ((uint)at < (uint)text.Length && text[at] is (byte)'-' or (byte)'+') at++;
        var first = at;
        for (; (uint)at < (uint)text.Length && Digit(text[at]) is var d && d <= 9; at++) power = Math.Min(ExponentCap, power * 10 + (int)d);
        if (negative) power = -power;
        return at > first;
    }

    private static uint Digit(byte c) => c - (uint)'0';

    private static int DigitsOf(ulong value)
    {
        var digits = 1;
        while (digits < PowersOfTen.Length && value >= PowersOfTen[digits]) digits++;
        return digits;
    }
}
