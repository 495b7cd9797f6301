using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class QuantileRankTests
{
    private static readonly double[] Sample = [-40, -38, -38, -33, -30, -29, -23, -19, -17, -17, -12, -9, -8, -2, 2, 4, 4, 9, 12, 13, 19, 23, 25, 25];

    public static TheoryData<double[], double, double[]> Quantiles => new()
    {
        // R: quantile(1:10, .25, type = 1 … 9).
        { [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.25, [3, 3, 2, 2.5, 3, 2.75, 3.25, 2.9166666666666667, 2.9375] },
        // The definition of Hyndman and Fan (m, j, g, γ) in rational arithmetic; types 6 and 7 also by Python's statistics.quantiles.
        { Sample, 0.01, [-40, -40, -40, -40, -40, -40, -39.54, -40, -40] },
        { Sample, 0.05, [-38, -38, -40, -39.6, -38.6, -39.5, -38, -38.9, -38.825] },
        { Sample, 0.10, [-38, -38, -38, -38, -38, -38, -36.5, -38, -38] },
        { Sample, 0.25, [-29, -26, -29, -29, -26, -27.5, -24.5, -26.5, -26.375] },
    };

    [Theory]
    [MemberData(nameof(Quantiles))]
    public void All_nine_types_agree_with_their_definition(double[] sample, double tail, double[] expected)
    {
        var pnl = new SortedPnl(sample);
        for (var type = 1; type <= 9; type++)
            Assert.Equal(expected[type - 1], -HistoricalVar.Of(pnl, 1 - (decimal)tail, Enum.Parse<QuantileConvention>($"Type{type}")), 1e-12);
    }

    [Theory]
    [InlineData(500, 0.99, 5, 6)]
    [InlineData(500, 0.95, 25, 26)]
    [InlineData(1000, 0.975, 25, 26)]
    [InlineData(500, 0.975, 13, 13)]
    [InlineData(100, 0.999, 1, 1)]
    [InlineData(1, 0.99, 1, 1)]
    public void The_tail_rank_is_exact_where_floating_point_is_not(int count, double confidence, int type1, int kthWorst)
    {
        Assert.Equal(new QuantileRank(type1, type1, 0), QuantileRank.Of(count, (decimal)confidence, QuantileConvention.Type1));
        Assert.Equal(new QuantileRank(kthWorst, kthWorst, 0), QuantileRank.Of(count, (decimal)confidence, QuantileConvention.KthWorst));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    public void A_confidence_outside_zero_and_one_is_refused(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantileRank.Of(100, (decimal)confidence));

    [Fact]
    public void No_observation_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => QuantileRank.Of(0, 0.95m));

    [Fact]
    public void Ranks_stay_within_the_sample_for_every_type_and_size()
    {
        foreach (var convention in Enum.GetValues<QuantileConvention>())
            for (var count = 1; count <= 40; count++)
                foreach (var confidence in (decimal[])[0.001m, 0.5m, 0.95m, 0.975m, 0.99m, 0.9999m])
                {
                    var rank = QuantileRank.Of(count, confidence, convention);
                    Assert.InRange(rank.Lower, 1, count);
                    Assert.InRange(rank.Upper, rank.Lower, count);
                    Assert.InRange(rank.UpperWeight, 0, 1);
                }
    }
}
