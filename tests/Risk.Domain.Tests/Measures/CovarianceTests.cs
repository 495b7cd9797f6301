using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class CovarianceTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 65)]
    [InlineData(7, 64)]
    [InlineData(8, 130)]
    [InlineData(9, 500)]
    [InlineData(21, 63)]
    [InlineData(100, 70)]
    public void Sums_of_products_have_the_bits_of_the_scalar_twin_at_every_width(int assets, int days)
    {
        var series = Series(assets, days);
        double[][] deviations = [.. series.Select(returns => returns.Select(r => r - Volatility.Mean(returns)).ToArray())];
        using var wide = new DeviationProducts(series, isWide: true);
        using var narrow = new DeviationProducts(series, isWide: false);
        for (var i = 0; i < assets; i++)
            for (var j = i; j < assets; j++)
            {
                var sum = 0.0;
                for (var day = 0; day < days; day++) sum = Math.FusedMultiplyAdd(deviations[i][day], deviations[j][day], sum);
                Assert.Equal((sum, sum), (wide[i, j], narrow[i, j]));
            }
    }

    [Fact]
    public void Is_symmetric_with_the_sample_variances_on_its_diagonal()
    {
        var series = Series(11, 90);
        var matrix = Covariance.Matrix(series);
        for (var i = 0; i < matrix.Length; i++)
        {
            Assert.Equal(Volatility.SampleVariance(series[i]), matrix[i][i], 1e-18);
            for (var j = 0; j < i; j++) Assert.Equal(matrix[i][j], matrix[j][i]);
        }
    }

    [Fact]
    public void Of_a_series_that_never_moves_is_exactly_zero()
    {
        double[] still = [.. Enumerable.Repeat(0.1, 77)];
        var matrix = Covariance.Matrix([still, .. Series(2, 77)]);
        Assert.Equal([0, 0, 0], matrix[0]);
    }

    [Fact]
    public void More_days_take_no_more_memory_of_the_heap()
    {
        var (few, many) = (Series(20, 100), Series(20, 400));
        Allocated(few);
        Allocated(many);
        Assert.Equal(Allocated(few), Allocated(many));
    }

    [Fact]
    public void No_series_one_day_and_series_of_different_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Covariance.Matrix([]));
        Assert.Throws<ArgumentException>(() => Covariance.Matrix([[0.1]]));
        Assert.Throws<ArgumentException>(() => Covariance.Matrix([[0.1, 0.2], [0.1, 0.2, 0.3]]));
    }

    [Fact]
    public void Series_of_different_lengths_are_refused_before_they_are_read() => Assert.Throws<ArgumentException>(() =>
    {
        using var products = new DeviationProducts([[1, 2], [1]], isWide: false);
    });

    private static long Allocated(double[][] series)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Covariance.Matrix(series);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double[][] Series(int assets, int days)
    {
        var random = new Random(assets * 1_000 + days);
        return [.. Enumerable.Range(0, assets).Select(_ => Enumerable.Range(0, days).Select(_ => 0.05 * (random.NextDouble() - 0.48)).ToArray())];
    }
}
