using System.Text.Json.Serialization;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>A position. Base currency; average_volume counts units a day.</summary>
public sealed record PositionMetricsRow(
    string Symbol,
    string AssetClass,
    string Sector,
    string? Currency,
    decimal Quantity,
    double? MarketValue,
    double? Exposure,
    double? UnrealizedPl,
    double? DailyPl,
    [property: JsonPropertyName("average_volume_30d")] double? AverageVolume,
    double? ShareOfVolume,
    double? DaysToLiquidate,
    bool IsLiquid,
    double? SpreadRatio,
    double? LiquidityCost,
    Dictionary<string, string> Reasons)
{
    internal static PositionMetricsRow Of(PositionMetrics x)
    {
        var (liquidity, reasons) = (x.Liquidity, new Dictionary<string, string>());
        return new PositionMetricsRow(
            x.Symbol.Text, RiskGroups.NameOf(x.Instrument, Grouping.AssetClass), RiskGroups.NameOf(x.Instrument, Grouping.Sector), x.Instrument?.Currency.Code, x.Quantity,
            x.MarketValue.Into(reasons, "market_value"), x.Exposure.Into(reasons, "exposure"),
            x.UnrealizedPnl.Into(reasons, "unrealized_pl"), x.DailyPnl.Into(reasons, "daily_pl"),
            liquidity.AverageVolume.Into(reasons, "average_volume_30d"), liquidity.ShareOfVolume.Into(reasons, "share_of_volume"),
            liquidity.DaysToLiquidate.Into(reasons, "days_to_liquidate"), liquidity.IsLiquid,
            liquidity.SpreadRatio.Into(reasons, "spread_ratio"), liquidity.LiquidityCost.Into(reasons, "liquidity_cost"), reasons);
    }
}
