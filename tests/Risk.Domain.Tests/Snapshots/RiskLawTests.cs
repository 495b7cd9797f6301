using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Snapshots;

/// <summary>What holds for every portfolio; tried on forty random ones each.</summary>
public sealed class RiskLawTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Shortfall_is_at_least_var_and_both_grow_with_confidence(int seed)
    {
        var (market, portfolio) = Random(seed);
        var snapshot = market.Measure(portfolio);
        Assert.True(snapshot.At95.Es.Value >= snapshot.At95.Var.Value && snapshot.At99.Es.Value >= snapshot.At99.Var.Value);
        Assert.True(snapshot.At99.Var.Value >= snapshot.At95.Var.Value && snapshot.At99.Es.Value >= snapshot.At95.Es.Value);
        Assert.True(snapshot.At95.Interval!.Value.Low <= snapshot.At95.Var.Value && !(snapshot.At95.Interval.Value.High < snapshot.At95.Var.Value));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Doubling_the_positions_doubles_the_risk_exactly(int seed)
    {
        var (market, portfolio) = Random(seed);
        var (once, twice) = (market.Measure(portfolio), market.Measure(Scaled(portfolio, 2)));
        AssertTimes(2, once, twice, 1e-12);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Cash_in_base_currency_changes_nothing_but_the_nav_and_the_ratios(int seed)
    {
        var (market, portfolio) = Random(seed);
        market.With("USD.CASH", AssetClass.Cash);
        var (before, rich) = (market.Measure(portfolio), market.Measure(portfolio with { Cash = portfolio.Cash + 1e6m }));
        Assert.Equal((before.At95, before.At99, before.MarketValue), (rich.At95, rich.At99, rich.MarketValue));
        Assert.Equal(before.Nav + 1e6, rich.Nav, 1e-6);
        var held = portfolio with { Positions = [.. portfolio.Positions, new Position(Market.Name("USD.CASH"), 1e6m, 0)] };
        var holding = market.Measure(held);
        Assert.Equal((before.At95, before.At99), (holding.At95, holding.At99));
        Assert.Equal(rich.Nav, holding.Nav, 1e-6);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void The_order_of_the_scenarios_is_irrelevant(int seed)
    {
        var random = new Random(seed);
        double[][] columns = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 200).Select(_ => random.NextDouble() - 0.5).ToArray())];
        int[] shuffled = [.. Enumerable.Range(0, 200).OrderBy(_ => random.Next())];
        double[] exposures = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.3)];
        Assert.Equal(Figures(columns, exposures), Figures([.. columns.Select(c => shuffled.Select(i => c[i]).ToArray())], exposures));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Shortfall_of_two_books_together_is_at_most_the_sum(int seed)
    {
        var (market, portfolio) = Random(seed);
        var half = portfolio.Positions.Count / 2;
        var (one, other) = (portfolio with { Positions = [.. portfolio.Positions.Take(half)] }, portfolio with { Positions = [.. portfolio.Positions.Skip(half)] });
        var (a, b, both) = (market.Measure(one), market.Measure(other), market.Measure(portfolio));
        Assert.True(both.At95.Es.Value <= (a.At95.Es.Value + b.At95.Es.Value) * (1 + 1e-12));
        Assert.True(both.At99.Es.Value <= (a.At99.Es.Value + b.At99.Es.Value) * (1 + 1e-12));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Components_sum_and_single_positions_are_their_own_component(int seed)
    {
        var (market, portfolio) = Random(seed);
        var report = market.Report(portfolio);
        var scale = report.Positions.Sum(x => Math.Abs(x.ComponentVar95.Value!.Value));
        Assert.Equal(report.Snapshot.At95.Var.Value!.Value, report.Positions.Sum(x => x.ComponentVar95.Value!.Value), scale * 1e-13);
        Assert.Equal(report.Snapshot.At99.Es.Value!.Value, report.Positions.Sum(x => x.ComponentEs99.Value!.Value), scale * 1e-12);
        var alone = market.Report(portfolio with { Positions = [portfolio.Positions[0]] });
        Assert.Equal(alone.Snapshot.At95, alone.Positions[0].At95);
        Assert.Equal(report.Positions[0].At95, alone.Snapshot.At95);
        Assert.Equal(alone.Snapshot.At95.Var, alone.Positions[0].IncrementalVar95);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_position_and_its_exact_opposite_have_no_risk(int seed)
    {
        var market = new Market(150, seed).With("A");
        market.With("TWIN", history: market.Closes("A"));
        var snapshot = market.Measure(Market.Holding(0, ("A", 12.345m), ("TWIN", -12.345m)));
        Assert.Equal((0d, 0d, 0d), (snapshot.At95.Var.Value, snapshot.At99.Es.Value, snapshot.MarketValue));
    }

    [Theory]
    [InlineData(QuantileConvention.Type1, ShortfallConvention.MeanWorstFloor)]
    [InlineData(QuantileConvention.Type6, ShortfallConvention.BeyondVar)]
    [InlineData(QuantileConvention.KthWorst, ShortfallConvention.MeanWorstK)]
    public void Doubling_holds_under_every_convention(QuantileConvention quantile, ShortfallConvention shortfall)
    {
        var (market, portfolio) = Random(7);
        var conventions = new RiskConventions { WindowDays = 250, Quantile = quantile, Shortfall = shortfall };
        AssertTimes(2, market.Measure(portfolio, conventions), market.Measure(Scaled(portfolio, 2), conventions), 1e-12);
    }

    private static (Market Market, Portfolio Portfolio) Random(int seed)
    {
        var random = new Random(seed);
        var market = new Market(101 + random.Next(300), seed).WithEquities(4 + random.Next(8)).With("VOD", currency: "GBP").With("GBPUSD", AssetClass.Fx);
        (string, decimal)[] held = [.. Enumerable.Range(0, 4).Select(i => ($"E{i}", random.Next(-500, 2_000) / 10m)), ("VOD", random.Next(1, 500))];
        return (market, Market.Holding(random.Next(1_000), held));
    }

    private static Portfolio Scaled(Portfolio portfolio, decimal factor) =>
        portfolio with { Positions = [.. portfolio.Positions.Select(x => x with { Quantity = x.Quantity * factor })] };

    private static void AssertTimes(double factor, RiskSnapshot once, RiskSnapshot twice, double tolerance)
    {
        (Figure, Figure)[] pairs = [(once.At95.Var, twice.At95.Var), (once.At99.Var, twice.At99.Var), (once.At95.Es, twice.At95.Es), (once.At99.Es, twice.At99.Es)];
        foreach (var (one, other) in pairs) Assert.Equal(factor * one.Value!.Value, other.Value!.Value, Math.Abs(one.Value.Value) * tolerance);
    }

    private static TailFigures Figures(double[][] columns, double[] exposures)
    {
        var pnl = new ScenarioPnl(ScenarioSet.Of(new DateOnly[columns[0].Length], columns));
        for (var c = 0; c < exposures.Length; c++) pnl.SetExposure(c, exposures[c]);
        var plan = new TailPlan(columns[0].Length, 0.95m, QuantileConvention.Type7, ShortfallConvention.AcerbiTasche);
        var tail = new ScenarioTail(columns[0].Length, plan.Depth);
        tail.Select(pnl);
        return plan.Measure(tail, pnl.Grid);
    }
}
