using FsCheck;
using FsCheck.Fluent;
using Risk.Domain.Funds;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;
using Xunit;
using static Risk.Domain.Tests.Prices.Ticks;

namespace Risk.Domain.Tests.Snapshots;

/// <summary>What holds for every portfolio.</summary>
public sealed class RiskLawTests
{
    /// <summary>Equities long and short, one of them abroad with its currency, over a history of its own length.</summary>
    private static readonly Gen<(Market Market, Portfolio Portfolio)> BookGen =
        from seed in Gen.Choose(1, int.MaxValue)
        from days in Gen.Choose(101, 400)
        from quantities in Gen.Choose(-500, 2_000).ArrayOf(4)
        from abroad in Gen.Choose(1, 500)
        from cash in Gen.Choose(0, 1_000)
        let market = new Market(days, seed).WithEquities(4).With("VOD", currency: "GBP").With("GBPUSD", AssetClass.Fx)
        select (market, Market.Holding(cash, [.. quantities.Select((x, i) => ($"E{i}", x / 10m)), ("VOD", abroad)]));

    private static readonly Gen<(int Seed, int[] Percent)> FundGen =
        from seed in Gen.Choose(1, int.MaxValue)
        from percent in Gen.Choose(1, 30).ArrayOf(3)
        select (seed, percent);

    [Fact]
    public void Shortfall_is_at_least_var_and_both_grow_with_confidence() => Holds(BookGen, book =>
    {
        var (market, portfolio) = book;
        var snapshot = market.Measure(portfolio);
        Assert.True(snapshot.At95.Es.Value >= snapshot.At95.Var.Value && snapshot.At99.Es.Value >= snapshot.At99.Var.Value);
        Assert.True(snapshot.At99.Var.Value >= snapshot.At95.Var.Value && snapshot.At99.Es.Value >= snapshot.At95.Es.Value);
        Assert.True(snapshot.At95.Interval!.Value.Low <= snapshot.At95.Var.Value && !(snapshot.At95.Interval.Value.High < snapshot.At95.Var.Value));
    });

    [Fact]
    public void Doubling_the_positions_doubles_the_risk_exactly() => Holds(BookGen, book =>
    {
        var (market, portfolio) = book;
        var (once, twice) = (market.Measure(portfolio), market.Measure(Scaled(portfolio, 2)));
        AssertTimes(2, once, twice, 1e-12);
    });

    [Fact]
    public void Cash_in_base_currency_changes_nothing_but_the_nav_and_the_ratios() => Holds(BookGen, book =>
    {
        var (market, portfolio) = book;
        market.With("USD.CASH", AssetClass.Cash);
        var (before, rich) = (market.Measure(portfolio), market.Measure(portfolio with { Cash = portfolio.Cash + 1e6m }));
        Assert.Equal((before.At95, before.At99, before.MarketValue), (rich.At95, rich.At99, rich.MarketValue));
        Assert.Equal(before.Nav + 1e6, rich.Nav, 1e-6);
        var held = portfolio with { Positions = [.. portfolio.Positions, new Position(Market.Name("USD.CASH"), 1e6m, 0)] };
        var holding = market.Measure(held);
        Assert.Equal((before.At95, before.At99), (holding.At95, holding.At99));
        Assert.Equal(rich.Nav, holding.Nav, 1e-6);
    });

    [Fact]
    public void The_order_of_the_scenarios_is_irrelevant() => Holds(Gen.Choose(1, int.MaxValue), seed =>
    {
        var random = new Random(seed);
        double[][] columns = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 200).Select(_ => random.NextDouble() - 0.5).ToArray())];
        int[] shuffled = [.. Enumerable.Range(0, 200).OrderBy(_ => random.Next())];
        double[] exposures = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.3)];
        Assert.Equal(Figures(columns, exposures), Figures([.. columns.Select(c => shuffled.Select(i => c[i]).ToArray())], exposures));
    });

    [Fact]
    public void Shortfall_of_two_books_together_is_at_most_the_sum() => Holds(BookGen, book =>
    {
        var (market, portfolio) = book;
        var half = portfolio.Positions.Count / 2;
        var (one, other) = (portfolio with { Positions = [.. portfolio.Positions.Take(half)] }, portfolio with { Positions = [.. portfolio.Positions.Skip(half)] });
        var (a, b, both) = (market.Measure(one), market.Measure(other), market.Measure(portfolio));
        Assert.True(both.At95.Es.Value <= (a.At95.Es.Value + b.At95.Es.Value) * (1 + 1e-12));
        Assert.True(both.At99.Es.Value <= (a.At99.Es.Value + b.At99.Es.Value) * (1 + 1e-12));
    });

    [Fact]
    public void Components_sum_and_single_positions_are_their_own_component() => Holds(BookGen, book =>
    {
        var (market, portfolio) = book;
        var report = market.Report(portfolio);
        var scale = report.Positions.Sum(x => Math.Abs(x.ComponentVar95.Value!.Value));
        Assert.Equal(report.Snapshot.At95.Var.Value!.Value, report.Positions.Sum(x => x.ComponentVar95.Value!.Value), scale * 1e-13);
        Assert.Equal(report.Snapshot.At99.Es.Value!.Value, report.Positions.Sum(x => x.ComponentEs99.Value!.Value), scale * 1e-12);
        var alone = market.Report(portfolio with { Positions = [portfolio.Positions[0]] });
        Assert.Equal(alone.Snapshot.At95, alone.Positions[0].At95);
        Assert.Equal(report.Positions[0].At95, alone.Snapshot.At95);
        Assert.Equal(alone.Snapshot.At95.Var, alone.Positions[0].IncrementalVar95);
    });

    [Fact]
    public void A_position_and_its_exact_opposite_have_no_risk() => Holds(Gen.Choose(1, int.MaxValue), seed =>
    {
        var market = new Market(150, seed).With("A");
        market.With("TWIN", history: market.Closes("A"));
        var snapshot = market.Measure(Market.Holding(0, ("A", 12.345m), ("TWIN", -12.345m)));
        Assert.Equal((0d, 0d, 0d), (snapshot.At95.Var.Value, snapshot.At99.Es.Value, snapshot.MarketValue));
    });

    [Fact]
    public void Cash_in_base_currency_has_no_risk() => Holds(Gen.Choose(-1_000_000, 1_000_000), cash =>
    {
        var market = new Market(120, seed: 3).With("USD.CASH", AssetClass.Cash).With("E0");
        var snapshot = market.Measure(Market.Holding(cash, ("USD.CASH", 2 * cash), ("E0", 0)));
        Assert.Equal((0d, 0d), (snapshot.At95.Var.Value, snapshot.At99.Es.Value));
        Assert.Equal(3d * cash, snapshot.Nav);
    });

    [Fact]
    public void A_fund_looked_through_has_the_risk_of_its_holdings() => Holds(FundGen, fund =>
    {
        var market = new Market(260, fund.Seed).WithEquities(3);
        // The holdings are kept at their weights each day, the rest of the fund is cash.
        var weights = fund.Percent.Select((x, i) => (Symbol: Market.Name($"E{i}"), Weight: x / 100.0)).ToDictionary(x => x.Symbol, x => x.Weight);
        var returns = Plain.Sum([.. weights.Select(x => market.Returns(x.Key.ToString()).Times(x.Value))]);
        market.With("FUND", AssetClass.Fund, history: [.. returns.Aggregate(new List<double> { 10 }, (path, r) => [.. path, path[^1] * (1 + r)])]);
        weights[FundLookThrough.Cash] = 1 - weights.Values.Sum();
        var values = new FundLookThrough(new Dictionary<Symbol, IReadOnlyDictionary<Symbol, double>> { [Market.Name("FUND")] = weights })
            .Values(new Dictionary<Symbol, double> { [Market.Name("FUND")] = 100 * market.Close("FUND") });
        var held = market.Measure(Market.Holding(0, ("FUND", 100)));
        var opened = market.Measure(Market.Holding(
            0, [.. FundLookThrough.Stocks(values).Select(x => (x.Key.ToString(), (decimal)(x.Value / market.Close(x.Key.ToString()))))]));
        Assert.Equal(held.At95.Var.Value!.Value, opened.At95.Var.Value!.Value, 1e-9 * held.Nav);
        Assert.Equal(held.At99.Es.Value!.Value, opened.At99.Es.Value!.Value, 1e-9 * held.Nav);
    });

    /// <summary>Among four symbols a tick moves back by less than 2 s and by at most 200 others; a quarter come twice.</summary>
    [Fact]
    public void Ticks_in_any_order_within_the_lateness_with_any_duplicates_end_at_the_same_risk() => Holds(Gen.Choose(1, int.MaxValue), seed =>
    {
        var random = new Random(seed);
        var market = new Market(150, seed).WithEquities(4);
        var portfolio = Market.Holding(0, ("E0", 10), ("E1", -4), ("E2", 7), ("E3", 2.5m));
        (int Symbol, Tick Tick)[] ticks = [.. Enumerable.Range(0, 400).Select(i => (random.Next(4), At(i * 0.02, random.Next(500, 20_000) / 100m, sequence: i)))];
        var disturbed = ticks.Concat(ticks.Where(_ => random.Next(4) == 0)).OrderBy(x => x.Tick.Time.Microseconds + random.Next(1_950_000)).ToArray();
        Assert.Equal(RiskAfter(market, portfolio, ticks), RiskAfter(market, portfolio, disturbed));
    });

    [Theory]
    [InlineData(QuantileConvention.Type1, ShortfallConvention.MeanWorstFloor)]
    [InlineData(QuantileConvention.Type6, ShortfallConvention.BeyondVar)]
    [InlineData(QuantileConvention.KthWorst, ShortfallConvention.MeanWorstK)]
    public void Doubling_holds_under_every_convention(QuantileConvention quantile, ShortfallConvention shortfall)
    {
        var market = new Market(200, seed: 7).WithEquities(3);
        var portfolio = Market.Holding(0, ("E0", 10), ("E1", -4), ("E2", 7));
        var conventions = new RiskConventions { WindowDays = 250, Quantile = quantile, Shortfall = shortfall };
        AssertTimes(2, market.Measure(portfolio, conventions), market.Measure(Scaled(portfolio, 2), conventions), 1e-12);
    }

    /// <summary>Each tick goes to its symbol, and the price that then is the symbol's last into the portfolio.</summary>
    private static (LossFigures, LossFigures, double, RiskFlags) RiskAfter(Market market, Portfolio portfolio, IEnumerable<(int Symbol, Tick Tick)> ticks)
    {
        var (live, states) = (market.Live(portfolio), Enumerable.Range(0, 4).Select(_ => new SymbolState()).ToArray());
        foreach (var (symbol, tick) in ticks)
        {
            states[symbol].Apply(tick, TimeSpan.FromSeconds(2));
            live.SetPrice(symbol, states[symbol].Last.ToDouble());
        }
        var snapshot = live.Measure(Market.AsOf, Market.Version);
        return (snapshot.At95, snapshot.At99, snapshot.MarketValue, snapshot.Flags);
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

    private static void Holds<T>(Gen<T> gen, Action<T> law) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_121, 7).WithMaxTest(60), Prop.ForAll(gen.ToArbitrary(), law));
}
