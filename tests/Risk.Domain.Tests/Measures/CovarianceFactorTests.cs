using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class CovarianceFactorTests
{
    [Fact]
    public void Squares_to_the_covariance()
    {
        double[][] covariance = [[4, 2, -2], [2, 10, 2], [-2, 2, 6]];
        var factor = CovarianceFactor.Of(covariance);
        Assert.Equal([[2], [1, 3], [-1, 1, 2]], factor);
    }

    [Fact]
    public void Assets_that_repeat_or_never_move_are_allowed()
    {
        Assert.Equal([[2], [2, 0], [-2, 0, 0]], CovarianceFactor.Of([[4, 4, -4], [4, 4, -4], [-4, -4, 4]]));
        Assert.Equal([[0], [0, 3]], CovarianceFactor.Of([[0, 0], [0, 9]]));
    }

    [Fact]
    public void What_is_no_covariance_is_refused()
    {
        Assert.Throws<ArgumentException>(() => CovarianceFactor.Of([[1, 2], [2, 1]]));
        Assert.Throws<ArgumentException>(() => CovarianceFactor.Of([[0, 1], [1, 4]]));
        Assert.Throws<ArgumentException>(() => CovarianceFactor.Of([[-1]]));
        Assert.Throws<ArgumentException>(() => CovarianceFactor.Of([[1, 0.5], [0.4, 1]]));
        Assert.Throws<ArgumentException>(() => CovarianceFactor.Of([[1, 0], [0, double.NaN]]));
        Assert.Throws<ArgumentException>(() => CovarianceFactor.Of([[1, 0]]));
    }
}
