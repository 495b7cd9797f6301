using Risk.Domain.Instruments;
using Risk.Domain.Options;
using Xunit;

namespace Risk.Domain.Tests.Options;

public sealed class ImpliedVolatilityTests
{
    private static readonly OptionMarket Market = new(100, 0.05, 0.01);

    [Fact]
    public void Returns_the_volatility_that_made_the_price()
    {
        foreach (var strike in (double[])[40, 80, 100, 105, 200])
            foreach (var years in (double[])[1 / 365.0, 0.5, 10])
                foreach (var volatility in (double[])[0.03, 0.2, 0.9, 3])
                {
                    // Out of the money, where all digits of the price are time value.
                    var right = strike > 100 * Math.Exp(0.04 * years) ? OptionRight.Call : OptionRight.Put;
                    var figures = BlackScholes.Of(new EuropeanOption(right, strike, years, volatility), Market);
                    if (figures.Price < 1e-250) continue;
                    var found = ImpliedVolatility.Of(right, strike, years, Market, figures.Price);
                    Assert.Equal(volatility, found.Value!.Value, 1e-13 + 1e-14 * figures.Price / figures.Vega);
                }
    }

    [Fact]
    public void Prices_however_small_or_near_the_bound_have_one()
    {
        Assert.Equal(0.05, ImpliedVolatility.Of(OptionRight.Call, 300, 1, Market, BlackScholes.Price(new(OptionRight.Call, 300, 1, 0.05), Market)).Value!.Value, 1e-12);
        Assert.Equal(10, ImpliedVolatility.Of(OptionRight.Call, 100, 1, Market, BlackScholes.Price(new(OptionRight.Call, 100, 1, 10), Market)).Value!.Value, 1e-8);
        Assert.Equal(0.2, ImpliedVolatility.Of(OptionRight.Call, 100, 1, new(100, 0), BlackScholes.Price(new(OptionRight.Call, 100, 1, 0.2), new(100, 0))).Value!.Value, 1e-14);
        Assert.Equal(0, ImpliedVolatility.Of(OptionRight.Call, 100, 1, new(100, 0), 1e-300).Value!.Value, 1e-14);
    }

    [Theory]
    [InlineData(OptionRight.Call, 50, 0.25, 50.3, NoVolatility.BelowIntrinsic)]
    [InlineData(OptionRight.Put, 100, 0.25, -1, NoVolatility.BelowIntrinsic)]
    [InlineData(OptionRight.Put, 100, 0.25, 0, NoVolatility.NoTimeValue)]
    [InlineData(OptionRight.Call, 100, 0.25, 101, NoVolatility.AboveBound)]
    [InlineData(OptionRight.Put, 200, 0.25, 198.6, NoVolatility.AboveBound)]
    [InlineData(OptionRight.Put, 120, 0, 20, NoVolatility.Expired)]
    public void A_price_that_no_volatility_gives_has_none_but_a_reason(OptionRight right, double strike, double years, double price, NoVolatility reason)
    {
        var found = ImpliedVolatility.Of(right, strike, years, Market, price);
        Assert.Null(found.Value);
        Assert.Equal(reason, found.Reason);
    }

    [Fact]
    public void An_intrinsic_value_has_none_whatever_its_last_digits()
    {
        var worthless = BlackScholes.Price(new(OptionRight.Call, 50, 0.25, 0.01), Market);
        foreach (var price in (double[])[worthless, double.BitIncrement(worthless), double.BitDecrement(worthless)])
            Assert.Equal(NoVolatility.NoTimeValue, ImpliedVolatility.Of(OptionRight.Call, 50, 0.25, Market, price).Reason);
    }

    [Fact]
    public void A_price_that_is_no_number_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImpliedVolatility.Of(OptionRight.Call, 100, 1, Market, double.NaN));
}
