using System.Globalization;

namespace Risk.Domain.Prices;

/// <summary>
/// A price per unit as a whole number of 10⁻⁸ of the instrument's currency, so that sums over ticks are exact in any order.
/// Zero stands for "not given" where a price is optional (bid, ask).
/// </summary>
public readonly record struct Price(long E8) : IComparable<Price>
{
    public const int Decimals = 8;
    public const long One = 100_000_000;

    /// <summary>The largest price that is believed: 10⁹.</summary>
    public static readonly Price Max = new(1_000_000_000L * One);

    public bool IsGiven => E8 != 0;

    /// <summary>Rounds half to even at 10⁻⁸.</summary>
    /// <exception cref="OverflowException">Outside ±9.2·10¹⁰.</exception>
    public static Price From(decimal value) => new((long)decimal.Round(checked(value * One), 0, MidpointRounding.ToEven));

    public decimal ToDecimal() => (decimal)E8 / One;

    /// <summary>The named crossing from exact prices to statistics.</summary>
    public double ToDouble() => E8 / (double)One;

    public int CompareTo(Price other) => E8.CompareTo(other.E8);

    public override string ToString() => ToDecimal().ToString(CultureInfo.InvariantCulture);
}
