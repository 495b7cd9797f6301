using Risk.Domain.Snapshots;

namespace Risk.Domain.Limits;

/// <summary>The parts of the composite score; <see cref="RiskScore"/> has their weights and what each is made of.</summary>
public enum ScorePart
{
    Position,
    Leverage,
    Concentration,
    Correlation,
    Liquidity,
    Pnl,
}

public enum RiskLevel
{
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>
/// The composite risk score, 0 to 100. A part is 100 · min(1, value / critical limit) of its worst metric among those that could be
/// computed; the score is the mean of the parts that have one, by their weights. So a part that is not known counts neither as safe nor
/// as dangerous; <see cref="KnownWeight"/> tells how much of the score stands on figures. A portfolio that owes more than it owns has no
/// leverage to speak of, and 100 in that part.
/// </summary>
/// <param name="Total">Missing, with the reason of the first part, where no part is known.</param>
/// <param name="Parts">In the order of <see cref="ScorePart"/>.</param>
/// <param name="Breaches">Every limit that a metric lies beyond, that of the score included.</param>
public sealed record RiskScore(Figure Total, IReadOnlyList<PartScore> Parts, IReadOnlyList<LimitBreach> Breaches)
{
    private const double MediumFrom = 40, HighFrom = 70, CriticalFrom = 90;

    private static readonly (ScorePart Part, int Weight, RiskMetric[] Metrics)[] Table =
    [
        (ScorePart.Position, 25, [RiskMetric.PositionSize, RiskMetric.Var95Ratio]),
        (ScorePart.Leverage, 20, [RiskMetric.Leverage]),
        (ScorePart.Concentration, 15, [RiskMetric.StockWeight, RiskMetric.SectorWeight, RiskMetric.TopFiveWeight, RiskMetric.Hhi]),
        (ScorePart.Correlation, 10, [RiskMetric.Correlation]),
        (ScorePart.Liquidity, 10, [RiskMetric.ShareOfVolume]),
        (ScorePart.Pnl, 20, [RiskMetric.DailyLoss, RiskMetric.UnrealizedLoss]),
    ];

    /// <summary>The weights of the parts that are known, as a share of all: 0 … 1.</summary>
    public double KnownWeight => Parts.Where(part => part.Score.Value is not null).Sum(part => part.Weight) / (double)Parts.Sum(part => part.Weight);

    /// <summary>low &lt; 40 ≤ medium &lt; 70 ≤ high &lt; 90 ≤ critical; null without a score.</summary>
    public RiskLevel? Level => Total.Value is { } total ? LevelOf(total) : null;

    public static RiskLevel LevelOf(double score) => score switch
    {
        < MediumFrom => RiskLevel.Low,
        < HighFrom => RiskLevel.Medium,
        < CriticalFrom => RiskLevel.High,
        _ => RiskLevel.Critical,
    };

    /// <param name="limits">One for each metric of <see cref="MetricValues"/>, and for the score.</param>
    public static RiskScore Of(RiskMetrics metrics, IReadOnlyList<RiskLimit> limits)
    {
        var values = MetricValues.Of(metrics);
        var byMetric = limits.ToDictionary(limit => limit.Metric);
        var isOwing = metrics.Report.Snapshot is { Nav: <= 0, GrossExposure: > 0 };
        var parts = Table.Select(row => PartOf(row.Part, row.Weight, row.Metrics, values, byMetric, isOwing)).ToList();
        var known = parts.Where(part => part.Score.Value is not null).ToList();
        var total = known.Count > 0
            ? Figure.Of(known.Sum(part => part.Weight * part.Score.Value!.Value) / known.Sum(part => part.Weight))
            : parts[0].Score;
        var breaches = from limit in limits
                       let value = limit.Metric == RiskMetric.Score ? total : values.GetValueOrDefault(limit.Metric, Figure.Missing(FigureReason.NotApplicable))
                       where value.Value is not null && limit.SeverityOf(value.Value.Value) is not null
                       select new LimitBreach(limit, value.Value!.Value, limit.SeverityOf(value.Value.Value)!.Value);
        return new RiskScore(total, parts, [.. breaches]);
    }

    private static PartScore PartOf(
        ScorePart part, int weight, RiskMetric[] metrics, IReadOnlyDictionary<RiskMetric, Figure> values, Dictionary<RiskMetric, RiskLimit> limits, bool isOwing)
    {
        if (part == ScorePart.Leverage && isOwing) return new PartScore(part, weight, Figure.Of(100), RiskMetric.Leverage);
        RiskMetric? worst = null;
        var highest = 0d;
        foreach (var metric in metrics)
        {
            if (values[metric].Value is not { } value || limits[metric].Critical is not { } critical) continue;
            var score = critical > 0 ? 100 * Math.Clamp(value / critical, 0, 1) : value > critical ? 100 : 0;
            if (worst is not null && score <= highest) continue;
            (worst, highest) = (metric, score);
        }
        var reason = metrics.Select(metric => values[metric].Reason).FirstOrDefault(x => x is not null) ?? FigureReason.NotApplicable;
        return new PartScore(part, weight, worst is null ? Figure.Missing(reason) : Figure.Of(highest), worst);
    }
}

/// <param name="Weight">Of 100.</param>
/// <param name="Score">0 … 100.</param>
/// <param name="Worst">The metric that sets it; null where none could be computed.</param>
public sealed record PartScore(ScorePart Part, int Weight, Figure Score, RiskMetric? Worst);

/// <summary>A limit that is broken, and by what.</summary>
public sealed record LimitBreach(RiskLimit Limit, double Value, LimitSeverity Severity);
