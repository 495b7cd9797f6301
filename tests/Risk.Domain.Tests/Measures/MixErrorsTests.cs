using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class MixErrorsTests
{
    private const int Periods = 400;
    private static readonly double[] Weights = [0.7, 0.5, -0.2];

    [Fact]
    public void They_are_those_of_the_series_that_the_mix_makes()
    {
        var series = Draw(1);
        double[] mix = [.. Enumerable.Range(0, Periods).Select(t => Weights.Zip(series, (w, x) => w * x[t]).Sum())];
        var (errors, own) = (MixErrors.Of(Weights, series, 0.0003), PerformanceErrors.Of(mix, 0.0003, 1));
        Assert.Equal(own.AnnualVolatility!.Value, errors.Volatility, 1e-14);
        Assert.Equal(own.Sharpe!.Value, errors.Sharpe!.Value, 1e-12);
        Assert.Equal(Volatility.Sample(mix) / 20, errors.Mean, 1e-15);
    }

    /// <summary>The spread of the figures over samples of one distribution is what each sample says of itself.</summary>
    [Fact]
    public void Figures_of_repeated_samples_spread_as_far_as_they_say()
    {
        var runs = Enumerable.Range(0, 2_000).Select(seed => Draw(seed)).Select(series =>
        {
            var mix = LinearPnl.Total(Weights, series);
            var (mean, sigma) = (Volatility.Mean(mix), Volatility.Sample(mix));
            return (Figures: (double[])[sigma * sigma, sigma, mean, mean / sigma], Errors: MixErrors.Of(Weights, series));
        }).ToArray();
        Func<MixErrors, double>[] errors = [x => x.Variance, x => x.Volatility, x => x.Mean, x => x.Sharpe!.Value];
        foreach (var (i, error) in errors.Index())
        {
            var spread = Volatility.Sample([.. runs.Select(x => x.Figures[i])]);
            Assert.Equal(spread, Math.Sqrt(runs.Average(x => error(x.Errors) * error(x.Errors))), 0.06 * spread);
        }
    }

    [Fact]
    public void What_never_moves_has_no_ratio_and_nothing_that_could_be_off()
    {
        Assert.Equal(new MixErrors(0, 0, 0, null), MixErrors.Of([1, 1], [[0, 0, 0], [0, 0, 0]]));
        Assert.Throws<ArgumentException>(() => MixErrors.Of([1, 1], [[0.1, 0.2]]));
        Assert.Throws<ArgumentException>(() => MixErrors.Of([1], [[0.1]]));
    }

    private static double[][] Draw(int seed)
    {
        var random = new Random(seed);
        // Uniform, so that the fourth moment is not the normal one.
        return [.. Weights.Select((_, i) => Enumerable.Range(0, Periods).Select(_ => 0.02 * (i + 1) * (random.NextDouble() - 0.48)).ToArray())];
    }
}
