using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Options;
using Xunit;

namespace Risk.Domain.Tests.Options;

public sealed class OptionBookTests
{
    private static readonly OptionMarket Market = new(100, 0.03, 0.01);
    private static readonly OptionHolding Straddle = new(new(OptionRight.Call, 100, 0.5, 0.25), 10);

    [Fact]
    public void Units_of_the_underlying_alone_are_linear()
    {
        var book = new OptionBook(Market, [], units: 7);
        Assert.Equal((700, 7, 0), (book.Value, book.Delta, book.Gamma));
        Assert.Equal([-70, 0, 35], book.FullRevaluation([-0.1, 0, 0.05]), (a, b) => Math.Abs(a - b) < 1e-10);
        Assert.Equal(700 * 0.02 * 1.6448536269514722, book.NormalDeltaGamma(0.02).ExactVar(0.95m), 1e-10);
    }

    [Fact]
    public void A_long_option_cannot_lose_more_than_its_value()
    {
        var book = new OptionBook(Market, [Straddle]);
        Assert.All(book.FullRevaluation([-0.99, -1, -5, 0.5]), pnl => Assert.True(pnl >= -book.Value && double.IsFinite(pnl)));
    }

    [Fact]
    public void The_expansion_is_close_for_small_moves()
    {
        var book = new OptionBook(Market, [Straddle, new(new(OptionRight.Put, 95, 0.25, 0.3), -20)], units: -3);
        double[] moves = [-0.001, 0.001];
        Assert.Equal(book.FullRevaluation(moves), book.DeltaGamma(moves), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 0.3)]
    [InlineData(-2, 0.3)]
    [InlineData(1, -0.3)]
    [InlineData(0, 1)]
    [InlineData(0, -1)]
    [InlineData(1, 1e-14)]
    [InlineData(1, -1e-14)]
    [InlineData(0.01, 5)]
    public void The_exact_quantile_is_that_of_many_equally_probable_shocks(double linear, double square)
    {
        const int Count = 100_000;
        var pnl = new SortedPnl([.. Enumerable.Range(0, Count).Select(i => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / Count)).Select(z => linear * z + square * z * z)]);
        foreach (var confidence in (decimal[])[0.9m, 0.95m, 0.99m])
            Assert.Equal(HistoricalVar.Of(pnl, confidence), new QuadraticPnl(linear, square).ExactVar(confidence), 2e-3);
    }

    // A squared standard normal is χ² with one degree: P(χ² ≤ 3.841459) = 95 %, variance 2, skewness √8, excess kurtosis 12.
    [Fact]
    public void A_pure_square_is_chi_squared()
    {
        Assert.Equal(3.841458820694124, new QuadraticPnl(0, -1).ExactVar(0.95m), 1e-12);
        var moments = new QuadraticPnl(0, 1).Moments;
        Assert.Equal(1, moments.Mean, 1e-15);
        Assert.Equal(Math.Sqrt(2), moments.Sigma, 1e-15);
        Assert.Equal(Math.Sqrt(8), moments.Skewness, 1e-14);
        Assert.Equal(12, moments.ExcessKurtosis, 1e-13);
    }

    [Fact]
    public void What_is_no_number_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new OptionBook(Market, [Straddle with { Quantity = double.NaN }]));
        Assert.Throws<ArgumentException>(() => new OptionBook(Market, [Straddle]).FullRevaluation([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OptionBook(Market, [Straddle]).NormalDeltaGamma(-1));
    }
}
