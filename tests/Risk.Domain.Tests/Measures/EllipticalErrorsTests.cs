using MathNet.Numerics.Distributions;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>How far −mean + multiple·σ is off: against closed forms, against leaving each day out, and whether its intervals hold what they say.</summary>
public sealed class EllipticalErrorsTests
{
    private static readonly double Z99 = Normal.InvCDF(0, 1, 0.99);

    [Fact]
    public void Of_normal_days_it_is_the_textbook_error()
    {
        const int Count = 20_001;
        double[] pnl = [.. Enumerable.Range(0, Count).Select(i => 3 + 2 * Normal.InvCDF(0, 1, (i + 0.5) / Count))];
        Assert.Equal(2 * Z99 / Math.Sqrt(2.0 * Count), new EllipticalErrors(pnl).Of(Z99)!.Value, 0.005 / Math.Sqrt(Count));
        Assert.Equal(2 * Math.Sqrt((1 + Z99 * Z99 / 2) / Count), new EllipticalErrors(pnl, isMeanEstimated: true).Of(Z99)!.Value, 0.005 / Math.Sqrt(Count));
        Assert.Equal(VolatilityErrors.Sample(pnl), new EllipticalErrors(pnl).Of(1)!.Value, 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_days_skewed_to_either_side_it_is_that_of_leaving_each_out(bool isToLosses)
    {
        double[] pnl = [.. Draw("gamma", 1, 1_000).Select(x => isToLosses ? x : -x)];
        foreach (var isMeanEstimated in (bool[])[true, false])
        {
            double[] without = [.. Enumerable.Range(0, pnl.Length).Select(t =>
            {
                double[] rest = [.. pnl[..t], .. pnl[(t + 1)..]];
                return Z99 * Volatility.Sample(rest) - (isMeanEstimated ? Volatility.Mean(rest) : 0);
            })];
            var expected = Math.Sqrt(Volatility.PopulationVariance(without) * (pnl.Length - 1));
            Assert.Equal(expected, new EllipticalErrors(pnl, isMeanEstimated).Of(Z99)!.Value, 0.01 * expected);
        }
    }

    /// <summary>With the kurtosis of the normal the intervals of the t would hold in 63 – 67 and 80 %, those of the gamma in 86 %.</summary>
    [Theory]
    [InlineData("normal", 100, 0.92)]
    [InlineData("normal", 500, 0.93)]
    [InlineData("t4", 100, 0.83)]
    [InlineData("t4", 500, 0.86)]
    [InlineData("t6", 100, 0.88)]
    [InlineData("t6", 500, 0.91)]
    [InlineData("gamma", 100, 0.89)]
    [InlineData("gamma", 500, 0.92)]
    public void Its_interval_holds_the_figure_of_the_distribution(string distribution, int count, double atLeast)
    {
        Assert.InRange(Held(distribution, count, hasMean: false, double.NegativeInfinity), atLeast, 0.965);
        Assert.InRange(Held(distribution, count, hasMean: true, double.NegativeInfinity), atLeast, 0.965);
    }

    [Theory]
    [InlineData("t5", 5, 0.95, 0.99)]
    [InlineData("t6", 6, 0.93, 0.98)]
    [InlineData("t4", 30, 0.83, 0.92)]
    [InlineData("normal", 30, 0.94, 0.98)]
    public void Of_a_given_t_the_larger_kurtosis_counts(string distribution, double nu, double atLeast, double atMost)
    {
        foreach (var count in (int[])[100, 500]) Assert.InRange(Held(distribution, count, hasMean: false, 6 / (nu - 4)), atLeast, atMost);
    }

    [Fact]
    public void Of_a_given_kurtosis_beyond_the_sample_it_is_the_closed_form_and_none_of_an_infinite_one()
    {
        var pnl = Draw("normal", 4, 100);
        Assert.Equal(Z99 * Volatility.Sample(pnl) * Math.Sqrt(12.0 / 400), new EllipticalErrors(pnl, false, 10).Of(Z99)!.Value, 1e-12);
        Assert.Equal(new EllipticalErrors(pnl).Of(Z99), new EllipticalErrors(pnl, false, -1.9).Of(Z99));
        Assert.Null(new EllipticalErrors(pnl, false, double.PositiveInfinity).Of(Z99));
    }

    [Fact]
    public void What_never_moves_has_none_and_what_leaves_the_range_of_a_double_has_null()
    {
        double[] moves = [1, -2, 0.5, 3, -1];
        double? Of(double unit, double[] pnl) => new EllipticalErrors([.. pnl.Select(x => x * unit)], isMeanEstimated: true).Of(Z99) / unit;
        Assert.Equal(0, Of(1, [0.1, 0.1, 0.1]));
        Assert.Equal(0, new EllipticalErrors([1e300, 1e300]).Of(Z99));
        var usual = Of(1, moves)!.Value;
        foreach (var unit in (double[])[1e-150, 1e-50, 1e100, 1e150]) Assert.Equal(usual, Of(unit, moves)!.Value, 1e-9 * usual);
        foreach (var unit in (double[])[1e-200, 1e160]) Assert.Null(Of(unit, moves));
        Assert.Null(new EllipticalErrors([double.PositiveInfinity, double.PositiveInfinity]).Of(Z99));
        // Two values alone, at the multiple for which their moves of mean and σ cancel.
        Assert.Equal(0, new EllipticalErrors([-1, -1, -1, 2], isMeanEstimated: true).Of(Math.Sqrt(3))!.Value, 1e-6);
        Assert.Throws<ArgumentException>(() => new EllipticalErrors([1]));
    }

    private static double Held(string distribution, int count, bool hasMean, double leastExcessKurtosis)
    {
        const int Samples = 1_500;
        return Enumerable.Range(0, Samples).Count(seed =>
        {
            var pnl = Draw(distribution, seed, count);
            var figure = Z99 * Volatility.Sample(pnl) - (hasMean ? Volatility.Mean(pnl) : 0);
            return Math.Abs(figure - Z99) <= 1.96 * new EllipticalErrors(pnl, hasMean, leastExcessKurtosis).Of(Z99);
        }) / (double)Samples;
    }

    /// <summary>Of mean 0 and variance 1; the gamma is skewed to losses.</summary>
    internal static double[] Draw(string distribution, int seed, int count)
    {
        var (random, drawn) = (new Random(seed + 1_000 * count), new double[count]);
        if (distribution == "normal") Normal.Samples(random, drawn, 0, 1);
        else if (distribution == "gamma") drawn = [.. Enumerable.Range(0, count).Select(_ => (4 - Gamma.Sample(random, 4, 1)) / 2)];
        else if (distribution[1] - '0' is var nu) StudentT.Samples(random, drawn, 0, Math.Sqrt((nu - 2.0) / nu), nu);
        return drawn;
    }
}
