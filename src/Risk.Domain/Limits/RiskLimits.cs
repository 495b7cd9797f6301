namespace Risk.Domain.Limits;

/// <summary>What limits are set on. The docs say what is compared; ratios are fractions, amounts in base currency.</summary>
public enum RiskMetric
{
    /// <summary>The largest |exposure| of one position.</summary>
    PositionSize,

    /// <summary>VaR 95 % / NAV.</summary>
    Var95Ratio,

    /// <summary>Gross exposure / NAV.</summary>
    Leverage,

    /// <summary>The largest |exposure| of one position / gross exposure.</summary>
    StockWeight,

    /// <summary>The largest gross exposure of one sector / gross exposure; what has no sector is none.</summary>
    SectorWeight,

    /// <summary>The five largest positions / gross exposure.</summary>
    TopFiveWeight,

    /// <summary>Σ weight².</summary>
    Hhi,

    /// <summary>The weighted average pairwise correlation.</summary>
    Correlation,

    /// <summary>The largest position against its 30-day average volume.</summary>
    ShareOfVolume,

    /// <summary>Share of gross exposure in liquid positions: a limit from below.</summary>
    LiquidShare,

    /// <summary>What was lost since the previous close; a gain is zero.</summary>
    DailyLoss,

    /// <summary>What was lost since the positions were bought, at average cost; a gain is zero.</summary>
    UnrealizedLoss,

    /// <summary>The composite risk score.</summary>
    Score,
}

/// <summary>A limit on one metric. A value breaks it that lies beyond: above, or below where <see cref="IsLowerBound"/>.</summary>
/// <param name="Warning">Null where there is none.</param>
/// <param name="Critical">Null where there is none; then the metric has no part in the score.</param>
public sealed record RiskLimit(RiskMetric Metric, double? Warning, double? Critical, bool IsLowerBound = false)
{
    /// <summary>The graver of the bounds that the value lies beyond; null if it keeps both.</summary>
    public LimitSeverity? SeverityOf(double value) =>
        IsBeyond(value, Critical) ? LimitSeverity.Critical : IsBeyond(value, Warning) ? LimitSeverity.Warning : null;

    private bool IsBeyond(double value, double? bound) => IsLowerBound ? value < bound : value > bound;
}

public enum LimitSeverity
{
    Warning,
    Critical,
}

/// <summary>The limits that hold where an account has set none. Amounts are meant to be edited.</summary>
public static class DefaultLimits
{
    public static IReadOnlyList<RiskLimit> All { get; } =
    [
        new(RiskMetric.PositionSize, null, 100_000),
        new(RiskMetric.Var95Ratio, 0.05, 0.10),
        new(RiskMetric.Leverage, 20, 30),
        new(RiskMetric.StockWeight, 0.20, 0.30),
        new(RiskMetric.SectorWeight, 0.40, 0.50),
        new(RiskMetric.TopFiveWeight, 0.60, 0.80),
        new(RiskMetric.Hhi, 0.25, 0.40),
        // Not a limit but the end of the scale: at 1 all positions are one.
        new(RiskMetric.Correlation, null, 1),
        new(RiskMetric.ShareOfVolume, 0.10, 0.25),
        new(RiskMetric.LiquidShare, 0.10, null, IsLowerBound: true),
        new(RiskMetric.DailyLoss, null, 1_000),
        // That of an absolute drawdown: a loss since purchase is one.
        new(RiskMetric.UnrealizedLoss, null, 5_000),
        new(RiskMetric.Score, 70, 90),
    ];

    public static RiskLimit Of(RiskMetric metric) => All.First(limit => limit.Metric == metric);
}
