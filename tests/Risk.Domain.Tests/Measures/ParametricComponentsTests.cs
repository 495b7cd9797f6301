using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ParametricComponentsTests
{
    private static readonly double[][] Returns = [[0.01, -0.02, 0.03, 0.005, -0.04, 0.02], [0.02, -0.01, -0.01, 0.01, -0.03, 0.015], [-0.01, 0.02, 0.01, -0.02, 0.03, -0.025]];
    private static readonly double[] Exposures = [100, 250, -80];

    [Fact]
    public void Normal_components_sum_to_the_totals_and_follow_the_slope()
    {
        var covariance = Covariance.Matrix(Returns);
        double[] means = [.. Returns.Select(asset => Volatility.Mean(asset))];
        var components = ParametricComponents.Normal(Exposures, covariance, 0.99m, means);
        Assert.Equal(components.Var, components.Components.Sum(), 1e-9);
        Assert.Equal(components.Shortfall, components.ShortfallComponents.Sum(), 1e-9);
        for (var i = 0; i < Exposures.Length; i++)
            Assert.Equal(Slope(i, x => ParametricComponents.Normal(x, covariance, 0.99m, means).Var), components.Marginal[i], 1e-6);
    }

    [Fact]
    public void Incremental_is_the_var_that_leaves_with_the_position()
    {
        var covariance = Covariance.Matrix(Returns);
        var components = ParametricComponents.Normal(Exposures, covariance, 0.95m);
        Assert.Equal(components.Var - ParametricComponents.Normal([100, 0, -80], covariance, 0.95m).Var, components.Incremental[1], 1e-12);
        Assert.Equal(0, ParametricComponents.Normal([100, 0, 0], covariance, 0.95m).Incremental[2]);
    }

    [Fact]
    public void Modified_components_sum_to_the_var_and_follow_the_slope()
    {
        var components = ParametricComponents.Modified(Exposures, Returns, 0.99m);
        Assert.Equal(components.Var, components.Components.Sum(), 1e-9);
        for (var i = 0; i < Exposures.Length; i++)
            Assert.Equal(Exposures[i] * Slope(i, x => ParametricComponents.Modified(x, Returns, 0.99m).Var), components.Components[i], 1e-4);
    }

    [Fact]
    public void A_portfolio_that_never_moves_has_no_normal_components_and_no_modified_ones_at_all()
    {
        double[][] still = [[0, 0, 0], [0, 0, 0]];
        Assert.Equal([0, 0], ParametricComponents.Normal([1, 1], Covariance.Matrix(still), 0.95m).Components);
        Assert.Throws<ArgumentException>(() => ParametricComponents.Modified([1, 1], still, 0.95m));
    }

    private static double Slope(int position, Func<double[], double> var)
    {
        const double Step = 1e-3;
        double[] Moved(double by) => [.. Exposures.Select((x, i) => i == position ? x + by : x)];
        return (var(Moved(Step)) - var(Moved(-Step))) / (2 * Step);
    }
}
