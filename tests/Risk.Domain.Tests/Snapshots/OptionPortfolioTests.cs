using MathNet.Numerics.Distributions;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Snapshots;

public sealed class OptionPortfolioTests
{
    /// <summary>The day of <see cref="Market.AsOf"/>.</summary>
    private static readonly DateOnly Today = new(2023, 11, 14);

    private static readonly DateOnly NextYear = new(2024, 11, 13);

    [Fact]
    public void An_option_is_revalued_in_every_scenario_with_the_volatility_of_its_own_price()
    {
        var market = new Market(301, seed: 1).With("A");
        market.WithOption("A.C", "A", 105, NextYear, OptionRight.Call);
        var live = market.Live(Market.Holding(0, ("A.C", -3)));
        Price(live, "A", 100);
        Price(live, "A.C", PlainCall(100, 105, 1, 0.3));
        var snapshot = live.Measure(Market.AsOf, Market.Version);
        var pnl = market.Returns("A").Select(r => -300 * (PlainCall(100 * (1 + r), 105, 1, 0.3) - PlainCall(100, 105, 1, 0.3))).ToArray();
        Assert.Equal(Plain.Var(pnl, 0.05), snapshot.At95.Var.Value!.Value, 1e-8);
        Assert.Equal(Plain.Es(pnl, 0.01), snapshot.At99.Es.Value!.Value, 1e-8);
        Assert.Equal(-300 * PlainCall(100, 105, 1, 0.3), snapshot.MarketValue, 1e-8);
        var d1 = (Math.Log(100 / 105d) + 0.045) / 0.3;
        Assert.Equal(300 * Normal.CDF(0, 1, d1) * 100, snapshot.GrossExposure, 1e-6);
        Assert.Equal((RiskFlags.None, 1d), (snapshot.Flags & RiskFlags.FallbackVolatility, snapshot.CoverageRatio.Value));
        var row = Assert.Single(Metrics(live).Positions);
        Assert.Equal(0.3, row.Option!.Volatility, 1e-12);
        Assert.Equal(-300 * 100 * Normal.CDF(0, 1, d1), row.Delta.Value!.Value, 1e-6);
        Assert.Equal(-300 * 100 * Normal.PDF(0, 1, d1) / 0.3, row.Gamma.Value!.Value, 1e-6);
        Assert.Equal(-300 * 100 * Normal.PDF(0, 1, d1), row.Vega.Value!.Value, 1e-6);
    }

    [Fact]
    public void A_foreign_option_carries_the_rate_on_its_value_and_without_it_only_the_underlying()
    {
        var market = new Market(301, seed: 2).With("V", currency: "GBP").With("GBPUSD", AssetClass.Fx);
        market.WithOption("V.C", "V", 100, NextYear, OptionRight.Call, "GBP", multiplier: 10);
        var live = market.Live(Market.Holding(0, ("V.C", 5)));
        Price(live, "V", 100);
        Price(live, "V.C", PlainCall(100, 100, 1, 0.2));
        Price(live, "GBPUSD", 1.25);
        var (moves, rates, now) = (market.Returns("V"), market.Returns("GBPUSD"), PlainCall(100, 100, 1, 0.2));
        double[] still = [.. moves.Select(r => 62.5 * (PlainCall(100 * (1 + r), 100, 1, 0.2) - now))];
        double[] moving = [.. moves.Select((r, i) => 62.5 * (PlainCall(100 * (1 + r), 100, 1, 0.2) * (1 + rates[i]) - now))];
        var metrics = Metrics(live);
        Assert.Equal(Plain.Var(moving, 0.05), metrics.Report.Snapshot.At95.Var.Value!.Value, 1e-8);
        Assert.Equal(Plain.Var(still, 0.05), metrics.WithoutFx.Var.Value!.Value, 1e-8);
        Assert.Equal(Plain.Var(still, 0.01) / 6.25, metrics.Report.Positions[0].Unit99.Var.Value!.Value, 1e-8);
        Assert.Equal(Plain.Var(moving, 0.01), metrics.Report.Positions[0].At99.Var.Value!.Value, 1e-8);
    }

    [Fact]
    public void Any_sequence_of_prices_and_days_ends_at_the_bits_of_a_new_portfolio()
    {
        var market = Mixed(131);
        var live = market.Live(MixedHolding());
        var random = new Random(5);
        var (prices, day, exponents) = (live.Model.LastCloses.ToArray(), 0, new HashSet<int>());
        for (var step = 1; step <= 3_000; step++)
        {
            var i = random.Next(prices.Length);
            prices[i] = Math.Pow(10, random.NextDouble() * 3);
            live.SetPrice(i, prices[i]);
            if (step % 50 == 0) live.MoveTo(Market.AsOf.Add(TimeSpan.FromDays(day = random.Next(400))));
            if (step % 7 == 0) exponents.Add(live.Pnl.Exponent);
            if (step % 60 != 0) continue;
            var asOf = Market.AsOf.Add(TimeSpan.FromDays(day));
            var fresh = new LivePortfolio(live.Model);
            fresh.MoveTo(asOf);
            for (var j = prices.Length - 1; j >= 0; j--)
                if (prices[j] > 0) fresh.SetPrice(j, prices[j]);
            Assert.True(fresh.Pnl.Units.SequenceEqual(live.Pnl.Units));
            var (expected, actual) = (fresh.Measure(asOf, Market.Version), live.Measure(asOf, Market.Version));
            Assert.Equal(expected.LeftOut, actual.LeftOut);
            Assert.Equal(expected with { LeftOut = [], Flags = 0 }, actual with { LeftOut = [], Flags = 0 });
            live.Pnl.Recompute();
            Assert.True(fresh.Pnl.Units.SequenceEqual(live.Pnl.Units));
        }
        Assert.True(exponents.Count > 3);
    }

    [Fact]
    public void Components_sum_to_the_total_and_leave_out_what_they_are()
    {
        var report = RiskReport.Of(Mixed(301).Live(MixedHolding()), Market.AsOf, Market.Version);
        Assert.Equal(report.Snapshot.At95.Var.Value!.Value, report.Positions.Sum(x => x.ComponentVar95.Value!.Value), 1e-6);
        Assert.Equal(report.Snapshot.At99.Es.Value!.Value, report.Positions.Sum(x => x.ComponentEs99.Value!.Value), 1e-6);
        var (market, rest) = (Mixed(301), MixedHolding().Positions.Where(x => x.Symbol.Text != "A.P").ToList());
        var without = market.Measure(MixedHolding() with { Positions = rest });
        var row = report.Positions.Single(x => x.Symbol.Text == "A.P");
        Assert.Equal(report.Snapshot.At95.Var.Value!.Value - without.At95.Var.Value!.Value, row.IncrementalVar95.Value!.Value, 1e-6);
    }

    [Fact]
    public void Neither_a_price_nor_a_revaluation_allocates()
    {
        var live = Mixed(501).Live(MixedHolding());
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i < 500; i++)
            {
                live.SetPrice(i % live.Model.PricedSymbols.Count, 50 + i % 17);
                live.Measure(Market.AsOf, Market.Version);
            }
            if (round == 1) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    /// <summary>C − P = S − K without interest: the pair moves as the share does.</summary>
    [Fact]
    public void A_call_held_and_a_put_written_are_the_share()
    {
        var market = new Market(301, seed: 4).With("A").WithOption("A.C", "A", 90, NextYear, OptionRight.Call).WithOption("A.P", "A", 90, NextYear, OptionRight.Put);
        var pair = market.Measure(Market.Holding(0, ("A.C", 2), ("A.P", -2)));
        var share = market.Measure(Market.Holding(0, ("A", 200)));
        Assert.Equal(share.At95.Var.Value!.Value, pair.At95.Var.Value!.Value, 1e-6);
        Assert.Equal(share.At99.Es.Value!.Value, pair.At99.Es.Value!.Value, 1e-6);
        Assert.True(pair.Flags.HasFlag(RiskFlags.FallbackVolatility));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9.0)]
    [InlineData(150.0)]
    public void Without_a_price_that_implies_a_volatility_it_is_that_of_the_underlying_and_flagged(double? quote)
    {
        var market = new Market(301, seed: 4).With("A").WithOption("A.C", "A", 90, NextYear, OptionRight.Call);
        var live = market.Live(Market.Holding(0, ("A.C", 1)));
        Price(live, "A", 100);
        if (quote is { } given) Price(live, "A.C", given);
        var metrics = Metrics(live);
        var row = metrics.Positions[0];
        var volatility = Volatility.Sample(market.Returns("A")) * Math.Sqrt(252);
        Assert.Equal((true, volatility), (row.Option!.IsFallback, row.Option.Volatility));
        Assert.Equal(100 * (quote ?? PlainCall(100, 90, 1, volatility)), row.MarketValue.Value!.Value, 1e-8);
        Assert.True(metrics.Report.Snapshot.Flags.HasFlag(RiskFlags.FallbackVolatility));
        Assert.True(metrics.Report.Snapshot.At99.Es.Value <= row.MarketValue.Value + 1e-9);
    }

    [Fact]
    public void What_cannot_be_revalued_is_left_out_with_its_reason_and_keeps_its_value()
    {
        var market = new Market(101, seed: 6).With("A").With("NEW", history: Market.Without(new double[101], [.. Enumerable.Range(0, 101)])).With("V", currency: "GBP").With("GBPUSD", AssetClass.Fx);
        market.WithOption("GONE", "A", 90, Today.AddDays(-1), OptionRight.Call, close: 1).WithOption("LOST", "NEW", 90, NextYear, OptionRight.Put, close: 2)
            .WithOption("QUANTO", "V", 90, NextYear, OptionRight.Put, close: 4).WithOption("BLIND", "A", 90, new DateOnly(9999, 1, 1), OptionRight.Put, close: 8);
        var snapshot = market.Measure(Market.Holding(0, ("GONE", 1), ("LOST", 1), ("QUANTO", 1), ("BLIND", 1), ("A", 1)));
        Assert.Equal(
            [("BLIND", FigureReason.NotApplicable), ("GONE", FigureReason.NotApplicable), ("LOST", FigureReason.ShortHistory), ("QUANTO", FigureReason.NotApplicable)],
            snapshot.LeftOut.Select(x => (x.Symbol.Text, x.Reason)));
        Assert.Equal(1_500 + market.Close("A"), snapshot.MarketValue, 1e-9);
        Assert.Equal(Plain.Var(market.Returns("A").Times(market.Close("A")), 0.05), snapshot.At95.Var.Value!.Value, 1e-9);
    }

    [Fact]
    public void On_its_last_day_an_option_is_worth_its_exercise_and_afterwards_it_has_no_risk_to_tell()
    {
        var market = new Market(301, seed: 4).With("A").WithOption("A.P", "A", 100, Today, OptionRight.Put);
        var live = market.Live(Market.Holding(0, ("A.P", 1)));
        Price(live, "A", 97);
        var snapshot = live.Measure(Market.AsOf, Market.Version);
        double[] pnl = [.. market.Returns("A").Select(r => 100 * (Math.Max(0, 100 - 97 * (1 + r)) - 3))];
        Assert.Equal(Plain.Var(pnl, 0.05), snapshot.At95.Var.Value!.Value, 1e-9);
        Assert.Equal(FigureReason.MissingPrice, live.Measure(Market.AsOf.Add(TimeSpan.FromDays(1)), Market.Version).At95.Var.Reason);
    }

    private static Market Mixed(int days)
    {
        var market = new Market(days, seed: 3).WithEquities(2).With("A").With("V", currency: "GBP").With("GBPUSD", AssetClass.Fx).With("ES1", AssetClass.Future, multiplier: 50);
        return market.WithOption("A.C", "A", 120, NextYear, OptionRight.Call, close: 12).WithOption("A.P", "A", 80, new DateOnly(2024, 3, 15), OptionRight.Put)
            .WithOption("V.C", "V", 100, NextYear, OptionRight.Call, "GBP", 10, 15).WithOption("ES1.P", "ES1", 100, NextYear, OptionRight.Put, "USD", 50, 5);
    }

    private static Domain.Portfolios.Portfolio MixedHolding() =>
        Market.Holding(1_000, ("E0", 10), ("E1", -20), ("A", 100), ("V", 5), ("ES1", -1), ("A.C", -3), ("A.P", 4), ("V.C", 20), ("ES1.P", 2));

    private static RiskMetrics Metrics(LivePortfolio live) => RiskMetrics.Of(live, Market.AsOf, Market.Version, _ => null);

    private static void Price(LivePortfolio live, string symbol, double price) =>
        live.SetPrice(live.Model.PricedSymbols.Index().Single(x => x.Item.Text == symbol).Index, price);

    /// <summary>Black and Scholes 1973 as printed, without interest.</summary>
    private static double PlainCall(double spot, double strike, double years, double volatility)
    {
        var deviation = volatility * Math.Sqrt(years);
        var d1 = Math.Log(spot / strike) / deviation + deviation / 2;
        return spot * Normal.CDF(0, 1, d1) - strike * Normal.CDF(0, 1, d1 - deviation);
    }
}
