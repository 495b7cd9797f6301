using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Domain.Limits;

/// <summary>Reads off a portfolio's metrics what the limits are compared with.</summary>
public static class MetricValues
{
    /// <summary>A value, or the reason why there is none, for each metric but the score. An empty portfolio has 0 everywhere but in correlation and liquid share.</summary>
    public static IReadOnlyDictionary<RiskMetric, Figure> Of(RiskMetrics metrics)
    {
        var gross = metrics.Report.Snapshot.GrossExposure;
        var sizes = metrics.Positions.Select(x => Math.Abs(x.Exposure.Value ?? 0)).ToList();
        var weights = Concentration.GrossWeights([.. sizes]);
        var sectors = metrics.Positions.Where(x => RiskGroups.NameOf(x.Instrument, Grouping.Sector) != RiskGroups.Unclassified)
            .GroupBy(x => x.Instrument!.Sector, StringComparer.Ordinal).Select(sector => sector.Sum(x => Math.Abs(x.Exposure.Value ?? 0))).ToList();
        var none = sizes.Count > 0 && gross == 0 ? metrics.Positions[0].Exposure.Reason : null;
        Figure Share(double value) => none is { } reason ? Figure.Missing(reason) : Figure.Of(value);
        return new Dictionary<RiskMetric, Figure>
        {
            [RiskMetric.PositionSize] = Share(sizes.DefaultIfEmpty().Max()),
            [RiskMetric.Var95Ratio] = IsEmpty(metrics) ? Figure.Of(0) : metrics.Report.Var95Ratio,
            [RiskMetric.Leverage] = IsEmpty(metrics) ? Figure.Of(0) : metrics.Leverage,
            [RiskMetric.StockWeight] = Share(weights.DefaultIfEmpty().Max()),
            [RiskMetric.SectorWeight] = Share(gross > 0 ? sectors.DefaultIfEmpty().Max() / gross : 0),
            [RiskMetric.TopFiveWeight] = Share(Concentration.Top(weights, 5)),
            [RiskMetric.Hhi] = Share(Concentration.Hhi(weights)),
            [RiskMetric.Correlation] = metrics.Correlation,
            [RiskMetric.ShareOfVolume] = metrics.Liquidity.LargestShareOfVolume,
            [RiskMetric.LiquidShare] = metrics.Liquidity.LiquidShare,
            [RiskMetric.DailyLoss] = LossOf(metrics.DailyPnl),
            [RiskMetric.UnrealizedLoss] = LossOf(metrics.UnrealizedPnl),
        };
    }

    private static bool IsEmpty(RiskMetrics metrics) => metrics.Positions.Count == 0;

    private static Figure LossOf(Figure pnl) => pnl.Value is { } value ? Figure.Of(Math.Max(0, -value)) : pnl;
}
