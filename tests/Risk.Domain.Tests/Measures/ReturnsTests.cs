using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ReturnsTests
{
    [Fact]
    public void Compare_each_price_with_the_one_before()
    {
        Assert.Equal([0.1, -0.5], Returns.Simple([100, 110, 55]), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([Math.Log(1.1), Math.Log(0.5)], Returns.Log([100, 110, 55]), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Overlap_over_a_longer_horizon() =>
        Assert.Equal([-0.45, 1], Returns.Overlapping([100, 110, 55, 220], 2), (a, b) => Math.Abs(a - b) < 1e-15);

    [Fact]
    public void Need_two_prices()
    {
        Assert.Empty(Returns.Simple([]));
        Assert.Empty(Returns.Simple([100]));
        Assert.Empty(Returns.Overlapping([100, 101, 102], 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_price_that_is_none_is_refused(double price) => Assert.Throws<ArgumentException>(() => Returns.Simple([100, price, 100]));

    [Fact]
    public void In_base_currency_compound_with_the_rate()
    {
        Assert.Equal([0.32], Returns.InBaseCurrency([0.1], [0.2]), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Throws<ArgumentException>(() => Returns.InBaseCurrency([0.1], []));
    }
}
