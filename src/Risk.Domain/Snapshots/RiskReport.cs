using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// A snapshot and what each position adds to it. Money is in base currency unless said otherwise; losses are positive. A position that the
/// figures do not contain keeps its place, with the reason in each of its figures.
/// </summary>
/// <param name="Positions">In the order of the portfolio.</param>
/// <param name="Var95Ratio">VaR / NAV; not applicable unless the NAV is positive.</param>
/// <param name="Var99Ratio">VaR / NAV.</param>
/// <param name="DiversificationBenefit95">Σ stand-alone VaR of the measured positions − VaR of the portfolio.</param>
/// <param name="Hhi">Σ weight², weight = |exposure| / gross exposure, so that shorts concentrate as longs do; 1 for a single position.</param>
/// <param name="EffectivePositions">1 / HHI.</param>
public sealed record RiskReport(
    RiskSnapshot Snapshot,
    IReadOnlyList<PositionRisk> Positions,
    Figure Var95Ratio,
    Figure Var99Ratio,
    Figure DiversificationBenefit95,
    Figure Hhi,
    Figure EffectivePositions)
{
    /// <summary>The report at the prices given so far. Costs microseconds a position and allocates: for readers, not for each tick.</summary>
    public static RiskReport Of(LivePortfolio live, EventTime asOf, SnapshotVersion version)
    {
        var snapshot = live.Measure(asOf, version);
        var positions = new PositionMeasures(live, snapshot).All();
        var alone = positions.Where(position => position.At95.Var.Value is not null).Sum(position => position.At95.Var.Value!.Value);
        var concentration = snapshot.GrossExposure > 0
            ? Figure.Of(positions.Sum(position => (position.WeightRatio.Value ?? 0) * (position.WeightRatio.Value ?? 0)))
            : Figure.Missing(positions.Select(position => position.MarketValue.Reason).FirstOrDefault(x => x is not null) ?? FigureReason.NotApplicable);
        return new RiskReport(
            snapshot,
            positions,
            snapshot.At95.Var.Over(snapshot.Nav),
            snapshot.At99.Var.Over(snapshot.Nav),
            snapshot.At95.Var.Value is { } var95 ? Figure.Of(alone - var95) : snapshot.At95.Var,
            concentration,
            concentration.Value is { } hhi ? Figure.Of(1).Over(hhi) : concentration);
    }

    /// <summary>Which scenarios set the VaR of a portfolio at a confidence: VaR = −Σ weight × P&amp;L.</summary>
    /// <param name="confidence">Above 0.5 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another confidence.</exception>
    public static VarExplanation Explain(LivePortfolio live, decimal confidence)
    {
        var model = live.Model;
        var plan = new TailPlan(Math.Max(1, model.Observations), confidence, model.Conventions.Quantile, model.Conventions.Shortfall);
        var (at95, _) = live.MeasureTails();
        if (at95.Var.Value is null || live.Pnl.Columns == 0) return new VarExplanation(confidence, at95, []);
        var tail = new ScenarioTail(model.Observations, plan.Depth);
        tail.Select(live.Pnl);
        var scenarios = plan.VarWeights().Select(x => Explain(live, tail, x)).ToList();
        return new VarExplanation(confidence, LossFigures.Of(plan, tail, live.Pnl.Grid), scenarios);
    }

    private static ExplainedScenario Explain(LivePortfolio live, ScenarioTail tail, RankWeight rank)
    {
        var (scenario, grid) = (tail.Scenario(rank.Rank), live.Pnl.Grid);
        var parts = live.Model.Positions.Select((position, i) => (position, i))
            .Where(x => live.ReasonOf(x.i) is null)
            .Select(x => new PositionPnl(
                x.position.Held.Symbol, x.position.Column == ModelPosition.None ? 0 : live.Pnl.UnitsOf(x.position.Column, scenario) * grid))
            .ToList();
        return new ExplainedScenario(live.Model.Scenarios.Dates[scenario], rank.Rank + 1, rank.Weight, tail.Units(rank.Rank) * grid, parts);
    }
}

/// <param name="Figures">VaR and shortfall at this confidence.</param>
/// <param name="Scenarios">One or two, the worse first; none where there is no VaR, or nothing at risk.</param>
public sealed record VarExplanation(decimal Confidence, LossFigures Figures, IReadOnlyList<ExplainedScenario> Scenarios);

/// <param name="Date">The scenario's return date.</param>
/// <param name="Rank">1 for the worst scenario.</param>
/// <param name="Weight">Its weight in the quantile; the weights add up to 1.</param>
/// <param name="Pnl">Of the portfolio, signed: a loss is negative.</param>
/// <param name="Positions">The P&amp;L of each position that the figures contain; they add up to <paramref name="Pnl"/>.</param>
public sealed record ExplainedScenario(DateOnly Date, int Rank, double Weight, double Pnl, IReadOnlyList<PositionPnl> Positions);

/// <summary>What one position gains (positive) or loses in a scenario.</summary>
public readonly record struct PositionPnl(Instruments.Symbol Symbol, double Pnl);
