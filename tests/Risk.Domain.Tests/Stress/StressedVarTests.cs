using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;
using Risk.Domain.Stress;
using Risk.Domain.Tests.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Stress;

public sealed class StressedVarTests
{
    private static readonly RiskConventions Usual = RiskConventions.Default;

    [Theory]
    [InlineData(QuantileConvention.Type7, 0.99)]
    [InlineData(QuantileConvention.Type1, 0.95)]
    [InlineData(QuantileConvention.KthWorst, 0.975)]
    public void The_worst_window_has_the_highest_var_of_all_by_a_full_sort_of_each(QuantileConvention convention, double confidence)
    {
        var conventions = Usual with { Quantile = convention };
        var market = new Stressed().With("AAA", Stressed.Walk(600, 1)).With("BBB", Stressed.Walk(600, 2, 0.08));
        var history = PnlHistory.Of(market.Book(100, ("AAA", 10), ("BBB", -7)), market.History);
        var found = StressedVar.Worst(history, 60, (decimal)confidence, conventions);
        double[] total = [.. Enumerable.Range(0, 599).Select(t => history.Pnl[0][t] + history.Pnl[1][t])];
        double[] all = [.. Enumerable.Range(0, 540).Select(s => HistoricalVar.Of(total.AsSpan(s, 60), (decimal)confidence, convention))];
        Assert.Equal((540, 60), (found.WindowsSearched, found.Observations));
        Assert.Equal(history.Dates[Array.IndexOf(all, all.Max())], found.From);
        Assert.Equal(history.Dates[Array.IndexOf(all, all.Max()) + 59], found.To);
        Assert.All(Enumerable.Range(0, 540), s => Assert.True(all[s] <= all.Max()));
    }

    [Fact]
    public void Figures_of_a_window_equal_plain_doubles_and_a_full_sort()
    {
        var market = new Stressed().With("AAA", Stressed.Walk(300, 3)).With("BBB", Stressed.Walk(300, 4));
        var book = market.Book(0, ("AAA", 10), ("BBB", 5));
        var history = PnlHistory.Of(book, market.History);
        double[] Returns(string name, int seed) => [.. Stressed.Walk(300, seed).Zip(Stressed.Walk(300, seed).Skip(1), (a, b) => b / a - 1)];
        var pnl = Plain.Sum(Returns("AAA", 3).Times(10 * Stressed.Walk(300, 3)[^1]), Returns("BBB", 4).Times(5 * Stressed.Walk(300, 4)[^1]));
        var found = StressedVar.Over(history, Stressed.First.AddDays(11), Stressed.First.AddDays(210), Usual);
        Assert.Equal((200, Stressed.First.AddDays(11), Stressed.First.AddDays(210)), (found.Observations, found.From!.Value, found.To!.Value));
        Assert.Equal(Plain.Var(pnl[10..210], 0.05), found.At95.Var.Value!.Value, 1e-9);
        Assert.Equal(Plain.Es(pnl[10..210], 0.01), found.At99.Es.Value!.Value, 1e-9);
    }

    [Fact]
    public void A_young_position_neither_cuts_the_search_short_nor_counts_as_still()
    {
        double[] wild = [.. Stressed.Walk(100, 5, 0.2), .. Stressed.Walk(300, 6, 0.01)];
        double[] young = [.. Enumerable.Repeat(double.NaN, 250), .. Stressed.Walk(150, 7, 0.02)];
        var market = new Stressed().With("OLD", wild).With("YOUNG", young);
        var history = PnlHistory.Of(market.Book(0, ("OLD", 90), ("YOUNG", 10)), market.History);
        var found = StressedVar.Worst(history, 60, 0.99m, Usual);
        Assert.Equal("YOUNG", Assert.Single(found.LeftOut).Symbol.Text);
        Assert.True(found.To < Stressed.First.AddDays(110));
        Assert.InRange(found.CoverageRatio.Value!.Value, 0.8, 0.95);
        // With more than a fifth unknown, only the windows that know it are looked at.
        var heavy = StressedVar.Worst(PnlHistory.Of(market.Book(0, ("OLD", 50), ("YOUNG", 50)), market.History), 60, 0.99m, Usual);
        Assert.True(heavy.From > Stressed.First.AddDays(250));
        Assert.Equal((90, 1d), (heavy.WindowsSearched, heavy.CoverageRatio.Value));
    }

    [Fact]
    public void A_gap_takes_a_position_out_and_lets_it_in_again()
    {
        var gappy = Stressed.Walk(400, 8);
        gappy[200] = double.NaN;
        var market = new Stressed().With("AAA", Stressed.Walk(400, 9)).With("GAP", gappy);
        var history = PnlHistory.Of(market.Book(0, ("AAA", 95), ("GAP", 5)), market.History);
        var worst = Enumerable.Range(0, 340).Max(s =>
        {
            var isWhole = Enumerable.Range(s, 60).All(t => !double.IsNaN(history.Pnl[1][t]));
            double[] pnl = [.. Enumerable.Range(s, 60).Select(t => history.Pnl[0][t] + (isWhole ? history.Pnl[1][t] : 0))];
            return HistoricalVar.Of(pnl, 0.99m);
        });
        Assert.Equal(worst, StressedVar.Worst(history, 60, 0.99m, Usual).At99.Var.Value!.Value, 1e-12);
    }

    [Fact]
    public void Too_short_a_history_has_no_window()
    {
        var market = new Stressed().With("AAA", Stressed.Walk(60, 1));
        var history = PnlHistory.Of(market.Book(0, ("AAA", 1)), market.History);
        Assert.Equal(FigureReason.ShortHistory, StressedVar.Worst(history, 60, 0.99m, Usual).At99.Var.Reason);
        Assert.Equal(1, StressedVar.Worst(history, 59, 0.99m, Usual).WindowsSearched);
        var few = StressedVar.Over(history, Stressed.First, Stressed.First.AddDays(29), Usual);
        Assert.Equal((FigureReason.ShortHistory, 29), (few.At99.Var.Reason, few.Observations));
        Assert.Equal(59, StressedVar.Worst(history, 60, 0.99m, Usual).Observations);
        Assert.Equal(30, StressedVar.Over(history, Stressed.First, Stressed.First.AddDays(30), Usual).Observations);
    }

    [Fact]
    public void Doubling_the_positions_doubles_the_figures_in_the_same_window()
    {
        var market = new Stressed().With("AAA", Stressed.Walk(300, 11)).With("BBB", Stressed.Walk(300, 12));
        StressedVar Of(int size) => StressedVar.Worst(PnlHistory.Of(market.Book(0, ("AAA", 3 * size), ("BBB", -size)), market.History), 100, 0.99m, Usual);
        Assert.Equal(Of(1).From, Of(2).From);
        Assert.Equal(2 * Of(1).At99.Var.Value!.Value, Of(2).At99.Var.Value!.Value, 1e-9);
        Assert.Equal(2 * Of(1).At95.Es.Value!.Value, Of(2).At95.Es.Value!.Value, 1e-9);
    }

    /// <summary>Not even beside cash in base currency, which has a value but nothing to lose.</summary>
    [Fact]
    public void Where_nothing_that_moves_has_a_value_the_reason_stands_in_the_place_of_a_zero()
    {
        var market = new Stressed().With("YEN", Stressed.Walk(100, 1), currency: "JPY").With("CASHUSD", [], AssetClass.Cash);
        foreach (var book in (StressBook[])[market.Book(0, ("YEN", 1)), market.Book(0, ("CASHUSD", 50), ("YEN", 1))])
        {
            var history = PnlHistory.Of(book, market.History);
            foreach (var found in (StressedVar[])[StressedVar.Worst(history, 50, 0.99m, Usual), StressedVar.Over(history, Stressed.First, Stressed.First.AddDays(80), Usual)])
            {
                Assert.Equal((FigureReason.MissingFx, FigureReason.MissingFx, null), (found.At95.Var.Reason, found.At99.Es.Reason, found.At95.Interval));
                Assert.Equal(("YEN", FigureReason.MissingFx), Assert.Single(found.LeftOut) is var left ? (left.Symbol.Text, left.Reason) : default);
            }
        }
    }

    [Fact]
    public void The_share_of_a_position_without_a_value_is_not_known()
    {
        var market = new Stressed().With("AAA", Stressed.Walk(100, 1)).With("YEN", Stressed.Walk(100, 2), currency: "JPY");
        var history = PnlHistory.Of(market.Book(0, ("AAA", 1), ("YEN", 1)), market.History);
        Assert.Equal(FigureReason.MissingFx, StressedVar.Worst(history, 50, 0.99m, Usual).CoverageRatio.Reason);
        Assert.Equal(FigureReason.MissingFx, StressedVar.Over(history, Stressed.First, Stressed.First.AddDays(80), Usual).CoverageRatio.Reason);
    }

    [Fact]
    public void Nothing_held_loses_nothing()
    {
        var market = new Stressed().With("AAA", Stressed.Walk(100, 1));
        var found = StressedVar.Worst(PnlHistory.Of(market.Book(100), market.History), 50, 0.99m, Usual);
        Assert.Equal((0, 1d), (found.At99.Var.Value, found.CoverageRatio.Value));
    }
}
