using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics;
using Risk.Domain.Instruments;
using Risk.Domain.Options;
using Xunit;

namespace Risk.Domain.Tests.Options;

public sealed class BlackScholesTests
{
    private static readonly Gen<(EuropeanOption Option, OptionMarket Market)> TermsGen =
        from right in Gen.Elements(OptionRight.Call, OptionRight.Put)
        from strike in Gen.Choose(5_000, 20_000)
        from days in Gen.Choose(1, 1_500)
        from volatility in Gen.Choose(5, 120)
        from rate in Gen.Choose(-3, 12)
        from yield in Gen.Choose(-2, 8)
        select (new EuropeanOption(right, strike / 100.0, days / 365.0, volatility / 100.0), new OptionMarket(100, rate / 100.0, yield / 100.0));

    // E. G. Haug, The Complete Guide to Option Pricing Formulas (McGraw-Hill 1998), pages 2 to 8, 24 and 27; the page's four decimals.
    [Theory]
    [InlineData(OptionRight.Call, 65, 60, 0, 0.08, 0.25, 0.30, 2.1334)]
    [InlineData(OptionRight.Put, 95, 100, 0.05, 0.10, 0.5, 0.20, 2.4648)]
    [InlineData(OptionRight.Put, 19, 19, 0.10, 0.10, 0.75, 0.28, 1.7011)]
    [InlineData(OptionRight.Call, 19, 19, 0.10, 0.10, 0.75, 0.28, 1.7011)]
    [InlineData(OptionRight.Call, 1.6, 1.56, 0.08, 0.06, 0.5, 0.12, 0.0291)]
    [InlineData(OptionRight.Put, 70, 75, 0.05, 0.10, 0.5, 0.35, 4.0870)]
    [InlineData(OptionRight.Call, 100, 90, 0.10, 0.10, 0.1, 0.15, 0.0205)]
    [InlineData(OptionRight.Call, 100, 100, 0.10, 0.10, 0.1, 0.25, 3.1217)]
    [InlineData(OptionRight.Call, 100, 110, 0.10, 0.10, 0.1, 0.35, 11.1381)]
    [InlineData(OptionRight.Call, 100, 90, 0.10, 0.10, 0.5, 0.15, 0.8069)]
    [InlineData(OptionRight.Call, 100, 110, 0.10, 0.10, 0.5, 0.35, 15.3086)]
    [InlineData(OptionRight.Put, 100, 90, 0.10, 0.10, 0.1, 0.15, 9.9210)]
    [InlineData(OptionRight.Put, 100, 110, 0.10, 0.10, 0.5, 0.25, 3.2734)]
    [InlineData(OptionRight.Put, 100, 90, 0.10, 0.10, 0.5, 0.35, 14.4452)]
    [InlineData(OptionRight.Call, 40, 42, 0.08, 0.04, 0.75, 0.35, 5.0975)]
    public void Gives_the_prices_that_haug_published(OptionRight right, double strike, double spot, double q, double r, double years, double volatility, double price) =>
        Assert.Equal(price, BlackScholes.Price(new EuropeanOption(right, strike, years, volatility), new OptionMarket(spot, r, q)), 5.1e-5);

    // The same book, pages 11 to 16.
    [Fact]
    public void Gives_the_greeks_that_haug_published()
    {
        var future = new OptionMarket(105, 0.1, 0.1);
        Assert.Equal(0.5946, BlackScholes.Of(new EuropeanOption(OptionRight.Call, 100, 0.5, 0.36), future).Delta, 5e-5);
        Assert.Equal(-0.3566, BlackScholes.Of(new EuropeanOption(OptionRight.Put, 100, 0.5, 0.36), future).Delta, 5e-5);
        foreach (var right in Enum.GetValues<OptionRight>())
        {
            var stock = BlackScholes.Of(new EuropeanOption(right, 60, 0.75, 0.3), new OptionMarket(55, 0.1));
            Assert.Equal(0.0278, stock.Gamma, 5e-5);
            Assert.Equal(18.9358, stock.Vega, 5e-5);
        }
        Assert.Equal(-31.1924, BlackScholes.Of(new EuropeanOption(OptionRight.Put, 405, 1 / 12.0, 0.2), new OptionMarket(430, 0.07, 0.05)).Theta, 5.1e-5);
        Assert.Equal(38.7325, BlackScholes.Of(new EuropeanOption(OptionRight.Call, 75, 1, 0.19), new OptionMarket(72, 0.09)).Rho, 5.1e-5);
    }

    [Fact]
    public void Call_less_put_is_the_forward() => Holds(x =>
    {
        var (call, put) = (BlackScholes.Of(x.Option with { Right = OptionRight.Call }, x.Market), BlackScholes.Of(x.Option with { Right = OptionRight.Put }, x.Market));
        var forward = x.Market.Spot * Math.Exp(-x.Market.DividendYield * x.Option.Years) - x.Option.Strike * Math.Exp(-x.Market.Rate * x.Option.Years);
        return Near(call.Price - put.Price, forward, 1e-12) && Near(call.Delta - put.Delta, Math.Exp(-x.Market.DividendYield * x.Option.Years), 1e-13)
            && call.Gamma == put.Gamma && call.Vega == put.Vega;
    });

    [Fact]
    public void Greeks_are_the_slopes_of_the_price() => Holds(x =>
    {
        var figures = BlackScholes.Of(x.Option, x.Market);
        double At(double spot, double volatility, double years, double rate) => BlackScholes.Price(
            x.Option with { Volatility = x.Option.Volatility + volatility, Years = x.Option.Years + years },
            x.Market with { Spot = x.Market.Spot + spot, Rate = x.Market.Rate + rate });
        var year = 1e-4 * x.Option.Years;
        return Near((At(0.01, 0, 0, 0) - At(-0.01, 0, 0, 0)) / 0.02, figures.Delta, 1e-4)
            && Near((At(0.01, 0, 0, 0) - 2 * At(0, 0, 0, 0) + At(-0.01, 0, 0, 0)) / 1e-4, figures.Gamma, 1e-4 + 1e-2 * figures.Gamma)
            && Near((At(0, 1e-4, 0, 0) - At(0, -1e-4, 0, 0)) / 2e-4, figures.Vega, 1e-2)
            && Near(-(At(0, 0, year, 0) - At(0, 0, -year, 0)) / (2 * year), figures.Theta, 1e-3 + 1e-5 * Math.Abs(figures.Theta))
            && Near((At(0, 0, 0, 1e-5) - At(0, 0, 0, -1e-5)) / 2e-5, figures.Rho, 1e-3);
    });

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(2, 0)]
    public void Without_uncertainty_it_is_the_discounted_intrinsic_value(double years, double volatility)
    {
        var market = new OptionMarket(100, 0.05, 0.02);
        var (spot, strike) = (100 * Math.Exp(-0.02 * years), 80 * Math.Exp(-0.05 * years));
        var call = BlackScholes.Of(new EuropeanOption(OptionRight.Call, 80, years, volatility), market);
        Assert.Equal(spot - strike, call.Price, 1e-12);
        Assert.Equal(new OptionFigures(call.Price, spot / 100, 0, 0, 0.02 * spot - 0.05 * strike, years * strike), call);
        var put = BlackScholes.Of(new EuropeanOption(OptionRight.Put, 80, years, volatility), market);
        Assert.Equal(new OptionFigures(0, 0, 0, 0, 0, 0), put with { Delta = put.Delta + 0, Rho = put.Rho + 0, Theta = put.Theta + 0 });
    }

    [Fact]
    public void At_the_money_at_expiry_delta_is_half_and_all_is_finite()
    {
        var figures = BlackScholes.Of(new EuropeanOption(OptionRight.Put, 100, 0, 0.2), new OptionMarket(100, 0.05));
        Assert.Equal((0, 0, 0), (figures.Price, figures.Gamma, figures.Vega));
        Assert.Equal(-0.5, figures.Delta, 1e-15);
        Assert.Equal(2.5, figures.Theta, 1e-12);
    }

    [Fact]
    public void Is_finite_and_not_negative_at_every_corner_of_the_limits()
    {
        double[] prices = [1 / BlackScholes.MaxPrice, 1e-3, 100, BlackScholes.MaxPrice];
        foreach (var (spot, strike) in prices.SelectMany(x => prices.Select(y => (x, y))))
            foreach (var years in (double[])[0, double.Epsilon, 1e-12, 1, BlackScholes.MaxYears])
                foreach (var volatility in (double[])[0, double.Epsilon, 1e-9, 0.3, BlackScholes.MaxVolatility])
                    foreach (var rate in (double[])[-0.1, 0, 0.1])
                    {
                        var call = BlackScholes.Of(new EuropeanOption(OptionRight.Call, strike, years, volatility), new OptionMarket(spot, rate, -rate));
                        double[] figures = [call.Price, call.Delta, call.Gamma, call.Vega, call.Theta, call.Rho];
                        Assert.True(figures.All(double.IsFinite) && call.Price >= 0 && call.Gamma >= 0 && call.Vega >= 0, $"{spot} {strike} {years} {volatility} {rate}: {call}");
                    }
    }

    [Theory]
    [InlineData(0, 1, 0.2)]
    [InlineData(100, -1, 0.2)]
    [InlineData(100, 1, -0.2)]
    [InlineData(double.NaN, 1, 0.2)]
    [InlineData(100, double.PositiveInfinity, 0.2)]
    [InlineData(100, 1, double.NaN)]
    public void Terms_that_are_none_are_refused(double strike, double years, double volatility) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BlackScholes.Of(new EuropeanOption(OptionRight.Call, strike, years, volatility), new OptionMarket(100, 0)));

    [Fact]
    public void Delta_keeps_its_digits_far_out()
    {
        var market = new OptionMarket(1, 0);
        for (var d1 = -30.0; d1 < 9; d1 += 0.013)
        {
            var delta = BlackScholes.Of(new EuropeanOption(OptionRight.Call, Math.Exp(0.5 - d1), 1, 1), market).Delta;
            Assert.Equal(1, delta / (0.5 * SpecialFunctions.Erfc(-d1 / Math.Sqrt(2))), 2e-15 * (8 + d1 * d1));
        }
    }

    private static bool Near(double a, double b, double tolerance) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(b));

    private static void Holds(Func<(EuropeanOption Option, OptionMarket Market), bool> law) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_120, 9).WithMaxTest(300), Prop.ForAll(TermsGen.ToArbitrary(), law));
}
