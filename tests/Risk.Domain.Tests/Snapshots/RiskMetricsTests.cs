using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Snapshots;

public sealed class RiskMetricsTests
{
    [Theory]
    [InlineData(Grouping.AssetClass)]
    [InlineData(Grouping.Sector)]
    [InlineData(Grouping.Currency)]
    public void Groups_add_up_to_the_portfolio(Grouping grouping)
    {
        var live = Sectors(301).Live(Market.Holding(500, ("A", 10), ("B", -7), ("C", 3), ("V", 40), ("F", -2), ("GHOST", 5)));
        var metrics = Metrics(live);
        var (snapshot, exposures) = (metrics.Report.Snapshot, RiskGroups.Exposures(live, grouping));
        Assert.Equal(snapshot.GrossExposure, exposures.Sum(x => x.GrossExposure), 1e-6);
        Assert.Equal(metrics.NetExposure, exposures.Sum(x => x.NetExposure), 1e-6);
        var known = RiskGroups.Risks(live, metrics.Report, grouping).Where(x => x.At95.Var.Value is not null).ToList();
        Assert.Equal(snapshot.At95.Var.Value!.Value, known.Sum(x => x.ComponentVar95.Value!.Value), 1e-6);
        Assert.Equal(snapshot.At99.Var.Value!.Value, known.Sum(x => x.ComponentVar99.Value!.Value), 1e-6);
        Assert.Equal(snapshot.At95.Es.Value!.Value, known.Sum(x => x.ComponentEs95.Value!.Value), 1e-6);
        Assert.Equal(snapshot.At99.Es.Value!.Value, known.Sum(x => x.ComponentEs99.Value!.Value), 1e-6);
        // Sub-additivity of shortfall: together no riskier than apart.
        Assert.True(snapshot.At95.Es.Value <= known.Sum(x => x.At95.Es.Value!.Value) + 1e-6);
        Assert.Equal(exposures.Select(x => x.Name).Order(StringComparer.Ordinal), exposures.Select(x => x.Name));
    }

    [Fact]
    public void A_group_stands_alone_as_a_portfolio_of_its_positions_would()
    {
        var market = Sectors(301);
        var live = market.Live(Market.Holding(500, ("A", 10), ("B", -7), ("C", 3)));
        var tech = RiskGroups.Risks(live, Metrics(live).Report, Grouping.Sector).Single(x => x.Name == "Tech");
        var alone = market.Measure(Market.Holding(0, ("A", 10), ("B", -7)));
        Assert.Equal(alone.At95.Var.Value!.Value, tech.At95.Var.Value!.Value, 1e-8);
        Assert.Equal(alone.At99.Es.Value!.Value, tech.At99.Es.Value!.Value, 1e-8);
    }

    [Fact]
    public void What_is_not_known_is_a_group_of_its_own_with_its_reason()
    {
        var live = Sectors(301).Live(Market.Holding(0, ("C", 1), ("GHOST", 5)));
        var groups = RiskGroups.Risks(live, Metrics(live).Report, Grouping.AssetClass);
        Assert.Equal(["equity", "unclassified"], groups.Select(x => x.Name));
        Assert.Equal(FigureReason.NotApplicable, groups[1].ComponentVar95.Reason);
    }

    [Fact]
    public void Without_foreign_currencies_the_rates_have_no_part()
    {
        var metrics = Metrics(Sectors(301).Live(Market.Holding(0, ("A", 10), ("B", -7))));
        Assert.Equal((metrics.Report.Snapshot.At95, 0d), (metrics.WithoutFx, metrics.FxPart95.Value));
    }

    [Fact]
    public void Foreign_cash_is_all_risk_of_the_rate()
    {
        var market = new Market(301, seed: 8).With("GBPUSD", AssetClass.Fx).With("GBP.CASH", AssetClass.Cash, "GBP");
        var metrics = Metrics(market.Live(Market.Holding(0, ("GBP.CASH", 1_000))));
        Assert.Equal((0d, metrics.Report.Snapshot.At95.Var.Value), (metrics.WithoutFx.Var.Value, metrics.FxPart95.Value));
    }

    [Fact]
    public void A_share_and_its_short_are_perfectly_uncorrelated_risk()
    {
        var market = Sectors(301);
        Assert.Equal(1, Metrics(market.Live(Market.Holding(0, ("A", 10), ("TWIN", 5)))).Correlation.Value!.Value, 1e-6);
        var hedged = Metrics(market.Live(Market.Holding(0, ("A", 10), ("TWIN", -5))));
        Assert.Equal(-1, hedged.Correlation.Value!.Value, 1e-6);
        Assert.Equal(FigureReason.NotApplicable, Metrics(market.Live(Market.Holding(0, ("A", 10)))).Correlation.Reason);
    }

    [Fact]
    public void Leverage_needs_a_positive_nav()
    {
        var market = Sectors(301);
        var metrics = Metrics(market.Live(Market.Holding(-1_000_000, ("A", 10))));
        Assert.Equal((FigureReason.NotApplicable, FigureReason.NotApplicable), (metrics.Leverage.Reason, metrics.MarginUtilization.Reason));
        var sound = Metrics(market.Live(Market.Holding(1_000, ("A", 10))));
        Assert.Equal(10 * market.Close("A") / (10 * market.Close("A") + 1_000), sound.Leverage.Value!.Value, 1e-12);
        Assert.Equal(0.02 * sound.Leverage.Value.Value, sound.MarginUtilization.Value!.Value, 1e-12);
    }

    [Fact]
    public void Gains_are_against_the_cost_and_against_the_close_before_the_day()
    {
        var market = Sectors(301);
        var held = Market.Holding(0, ("A", 10), ("V", -4));
        held = held with { Positions = [.. held.Positions.Select(x => x with { AverageCost = x.Symbol.Text == "A" ? 50 : 0 })] };
        var live = market.Live(held);
        for (var i = 0; i < live.Model.PricedSymbols.Count; i++) live.SetPrice(i, live.Model.PricedSymbols[i].Text switch { "A" => 60, "V" => 80, _ => 1.5 });
        var metrics = Metrics(live);
        Assert.Equal((100d, FigureReason.NotApplicable), (metrics.Positions[0].UnrealizedPnl.Value, metrics.Positions[1].UnrealizedPnl.Reason));
        Assert.Equal(100, metrics.UnrealizedPnl.Value);
        Assert.Equal(10 * (60 - market.Close("A")) - 4 * (80 * 1.5 - market.Close("V") * market.Close("GBPUSD")), metrics.DailyPnl.Value!.Value, 1e-9);
        // On the last day of the history itself the close before counts.
        var sameDay = RiskMetrics.Of(market.Live(held), Domain.Prices.EventTime.From(new DateTimeOffset(market.History.Dates[^1], default, default)), Market.Version, _ => null);
        Assert.Equal(10 * (market.Close("A") - market.Closes("A")[^2]), sameDay.Positions[0].DailyPnl.Value!.Value, 1e-9);
    }

    private static RiskMetrics Metrics(LivePortfolio live) => RiskMetrics.Of(live, Market.AsOf, Market.Version, _ => null);

    private static Market Sectors(int days)
    {
        var market = new Market(days, seed: 8).With("A").With("B").With("C").With("V", currency: "GBP").With("GBPUSD", AssetClass.Fx).With("F", AssetClass.Future, multiplier: 10);
        market.With("TWIN", history: [.. market.Closes("A")]);
        foreach (var (name, sector) in new[] { ("A", "Tech"), ("B", "Tech"), ("C", "Energy") })
            market.Instruments[Market.Name(name)] = market.Instruments[Market.Name(name)] with { Sector = sector };
        return market;
    }
}
