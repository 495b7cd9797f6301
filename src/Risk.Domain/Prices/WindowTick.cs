namespace Risk.Domain.Prices;

/// <summary>What of a <see cref="Tick"/> goes into a window, in a third of its bytes.</summary>
/// <param name="Symbol">An index of the caller's choice.</param>
/// <param name="Price">Not negative.</param>
/// <param name="Volume">Zero when nothing was traded.</param>
/// <exception cref="ArgumentOutOfRangeException">A negative price or volume.</exception>
public readonly record struct WindowTick(int Symbol, EventTime Time, Price Price, Volume Volume)
{
    public Price Price { get; } = Price.E8 >= 0 ? Price : throw new ArgumentOutOfRangeException(nameof(Price), Price, "Must not be negative.");

    public Volume Volume { get; } = Volume.E6 >= 0 ? Volume : throw new ArgumentOutOfRangeException(nameof(Volume), Volume, "Must not be negative.");
}
