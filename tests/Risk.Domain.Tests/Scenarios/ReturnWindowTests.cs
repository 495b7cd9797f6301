using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

public sealed class ReturnWindowTests
{
    private static readonly Symbol Full = Symbol.Parse("FULL"), Gappy = Symbol.Parse("GAPPY"), Young = Symbol.Parse("YOUNG"), Bad = Symbol.Parse("BAD");

    private static readonly PriceHistory History = new(
        [.. Enumerable.Range(1, 5).Select(day => new DateOnly(2024, 1, day))],
        [Full, Gappy, Young, Bad],
        [[100, 110, 99, 99, 198], [10, 20, double.NaN, 20, 10], [double.NaN, double.NaN, 8, 4, 2], [1, 0, -1, double.PositiveInfinity, 1]]);

    [Fact]
    public void A_return_is_the_close_over_the_close_before_less_one()
    {
        var returns = new ReturnWindow(History, 500).Find(Full, null)!;
        Assert.Equal([0.1, -0.1, 0, 1], returns.Values.Select(r => Math.Round(r, 12)));
        Assert.Equal(0, returns.Borrowed);
    }

    [Fact]
    public void The_window_is_the_last_return_dates()
    {
        var window = new ReturnWindow(History, 2);
        Assert.Equal([new DateOnly(2024, 1, 4), new DateOnly(2024, 1, 5)], window.Dates);
        Assert.Equal([-0.5, -0.5], window.Find(Young, null)!.Values);
    }

    [Fact]
    public void A_missing_close_costs_two_returns_and_is_never_a_zero() => Assert.Null(new ReturnWindow(History, 500).Find(Gappy, null));

    [Fact]
    public void The_proxy_stands_in_only_where_the_symbol_has_no_return()
    {
        var returns = new ReturnWindow(History, 500).Find(Gappy, Full)!;
        Assert.Equal([1, -0.1, 0, -0.5], returns.Values.Select(r => Math.Round(r, 12)));
        Assert.Equal(2, returns.Borrowed);
    }

    [Fact]
    public void A_symbol_without_any_close_lives_by_its_proxy() =>
        Assert.Equal(4, new ReturnWindow(History, 500).Find(Symbol.Parse("UNKNOWN"), Full)!.Borrowed);

    [Fact]
    public void Where_the_proxy_lacks_it_too_there_are_no_returns() => Assert.Null(new ReturnWindow(History, 500).Find(Gappy, Young));

    [Fact]
    public void Counts_the_dates_with_a_return_where_they_do_not_suffice_too()
    {
        var window = new ReturnWindow(History, 500);
        Assert.Equal((4, 2, 4, 0), (window.Count(Full, null), window.Count(Gappy, null), window.Count(Gappy, Full), window.Count(Symbol.Parse("UNKNOWN"), null)));
    }

    [Fact]
    public void Zero_negative_and_infinite_closes_are_missing() => Assert.Null(new ReturnWindow(History, 1).Find(Bad, null));

    [Fact]
    public void The_last_close_is_the_newest_that_is_one()
    {
        Assert.Equal(1, ReturnWindow.LastClose(History, Bad));
        Assert.Equal(10, ReturnWindow.LastClose(History, Gappy));
        Assert.Equal(double.NaN, ReturnWindow.LastClose(History, Symbol.Parse("UNKNOWN")));
    }

    [Fact]
    public void An_empty_history_has_no_dates() => Assert.Empty(new ReturnWindow(PriceHistory.Empty, 500).Dates);
}
