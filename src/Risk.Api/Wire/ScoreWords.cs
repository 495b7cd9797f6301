using Risk.Domain.Limits;

namespace Risk.Api.Wire;

/// <summary>The names of score parts and limited metrics as the API writes them.</summary>
internal static class ScoreWords
{
    public static string Of(ScorePart part) => part == ScorePart.Pnl ? "pl" : part.ToString().ToLowerInvariant();

    public static string Of(RiskMetric metric) => metric switch
    {
        RiskMetric.PositionSize => "position_size",
        RiskMetric.Var95Ratio => "var_95_ratio",
        RiskMetric.Leverage => "leverage",
        RiskMetric.StockWeight => "stock_weight",
        RiskMetric.SectorWeight => "sector_weight",
        RiskMetric.TopFiveWeight => "top_five_weight",
        RiskMetric.Hhi => "hhi",
        RiskMetric.Correlation => "correlation_risk",
        RiskMetric.ShareOfVolume => "share_of_volume",
        RiskMetric.LiquidShare => "liquid_share",
        RiskMetric.DailyLoss => "daily_loss",
        RiskMetric.UnrealizedLoss => "unrealized_loss",
        RiskMetric.Score => "risk_score",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown metric."),
    };
}
