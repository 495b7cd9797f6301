using MathNet.Numerics.Distributions;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class GarchFitTests
{
    [Fact]
    public void No_parameters_nearby_are_likelier()
    {
        var returns = Simulated();
        var fit = GarchFit.Of(returns)!;
        Assert.Equal(LogLikelihood(returns, fit.Parameters), fit.LogLikelihood, 1e-6);
        foreach (var step in (double[])[-0.02, 0.02])
        {
            Assert.True(LogLikelihood(returns, fit.Parameters with { Mu = fit.Parameters.Mu + step * 0.01 }) < fit.LogLikelihood);
            Assert.True(LogLikelihood(returns, fit.Parameters with { Omega = fit.Parameters.Omega * (1 + step) }) < fit.LogLikelihood);
            Assert.True(LogLikelihood(returns, fit.Parameters with { Alpha = fit.Parameters.Alpha * (1 + step) }) < fit.LogLikelihood);
            Assert.True(LogLikelihood(returns, fit.Parameters with { Beta = fit.Parameters.Beta * (1 + step) }) < fit.LogLikelihood);
        }
    }

    [Fact]
    public void The_unit_of_the_returns_is_irrelevant()
    {
        var returns = Simulated();
        var (ratio, percent) = (GarchFit.Of(returns)!, GarchFit.Of([.. returns.Select(r => 100 * r)])!);
        Assert.Equal(ratio.Parameters.Alpha, percent.Parameters.Alpha, 1e-5);
        Assert.Equal(ratio.Parameters.Beta, percent.Parameters.Beta, 1e-5);
        Assert.Equal(100 * ratio.NextVolatility, percent.NextVolatility, 1e-6);
    }

    // Noise of one volatility, by a generator of school books: the likelihood has a low hill of shocks and a higher one of a slow drift, which
    // a search over 170 such samples found.
    [Fact]
    public void The_highest_of_several_hills_is_climbed()
    {
        long x = 8;
        double Uniform() => (x = (x * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648.0;
        double[] returns = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 12).Sum(_ => Uniform()) - 6)];
        Assert.True(GarchFit.Of(returns)!.LogLikelihood >= LogLikelihood(returns, new GarchParameters(0.00688, 0.000702, 0, 0.99999)) - 0.001);
    }

    /// <summary>A price that moves on one day of twenty, whose variance is that of the last shock alone.</summary>
    [Fact]
    public void A_hill_where_beta_is_next_to_nothing_is_found()
    {
        var random = new Random(11);
        double[] returns = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble() < 0.95 ? 0 : StudentT.Sample(random, 0, 0.01, 3))];
        Assert.True(GarchFit.Of(returns)!.LogLikelihood >= LogLikelihood(returns, new GarchParameters(-0.000296, 8.738e-6, 0.999999, 0)) - 0.001);
    }

    [Fact]
    public void Returns_that_never_move_have_no_fit() => Assert.Null(GarchFit.Of([.. Enumerable.Repeat(0.01, 100)]));

    [Fact]
    public void Too_few_returns_are_refused() => Assert.Throws<ArgumentException>(() => GarchFit.Of([1, 2, 3]));

    // A price that stands still for long at the end: the smaller the variance, the likelier.
    [Theory]
    [InlineData(150)]
    [InlineData(60)]
    public void A_variance_that_falls_to_nothing_is_no_fit(int still) => Assert.Null(GarchFit.Of([.. Simulated()[..100], .. new double[still]]));

    // Variances of these two fall over time, and the likelihood is the highest without a floor under them.
    [Theory]
    [InlineData(4, 500, -698.7729)]
    [InlineData(184, 250, -354.7248)]
    public void A_likelihood_that_wants_no_floor_of_the_variance_has_a_fit_at_the_boundary(int seed, int count, double likelihood)
    {
        var (random, h, returns) = (new Random(seed), 1.0, new double[count]);
        for (var t = 0; t < count; t++)
        {
            returns[t] = Math.Sqrt(h) * Normal.Sample(random, 0, 1);
            h = 0.02 + 0.08 * returns[t] * returns[t] + 0.9 * h;
        }
        var fit = GarchFit.Of(returns)!;
        // Of returns of unit variance.
        Assert.InRange(fit.LogLikelihood + count * Math.Log(Volatility.PopulationVariance(returns)) / 2, likelihood - 1e-4, likelihood + 1e-4);
        Assert.InRange(fit.Parameters.Omega, double.Epsilon, 1e-8);
        Assert.InRange(fit.NextVolatility, 0.1, 2);
        Assert.Null(GarchErrors.Of(returns, fit));
    }

    [Fact]
    public void Moves_whose_squares_underflow_are_not_fitted() => Assert.Null(GarchFit.Of([.. Simulated().Select(r => r * 1e-160)]));

    private static double[] Simulated()
    {
        var random = new Random(11);
        var (h, returns) = (1e-4, new double[800]);
        for (var t = 0; t < returns.Length; t++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var shock = Math.Sqrt(h) * normal;
            returns[t] = 5e-4 + shock;
            h = 4e-6 + 0.1 * shock * shock + 0.86 * h;
        }
        return returns;
    }

    private static double LogLikelihood(double[] returns, GarchParameters p)
    {
        var start = p.Omega + (p.Alpha + p.Beta) * returns.Average(r => (r - p.Mu) * (r - p.Mu));
        var variances = Garch.Variances(returns, p, start);
        return -0.5 * returns.Select((r, t) => Math.Log(2 * Math.PI * variances[t]) + (r - p.Mu) * (r - p.Mu) / variances[t]).Sum();
    }
}
