using Risk.Domain.Portfolios;
using Risk.Local.Demo;
using Xunit;

namespace Risk.Local.Tests.Demo;

public class DemoMarketTests
{
    private static readonly DateOnly Monday = new(2026, 11, 23);

    [Fact]
    public void Has_twenty_symbols_in_three_sectors()
    {
        Assert.Equal(20, DemoMarket.Symbols.Select(x => x.Instrument.Symbol).Distinct().Count());
        Assert.Equal(3, DemoMarket.Instruments.Select(x => x.Sector).Distinct().Count());
        Assert.Equal(DemoMarket.Symbols.OrderBy(x => x.Instrument.Symbol), DemoMarket.Symbols);
    }

    [Fact]
    public void The_history_ends_on_the_weekday_before_and_at_the_start_prices()
    {
        var history = DemoMarket.History(1, Monday);
        Assert.True(history.Dates.Count >= 750);
        Assert.Equal(new DateOnly(2026, 11, 20), history.Dates[^1]);
        Assert.DoesNotContain(history.Dates, date => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
        Assert.Equal(history.Dates.Order().Distinct(), history.Dates);
        foreach (var symbol in DemoMarket.Symbols) Assert.Equal((double)symbol.StartPrice, history.Find(symbol.Instrument.Symbol)![^1]);
        Assert.All(history.Closes, row => Assert.All(row, close => Assert.True(double.IsFinite(close) && close > 0)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_closes_and_another_gives_others()
    {
        Assert.Equal(DemoMarket.History(7, Monday).Closes, DemoMarket.History(7, Monday).Closes);
        Assert.Equal(DemoMarket.History(7, Monday).Volumes, DemoMarket.History(7, Monday).Volumes);
        Assert.NotEqual(DemoMarket.History(7, Monday).Closes, DemoMarket.History(8, Monday).Closes);
    }

    [Fact]
    public void Returns_have_their_volatility_are_correlated_and_have_fat_tails()
    {
        var history = DemoMarket.History(1, Monday, days: 5_000);
        var returns = history.Closes.Select(row => row.Zip(row.Skip(1), (a, b) => Math.Log(b / a)).ToArray()).ToArray();
        for (var i = 0; i < returns.Length; i++)
        {
            var annual = Math.Sqrt(252 * returns[i].Average(r => r * r));
            Assert.InRange(annual / DemoMarket.Symbols[i].AnnualVolatilityRatio, 0.85, 1.15);
        }
        Assert.InRange(Correlation(returns[4], returns[5]), 0.4, 0.6);
        Assert.InRange(Correlation(returns[0], returns[11]), 0.2, 0.4);
        Assert.True(returns.Average(Kurtosis) > 4);
    }

    [Fact]
    public void The_portfolio_is_long_and_short_in_symbols_that_have_a_history()
    {
        var portfolio = DemoMarket.Portfolio();
        var history = DemoMarket.History(1, Monday);
        Assert.Equal((AccountId.Default, 12, 2), (portfolio.Account, portfolio.Positions.Count(p => p.Quantity > 0), portfolio.Positions.Count(p => p.Quantity < 0)));
        Assert.True(portfolio.Cash > 0);
        Assert.Equal(portfolio.Positions.OrderBy(p => p.Symbol), portfolio.Positions);
        Assert.All(portfolio.Positions, position => Assert.NotNull(history.Find(position.Symbol)));
    }

    [Fact]
    public void Positions_are_a_small_part_of_what_is_traded()
    {
        var history = DemoMarket.History(1, Monday);
        Assert.All(DemoMarket.Portfolio().Positions, position => Assert.InRange(Math.Abs((double)position.Quantity) / history.AverageVolume(position.Symbol, 30) ?? 0, 0.001, 0.1));
        Assert.All(history.Volumes!, row => Assert.All(row!, volume => Assert.True(volume > 0 && volume == Math.Round(volume))));
    }

    private static double Correlation(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Average() / Math.Sqrt(a.Average(x => x * x) * b.Average(y => y * y));

    private static double Kurtosis(double[] x) => x.Average(r => r * r * r * r) / Math.Pow(x.Average(r => r * r), 2);
}
