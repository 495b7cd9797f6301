using Risk.Domain.Funds;
using Risk.Domain.Instruments;
using Xunit;

namespace Risk.Domain.Tests.Funds;

public sealed class FundLookThroughTests
{
    private static readonly FundLookThrough Nested = Funds(
        ("INNER", [("TCS", 0.5), ("CASH", 0.3)]),
        ("OUTER", [("INNER", 0.4), ("TCS", 0.1), ("ITC", 0.5)]));

    [Fact]
    public void A_fund_inside_a_fund_is_opened()
    {
        var outer = Nested.HoldingsOf(Symbol.Parse("OUTER"));
        Assert.Equal(["CASH", "ITC", "OTHER", "TCS"], outer.Keys.Select(x => x.Text));
        Assert.Equal([0.12, 0.5, 0.08, 0.3], outer.Values, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void The_share_that_is_disclosed_counts_gross_values_and_never_more_than_all()
    {
        Assert.Equal(1 - 0.08 * 1000 / 1250, Nested.DisclosedShare(Amounts(("OUTER", 1000), ("TCS", 200), ("CASH", 50)))!.Value, 1e-15);
        Assert.Equal(1 - 0.08 * 1000 / 1250, Nested.DisclosedShare(Amounts(("OUTER", -1000), ("TCS", 200), ("CASH", 50)))!.Value, 1e-15);
        Assert.Equal(0.5, Nested.DisclosedShare(Amounts(("OTHER", 3), ("TCS", 3))));
        Assert.Equal(1, Funds(("MORE", [("TCS", 1.4)])).DisclosedShare(Amounts(("MORE", 10))));
        Assert.Equal(0.25, Funds(("SHORT", [("TCS", -0.5)])).DisclosedShare(Amounts(("SHORT", 10))));
        Assert.Null(Nested.DisclosedShare(Amounts(("TCS", 0))));
    }

    /// <summary>G leaves 0.8 of itself open, twice over; in the hedged fund two halves that are not known add up instead of cancelling.</summary>
    [Fact]
    public void Parts_of_funds_inside_funds_that_are_not_disclosed_add_up_long_or_short()
    {
        var geared = Funds(("F", [("G", 2), ("X", -1)]), ("G", [("Z", 0.2)]));
        Assert.Equal((40.0 + 100) / (40 + 100 + 160), geared.DisclosedShare(Amounts(("F", 100)))!.Value, 1e-12);
        Assert.Equal((40.0 + 100 + 50) / (40 + 100 + 160 + 50), geared.DisclosedShare(Amounts(("F", -100), ("Y", 50)))!.Value, 1e-12);
        var hedged = Funds(("F", [("X", 1), ("G", 0.5), ("H", -0.5)]), ("G", [("A", 0.5)]), ("H", [("B", 0.5)]));
        Assert.Equal(0.75, hedged.DisclosedShare(Amounts(("F", 10)))!.Value, 1e-12);
    }

    [Fact]
    public void Values_sum_to_the_positions_and_direct_holdings_join_them()
    {
        var values = Nested.Values(Amounts(("OUTER", 1000), ("TCS", 200), ("CASH", 50)));
        Assert.Equal(1250, values.Values.Sum(), 1e-9);
        Assert.Equal(500, values[Symbol.Parse("TCS")], 1e-9);
        Assert.Equal(170, values[FundLookThrough.Cash], 1e-9);
    }

    [Fact]
    public void What_a_fund_does_not_disclose_is_other_and_what_it_discloses_twice_is_negative()
    {
        Assert.Equal(0.2, Nested.HoldingsOf(Symbol.Parse("INNER"))[FundLookThrough.Other], 1e-15);
        Assert.Equal(-0.1, Funds(("LEVERED", [("TCS", 1.1)])).HoldingsOf(Symbol.Parse("LEVERED"))[FundLookThrough.Other], 1e-15);
        Assert.Equal(-0.1, Funds(("LEVERED", [("TCS", 1.1)])).UndisclosedOf(Symbol.Parse("LEVERED")), 1e-15);
        Assert.Equal((0.2, 0), (Math.Round(Nested.UndisclosedOf(Symbol.Parse("INNER")), 15), Nested.UndisclosedOf(Symbol.Parse("OUTER"))));
        Assert.Equal(1, Funds(("EMPTY", [])).HoldingsOf(Symbol.Parse("EMPTY"))[FundLookThrough.Other]);
    }

    [Fact]
    public void Weights_that_sum_to_one_but_for_rounding_leave_no_other() =>
        Assert.DoesNotContain(FundLookThrough.Other, Funds(("TENTHS", [.. Enumerable.Range(0, 10).Select(i => ($"S{i}", 0.1))])).HoldingsOf(Symbol.Parse("TENTHS")).Keys);

    [Fact]
    public void A_circle_of_funds_is_refused_with_the_way_round()
    {
        var refused = Assert.Throws<FundCycleException>(() => Funds(("X", [("A", 1)]), ("A", [("B", 0.5)]), ("B", [("C", 0.5)]), ("C", [("A", 0.5)])));
        Assert.Equal("A fund holds itself: A → B → C → A.", refused.Message);
        var besideALeaf = Assert.Throws<FundCycleException>(() => Funds(("A", [("LEAF", 0.5), ("B", 0.5)]), ("B", [("A", 1)]), ("LEAF", [("TCS", 1)])));
        Assert.Equal("A fund holds itself: A → B → A.", besideALeaf.Message);
        Assert.Throws<FundCycleException>(() => Funds(("SELF", [("SELF", 0.1)])));
    }

    [Fact]
    public void A_fund_reached_twice_is_no_circle()
    {
        var top = Funds(("TOP", [("L", 0.5), ("R", 0.5)]), ("L", [("LEAF", 1)]), ("R", [("LEAF", 1)]), ("LEAF", [("TCS", 1)]));
        Assert.Equal(1, top.HoldingsOf(Symbol.Parse("TOP"))[Symbol.Parse("TCS")]);
    }

    [Fact]
    public void A_weight_that_is_no_number_is_refused() => Assert.Throws<ArgumentException>(() => Funds(("A", [("TCS", double.NaN)])));

    [Fact]
    public void Overlap_counts_what_both_hold_long()
    {
        var funds = Funds(
            ("A", [("TCS", 0.5), ("ITC", 0.3), ("LT", -0.1), ("CASH", 0.3)]),
            ("B", [("TCS", 0.2), ("ITC", 0.4), ("LT", 0.1), ("CASH", 0.2), ("SBIN", 0.1)]));
        var overlap = funds.Overlap(Symbol.Parse("A"), Symbol.Parse("B"));
        Assert.Equal(0.5, overlap.Weight, 1e-15);
        Assert.Equal(2, overlap.CommonCount);
    }

    [Fact]
    public void Sectors_sum_and_the_unknown_is_other()
    {
        var sectors = FundLookThrough.BySector(
            Amounts(("TCS", 0.4), ("INFY", 0.2), ("CASH", 0.1), ("OTHER", 0.1), ("XYZ", 0.2)),
            new Dictionary<Symbol, string> { [Symbol.Parse("TCS")] = "IT", [Symbol.Parse("INFY")] = "IT" });
        Assert.Equal(["Cash", "IT", "Other"], sectors.Keys);
        Assert.Equal([0.1, 0.6, 0.3], sectors.Values, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Weights_of_nothing_are_empty()
    {
        Assert.Empty(FundLookThrough.Weights(Amounts(("TCS", 0))));
        Assert.Equal(0.25, FundLookThrough.Weights(Amounts(("TCS", 30), ("ITC", 10)))[Symbol.Parse("ITC")]);
    }

    private static FundLookThrough Funds(params (string Fund, (string Symbol, double Weight)[] Holdings)[] funds) =>
        new(funds.ToDictionary(x => Symbol.Parse(x.Fund), x => Amounts(x.Holdings)));

    private static IReadOnlyDictionary<Symbol, double> Amounts(params (string Symbol, double Amount)[] amounts) => amounts.ToDictionary(x => Symbol.Parse(x.Symbol), x => x.Amount);
}
