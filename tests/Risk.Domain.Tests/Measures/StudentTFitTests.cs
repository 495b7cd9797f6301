using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class StudentTFitTests
{
    [Fact]
    public void Finds_the_distribution_the_observations_are_the_quantiles_of()
    {
        // Evenly spaced quantiles of a t with 4 degrees, location 2 and scale 3, in closed form.
        var sample = Enumerable.Range(0, 4000).Select(i => 2 + 3 * QuantileOfFour((i + 0.5) / 4000)).ToArray();
        var fit = StudentTFit.Of(sample)!;
        Assert.Equal(4, fit.Nu, 0.05);
        Assert.Equal(2, fit.Location, 1e-6);
        Assert.Equal(3, fit.Scale, 0.02);
        Assert.Equal(-(2 + 3 * QuantileOfFour(0.01)), fit.Var(0.99m), 0.05);
    }

    [Fact]
    public void Scales_with_the_observations()
    {
        double[] x = [-3, -1.2, -0.4, -0.1, 0, 0.2, 0.3, 0.9, 1.1, 6];
        var (fit, wide) = (StudentTFit.Of(x)!, StudentTFit.Of([.. x.Select(value => 5 + 100 * value)])!);
        Assert.Equal(fit.Nu, wide.Nu, 1e-4);
        Assert.Equal(5 + 100 * fit.Location, wide.Location, 1e-3);
        Assert.Equal(100 * fit.Scale, wide.Scale, 1e-2);
    }

    [Fact]
    public void Light_tails_end_at_the_upper_bound() =>
        Assert.Equal(StudentTFit.MaxNu, StudentTFit.Of([.. Enumerable.Range(0, 50).Select(i => (double)i)])!.Nu, 1);

    /// <summary>17 days that hardly move and 18 far away: a hill narrow and high, and one that is broad and low.</summary>
    [Fact]
    public void The_higher_of_two_hills_is_climbed()
    {
        double[] x = [.. Enumerable.Range(-8, 17).Select(k => k * 1e-4), .. Enumerable.Range(-9, 18).Select(k => 0.4 + k / 200.0)];
        var fit = StudentTFit.Of(x)!;
        Assert.Equal(20.58, fit.LogLikelihood, 0.01);
        Assert.Equal(StudentTFit.MinNu, fit.Nu);
    }

    [Fact]
    public void Nothing_fits_observations_that_are_all_equal() => Assert.Null(StudentTFit.Of([1, 1, 1, 1]));

    /// <summary>At 20 of 60 the likelihood at the least ν, 0.5, still has a maximum no more.</summary>
    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    [InlineData(35, false)]
    public void Nothing_fits_where_a_third_of_the_observations_are_equal(int equal, bool fits)
    {
        double[] x = [.. new double[equal], .. Enumerable.Range(1, 60 - equal).Select(i => Math.Sin(i) * i)];
        Assert.Equal(fits, StudentTFit.Of(x) is not null);
        Assert.Equal(fits, StudentTFit.HasMaximum(x, StudentTFit.MinNu));
        if (fits) Assert.True(StudentTFit.Of(x)!.Scale > 0.1);
    }

    /// <summary>13 of the 30 are 0 or 1e-300: not equal, but no scale can tell them apart from one value.</summary>
    [Fact]
    public void Nothing_fits_where_the_differences_of_a_third_are_too_small_to_be_squared() => Assert.Null(StudentTFit.Of(
        [1e-8, 1e-300, 1e-8, 1e-8, 0, 1e-300, -1, 1e6, 0, 1e-300, 0, -1, -1, 1e-8, -1, 1e6, 0, 1e-8, -1, 1e6, -1, 1e-8, 1e6, 1e6, 1e-300, 1e6, 1e6, 1e-8, 1e-300, 1e-300]));

    /// <summary>Of a Cauchy distribution the quantile is cot(π·tail); with fewer degrees of freedom it lies further out still.</summary>
    [Theory]
    [InlineData("0.999")]
    [InlineData("0.9999")]
    [InlineData("0.999999")]
    public void Quantiles_far_out_are_found(string given)
    {
        var confidence = decimal.Parse(given, System.Globalization.CultureInfo.InvariantCulture);
        var cauchy = 1 / Math.Tan(Math.PI * (double)(1 - confidence));
        Assert.Equal(cauchy, StudentTFit.VarMultiple(1, confidence), 1e-8 * cauchy);
        var far = StudentTFit.VarMultiple(StudentTFit.MinNu, confidence);
        Assert.Equal((double)(1 - confidence), MathNet.Numerics.Distributions.StudentT.CDF(0, 1, StudentTFit.MinNu, -far), 1e-9 * (double)(1 - confidence));
    }

    [Fact]
    public void Too_few_or_missing_observations_are_refused()
    {
        Assert.Throws<ArgumentException>(() => StudentTFit.Of([1, 2]));
        Assert.Throws<ArgumentException>(() => StudentTFit.Of([1, 2, double.NaN]));
    }

    private static double QuantileOfFour(double p)
    {
        var root = Math.Sqrt(4 * p * (1 - p));
        return Math.Sign(p - 0.5) * 2 * Math.Sqrt(Math.Cos(Math.Acos(Math.Min(1, root)) / 3) / root - 1);
    }
}
