using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>Moves so small that their squares vanish are not known for certain: an error of zero would say so.</summary>
public sealed class VanishingErrorTests
{
    private static readonly double[][] Series = [[0.01, -0.02, 0.03, 0.005, -0.01], [0.02, 0.01, -0.03, 0.01, 0.004]];

    private static readonly double[][] Tiny = [.. Series.Select(x => x.Select(r => r * 1e-170).ToArray())];

    [Fact]
    public void Of_a_shortfall_there_is_none()
    {
        Assert.NotNull(new TailReading().ShortfallError(new SortedPnl(Series[0]), 0.7m));
        Assert.Null(new TailReading().ShortfallError(new SortedPnl(Tiny[0]), 0.7m));
        Assert.Null(new TailReading(QuantileConvention.Type1, AgeLambda: 0.9).ShortfallError(new SortedPnl(Tiny[0]), 0.7m));
    }

    [Fact]
    public void Of_volatilities_it_is_not_a_number_and_of_what_never_moves_zero()
    {
        Assert.True(double.IsNaN(VolatilityErrors.Sample(Tiny[0])));
        Assert.True(double.IsNaN(VolatilityErrors.OfWeighted(Tiny[0], 0.5)));
        Assert.All(VolatilityErrors.Contributions([1, 2], Tiny), x => Assert.True(double.IsNaN(x)));
        Assert.Equal([0, 0], VolatilityErrors.Contributions([1, -1], [Tiny[0], Tiny[0]]));
        Assert.Equal(0, VolatilityErrors.Sample([1e-170, 1e-170]));
        Assert.Equal(0, VolatilityErrors.OfWeighted([0, 0], 0.5));
    }

    [Fact]
    public void Of_a_mix_none_is_known()
    {
        var errors = MixErrors.Of([0.5, 0.5], Tiny);
        Assert.All((double[])[errors.Variance, errors.Volatility, errors.Mean], x => Assert.True(double.IsNaN(x)));
        Assert.Null(errors.Sharpe);
    }
}
