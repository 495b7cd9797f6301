using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class LiquidityTests
{
    [Theory]
    [InlineData(50_000, 100_000, 0.1, 5)]
    [InlineData(-50_000, 100_000, 0.25, 2)]
    [InlineData(0, 0, 0.1, 0)]
    [InlineData(1, 1, 1, 1)]
    public void Days_are_units_over_what_may_be_sold_a_day(double units, double volume, double participation, double days) =>
        Assert.Equal(days, Liquidity.DaysToLiquidate(units, volume, participation)!.Value, 1e-12);

    [Fact]
    public void What_nobody_trades_cannot_be_left() => Assert.Null(Liquidity.DaysToLiquidate(1, 0));

    [Fact]
    public void Numbers_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Liquidity.ShareOfVolume(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Liquidity.ShareOfVolume(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Liquidity.DaysToLiquidate(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Liquidity.DaysToLiquidate(1, 1, 1.1));
    }

    /// <summary>Figures by Python's statistics: mean, stdev, and ½ · 2,000,000 · (mean + 3 · std).</summary>
    [Fact]
    public void The_cost_of_a_spread_counts_its_mean_and_its_deviations()
    {
        var spread = BidAskSpread.OfHistory([0.001, 0.0012, 0.0009, 0.0031, 0.0011]);
        Assert.Equal(0.00146, spread.MeanRatio, 1e-15);
        Assert.Equal(0.0009235799911215054, spread.DeviationRatio, 1e-15);
        Assert.Equal(4230.739973364516, spread.LiquidityCost(-2_000_000), 1e-8);
        Assert.Equal(1_460, spread.LiquidityCost(2_000_000, scale: 0), 1e-9);
    }

    [Fact]
    public void A_present_spread_is_taken_against_the_mid_and_a_crossed_quote_is_none()
    {
        Assert.Equal(new BidAskSpread(0.5, 0), BidAskSpread.Of(0.75, 1.25)!.Value);
        Assert.Equal(0, BidAskSpread.Of(5, 5)!.Value.LiquidityCost(1_000));
        Assert.Null(BidAskSpread.Of(0, 1));
        Assert.Null(BidAskSpread.Of(2, 1));
        Assert.Null(BidAskSpread.Of(1, double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => BidAskSpread.OfHistory([0.1, -0.1]));
    }
}
