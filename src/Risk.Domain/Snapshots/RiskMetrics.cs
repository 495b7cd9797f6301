using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// What limits and scores are read off: exposures, liquidity, P&amp;L and the risk of groups, beside the report of the same prices. Money is
/// in base currency; losses are positive, P&amp;L and exposures signed.
/// </summary>
/// <param name="Positions">In the order of the portfolio.</param>
/// <param name="Delta">Σ over the positions that have one, and the first reason if none has; see <see cref="PositionMetrics"/> for all three.</param>
/// <param name="Leverage">Gross exposure / NAV; not applicable unless the NAV is positive, and as the exposures where none is known.</param>
/// <param name="MarginUtilization">Required margin, <see cref="RequiredMarginRatio"/> × gross exposure, / NAV.</param>
/// <param name="Correlation">See <see cref="AverageCorrelation"/>: of the P&amp;L of the measured positions, weighted by |exposure|.</param>
/// <param name="DiversificationScore">100 · (1 − VaR / Σ stand-alone VaR).</param>
/// <param name="WithoutFx">VaR and shortfall at 95 % were all rates to stand still.</param>
/// <param name="FxPart95">VaR at 95 % − that without the risk of the rates: negative where the rates hedge.</param>
/// <param name="UnrealizedPnl">Σ over the positions that have one; the first reason if none has.</param>
/// <param name="DailyPnl">Σ over the positions that have one.</param>
public sealed record RiskMetrics(
    RiskReport Report,
    IReadOnlyList<PositionMetrics> Positions,
    double LongExposure,
    double ShortExposure,
    Figure Delta,
    Figure Gamma,
    Figure Vega,
    Figure Leverage,
    Figure MarginUtilization,
    Figure Correlation,
    Figure DiversificationScore,
    LossFigures WithoutFx,
    Figure FxPart95,
    Figure UnrealizedPnl,
    Figure DailyPnl,
    PortfolioLiquidity Liquidity)
{
    /// <summary>The share of gross exposure that is taken to be asked for as margin.</summary>
    public const double RequiredMarginRatio = 0.02;

    public double NetExposure => LongExposure + ShortExposure;

    /// <summary>The metrics at the prices given so far. Allocates: for readers, not for each tick.</summary>
    /// <param name="spreadOf">The spread of a symbol; null where none is known.</param>
    public static RiskMetrics Of(LivePortfolio live, EventTime asOf, SnapshotVersion version, Func<Symbol, BidAskSpread?> spreadOf)
    {
        var report = RiskReport.Of(live, asOf, version);
        var (snapshot, day) = (report.Snapshot, DateOnly.FromDateTime(asOf.ToDateTimeOffset().UtcDateTime));
        double[] closesBefore = [.. live.Model.PricedSymbols.Select(symbol => ReturnWindow.LastClose(live.Model.History, symbol, day))];
        var positions = live.Model.Positions.Select((x, i) => PositionMetrics.Of(live, i, closesBefore, spreadOf(x.Held.Symbol))).ToList();
        var exposures = positions.Select(x => x.Exposure.Value ?? 0).ToList();
        var alone = report.Positions.Where(x => x.At95.Var.Value is not null).Select(x => x.At95.Var.Value!.Value).ToArray();
        var exposure = Total(positions, x => x.Exposure).Reason is { } none ? Figure.Missing(none) : Figure.Of(snapshot.GrossExposure);
        var withoutFx = WithoutFxOf(live, snapshot);
        return new RiskMetrics(
            report,
            positions,
            exposures.Where(x => x > 0).Sum(),
            exposures.Where(x => x < 0).Sum(),
            Total(positions, x => x.Delta),
            Total(positions, x => x.Gamma),
            Total(positions, x => x.Vega),
            exposure.Over(snapshot.Nav),
            (exposure.Value is null ? exposure : Figure.Of(RequiredMarginRatio * snapshot.GrossExposure)).Over(snapshot.Nav),
            CorrelationOf(live, snapshot),
            snapshot.At95.Var.Value is not { } var95 ? snapshot.At95.Var
                : Concentration.DiversificationBenefit(var95, alone) is { } benefit ? Figure.Of(100 * benefit) : Figure.Missing(FigureReason.NotApplicable),
            withoutFx,
            snapshot.At95.Var.Value is { } with && withoutFx.Var.Value is { } without ? Figure.Of(with - without) : withoutFx.Var,
            Total(positions, x => x.UnrealizedPnl),
            Total(positions, x => x.DailyPnl),
            PortfolioLiquidity.Of(positions, snapshot));
    }

    private static Figure Total(List<PositionMetrics> positions, Func<PositionMetrics, Figure> of)
    {
        var known = positions.Select(of).Where(x => x.Value is not null).Select(x => x.Value!.Value).ToList();
        return known.Count > 0 || positions.Count == 0 ? Figure.Of(known.Sum()) : of(positions[0]);
    }

    private static Figure CorrelationOf(LivePortfolio live, RiskSnapshot snapshot)
    {
        if (snapshot.At95.Var.Value is null) return snapshot.At95.Var;
        int[] measured = [.. Enumerable.Range(0, live.Model.Positions.Length)
            .Where(i => live.ReasonOf(i) is null && live.Model.Positions[i].Column != ModelPosition.None)];
        double[] weights = [.. measured.Select(i => Math.Abs(live.ExposureOf(i) ?? 0))];
        double[][] series = [.. measured.Select(i => live.Pnl.PnlOf(live.Model.Positions[i].Column))];
        return AverageCorrelation.Of(weights, series) is { } value ? Figure.Of(value) : Figure.Missing(FigureReason.NotApplicable);
    }

    private static LossFigures WithoutFxOf(LivePortfolio live, RiskSnapshot snapshot)
    {
        if (snapshot.At95.Var.Value is null || live.Model.Routes.Length == 0) return snapshot.At95;
        var still = new ScenarioPnl(live.Model.LocalScenarios, revaluedColumns: live.Model.OptionPositions.Length);
        for (var i = 0; i < live.Model.Positions.Length; i++)
            if (live.ReasonOf(i) is null && live.Model.Positions[i].Column != ModelPosition.None && !live.LayInto(still, i))
                return LossFigures.Missing(FigureReason.NotApplicable);
        var tail = new ScenarioTail(live.Model.Observations, live.Model.TailDepth);
        tail.Select(still);
        return LossFigures.Of(live.Model.Tail95!, tail, still.Grid);
    }
}

/// <summary>The liquidity of a portfolio; <see cref="Liquidity"/> has the definitions.</summary>
/// <param name="DaysToLiquidate">Of the slowest position whose volume is known, in trading days; short history if none is.</param>
/// <param name="LiquidShare">Share of gross exposure in liquid positions, as a ratio; where a volume is not known the position is not liquid.</param>
/// <param name="LargestShareOfVolume">Of the positions whose volume is known.</param>
/// <param name="KnownVolumeShare">Share of gross exposure whose volume is known.</param>
/// <param name="LiquidityCost">Σ over the positions that have a spread, in base currency; the first reason if none has.</param>
/// <param name="KnownSpreadShare">Share of gross exposure that has a spread.</param>
/// <param name="AdjustedVar95">VaR + liquidity cost.</param>
/// <param name="AdjustedInterval95">Of that VaR, the cost taken as known; null exactly where it is.</param>
public sealed record PortfolioLiquidity(
    Figure DaysToLiquidate,
    Figure LiquidShare,
    Figure LargestShareOfVolume,
    Figure KnownVolumeShare,
    Figure LiquidityCost,
    Figure KnownSpreadShare,
    Figure AdjustedVar95,
    Figure AdjustedVar99,
    LossInterval? AdjustedInterval95,
    LossInterval? AdjustedInterval99)
{
    internal static PortfolioLiquidity Of(List<PositionMetrics> positions, RiskSnapshot snapshot)
    {
        Figure Share(Func<PositionLiquidity, bool> isWanted) =>
            Figure.Of(positions.Where(x => isWanted(x.Liquidity)).Sum(x => Math.Abs(x.Exposure.Value ?? 0))).Over(snapshot.GrossExposure);
        Figure Largest(Func<PositionLiquidity, Figure> of)
        {
            var known = positions.Select(x => of(x.Liquidity).Value).OfType<double>().ToList();
            return known.Count > 0 || positions.Count == 0 ? Figure.Of(known.DefaultIfEmpty().Max()) : Figure.Missing(FigureReason.ShortHistory);
        }
        var costs = positions.Select(x => x.Liquidity.LiquidityCost.Value).OfType<double>().ToList();
        var cost = costs.Count > 0 || positions.Count == 0 ? Figure.Of(costs.Sum()) : positions[0].Liquidity.LiquidityCost;
        Figure Adjusted(Figure loss) => loss.Value is not { } value ? loss : cost.Value is { } add ? Figure.Of(value + add) : cost;
        LossInterval? Moved(LossInterval? interval) => interval is { } x && cost.Value is { } add ? new LossInterval(x.Low + add, x.High + add) : null;
        return new PortfolioLiquidity(
            Largest(x => x.DaysToLiquidate),
            Share(x => x.IsLiquid),
            Largest(x => x.ShareOfVolume),
            Share(x => x.ShareOfVolume.Value is not null),
            cost,
            Share(x => x.LiquidityCost.Value is not null),
            Adjusted(snapshot.At95.Var),
            Adjusted(snapshot.At99.Var),
            Moved(snapshot.At95.Interval),
            Moved(snapshot.At99.Interval));
    }
}
