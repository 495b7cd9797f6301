using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Risk.Domain.Stress;
using Xunit;

namespace Risk.Domain.Tests.Stress;

public sealed class PriceShocksTests
{
    private static readonly Stressed Market = new Stressed()
        .With("AAA", Stressed.Flat(100), sector: "Technology")
        .With("BBB", Stressed.Flat(50), sector: "Energy")
        .With("ETF", Stressed.Flat(20), AssetClass.Etf)
        .With("EEE", Stressed.Flat(10), currency: "EUR", sector: "Energy")
        .With("EURUSD", Stressed.Flat(1.25), AssetClass.Fx)
        .With("CASHEUR", [], AssetClass.Cash, "EUR")
        .With("CALL", Stressed.Flat(10.450583572185565), AssetClass.Option, option: new OptionTerms(Symbol.Parse("AAA"), 100m, new DateOnly(2021, 1, 2), OptionRight.Call), multiplier: 100);

    /// <summary>By hand: 100·10·−0.3 + 50·−20·−0.2 + 20·5·−0.1.</summary>
    [Fact]
    public void The_most_specific_shock_moves_a_position()
    {
        var book = Market.Book(1_000, ("AAA", 10), ("BBB", -20), ("ETF", 5));
        var result = Apply(book, Stressed.Shocks([("AAA", -0.3)], [("technology", -0.9), ("energy", -0.2)], [(AssetClass.Equity, -0.8), (AssetClass.Etf, -0.1)]));
        Assert.Equal([-300, 200, -10], result.Positions.Select(x => x.Pnl.Value!.Value));
        Assert.Equal([MoveSource.Symbol, MoveSource.Sector, MoveSource.AssetClass], result.Positions.Select(x => x.Move.Source));
        Assert.Equal(-110, result.Pnl.Value);
        Assert.Equal(-110.0 / 1_100, result.NavRatio.Value!.Value, 1e-15);
        Assert.Equal((1d, 0), (result.CoverageRatio.Value, result.LeftOut.Count));
    }

    /// <summary>By hand: 10 shares × 10 EUR × 1.25 = 125 USD; (1 − 0.2)(1 − 0.1) − 1 = −0.28; cash of 100 EUR = 125 USD loses a tenth.</summary>
    [Fact]
    public void A_currency_multiplies_on_top_and_is_all_that_moves_cash()
    {
        var book = Market.Book(0, ("CASHEUR", 100), ("EEE", 10));
        var result = Apply(book, Stressed.Shocks(sectors: [("Energy", -0.2)], currencies: [("EUR", -0.1)]));
        Assert.Equal([-12.5, -35], result.Positions.Select(x => Math.Round(x.Pnl.Value!.Value, 10)));
        Assert.Equal([MoveSource.Currency, MoveSource.Sector], result.Positions.Select(x => x.Move.Source));
    }

    [Fact]
    public void A_held_pair_moves_with_its_currency_and_a_shocked_pair_moves_the_currency()
    {
        var book = Market.Book(0, ("EEE", 10), ("EURUSD", 100));
        var byCurrency = Apply(book, Stressed.Shocks(currencies: [("EUR", -0.1)]));
        var byPair = Apply(book, Stressed.Shocks([("EURUSD", -0.1)]));
        Assert.Equal([-12.5, -12.5], byCurrency.Positions.Select(x => Math.Round(x.Pnl.Value!.Value, 10)));
        Assert.Equal([-12.5, -12.5], byPair.Positions.Select(x => Math.Round(x.Pnl.Value!.Value, 10)));
    }

    /// <summary>
    /// A call at the money, 365 days to go. Python, N by math.erf, σ by bisection from the price 10.450583572185565 at r = q = 0:
    /// 0.26271081075063357; the price at a spot of 80 then is 2.573522916943528, and 200 units lose 1575.4121310484074.
    /// </summary>
    [Fact]
    public void An_option_is_valued_anew_when_its_underlying_moves()
    {
        var book = Market.Book(0, ("CALL", 2));
        var result = Apply(book, Stressed.Shocks(sectors: [("Technology", -0.2)]));
        Assert.True(result.Positions[0].Move is { IsOfUnderlying: true, Source: MoveSource.Sector });
        Assert.Equal(-1575.4121310484074, result.Pnl.Value!.Value, 1e-6);
        Assert.Equal(2 * 100 * 10.450583572185565 * -0.5, Apply(book, Stressed.Shocks([("CALL", -0.5)], [("Technology", -0.2)])).Pnl.Value!.Value, 1e-9);
    }

    [Fact]
    public void Zero_shocks_lose_nothing_to_the_last_bit()
    {
        var book = Market.Book(500, ("AAA", 10), ("BBB", -20), ("CALL", 3), ("EEE", 7), ("EURUSD", 100));
        var result = Apply(book, Stressed.Shocks(classes: [(AssetClass.Equity, 0), (AssetClass.Fx, 0)], currencies: [("EUR", 0)]));
        Assert.All(result.Positions, x => Assert.Equal(0, x.Pnl.Value));
        Assert.Equal(0, result.Pnl.Value);
        Assert.Equal(0, Apply(book, PriceShocks.None).Pnl.Value);
    }

    [Fact]
    public void Shocks_of_disjoint_sets_add()
    {
        var book = Market.Book(0, ("AAA", 10), ("BBB", -20), ("CALL", 3), ("EEE", 7), ("ETF", 5));
        var (first, second) = (Stressed.Shocks([("AAA", -0.25)]), Stressed.Shocks([("ETF", 0.4)], [("Energy", -0.15)]));
        var both = Stressed.Shocks([("AAA", -0.25), ("ETF", 0.4)], [("Energy", -0.15)]);
        Assert.Equal(Apply(book, first).Pnl.Value!.Value + Apply(book, second).Pnl.Value!.Value, Apply(book, both).Pnl.Value!.Value, 1e-9);
    }

    [Fact]
    public void What_meets_no_position_is_named()
    {
        var shocks = Stressed.Shocks([("AAA", -0.1), ("ZZZ", -0.1)], [("Enrgy", -0.1)], [(AssetClass.Fund, -0.1)], [("EUR", -0.1), ("JPY", -0.1)]);
        var unused = shocks.MovesOf(Market.Book(0, ("AAA", 1), ("EEE", 1))).WithoutEffect;
        Assert.Equal(["ZZZ", "Enrgy", "Fund", "JPY"], [.. unused.Symbols.Keys.Select(x => x.Text), .. unused.Sectors.Keys, .. unused.AssetClasses.Keys.Select(x => x.ToString()), .. unused.Currencies.Keys.Select(x => x.Code)]);
    }

    [Fact]
    public void What_has_no_value_is_left_out_with_its_reason()
    {
        var book = new Stressed().With("AAA", Stressed.Flat(100)).With("NEW", [double.NaN, double.NaN, double.NaN]).With("YEN", Stressed.Flat(9), currency: "JPY")
            .Book(0, ("AAA", 10), ("NEW", 5), ("YEN", 5));
        var result = Apply(book, Stressed.Shocks(classes: [(AssetClass.Equity, -0.5)]));
        Assert.Equal([("NEW", FigureReason.MissingPrice), ("YEN", FigureReason.MissingFx)], result.LeftOut.Select(x => (x.Symbol.Text, x.Reason)));
        Assert.Equal(-500, result.Pnl.Value);
        Assert.Equal(FigureReason.MissingPrice, result.CoverageRatio.Reason);
    }

    [Fact]
    public void A_shock_that_meets_nothing_of_known_value_has_no_pnl_whatever_stands_still_beside_it()
    {
        var book = new Stressed().With("AAA", Stressed.Flat(100)).With("NEW", [double.NaN, double.NaN, double.NaN]).With("CASHUSD", [], AssetClass.Cash)
            .Book(0, ("AAA", 10), ("CASHUSD", 70), ("NEW", 5));
        var result = Apply(book, Stressed.Shocks([("NEW", -0.9)]));
        Assert.Equal((FigureReason.MissingPrice, FigureReason.MissingPrice), (result.Pnl.Reason, result.NavRatio.Reason));
        Assert.Equal(-10, Apply(book, Stressed.Shocks([("NEW", -0.9), ("AAA", -0.01)])).Pnl.Value!.Value, 1e-12);
        Assert.Equal(0, Apply(book, PriceShocks.None).Pnl.Value);
    }

    [Fact]
    public void An_option_below_its_intrinsic_value_is_left_out_unless_its_own_price_is_shocked()
    {
        var terms = new OptionTerms(Symbol.Parse("AAA"), 50m, new DateOnly(2021, 1, 2), OptionRight.Call);
        var book = new Stressed().With("AAA", Stressed.Flat(100)).With("BAD", Stressed.Flat(40), AssetClass.Option, option: terms).Book(0, ("BAD", 1));
        Assert.Equal(FigureReason.NotApplicable, Apply(book, Stressed.Shocks([("AAA", -0.1)])).Pnl.Reason);
        Assert.Equal(-4, Apply(book, Stressed.Shocks([("BAD", -0.1)])).Pnl.Value!.Value, 1e-12);
    }

    private static StressResult Apply(StressBook book, PriceShocks shocks) => book.Apply(shocks.MovesOf(book).Moves);
}
