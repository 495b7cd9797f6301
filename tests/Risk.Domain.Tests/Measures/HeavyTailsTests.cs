using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class HeavyTailsTests
{
    [Theory]
    [InlineData("normal", 100, 0, 0.01)]
    [InlineData("gamma", 500, 0, 0.02)]
    [InlineData("t8", 500, 0, 0.02)]
    [InlineData("t4", 500, 0.45, 0.65)]
    [InlineData("t3", 100, 0.6, 0.8)]
    [InlineData("t3", 500, 0.9, 1)]
    public void That_spoil_sigma_are_found_in(string distribution, int count, double atLeast, double atMost) =>
        Assert.InRange(Share(distribution, count, pnl => HeavyTails.SpoilSigma(pnl)), atLeast, atMost);

    [Theory]
    [InlineData("normal", 250, 0, 0.05)]
    [InlineData("normal", 1000, 0, 0.005)]
    [InlineData("t8", 500, 0.5, 0.7)]
    [InlineData("t5", 250, 0.8, 1)]
    [InlineData("t5", 1000, 0.99, 1)]
    public void That_spoil_four_moments_are_found_in(string distribution, int count, double atLeast, double atMost) =>
        Assert.InRange(Share(distribution, count, pnl => HeavyTails.SpoilFourMoments(pnl)), atLeast, atMost);

    /// <summary>Mean absolute deviation 2/n·(1 − 1/n) over √(1/n·(1 − 1/n)): 2·√((n − 1)/n²), which is 0.72 at n ≈ 6.5.</summary>
    [Fact]
    public void A_single_jump_is_one_and_what_never_moves_has_no_tails()
    {
        Assert.False(HeavyTails.SpoilSigma([1, 0, 0, 0, 0, 0]));
        Assert.True(HeavyTails.SpoilSigma([1, 0, 0, 0, 0, 0, 0]));
        Assert.False(HeavyTails.SpoilSigma([0.1, 0.1, 0.1]) || HeavyTails.SpoilFourMoments([0.1, 0.1, 0.1]));
        Assert.False(HeavyTails.SpoilSigma([1e200, 0, 0, 0, 0, 0, 0]) || HeavyTails.SpoilFourMoments([1e-200, 0, 0, 0, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => HeavyTails.SpoilSigma([]));
    }

    private static double Share(string distribution, int count, Func<double[], bool> isHeavy) =>
        Enumerable.Range(0, 500).Count(seed => isHeavy(EllipticalErrorsTests.Draw(distribution, seed, count))) / 500.0;
}
