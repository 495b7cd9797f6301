using MathNet.Numerics.LinearAlgebra.Double;
using Risk.Domain.Measures;
using Risk.Domain.Tests.Golden;
using Risk.Golden;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>How far fitted GARCH parameters are off: against the published benchmark, differences, and repeated samples.</summary>
public sealed class GarchErrorsTests
{
    /// <summary>To twelve digits from the benchmark of TSP and of Fiorentini, Calzolari and Panattoni's own program (tspintl.com, bgfcp).</summary>
    private static readonly GarchParameters Published = new(-0.006190408379994, 0.0107613978518, 0.153134061820, 0.805973670305);

    private static readonly double[] Exchange = GoldenCase.Parse(GoldenTests.Text("01_garch11_fit")).Inputs.Vector("returns_percent");

    /// <summary>DEM/GBP of Bollerslev and Ghysels (1996): the robust errors on which TSP and FCP agree (the same source; Brooks, Burke and Persand 2001).</summary>
    [Fact]
    public void Those_of_the_benchmark_are_the_published_robust_ones()
    {
        var errors = GarchErrors.Of(Exchange, new GarchFit(Published, -1106.60788104129, 1))!;
        Assert.Equal(0.0091893540, errors.Mu, 1e-9);
        Assert.Equal(0.006493186, errors.Omega, 1e-9);
        Assert.Equal(0.053531703, errors.Alpha, 1e-8);
        Assert.Equal(0.07246145, errors.Beta, 1e-8);
        var fitted = GarchErrors.Of(Exchange, GarchFit.Of(Exchange)!)!;
        foreach (var (own, published) in new[] { (fitted.Mu, errors.Mu), (fitted.Omega, errors.Omega), (fitted.Alpha, errors.Alpha), (fitted.Beta, errors.Beta) })
            Assert.Equal(published, own, 1e-4 * published);
    }

    /// <summary>Those by the Hessian alone, as McCullough and Renfro (1999) list them.</summary>
    [Fact]
    public void The_Hessian_of_the_benchmark_gives_the_published_errors()
    {
        var inverse = (-DenseMatrix.OfArray(new GarchDerivatives(Exchange, Published).Hessian)).Inverse();
        foreach (var (i, published, half) in new[] { (0, 0.00846212, 5e-9), (1, 0.00285271, 5e-9), (2, 0.0265228, 5e-8), (3, 0.0335527, 5e-8) })
            Assert.Equal(published, Math.Sqrt(inverse[i, i]), half);
    }

    [Fact]
    public void Derivatives_are_those_of_differences()
    {
        // Away from the maximum and from the mean, where nothing vanishes.
        double[] at = [0.03, 0.02, 0.12, 0.81];
        var returns = Exchange[..300];
        var exact = new GarchDerivatives(returns, Of(at));
        for (var i = 0; i < at.Length; i++)
        {
            double[] Moved(double by) => [.. at.Select((x, k) => k == i ? x + by : x)];
            var step = 1e-5 * at[i];
            var (up, down) = (Moved(step), Moved(-step));
            Assert.Equal((LogLikelihood(returns, Of(up)) - LogLikelihood(returns, Of(down))) / (2 * step), exact.Score[i], 1e-6 * Math.Abs(exact.Score[i]));
            Assert.Equal((LogNext(returns, Of(up)) - LogNext(returns, Of(down))) / (2 * step), exact.NextSlope[i], 1e-6 * Math.Abs(exact.NextSlope[i]));
            Assert.Equal((MeanLog(returns, Of(up)) - MeanLog(returns, Of(down))) / (2 * step), exact.MeanSlope[i], 1e-6 * Math.Abs(exact.MeanSlope[i]));
            var (above, below) = (new GarchDerivatives(returns, Of(up)), new GarchDerivatives(returns, Of(down)));
            for (var j = 0; j < at.Length; j++)
                Assert.Equal((above.Score[j] - below.Score[j]) / (2 * step), exact.Hessian[i, j], 1e-5 * Math.Abs(exact.Hessian[i, j]));
        }
    }

    [Fact]
    public void Their_unit_is_that_of_the_returns()
    {
        var (percent, ratio) = (GarchFit.Of(Exchange)!, GarchErrors.Of([.. Exchange.Select(r => r / 100)], GarchFit.Of([.. Exchange.Select(r => r / 100)])!)!);
        var errors = GarchErrors.Of(Exchange, percent)!;
        foreach (var (own, scaled) in new[]
        {
            (errors.Mu, 100 * ratio.Mu), (errors.Omega, 1e4 * ratio.Omega), (errors.Alpha, ratio.Alpha), (errors.NextVolatility, 100 * ratio.NextVolatility), (errors.RelativeToPast, ratio.RelativeToPast),
        })
            Assert.Equal(own, scaled, 1e-3 * own);
    }

    [Fact]
    public void The_error_of_the_forecast_is_how_far_forecasts_of_repeated_samples_are_off()
    {
        const int Samples = 80;
        int own = 0, toPast = 0, level = 0;
        for (var seed = 0; seed < Samples; seed++)
        {
            var (returns, variances) = Simulated(seed, 1_000);
            var fit = GarchFit.Of(returns)!;
            var errors = GarchErrors.Of(returns, fit)!;
            double[] offs = [.. Variances(returns, fit.Parameters).Select((h, t) => Math.Log(h / variances[t]) / 2)];
            if (Math.Abs(fit.NextVolatility - Math.Sqrt(variances[^1])) < errors.NextVolatility) own++;
            if (Math.Abs(offs[^1] - offs[..^1].Average()) < errors.RelativeToPast) toPast++;
            if (Math.Abs(offs[^1]) < errors.RelativeToPast) level++;
        }
        // 68 % of normal estimates lie within one.
        Assert.InRange((double)own / Samples, 0.58, 0.78);
        Assert.InRange((double)toPast / Samples, 0.58, 0.78);
        Assert.InRange((double)level / Samples, 0, 0.58);
    }

    [Fact]
    public void At_the_boundary_there_are_none()
    {
        var returns = Simulated(1, 500).Returns;
        var fit = GarchFit.Of(returns)!;
        Assert.NotNull(GarchErrors.Of(returns, fit));
        foreach (var parameters in new[] { fit.Parameters with { Alpha = 0 }, fit.Parameters with { Beta = 0 }, fit.Parameters with { Beta = 1 - fit.Parameters.Alpha } })
            Assert.Null(GarchErrors.Of(returns, fit with { Parameters = parameters }));
        // Not where the likelihood is greatest, and where it bends upwards.
        Assert.Null(GarchErrors.Of(returns, fit with { Parameters = fit.Parameters with { Mu = fit.Parameters.Mu + 0.5 } }));
        Assert.Null(GarchErrors.Of(returns, fit with { Parameters = new GarchParameters(0, 1e-3, 1e-3, 0.99) }));
    }

    [Fact]
    public void Returns_of_one_volatility_have_a_fit_without_errors()
    {
        // Of the second the likelihood hardly falls towards a β of 0, where it ends.
        foreach (var (seed, count) in new[] { (5, 400), (129, 100) })
        {
            var returns = new double[count];
            MathNet.Numerics.Distributions.Normal.Samples(new Random(seed), returns, 0, 1);
            Assert.Null(GarchErrors.Of(returns, GarchFit.Of(returns)!));
        }
    }

    private static GarchParameters Of(double[] x) => new(x[0], x[1], x[2], x[3]);

    private static double[] Variances(double[] returns, GarchParameters p) =>
        Garch.Variances(returns, p, p.Omega + (p.Alpha + p.Beta) * returns.Average(r => (r - p.Mu) * (r - p.Mu)));

    private static double LogNext(double[] returns, GarchParameters p) => Math.Log(Variances(returns, p)[^1]);

    private static double MeanLog(double[] returns, GarchParameters p) => Variances(returns, p)[..^1].Average(Math.Log);

    private static double LogLikelihood(double[] returns, GarchParameters p)
    {
        var variances = Variances(returns, p);
        return -0.5 * returns.Select((r, t) => Math.Log(2 * Math.PI * variances[t]) + (r - p.Mu) * (r - p.Mu) / variances[t]).Sum();
    }

    private static double Normal(Random random) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);

    /// <summary>Returns of a mean of 0.05 and a long-run variance of 1, with the true variance of each and of the next day.</summary>
    private static (double[] Returns, double[] Variances) Simulated(int seed, int count)
    {
        var random = new Random(seed);
        var (variance, returns, variances) = (1.0, new double[count], new double[count + 1]);
        for (var t = -300; t < count; t++)
        {
            var shock = Math.Sqrt(variance) * Normal(random);
            if (t >= 0) (returns[t], variances[t]) = (0.05 + shock, variance);
            variance = 0.05 + 0.1 * shock * shock + 0.85 * variance;
        }
        variances[count] = variance;
        return (returns, variances);
    }
}
