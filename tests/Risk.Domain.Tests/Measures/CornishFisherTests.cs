using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class CornishFisherTests
{
    [Fact]
    public void Without_skewness_and_kurtosis_it_is_the_normal()
    {
        var moments = new CornishFisher(0.5, 2, 0, 0);
        Assert.Equal(ParametricVar.Normal(2, 0.99m, 0.5), moments.Var(0.99m), 1e-12);
        Assert.Equal(ParametricVar.NormalShortfall(2, 0.99m, 0.5), moments.Shortfall(0.99m), 1e-12);
        Assert.Equal(ParametricVar.NormalShortfall(2, 0.99m, 0.5), moments.QuantileMeanShortfall(0.99m), 1e-12);
        Assert.True(new CornishFisher(0, 1, 0, 1).IsMonotone);
    }

    [Fact]
    public void Strong_skew_without_kurtosis_is_flagged_because_var_falls_with_confidence()
    {
        var moments = new CornishFisher(0, 1, 2, 0);
        Assert.True(moments.Var(0.99m) < moments.Var(0.95m));
        Assert.False(moments.IsMonotone);
    }

    [Fact]
    public void The_flag_is_whether_the_quantile_rises_everywhere()
    {
        for (var skewness = -3.0; skewness <= 3; skewness += 0.25)
            for (var kurtosis = 0.25; kurtosis <= 12; kurtosis += 0.5)
            {
                var moments = new CornishFisher(0, 1, skewness, kurtosis);
                var slopes = Enumerable.Range(-2000, 4001).Select(i => i / 100.0)
                    .Select(z => 1 + z * skewness / 3 + (z * z - 1) * kurtosis / 8 - (6 * z * z - 5) * skewness * skewness / 36);
                Assert.Equal(slopes.All(slope => slope >= -1e-6), moments.IsMonotone);
            }
    }

    [Fact]
    public void The_operational_shortfall_is_at_least_the_var_where_the_expansion_breaks_down()
    {
        var moments = new CornishFisher(0, 1, -1, 15);
        Assert.True(moments.Shortfall(0.99m) < moments.Var(0.99m));
        Assert.Equal(moments.Var(0.99m), moments.OperationalShortfall(0.99m));
    }

    [Fact]
    public void The_quantile_mean_is_the_mean_of_the_quantiles()
    {
        var moments = new CornishFisher(0.1, 2, -0.4, 0.8);
        const int Steps = 4000;
        var mean = Enumerable.Range(0, Steps).Average(i => moments.Var(1 - 0.05m * (i + 0.5m) / Steps));
        Assert.Equal(mean, moments.QuantileMeanShortfall(0.95m), 1e-3);
    }

    [Fact]
    public void Moments_divide_by_the_number_of_returns()
    {
        // Mean 2.5, squares 2.25 .25 .25 2.25 → 1.25; fourth powers sum to 10.25 → 2.5625.
        var moments = CornishFisher.Of([1, 2, 3, 4]);
        Assert.Equal((2.5, Math.Sqrt(1.25), 0.0), (moments.Mean, moments.Sigma, moments.Skewness));
        Assert.Equal(2.5625 / 1.5625 - 3, moments.ExcessKurtosis, 1e-15);
        Assert.Equal(new CornishFisher(3, 0, 0, 0), CornishFisher.Of([3, 3, 3]));
    }
}
