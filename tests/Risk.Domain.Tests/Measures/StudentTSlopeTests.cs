using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class StudentTSlopeTests
{
    private static readonly double[] Observations = [0.3, -1.2, 0.8, 2.5, -0.4, 0.1, -3.9, 0.9, 0.2, -0.7, 1.1, -0.1];
    private static readonly double[] Direction = [1, 0.5, -0.3, 0.2, 0.9, -1, 0.4, 0, 0.1, 0.6, -0.2, 0.3];

    /// <summary>Few enough for every slope to differ, with tails that tell ν.</summary>
    [Fact]
    public void Is_how_the_fit_moves_with_the_observations()
    {
        const double step = 1e-4;
        var slope = StudentTFit.Of(Observations)!.Slope(Observations, Direction);
        var (below, above) = (StudentTFit.Of(Moved(-step))!, StudentTFit.Of(Moved(step))!);
        Assert.Equal((above.Location - below.Location) / (2 * step), slope.Location, 1e-5);
        Assert.Equal((above.Scale - below.Scale) / (2 * step), slope.Scale, 1e-5);
        Assert.Equal((above.Nu - below.Nu) / (2 * step), slope.Nu, 1e-4);
        foreach (var confidence in (decimal[])[0.95m, 0.99m])
        {
            Assert.Equal(
                (above.Var(confidence) - below.Var(confidence)) / (2 * step),
                StudentTFit.Of(Observations)!.LossSlopes(nu => StudentTFit.VarMultiple(nu, confidence), [slope]).Single(), 1e-4);
        }
    }

    [Fact]
    public void Along_the_observations_is_the_fit_itself()
    {
        var fit = StudentTFit.Of(Observations)!;
        var slope = fit.Slope(Observations, Observations);
        Assert.Equal(fit.Location, slope.Location, 1e-8);
        Assert.Equal(fit.Scale, slope.Scale, 1e-8);
        Assert.Equal(0, slope.Nu, 1e-8);
    }

    [Fact]
    public void Light_tails_hold_their_degrees_of_freedom()
    {
        double[] light = [.. Enumerable.Range(0, 12).Select(i => (double)i)];
        Assert.Equal(0, StudentTFit.Of(light)!.Slope(light, Direction).Nu);
    }

    [Fact]
    public void The_shortfall_is_the_mean_of_the_VaR_over_the_tail()
    {
        var fit = StudentTFit.ForNu(Observations, 4);
        const int steps = 20_000;
        var mean = Enumerable.Range(0, steps).Average(i => fit.Var(1 - 0.05m * (i + 0.5m) / steps));
        Assert.Equal(mean, fit.Shortfall(0.95m)!.Value, 1e-2);
        Assert.Null(StudentTFit.ForNu(Observations, 1).Shortfall(0.95m));
    }

    [Fact]
    public void Differences_whose_squares_vanish_have_no_fit() => Assert.Null(StudentTFit.Of([1e-300, 2e-300, -1e-300]));

    private static double[] Moved(double step) => [.. Observations.Zip(Direction, (x, d) => x + step * d)];
}
