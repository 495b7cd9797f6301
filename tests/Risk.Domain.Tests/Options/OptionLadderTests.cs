using Risk.Domain.Instruments;
using Risk.Domain.Options;
using Xunit;

namespace Risk.Domain.Tests.Options;

public sealed class OptionLadderTests
{
    [Theory]
    [InlineData(OptionRight.Call, 100, 0.5, 0.25)]
    [InlineData(OptionRight.Put, 100, 0.5, 0.25)]
    [InlineData(OptionRight.Put, 80, 5, 1.5)]
    [InlineData(OptionRight.Call, 120, 0, 0.3)]
    [InlineData(OptionRight.Put, 120, 1, 0)]
    [InlineData(OptionRight.Call, 1e-3, 0.01, 0.9)]
    public void Every_spot_has_the_price_of_the_formula(OptionRight right, double strike, double years, double volatility)
    {
        var option = new EuropeanOption(right, strike, years, volatility);
        double[] spots = [1e-6, 0.5, 50, 99, 99.999, 100, 100.001, 101, 120, 150, 400, 1e6, 80, 79, 81, 1e-3];
        var prices = new double[spots.Length];
        var market = new OptionMarket(100, 0.05, 0.02);
        OptionLadder.Prices(option, market, spots, prices);
        for (var i = 0; i < spots.Length; i++)
            Assert.Equal(BlackScholes.Price(option, market with { Spot = spots[i] }), prices[i], 1e-12 * Math.Max(spots[i], strike));
    }

    [Fact]
    public void A_price_does_not_depend_on_its_place()
    {
        double[] spots = [.. Enumerable.Repeat(101.5, 16)];
        var prices = new double[16];
        OptionLadder.Prices(new EuropeanOption(OptionRight.Put, 97, 0.7, 0.4), new OptionMarket(100, 0.03), spots, prices);
        Assert.Single(prices.Distinct());
    }

    [Fact]
    public void Counts_and_terms_that_do_not_fit_are_refused()
    {
        var option = new EuropeanOption(OptionRight.Put, 97, 0.7, 0.4);
        Assert.Throws<ArgumentException>(() => OptionLadder.Prices(option, new OptionMarket(100, 0), new double[7], new double[7]));
        Assert.Throws<ArgumentException>(() => OptionLadder.Prices(option, new OptionMarket(100, 0), new double[8], new double[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => OptionLadder.Prices(option with { Years = -1 }, new OptionMarket(100, 0), new double[8], new double[8]));
    }
}
