using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// One position in a <see cref="RiskReport"/>. Base currency unless said otherwise; losses are positive. With w the weights of the scenarios
/// that set a quantile or shortfall of the portfolio, and p the position's P&amp;L in them, a component is −Σ w·p: components sum to the total.
/// </summary>
/// <param name="Currency">The instrument's; null if the instrument is unknown.</param>
/// <param name="Price">The price in use, per unit in the instrument's currency.</param>
/// <param name="MarketValue">Quantity × price × multiplier × rate; negative when short.</param>
/// <param name="WeightRatio">|Exposure| / gross exposure of the portfolio.</param>
/// <param name="Unit95">Of one long unit (a share, a contract) alone, in the instrument's currency, without the risk of the rate.</param>
/// <param name="Unit99">Of one long unit.</param>
/// <param name="At95">Stand-alone: of the position without the others.</param>
/// <param name="At99">Stand-alone.</param>
/// <param name="Var95Ratio">Stand-alone VaR / |market value|.</param>
/// <param name="IncrementalVar95">VaR of the portfolio − VaR without the position, re-quantiled; negative for a hedge.</param>
/// <param name="Observations">Scenarios that it, or its proxy, has a return in; of an option its underlying.</param>
/// <param name="BorrowedScenarios">In how many scenarios the returns are the proxy's.</param>
public sealed record PositionRisk(
    Symbol Symbol,
    decimal Quantity,
    Currency? Currency,
    Figure Price,
    Figure MarketValue,
    Figure WeightRatio,
    LossFigures Unit95,
    LossFigures Unit99,
    LossFigures At95,
    LossFigures At99,
    Figure Var95Ratio,
    Figure ComponentVar95,
    Figure ComponentVar99,
    Figure ComponentEs95,
    Figure ComponentEs99,
    Figure IncrementalVar95,
    int Observations,
    int BorrowedScenarios);

/// <summary>Measures every position of a portfolio beside a snapshot of it, at the same prices and on the same tail.</summary>
internal sealed class PositionMeasures
{
    private readonly LivePortfolio live;
    private readonly RiskSnapshot snapshot;
    private readonly ScenarioPnl alone, unit;
    private readonly ScenarioTail tail;
    private readonly long[] without;
    private readonly IReadOnlyList<RankWeight> var95, var99, es95, es99;

    public PositionMeasures(LivePortfolio live, RiskSnapshot snapshot)
    {
        (this.live, this.snapshot) = (live, snapshot);
        var model = live.Model;
        alone = new ScenarioPnl(model.Scenarios, revaluedColumns: model.OptionPositions.Length);
        unit = new ScenarioPnl(model.LocalScenarios, revaluedColumns: model.OptionPositions.Length);
        tail = new ScenarioTail(model.Observations, model.TailDepth);
        without = new long[live.Pnl.PaddedUnits.Length];
        var isMeasured = snapshot.At95.Var.Value is not null && live.Pnl.Columns > 0;
        (var95, es95) = isMeasured ? (model.Tail95!.VarWeights(), model.Tail95.ShortfallWeights(live.Tail)) : ([], []);
        (var99, es99) = isMeasured ? (model.Tail99!.VarWeights(), model.Tail99.ShortfallWeights(live.Tail)) : ([], []);
    }

    public IReadOnlyList<PositionRisk> All() => [.. Enumerable.Range(0, live.Model.Positions.Length).Select(Measure)];

    private PositionRisk Measure(int index)
    {
        var position = live.Model.Positions[index];
        var reason = live.ReasonOf(index) ?? (position.Column == ModelPosition.None ? null : snapshot.At95.Var.Reason);
        var missingValue = Figure.Missing(live.ReasonOf(index) ?? FigureReason.MissingPrice);
        var value = live.ValueOf(index) is { } known ? Figure.Of(known) : missingValue;
        var (at95, at99) = Stand(alone, index, live.LayInto, reason);
        var (unit95, unit99) = reason == FigureReason.MissingFx ? WithoutRate(position, index) : Stand(unit, index, live.LayUnit, reason);
        var size = Math.Abs(value.Value ?? 0);
        return new PositionRisk(
            position.Held.Symbol,
            position.Held.Quantity,
            position.Instrument?.Currency,
            live.PriceOf(index) is { } price ? Figure.Of(price) : Figure.Missing(FigureReason.MissingPrice),
            value,
            live.ExposureOf(index) is { } exposure ? Figure.Of(Math.Abs(exposure)).Over(snapshot.GrossExposure) : value,
            unit95,
            unit99,
            at95,
            at99,
            at95.Var.Over(size),
            Component(position, reason, var95, snapshot.At95.Var),
            Component(position, reason, var99, snapshot.At99.Var),
            Component(position, reason, es95, snapshot.At95.Es),
            Component(position, reason, es99, snapshot.At99.Es),
            Incremental(position, reason),
            position.Observations,
            position.Borrowed);
    }

    /// <summary>One column by itself; its column is emptied again.</summary>
    private (LossFigures At95, LossFigures At99) Stand(ScenarioPnl pnl, int index, Func<ScenarioPnl, int, bool> lay, FigureReason? reason)
    {
        var column = live.Model.Positions[index].Column;
        if (reason is { } known) return (LossFigures.Missing(known), LossFigures.Missing(known));
        if (column == ModelPosition.None) return (LossFigures.Zero, LossFigures.Zero);
        if (!lay(pnl, index)) return (LossFigures.Missing(FigureReason.NotApplicable), LossFigures.Missing(FigureReason.NotApplicable));
        tail.Select(pnl);
        var figures = (LossFigures.Of(live.Model.Tail95!, tail, pnl.Grid), LossFigures.Of(live.Model.Tail99!, tail, pnl.Grid));
        pnl.Clear(column);
        return figures;
    }

    /// <summary>One unit in its own currency needs no rate. An option, which needs its underlying too, is not looked at.</summary>
    private (LossFigures At95, LossFigures At99) WithoutRate(ModelPosition position, int index)
    {
        if (position.Instrument is not { Option: null } instrument) return (LossFigures.Missing(FigureReason.MissingFx), LossFigures.Missing(FigureReason.MissingFx));
        var alone = SymbolRisk.Of(instrument, live.PriceOf(index), live.Model.History, live.Model.Conventions);
        return (alone.At95, alone.At99);
    }

    private Figure Component(ModelPosition position, FigureReason? reason, IReadOnlyList<RankWeight> weights, Figure total)
    {
        if (reason is { } known) return Figure.Missing(known);
        if (position.Column == ModelPosition.None) return Figure.Of(0);
        if (total.Value is null) return total;
        return Figure.Of(0 - weights.Sum(x => x.Weight * live.Pnl.UnitsOf(position.Column, live.Tail.Scenario(x.Rank))) * live.Pnl.Grid);
    }

    private Figure Incremental(ModelPosition position, FigureReason? reason)
    {
        if (reason is { } known) return Figure.Missing(known);
        if (position.Column == ModelPosition.None) return Figure.Of(0);
        live.Pnl.CopyWithout(position.Column, without);
        tail.Select(without);
        var rest = live.Model.Tail95!.Measure(tail, live.Pnl.Grid).Var;
        return Figure.Of(snapshot.At95.Var.Value!.Value - rest);
    }
}
