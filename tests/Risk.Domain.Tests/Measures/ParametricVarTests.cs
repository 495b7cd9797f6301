using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ParametricVarTests
{
    // z and φ(z)/tail of the standard normal distribution, to the digits of the tables of Abramowitz and Stegun and of R's qnorm.
    [Theory]
    [InlineData(0.95, 1.6448536269514722, 2.0627128075074275)]
    [InlineData(0.975, 1.959963984540054, 2.3378027922014137)]
    [InlineData(0.99, 2.3263478740408408, 2.665214220345806)]
    [InlineData(0.5, 0, 0.7978845608028654)]
    public void Is_the_normal_quantile_times_the_standard_deviation(double confidence, double z, double shortfall)
    {
        Assert.Equal(z, ParametricVar.Normal(1, (decimal)confidence), 1e-12);
        Assert.Equal(100 * z - 3, ParametricVar.Normal(100, (decimal)confidence, mean: 3), 1e-10);
        Assert.Equal(shortfall, ParametricVar.NormalShortfall(1, (decimal)confidence), 1e-12);
    }

    // R: qt(.01, 5) = −3.36492999890722; ν = 4 has a closed form: t = 2·√(q − 1), q = cos(acos(√a)/3)/√a, a = 4·p·(1 − p).
    [Fact]
    public void A_student_t_is_scaled_to_the_standard_deviation()
    {
        Assert.Equal(3.36492999890722 * Math.Sqrt(3.0 / 5), ParametricVar.StudentT(1, 5, 0.99m), 1e-12);
        // ν = 6 by bisection of the closed distribution function in forty digits.
        Assert.Equal(1.9431802805153032 * Math.Sqrt(4.0 / 6), ParametricVar.StudentT(1, 6, 0.95m), 1e-13);
        Assert.Equal(2.4469118511449700 * Math.Sqrt(4.0 / 6), ParametricVar.StudentT(1, 6, 0.975m), 1e-13);
        foreach (var tail in (double[])[0.05, 0.025, 0.01, 0.001])
        {
            var root = Math.Sqrt(4 * tail * (1 - tail));
            var t = 2 * Math.Sqrt(Math.Cos(Math.Acos(root) / 3) / root - 1);
            var density = 3.0 / 8 * Math.Pow(1 + t * t / 4, -2.5);
            var confidence = 1 - (decimal)tail;
            Assert.Equal(t * Math.Sqrt(0.5) - 0.1, ParametricVar.StudentT(1, 4, confidence, mean: 0.1), 1e-11);
            Assert.Equal(Math.Sqrt(0.5) * density / tail * (4 + t * t) / 3, ParametricVar.StudentTShortfall(1, 4, confidence), 1e-10);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => ParametricVar.StudentT(1, 2, 0.99m));
    }

    [Fact]
    public void A_student_t_of_many_degrees_is_normal() => Assert.Equal(ParametricVar.Normal(1, 0.99m), ParametricVar.StudentT(1, 1e6, 0.99m), 1e-5);

    [Fact]
    public void Grows_with_the_root_of_time()
    {
        Assert.Equal(20, ParametricVar.OverHorizon(10, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParametricVar.OverHorizon(10, 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_standard_deviation_that_is_none_is_refused(double sigma) => Assert.Throws<ArgumentOutOfRangeException>(() => ParametricVar.Normal(sigma, 0.95m));
}
