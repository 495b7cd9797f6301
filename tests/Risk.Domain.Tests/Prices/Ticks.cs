using Risk.Domain.Prices;

namespace Risk.Domain.Tests.Prices;

/// <summary>Ticks of one symbol, by seconds since the Unix epoch.</summary>
internal static class Ticks
{
    public static readonly SourceName Feed = SourceName.Parse("feed");

    public static Tick At(double seconds, decimal price, decimal volume = 1, long sequence = 0, SourceName? source = null, long epoch = 0) => new(
        0, new EventTime((long)(seconds * EventTime.PerSecond)), Price.From(price), default, default, Volume.From(volume), source ?? Feed, epoch, sequence);
}
