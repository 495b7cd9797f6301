using System.Text.Json.Serialization;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>
/// A position. Base currency; average_volume_30d counts units a day. P&amp;L ≈ delta·r + ½·gamma·r² + vega·change of volatility, r the return of
/// the underlying.
/// </summary>
public sealed record PositionMetricsRow(
    string Symbol,
    string AssetClass,
    string Sector,
    string? Currency,
    decimal Quantity,
    double? MarketValue,
    double? Exposure,
    double? Delta,
    double? Gamma,
    double? Vega,
    double? UnrealizedPl,
    double? DailyPl,
    [property: JsonPropertyName("average_volume_30d")] double? AverageVolume,
    double? ShareOfVolume,
    double? DaysToLiquidate,
    bool IsLiquid,
    double? SpreadRatio,
    double? LiquidityCost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OptionMetricsAnswer? Option,
    Dictionary<string, string> Reasons)
{
    internal static PositionMetricsRow Of(PositionMetrics x)
    {
        var (liquidity, reasons) = (x.Liquidity, new Dictionary<string, string>());
        return new PositionMetricsRow(
            x.Symbol.Text, RiskGroups.NameOf(x.Instrument, Grouping.AssetClass), RiskGroups.NameOf(x.Instrument, Grouping.Sector), Figures.WordInto(x.Instrument?.Currency.Code, x.MarketValue, reasons, "currency"), x.Quantity,
            x.MarketValue.Into(reasons, "market_value"), x.Exposure.Into(reasons, "exposure"),
            x.Delta.Into(reasons, "delta"), x.Gamma.Into(reasons, "gamma"), x.Vega.Into(reasons, "vega"),
            x.UnrealizedPnl.Into(reasons, "unrealized_pl"), x.DailyPnl.Into(reasons, "daily_pl"),
            liquidity.AverageVolume.Into(reasons, "average_volume_30d"), liquidity.ShareOfVolume.Into(reasons, "share_of_volume"),
            liquidity.DaysToLiquidate.Into(reasons, "days_to_liquidate"), liquidity.IsLiquid,
            liquidity.SpreadRatio.Into(reasons, "spread_ratio"), liquidity.LiquidityCost.Into(reasons, "liquidity_cost"),
            x.Option is { } option ? OptionMetricsAnswer.Of(option) : null, reasons);
    }
}

/// <summary>How an option is valued, in its own currency; the Greeks are of one option on one unit, theta and rho as in the calculator of options.</summary>
/// <param name="VolatilitySource"><c>implied</c> by the option's price, or <c>history</c> of the underlying where it implies none.</param>
public sealed record OptionMetricsAnswer(
    string Underlying,
    decimal Strike,
    DateOnly Expiry,
    string Right,
    double UnderlyingPrice,
    double Price,
    double Volatility,
    string VolatilitySource,
    double UnitDelta,
    double UnitGamma,
    double UnitVega,
    double UnitTheta,
    double UnitRho)
{
    internal static OptionMetricsAnswer Of(OptionMetrics x) => new(
        x.Terms.Underlying.Text, x.Terms.Strike, x.Terms.Expiry, x.Terms.Right.ToString().ToLowerInvariant(), x.UnderlyingPrice, x.Price, x.Volatility,
        x.IsFallback ? "history" : "implied", x.Figures.Delta, x.Figures.Gamma, x.Figures.Vega, x.Figures.Theta, x.Figures.Rho);
}
