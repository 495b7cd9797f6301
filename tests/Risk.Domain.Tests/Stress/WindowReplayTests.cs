using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Risk.Domain.Stress;
using Xunit;

namespace Risk.Domain.Tests.Stress;

public sealed class WindowReplayTests
{
    private static readonly DateOnly Day0 = Stressed.First;

    /// <summary>By hand: 10 × 120 (today) × (60/100 − 1) = −480, and −20 × 30 × (55/50 − 1) = −60; at the trough 10 × 120 × (40/100 − 1) + −20 × 30 × (25/50 − 1) = −420.</summary>
    [Fact]
    public void Prices_move_by_the_ratio_of_the_closes_at_the_ends()
    {
        var market = new Stressed().With("AAA", [100, 40, 60, 120]).With("BBB", [50, 25, 55, 30]);
        var replay = WindowReplay.Of(market.Book(0, ("AAA", 10), ("BBB", -20)), market.History, Window(0, 2));
        Assert.Equal([-480, -60], replay.Result!.Positions.Select(x => Math.Round(x.Pnl.Value!.Value, 9)));
        Assert.Equal(-540, replay.Result.Pnl.Value!.Value, 1e-9);
        Assert.Equal((-540, Day0.AddDays(2)), (Math.Round(replay.WorstPnl.Value!.Value, 9), replay.WorstDate));
        var alone = WindowReplay.Of(market.Book(0, ("AAA", 10)), market.History, Window(0, 2));
        Assert.Equal((-720, Day0.AddDays(1)), (Math.Round(alone.WorstPnl.Value!.Value, 9), alone.WorstDate));
    }

    /// <summary>By hand: (0.8 · 1.0/1.25 − 1) on 10 × 8 × 1.0.</summary>
    [Fact]
    public void The_rate_moves_with_the_price()
    {
        var market = new Stressed().With("EEE", [10, 8, 8], currency: "EUR").With("EURUSD", [1.25, 1.0, 1.0], AssetClass.Fx);
        Assert.Equal(80 * (0.8 * 0.8 - 1), WindowReplay.Of(market.Book(0, ("EEE", 10)), market.History, Window(0, 1)).Result!.Pnl.Value!.Value, 1e-12);
    }

    [Fact]
    public void A_history_that_begins_later_or_ends_earlier_covers_nothing()
    {
        var market = new Stressed().With("AAA", Stressed.Flat(100, 20));
        var book = market.Book(0, ("AAA", 10));
        Assert.Null(WindowReplay.Of(book, market.History, Window(-1, 5)).Result);
        Assert.Null(WindowReplay.Of(book, market.History, Window(5, 27)).Result);
        Assert.Equal(FigureReason.ShortHistory, WindowReplay.Of(book, market.History, Window(5, 27)).WorstPnl.Reason);
        Assert.Equal(Day0.AddDays(19), WindowReplay.Of(book, market.History, Window(5, 26)).To);
        Assert.Equal(0, WindowReplay.Of(book, market.History, Window(0, 19)).Result!.Pnl.Value);
    }

    [Fact]
    public void A_symbol_without_closes_at_the_ends_is_moved_by_its_proxy_or_left_out()
    {
        double[] young = [double.NaN, double.NaN, 10, 11];
        var market = new Stressed().With("OLD", [100, 80, 80, 100]).With("YOUNG", young).With("LENT", young, proxy: "OLD");
        var replay = WindowReplay.Of(market.Book(0, ("LENT", 100), ("OLD", 10), ("YOUNG", 10)), market.History, Window(0, 1));
        Assert.Equal([MoveSource.Proxy, MoveSource.History], replay.Result!.Positions.Take(2).Select(x => x.Move.Source));
        Assert.Equal(-0.2 * 1_100 + -0.2 * 1_000, replay.Result.Pnl.Value!.Value, 1e-9);
        Assert.Equal(new LeftOutPosition(Symbol.Parse("YOUNG"), FigureReason.ShortHistory), Assert.Single(replay.Result.LeftOut));
        Assert.Equal(2_100.0 / 2_210, replay.Result.CoverageRatio.Value!.Value, 1e-15);
    }

    [Fact]
    public void A_missing_close_is_the_one_before_for_a_week_and_no_longer()
    {
        double[] gap = [100, 90, .. Enumerable.Repeat(double.NaN, 8), 50];
        var market = new Stressed().With("ALL", Stressed.Flat(1, 11)).With("GAP", gap);
        var book = market.Book(0, ("ALL", 1), ("GAP", 10));
        Assert.Equal(-0.1 * 500, WindowReplay.Of(book, market.History, Window(0, 8)).Result!.Pnl.Value!.Value, 1e-9);
        Assert.Equal("GAP", Assert.Single(WindowReplay.Of(book, market.History, Window(0, 9)).Result!.LeftOut).Symbol.Text);
    }

    [Fact]
    public void An_option_follows_its_underlying_through_the_window()
    {
        var terms = new OptionTerms(Symbol.Parse("AAA"), 50m, Day0.AddDays(2), OptionRight.Call);
        var market = new Stressed().With("AAA", [100, 60, 80]).With("CALL", [double.NaN, double.NaN, 30], AssetClass.Option, option: terms);
        // On its last day it is worth 80 − 50; at 80 × 0.6 = 48 it is worth nothing.
        var replay = WindowReplay.Of(market.Book(0, ("CALL", 1)), market.History, Window(0, 1));
        Assert.Equal(-30, replay.Result!.Pnl.Value!.Value, 1e-9);
    }

    [Fact]
    public void Windows_run_from_peak_to_trough_of_the_index()
    {
        Assert.Equal(["crisis_2008 2007-10-09 2009-03-09", "covid_2020 2020-02-19 2020-03-23", "rates_2022 2022-01-03 2022-10-12"],
            HistoricalWindow.All.Select(x => FormattableString.Invariant($"{x.Name} {x.From:yyyy-MM-dd} {x.To:yyyy-MM-dd}")));
    }

    private static HistoricalWindow Window(int from, int to) => new("test", "A window of the test", Day0.AddDays(from), Day0.AddDays(to));
}
