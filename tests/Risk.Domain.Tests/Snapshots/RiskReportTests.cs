using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Snapshots;

public sealed class RiskReportTests
{
    private static readonly (string Symbol, decimal Quantity)[] Held = [("E0", 100), ("E1", -40), ("E2", 250), ("E3", 10), ("E4", 0)];

    private readonly Market market = new Market(301, seed: 11).WithEquities(5);

    [Fact]
    public void Components_are_the_positions_parts_in_the_scenarios_that_set_the_figure()
    {
        var report = market.Report(Market.Holding(5_000, Held));
        var parts = Held.Select(x => Pnl(x.Symbol, x.Quantity)).ToArray();
        var total = Plain.Sum(parts);
        int[] order = [.. Enumerable.Range(0, 300).OrderBy(i => total[i])];
        for (var i = 0; i < Held.Length; i++)
        {
            var (own, position) = (parts[i], report.Positions[i]);
            Close(-(0.05 * own[order[14]] + 0.95 * own[order[15]]), position.ComponentVar95); // rank 299·0.05 = 14.95
            Close(-(0.01 * own[order[2]] + 0.99 * own[order[3]]), position.ComponentVar99); // rank 2.99
            Close(-order.Take(15).Sum(s => own[s]) / 15, position.ComponentEs95);
            Close(Plain.Var(total, 0.05) - Plain.Var([.. total.Zip(own, (t, o) => t - o)], 0.05), position.IncrementalVar95);
            Close(Plain.Var(own, 0.05), position.At95.Var);
            Close(Plain.Es(own, 0.01), position.At99.Es);
        }
        var standAlone = parts.Sum(own => Plain.Var(own, 0.05));
        Close(standAlone - Plain.Var(total, 0.05), report.DiversificationBenefit95);
        Close(Plain.Var(total, 0.05) / report.Snapshot.Nav, report.Var95Ratio);
    }

    [Fact]
    public void Components_sum_to_the_total()
    {
        var report = market.Report(Market.Holding(0, Held));
        Close(report.Positions.Sum(x => x.ComponentVar95.Value!.Value), report.Snapshot.At95.Var);
        Close(report.Positions.Sum(x => x.ComponentVar99.Value!.Value), report.Snapshot.At99.Var);
        Close(report.Positions.Sum(x => x.ComponentEs95.Value!.Value), report.Snapshot.At95.Es);
        Close(report.Positions.Sum(x => x.ComponentEs99.Value!.Value), report.Snapshot.At99.Es);
    }

    [Fact]
    public void Weights_count_shorts_as_longs()
    {
        var report = market.Report(Market.Holding(0, Held));
        var sizes = Held.Select(x => Math.Abs((double)x.Quantity) * market.Close(x.Symbol)).ToArray();
        var hhi = sizes.Sum(size => Math.Pow(size / sizes.Sum(), 2));
        Close(hhi, report.Hhi);
        Close(1 / hhi, report.EffectivePositions);
        Close(1, report.Positions.Sum(x => x.WeightRatio.Value!.Value));
    }

    [Fact]
    public void A_position_of_nothing_adds_nothing()
    {
        var nothing = market.Report(Market.Holding(0, Held)).Positions[4];
        Assert.Equal((0d, 0d, 0d), (nothing.IncrementalVar95.Value, nothing.ComponentVar95.Value, nothing.At95.Var.Value));
        Assert.Equal(FigureReason.NotApplicable, nothing.Var95Ratio.Reason);
        Assert.True(nothing.Unit95.Var.Value > 0);
    }

    [Fact]
    public void A_unit_is_measured_in_its_own_currency_as_if_nobody_held_it()
    {
        var foreign = new Market(301, seed: 12).With("VOD", AssetClass.Future, "GBP", multiplier: 10).With("GBPUSD", AssetClass.Fx);
        var unit = Assert.Single(foreign.Report(Market.Holding(0, ("VOD", -7))).Positions);
        Close(Plain.Var(foreign.Returns("VOD").Times(10 * foreign.Close("VOD")), 0.05), unit.Unit95.Var);
        var unheld = SymbolRisk.Of(foreign.Instruments[Market.Name("VOD")], livePrice: null, foreign.History, RiskConventions.Default);
        Assert.Equal((unheld.At95, unheld.At99, unheld.Price), (unit.Unit95, unit.Unit99, unit.Price));
    }

    [Fact]
    public void A_live_price_scales_the_risk_of_a_unit()
    {
        var risk = SymbolRisk.Of(market.Instruments[Market.Name("E0")], livePrice: 1_000, market.History, RiskConventions.Default);
        Close(Plain.Var(market.Returns("E0").Times(1_000), 0.05), risk.At95.Var);
        Assert.Equal((1_000d, 300, 5L), (risk.Price.Value, risk.Observations, risk.HistoryVersion));
    }

    [Fact]
    public void Explains_the_var_by_dates_weights_and_parts()
    {
        var live = market.Live(Market.Holding(0, Held));
        var explained = RiskReport.Explain(live, 0.95m);
        var total = Plain.Sum([.. Held.Select(x => Pnl(x.Symbol, x.Quantity))]);
        int[] order = [.. Enumerable.Range(0, 300).OrderBy(i => total[i])];
        Assert.Equal([(15, 0.05), (16, 0.95)], explained.Scenarios.Select(x => (x.Rank, Math.Round(x.Weight, 12))));
        Assert.Equal([order[14], order[15]], explained.Scenarios.Select(x => x.Date.DayNumber - new DateOnly(2020, 1, 2).DayNumber));
        foreach (var scenario in explained.Scenarios)
        {
            Close(scenario.Pnl, scenario.Positions.Sum(x => x.Pnl));
            Assert.Equal(Held.Select(x => x.Symbol), scenario.Positions.Select(x => x.Symbol.Text));
        }
        Close(-explained.Scenarios.Sum(x => x.Weight * x.Pnl), explained.Figures.Var);
        Assert.Equal(RiskReport.Of(live, Market.AsOf, Market.Version).Snapshot.At95, explained.Figures);
        Close(Plain.Var(total, 0.025), RiskReport.Explain(live, 0.975m).Figures.Var);
    }

    [Fact]
    public void What_is_left_out_has_the_reason_in_each_figure()
    {
        Market.Without(market.Closes("E1"), 100);
        var live = market.Live(Market.Holding(0, Held));
        var report = RiskReport.Of(live, Market.AsOf, Market.Version);
        var gap = report.Positions[1];
        Figure[] figures = [gap.At95.Var, gap.At99.Es, gap.Unit95.Var, gap.ComponentVar95, gap.ComponentEs99, gap.IncrementalVar95, gap.Var95Ratio];
        Assert.All(figures, figure => Assert.Equal(FigureReason.ShortHistory, figure.Reason));
        Close(-40 * market.Close("E1"), gap.MarketValue);
        Close(report.Positions.Sum(x => x.ComponentVar95.Value ?? 0), report.Snapshot.At95.Var);
        Assert.DoesNotContain("E1", RiskReport.Explain(live, 0.95m).Scenarios[0].Positions.Select(x => x.Symbol.Text));
    }

    [Fact]
    public void Too_short_a_history_gives_reasons_not_numbers()
    {
        var young = new Market(20, seed: 1).With("A").With("USD.CASH", AssetClass.Cash);
        var live = young.Live(Market.Holding(0, ("A", 1), ("USD.CASH", 5)));
        var report = RiskReport.Of(live, Market.AsOf, Market.Version);
        Assert.Equal(FigureReason.ShortHistory, report.Positions[0].ComponentVar95.Reason);
        Assert.Equal(FigureReason.ShortHistory, report.DiversificationBenefit95.Reason);
        Assert.Equal(0, report.Positions[1].ComponentVar95.Value);
        Assert.Equal(FigureReason.ShortHistory, RiskReport.Explain(live, 0.95m).Figures.Var.Reason);
    }

    [Fact]
    public void An_empty_portfolio_reports_no_risk_and_no_concentration()
    {
        var live = market.Live(Market.Holding(100));
        var report = RiskReport.Of(live, Market.AsOf, Market.Version);
        Assert.Equal((0d, 0d), (report.Var95Ratio.Value, report.DiversificationBenefit95.Value));
        Assert.Equal((FigureReason.NotApplicable, FigureReason.NotApplicable), (report.Hhi.Reason, report.EffectivePositions.Reason));
        Assert.Empty(report.Positions);
        Assert.Empty(RiskReport.Explain(live, 0.95m).Scenarios);
        Assert.Equal(FigureReason.NotApplicable, market.Report(Market.Holding(0)).Var95Ratio.Reason);
    }

    private double[] Pnl(string symbol, decimal quantity) => market.Returns(symbol).Times((double)quantity * market.Close(symbol));

    private static void Close(double expected, Figure actual) => Close(expected, actual.Value!.Value);

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(1e-3, Math.Abs(expected)));
}
