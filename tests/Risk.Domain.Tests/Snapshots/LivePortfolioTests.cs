using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Snapshots;

public sealed class LivePortfolioTests
{
    [Theory]
    [InlineData(25, 501)]
    [InlineData(40, 253)]
    [InlineData(30, 2501)]
    public void Figures_equal_plain_doubles_and_a_full_sort(int positions, int days)
    {
        var market = new Market(days, seed: positions).WithEquities(positions);
        var random = new Random(days);
        (string, decimal)[] held = [.. Enumerable.Range(0, positions).Select(i => ($"E{i}", (decimal)random.Next(-300, 1_000)))];
        var snapshot = market.Measure(Market.Holding(12_345.67m, held), new RiskConventions { WindowDays = 2_500 });
        var pnl = Plain.Sum([.. held.Select(x => market.Returns(x.Item1).Times((double)x.Item2 * market.Close(x.Item1)))]);
        AssertClose(Plain.Var(pnl, 0.05), snapshot.At95.Var);
        AssertClose(Plain.Var(pnl, 0.01), snapshot.At99.Var);
        AssertClose(Plain.Es(pnl, 0.05), snapshot.At95.Es);
        AssertClose(Plain.Es(pnl, 0.01), snapshot.At99.Es);
        var worth = held.Sum(x => (double)x.Item2 * market.Close(x.Item1));
        Assert.Equal(worth, snapshot.MarketValue, Math.Abs(worth) * 1e-12);
        Assert.Equal(worth + 12_345.67, snapshot.Nav, Math.Abs(worth) * 1e-12);
        Assert.Equal(held.Sum(x => Math.Abs((double)x.Item2) * market.Close(x.Item1)), snapshot.GrossExposure, 1e-3);
        Assert.Equal((days - 1, 1d), (snapshot.Observations, snapshot.CoverageRatio.Value));
        Assert.Equal((Market.AsOf, Market.Version), (snapshot.AsOf, snapshot.Version));
    }

    [Fact]
    public void A_foreign_position_carries_the_return_of_its_rate()
    {
        var market = new Market(101, seed: 2).With("VOD", currency: "GBP").With("GBPUSD", AssetClass.Fx);
        var live = market.Live(Market.Holding(0, ("VOD", 100)));
        Assert.Equal(["VOD", "GBPUSD"], live.Model.PricedSymbols.Select(x => x.Text));
        live.SetPrice(0, 80);
        live.SetPrice(1, 1.25);
        var snapshot = live.Measure(Market.AsOf, Market.Version);
        var (local, rate) = (market.Returns("VOD"), market.Returns("GBPUSD"));
        double[] pnl = [.. local.Zip(rate, (r, fx) => 10_000 * ((1 + r) * (1 + fx) - 1))];
        AssertClose(Plain.Var(pnl, 0.05), snapshot.At95.Var);
        Assert.Equal(10_000, snapshot.MarketValue);
        Assert.Equal(RiskFlags.ThinTail99, snapshot.Flags);
    }

    [Fact]
    public void Contracts_count_with_their_multiplier()
    {
        var market = new Market(101, seed: 2).With("ES1", AssetClass.Future, multiplier: 50);
        var snapshot = market.Measure(Market.Holding(0, ("ES1", -3)));
        var exposure = -150 * market.Close("ES1");
        AssertClose(Plain.Var(market.Returns("ES1").Times(exposure), 0.05), snapshot.At95.Var);
        Assert.Equal(exposure, snapshot.MarketValue, 1e-6);
    }

    [Fact]
    public void Any_sequence_of_prices_ends_at_the_bits_of_a_new_portfolio()
    {
        var market = new Market(131, seed: 4).WithEquities(6).With("VOD", currency: "GBP").With("SAP", currency: "EUR").With("GBPUSD", AssetClass.Fx)
            .With("GBPEUR", AssetClass.Fx, "EUR").With("EUR.CASH", AssetClass.Cash, "EUR");
        var live = market.Live(Market.Holding(
            100, ("E0", 10), ("E1", -20), ("E2", 0), ("E3", 1e-4m), ("E4", 5000), ("E5", -7), ("VOD", 900), ("SAP", -800), ("GBPEUR", 1e5m), ("EUR.CASH", 500)));
        var random = new Random(9);
        var (prices, exponents) = (live.Model.LastCloses.ToArray(), new HashSet<int>());
        for (var step = 1; step <= 20_000; step++)
        {
            var i = random.Next(prices.Length);
            prices[i] = Math.Pow(10, random.NextDouble() * 8 - 4);
            live.SetPrice(i, prices[i]);
            exponents.Add(live.Pnl.Exponent);
            if (step % 100 != 0) continue;
            var fresh = new LivePortfolio(live.Model);
            for (var j = prices.Length - 1; j >= 0; j--) fresh.SetPrice(j, prices[j]);
            Assert.True(fresh.Pnl.Units.SequenceEqual(live.Pnl.Units));
            var (expected, actual) = (fresh.Measure(Market.AsOf, Market.Version), live.Measure(Market.AsOf, Market.Version));
            Assert.Equal(expected with { LeftOut = [], Flags = 0 }, actual with { LeftOut = [], Flags = 0 });
        }
        Assert.True(exponents.Count > 5);
    }

    [Fact]
    public void Neither_a_price_nor_a_measurement_allocates()
    {
        var market = new Market(501, seed: 3).WithEquities(20).With("VOD", currency: "GBP").With("GBPUSD", AssetClass.Fx);
        var live = market.Live(Market.Holding(0, [.. Enumerable.Range(0, 20).Select(i => ($"E{i}", 10m * i - 30)), ("VOD", 5)]));
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var sum = 0d;
            for (var i = 1; i < 2_000; i++)
            {
                live.SetPrice(i % live.Model.PricedSymbols.Count, 100 + i % 17);
                sum += live.Measure(Market.AsOf, Market.Version).At95.Var.Value!.Value;
            }
            if (round == 1) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(sum > 0);
        }
    }

    [Fact]
    public void Starts_at_the_last_closes_and_says_so()
    {
        var market = new Market(600, seed: 3).With("A").With("B");
        var live = market.Live(Market.Holding(0, ("A", 1), ("B", 1)));
        Assert.Equal(RiskFlags.AtLastClose, live.Measure(Market.AsOf, Market.Version).Flags);
        live.SetPrice(0, market.Close("A"));
        Assert.Equal(RiskFlags.AtLastClose, live.Measure(Market.AsOf, Market.Version).Flags);
        live.SetPrice(1, 5);
        Assert.Equal(RiskFlags.None, live.Measure(Market.AsOf, Market.Version).Flags);
    }

    [Fact]
    public void An_empty_portfolio_is_worth_its_cash_and_has_no_risk()
    {
        var snapshot = new Market(101, seed: 1).With("A").Measure(Market.Holding(250));
        Assert.Equal((250d, 0d, 0d, 1d, 100), (snapshot.Nav, snapshot.MarketValue, snapshot.GrossExposure, snapshot.CoverageRatio.Value, snapshot.Observations));
        Assert.Equal((LossFigures.Zero, LossFigures.Zero, RiskFlags.None), (snapshot.At95, snapshot.At99, snapshot.Flags));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Fewer_than_thirty_observations_report_nothing(int days, bool isShort)
    {
        var live = new Market(days, seed: 1).With("A").Live(Market.Holding(0, ("A", 1)));
        live.SetPrice(0, 7);
        var snapshot = live.Measure(Market.AsOf, Market.Version);
        Assert.Equal(isShort ? FigureReason.ShortHistory : null, snapshot.At95.Var.Reason);
        Assert.Equal(isShort, snapshot.At99.Es.Value is null && snapshot.At95.Interval is null);
        Assert.Equal(7, snapshot.MarketValue);
    }

    [Fact]
    public void Equal_prices_have_no_risk()
    {
        var market = new Market(101, seed: 1).With("FLAT", history: [.. Enumerable.Repeat(5d, 101)]);
        var snapshot = market.Measure(Market.Holding(0, ("FLAT", 10)));
        Assert.Equal((0d, 0d, new LossInterval(0, 0)), (snapshot.At95.Var.Value, snapshot.At95.Es.Value, snapshot.At95.Interval));
    }

    [Fact]
    public void What_is_left_out_is_named_and_the_rest_is_measured()
    {
        var market = new Market(101, seed: 6).With("A").With("GAP").With("YEN", currency: "JPY").With("OPT", AssetClass.Option).With("NEW", history: Missing(101));
        Market.Without(market.Closes("GAP"), 50);
        var snapshot = market.Measure(Market.Holding(0, ("A", 10), ("GAP", 10), ("YEN", 1), ("OPT", 1), ("NEW", 1), ("GHOST", 1)));
        Assert.Equal(
            [("GAP", FigureReason.ShortHistory), ("GHOST", FigureReason.NotApplicable), ("NEW", FigureReason.MissingPrice),
             ("OPT", FigureReason.NotApplicable), ("YEN", FigureReason.MissingFx)],
            snapshot.LeftOut.Select(x => (x.Symbol.Text, x.Reason)));
        var (a, gap, option) = (10 * market.Close("A"), 10 * market.Close("GAP"), market.Close("OPT"));
        AssertClose(Plain.Var(market.Returns("A").Times(a), 0.05), snapshot.At95.Var);
        Assert.Equal(a + gap + option, snapshot.MarketValue, 1e-6);
        Assert.Equal((null, FigureReason.NotApplicable), (snapshot.CoverageRatio.Value, snapshot.CoverageRatio.Reason));
        var valued = market.Measure(Market.Holding(0, ("A", 10), ("GAP", 10), ("OPT", 1)));
        Assert.Equal(a / (a + gap + option), valued.CoverageRatio.Value!.Value, 1e-12);
        Assert.True(snapshot.Flags.HasFlag(RiskFlags.PartialCoverage));
    }

    [Fact]
    public void A_proxy_fills_the_gap_and_counts_among_the_priced()
    {
        var market = new Market(101, seed: 6).With("GAP", proxy: "INDEX").With("INDEX");
        Market.Without(market.Closes("GAP"), 50);
        var live = market.Live(Market.Holding(0, ("GAP", 10)));
        Assert.Equal(["GAP", "INDEX"], live.Model.PricedSymbols.Select(x => x.Text));
        var snapshot = live.Measure(Market.AsOf, Market.Version);
        live.SetPrice(1, 12345);
        Assert.Equal(snapshot, live.Measure(Market.AsOf, Market.Version));
        double[] returns = [.. market.Returns("GAP").Zip(market.Returns("INDEX"), (own, lent) => double.IsNaN(own) ? lent : own)];
        AssertClose(Plain.Var(returns.Times(10 * market.Close("GAP")), 0.05), snapshot.At95.Var);
        Assert.Equal(1, snapshot.CoverageRatio.Value);
    }

    [Fact]
    public void Nothing_measurable_gives_the_reason_and_a_first_price_cures_it()
    {
        var market = new Market(101, seed: 6).With("NEW", proxy: "INDEX", history: Missing(101)).With("INDEX");
        var live = market.Live(Market.Holding(9, ("NEW", 10)));
        var blind = live.Measure(Market.AsOf, Market.Version);
        Assert.Equal((FigureReason.MissingPrice, 9d, 0d), (blind.At95.Var.Reason, blind.Nav, blind.CoverageRatio.Value));
        live.SetPrice(0, 100);
        var seeing = live.Measure(Market.AsOf, Market.Version);
        AssertClose(Plain.Var(market.Returns("INDEX").Times(1_000), 0.05), seeing.At95.Var);
        Assert.Empty(seeing.LeftOut);
    }

    [Fact]
    public void Cash_in_another_currency_has_the_risk_of_the_rate_alone()
    {
        var market = new Market(101, seed: 6).With("EUR.CASH", AssetClass.Cash, "EUR").With("EURUSD", AssetClass.Fx);
        var snapshot = market.Measure(Market.Holding(0, ("EUR.CASH", 1_000)));
        AssertClose(Plain.Var(market.Returns("EURUSD").Times(1_000 * market.Close("EURUSD")), 0.05), snapshot.At95.Var);
    }

    [Fact]
    public void A_rate_without_history_still_values_but_does_not_measure()
    {
        var market = new Market(101, seed: 6).With("VOD", currency: "GBP").With("GBPUSD", AssetClass.Fx, history: [.. Missing(101)[..100], 1.5]);
        var snapshot = market.Measure(Market.Holding(0, ("VOD", 10)));
        Assert.Equal(FigureReason.MissingFx, snapshot.At95.Var.Reason);
        Assert.Equal(15 * market.Close("VOD"), snapshot.MarketValue, 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_what_is_no_price(double price)
    {
        var live = new Market(101, seed: 6).With("A").Live(Market.Holding(0, ("A", 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => live.SetPrice(0, price));
    }

    [Fact]
    public void An_absurd_position_is_left_out_and_does_not_break_the_others()
    {
        var market = new Market(101, seed: 6).With("A").With("B", multiplier: 1e20m);
        var snapshot = market.Measure(Market.Holding(0, ("A", 1), ("B", 1e20m)));
        Assert.Equal([new LeftOutPosition(Market.Name("B"), FigureReason.NotApplicable)], snapshot.LeftOut);
        AssertClose(Plain.Var(market.Returns("A").Times(market.Close("A")), 0.05), snapshot.At95.Var);
    }

    [Fact]
    public void Versions_order_by_positions_then_history_then_symbols()
    {
        SnapshotVersion[] ascending = [new(1, 9, 9), new(2, 1, 9), new(2, 2, 1), new(2, 2, 2)];
        Assert.Equal(ascending, ascending.Reverse().Order());
    }

    private static double[] Missing(int days) => [.. Enumerable.Repeat(double.NaN, days)];

    private static void AssertClose(double expected, Figure actual) => Assert.Equal(expected, actual.Value!.Value, Math.Abs(expected) * 1e-9);
}
