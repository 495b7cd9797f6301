using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class AverageCorrelationTests
{
    private static readonly double[][] Series =
        [[0.01, -0.02, 0.015, 0.003, -0.007], [0.02, -0.01, 0.005, -0.004, 0.001], [-0.01, 0.012, -0.02, 0.006, 0.002]];

    /// <summary>By Python's statistics.correlation, then the weighted mean over the three pairs.</summary>
    [Fact]
    public void Is_the_weighted_mean_over_the_pairs() => Assert.Equal(-0.07598001567898173, AverageCorrelation.Of([0.5, 0.3, 0.2], Series)!.Value, 1e-13);

    [Fact]
    public void Equals_the_mean_of_the_correlation_matrix_on_random_series()
    {
        var random = new Random(3);
        double[][] series = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 80).Select(_ => random.NextDouble() - 0.4).ToArray())];
        double[] weights = [.. series.Select(_ => 1e6 * random.NextDouble())];
        var matrix = Covariance.ToCorrelation(Covariance.Matrix(series));
        var (sum, pairs) = (0d, 0d);
        for (var i = 0; i < 12; i++)
            for (var j = 0; j < i; j++) (sum, pairs) = (sum + weights[i] * weights[j] * matrix[i][j]!.Value, pairs + weights[i] * weights[j]);
        Assert.Equal(sum / pairs, AverageCorrelation.Of(weights, series)!.Value, 1e-12);
    }

    [Fact]
    public void The_same_series_twice_is_one_and_its_opposite_minus_one()
    {
        double[] opposite = [.. Series[0].Select(x => -x)];
        Assert.Equal(1, AverageCorrelation.Of([1, 1e9], [Series[0], Series[0]])!.Value, 1e-6);
        Assert.Equal(-1, AverageCorrelation.Of([1, 1], [Series[0], opposite])!.Value, 1e-12);
    }

    [Fact]
    public void There_is_none_without_two_that_move()
    {
        Assert.Null(AverageCorrelation.Of([], []));
        Assert.Null(AverageCorrelation.Of([1], [Series[0]]));
        Assert.Null(AverageCorrelation.Of([1, 1], [Series[0], new double[5]]));
        Assert.Null(AverageCorrelation.Of([1, 0], [Series[0], Series[1]]));
        Assert.Throws<ArgumentException>(() => AverageCorrelation.Of([1, -1], [Series[0], Series[1]]));
    }
}
