using Risk.Domain.Measures;

namespace Risk.Domain.Snapshots;

/// <summary>How the figures of a portfolio are read: window, quantile and shortfall. Confidences are 95 % and 99 %, the horizon is one day.</summary>
public sealed record RiskConventions
{
    public const int MinWindowDays = 30;
    public const int MaxWindowDays = 2_500;

    /// <summary>Fewer observations than this report nothing.</summary>
    public const int MinObservations = 30;

    /// <summary>The horizon of every figure.</summary>
    public const int HorizonDays = 1;

    private readonly int windowDays = 500;

    public static RiskConventions Default { get; } = new();

    /// <summary>How many of the last return dates are scenarios; 30 to 2,500.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public int WindowDays
    {
        get => windowDays;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinWindowDays);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxWindowDays);
            windowDays = value;
        }
    }

    public QuantileConvention Quantile { get; init; } = QuantileConvention.Type7;

    public ShortfallConvention Shortfall { get; init; } = ShortfallConvention.AcerbiTasche;
}
