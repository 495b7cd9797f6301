namespace Risk.Domain.Measures;

/// <summary>How long it takes to sell out of a position without being the market, from the units traded on an average day.</summary>
public static class Liquidity
{
    /// <summary>The trading days that the average volume is taken over.</summary>
    public const int VolumeDays = 30;

    /// <summary>A position is liquid if it is at most this share of the average volume of a day.</summary>
    public const double LiquidShareOfVolume = 0.1;

    /// <summary>The share of a day's volume that is assumed to be sold a day, where no other is given.</summary>
    public const double UsualParticipation = 0.1;

    /// <summary>|Units| / average volume of a day, as a ratio: 0.1 is a tenth of a day. Null if nothing is traded of what is held.</summary>
    /// <param name="units">As volume counts them: shares, contracts. Negative when short.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that is not finite, or a negative volume.</exception>
    public static double? ShareOfVolume(double units, double averageVolume)
    {
        if (!double.IsFinite(units)) throw new ArgumentOutOfRangeException(nameof(units), units, "Must be finite.");
        if (!(averageVolume >= 0 && double.IsFinite(averageVolume)))
            throw new ArgumentOutOfRangeException(nameof(averageVolume), averageVolume, "Must be finite and not negative.");
        return units == 0 ? 0 : averageVolume > 0 && double.IsFinite(units / averageVolume) ? Math.Abs(units) / averageVolume : null;
    }

    /// <summary>
    /// |Units| / (participation × average volume), in trading days, not rounded up. Null if nothing is traded of what is held. A portfolio is
    /// liquidated when its slowest position is: all are sold at the same time.
    /// </summary>
    /// <param name="participation">The share of each day's volume that is sold; above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A participation out of range, and as <see cref="ShareOfVolume"/>.</exception>
    public static double? DaysToLiquidate(double units, double averageVolume, double participation = UsualParticipation) =>
        participation is > 0 and <= 1
            ? ShareOfVolume(units, averageVolume) / participation
            : throw new ArgumentOutOfRangeException(nameof(participation), participation, "Must lie above 0 and not above 1.");
}
