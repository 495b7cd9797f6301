using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class GarchTests
{
    private static readonly GarchParameters Parameters = new(Mu: 1, Omega: 0.5, Alpha: 0.25, Beta: 0.5);

    [Fact]
    public void Each_forecast_follows_from_the_last_shock_and_the_last_variance() =>
        Assert.Equal([4, 0.5 + 0.25 * 4 + 2, 0.5 + 0.25 * 1 + 1.75], Garch.Variances([3, 0], Parameters, 4));

    [Fact]
    public void Filtering_keeps_the_shock_and_changes_its_volatility()
    {
        var filtered = Garch.Filter([3, 0], Parameters, 4);
        Assert.Equal(Math.Sqrt(2.5), filtered.NextVolatility, 1e-15);
        Assert.Equal([1 + Math.Sqrt(2.5), 1 - Math.Sqrt(2.5 / 3.5)], filtered.Returns, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void The_population_variance_is_where_it_starts_unless_told() => Assert.Equal(2.25, Garch.Variances([3, 0], Parameters)[0]);

    [Fact]
    public void A_variance_that_never_changes_leaves_the_returns_alone() =>
        Assert.Equal([3, 3, 3], Garch.Filter([3, 3, 3], new GarchParameters(0, 0, 0, 1), 2).Returns, (a, b) => Math.Abs(a - b) < 1e-15);

    [Fact]
    public void Impossible_parameters_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Garch.Variances([1, 2], Parameters with { Alpha = -0.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Garch.Variances([1, 2], Parameters with { Mu = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Garch.Variances([1, 1], Parameters));
        Assert.Throws<ArgumentException>(() => Garch.Filter([1, 2], new GarchParameters(0, 0, 0, 0), 1));
        Assert.Throws<ArgumentException>(() => Garch.Variances([], Parameters, 1));
    }
}
