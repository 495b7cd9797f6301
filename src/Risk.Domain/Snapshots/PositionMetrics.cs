using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Options;

namespace Risk.Domain.Snapshots;

/// <summary>
/// What a position is exposed to, has earned, and costs to leave. Base currency unless said otherwise; gains positive.
/// </summary>
/// <param name="Instrument">Null if it is unknown.</param>
/// <param name="Exposure">What a return of the underlying is multiplied with to give P&amp;L, to first order: of linear positions the market value.</param>
/// <param name="Delta">P&amp;L for a return of 1.00 of the underlying, to first order: units × delta × spot × rate; of linear positions the market value.</param>
/// <param name="Gamma">Change of <paramref name="Delta"/> for a return of 1.00: units × gamma × spot² × rate. P&amp;L ≈ delta·r + ½·gamma·r².</param>
/// <param name="Vega">P&amp;L for 1.00 more of volatility.</param>
/// <param name="Option">Null for what is no option, and for one without scenarios.</param>
/// <param name="UnrealizedPnl">Units × (price − average cost) × rate of today; not applicable without an average cost.</param>
/// <param name="DailyPnl">Against the newest close before the day of the snapshot, and the rate of then; short history without that close.</param>
public sealed record PositionMetrics(
    Symbol Symbol,
    Instrument? Instrument,
    decimal Quantity,
    Figure MarketValue,
    Figure Exposure,
    Figure Delta,
    Figure Gamma,
    Figure Vega,
    OptionMetrics? Option,
    Figure UnrealizedPnl,
    Figure DailyPnl,
    PositionLiquidity Liquidity)
{
    /// <param name="closesBefore">Of each priced symbol the newest close before the day; NaN if there is none.</param>
    /// <param name="spread">Null if none is known.</param>
    internal static PositionMetrics Of(LivePortfolio live, int index, double[] closesBefore, BidAskSpread? spread)
    {
        var position = live.Model.Positions[index];
        var missing = Figure.Missing(live.ReasonOf(index) ?? FigureReason.MissingPrice);
        var (delta, gamma, vega, option) = Sensitivities(live, index);
        return new PositionMetrics(
            position.Held.Symbol,
            position.Instrument,
            position.Held.Quantity,
            live.ValueOf(index) is { } value ? Figure.Of(value) : missing,
            live.ExposureOf(index) is { } exposure ? Figure.Of(exposure) : missing,
            delta,
            gamma,
            vega,
            option,
            Unrealized(live, index),
            Daily(live, index, closesBefore),
            PositionLiquidity.Of(live, index, spread));
    }

    private static (Figure Delta, Figure Gamma, Figure Vega, OptionMetrics? Option) Sensitivities(LivePortfolio live, int index)
    {
        var (position, zero) = (live.Model.Positions[index], Figure.Of(0));
        if (live.OptionOf(index) is not { } option)
        {
            if (live.ValueOf(index) is { } value && position.Instrument?.AssetClass != AssetClass.Option) return (Figure.Of(value), zero, zero, null);
            var unknown = Figure.Missing(live.ReasonOf(index) ?? FigureReason.MissingPrice);
            return (unknown, unknown, unknown, null);
        }
        if (live.ReasonOf(index) is { } reason) return (Figure.Missing(reason), Figure.Missing(reason), Figure.Missing(reason), null);
        var (units, figures) = (position.Units * live.RateOf(index), option.Figures);
        return (
            Figure.Of(units * figures.Delta * option.Spot),
            Finite(units * figures.Gamma * option.Spot * option.Spot),
            Figure.Of(units * figures.Vega),
            new OptionMetrics(option.Terms.Terms, option.Spot, option.Price, option.Volatility, option.IsFallback, figures));
    }

    private static Figure Unrealized(LivePortfolio live, int index)
    {
        var position = live.Model.Positions[index];
        if (position.Instrument?.AssetClass == AssetClass.Cash) return Figure.Of(0);
        if (live.ValueOf(index) is null) return Figure.Missing(live.ReasonOf(index) ?? FigureReason.MissingPrice);
        if (position.Held.AverageCost <= 0) return Figure.Missing(FigureReason.NotApplicable);
        return Finite(position.Units * (live.PriceOf(index)!.Value - (double)position.Held.AverageCost) * live.RateOf(index));
    }

    private static Figure Daily(LivePortfolio live, int index, double[] closesBefore)
    {
        var position = live.Model.Positions[index];
        if (live.ValueOf(index) is not { } value) return Figure.Missing(live.ReasonOf(index) ?? FigureReason.MissingPrice);
        var price = position.Priced == ModelPosition.None ? 1 : closesBefore[position.Priced];
        var rate = position.Route == ModelPosition.None ? 1 : live.Model.Routes[position.Route].RateAt(closesBefore);
        return Finite(value - position.Units * price * rate);
    }

    private static Figure Finite(double value) => double.IsFinite(value) ? Figure.Of(value) : Figure.Missing(FigureReason.ShortHistory);
}

/// <summary>An option as it is valued, in its own currency.</summary>
/// <param name="Price">Per unit of the underlying: its own price, else that of the formula.</param>
/// <param name="Volatility">Per year, as a ratio.</param>
/// <param name="IsFallback">Whether the volatility is that of the underlying's returns over the window × √252, because the option has no price or none that implies one.</param>
/// <param name="Figures">Of one option on one unit.</param>
public sealed record OptionMetrics(OptionTerms Terms, double UnderlyingPrice, double Price, double Volatility, bool IsFallback, OptionFigures Figures);

/// <summary>How fast a position can be left, and what its spread costs.</summary>
/// <param name="AverageVolume">Units a day over the last <see cref="Liquidity.VolumeDays"/> dates of the history; short history where it does not know them.</param>
/// <param name="ShareOfVolume">|Quantity| / average volume, as a ratio.</param>
/// <param name="DaysToLiquidate">At <see cref="Liquidity.UsualParticipation"/> of the volume.</param>
/// <param name="IsLiquid">Cash, or at most <see cref="Liquidity.LiquidShareOfVolume"/> of a volume that is known.</param>
/// <param name="SpreadRatio">Mean relative spread; missing price without a bid and an ask.</param>
/// <param name="LiquidityCost">In base currency: see <see cref="BidAskSpread.LiquidityCost"/>.</param>
public sealed record PositionLiquidity(
    Figure AverageVolume, Figure ShareOfVolume, Figure DaysToLiquidate, bool IsLiquid, Figure SpreadRatio, Figure LiquidityCost)
{
    internal static PositionLiquidity Of(LivePortfolio live, int index, BidAskSpread? spread)
    {
        var (position, zero) = (live.Model.Positions[index], Figure.Of(0));
        if (position.Instrument?.AssetClass == AssetClass.Cash) return new PositionLiquidity(Figure.Missing(FigureReason.NotApplicable), zero, zero, true, zero, zero);
        var quantity = (double)position.Held.Quantity;
        var noSpread = Figure.Missing(FigureReason.MissingPrice);
        var spreadRatio = spread is { } known ? Figure.Of(known.MeanRatio) : noSpread;
        var cost = spread is { } given && live.ValueOf(index) is { } value ? Figure.Of(given.LiquidityCost(value))
            : spread is null ? noSpread : Figure.Missing(live.ReasonOf(index) ?? FigureReason.MissingPrice);
        if (live.Model.History.AverageVolume(position.Held.Symbol, Liquidity.VolumeDays) is not { } volume)
        {
            var unknown = Figure.Missing(FigureReason.ShortHistory);
            return new PositionLiquidity(unknown, unknown, unknown, false, spreadRatio, cost);
        }
        var share = Or(Liquidity.ShareOfVolume(quantity, volume));
        return new PositionLiquidity(
            Figure.Of(volume), share, Or(Liquidity.DaysToLiquidate(quantity, volume)), share.Value <= Liquidity.LiquidShareOfVolume, spreadRatio, cost);
    }

    private static Figure Or(double? value) => value is { } known ? Figure.Of(known) : Figure.Missing(FigureReason.NotApplicable);
}
