using System.Globalization;

namespace Risk.Domain.Prices;

/// <summary>A traded quantity as a whole number of 10⁻⁶ units. Never negative.</summary>
public readonly record struct Volume(long E6) : IComparable<Volume>
{
    public const int Decimals = 6;
    public const long One = 1_000_000;

    /// <summary>The largest volume of one tick that is believed: 10¹².</summary>
    public static readonly Volume Max = new(1_000_000_000_000L * One);

    /// <summary>Rounds half to even at 10⁻⁶.</summary>
    /// <exception cref="OverflowException">Outside ±9.2·10¹².</exception>
    public static Volume From(decimal value) => new((long)decimal.Round(checked(value * One), 0, MidpointRounding.ToEven));

    public decimal ToDecimal() => (decimal)E6 / One;

    public int CompareTo(Volume other) => E6.CompareTo(other.E6);

    public override string ToString() => ToDecimal().ToString(CultureInfo.InvariantCulture);
}
