using Risk.Domain.Allocation;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

public sealed class BlackLittermanTests
{
    // G. He and R. Litterman, The Intuition Behind Black-Litterman Model Portfolios (Goldman Sachs, 1999), tables 1 to 5: Australia, Canada,
    // France, Germany, Japan, UK, USA; δ = 2.5, τ = 0.05; in percent, as printed to one digit.
    private static readonly double[] Market = [0.016, 0.022, 0.052, 0.055, 0.116, 0.124, 0.615];
    private static readonly ReturnView GermanyOverEurope = new([0, 0, -0.052 / 0.176, 1, 0, -0.124 / 0.176, 0], 0.05);
    private static readonly ReturnView CanadaOverUsa = new([0, 1, 0, 0, 0, 0, -1], 0.03);

    [Fact]
    public void Gives_what_he_and_litterman_published_for_one_view()
    {
        var model = BlackLitterman.Of(Covariances(), Market, [GermanyOverEurope], 2.5, 0.05).Value!;
        AssertPrinted([3.9, 6.9, 8.4, 9.0, 4.3, 6.8, 7.6], model.EquilibriumReturns);
        AssertPrinted([4.3, 7.6, 9.3, 11.0, 4.5, 7.0, 8.1], model.PosteriorReturns);
        AssertPrinted([1.5, 2.1, -4.0, 35.4, 11.0, -9.5, 58.6], model.OptimalWeights);
    }

    [Fact]
    public void Gives_what_he_and_litterman_published_for_two_views()
    {
        var model = BlackLitterman.Of(Covariances(), Market, [GermanyOverEurope, CanadaOverUsa], 2.5, 0.05).Value!;
        AssertPrinted([4.4, 8.7, 9.5, 11.2, 4.6, 7.0, 7.5], model.PosteriorReturns);
        AssertPrinted([1.5, 41.9, -3.4, 33.6, 11.0, -8.2, 18.8], model.OptimalWeights);
    }

    [Fact]
    public void Without_views_the_market_is_held()
    {
        var model = BlackLitterman.Of(Covariances(), Market, [], 2.5, 0.05).Value!;
        Assert.Equal(model.EquilibriumReturns, model.PosteriorReturns);
        Assert.Equal(Market.Select(w => w / 1.05), model.OptimalWeights, (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Fact]
    public void A_certain_view_is_met()
    {
        var model = BlackLitterman.Of(Covariances(), Market, [CanadaOverUsa with { Variance = 0 }], 2.5, 0.05).Value!;
        Assert.Equal(0.03, model.PosteriorReturns[1] - model.PosteriorReturns[6], 1e-14);
    }

    [Fact]
    public void A_view_of_no_certainty_changes_nothing()
    {
        var model = BlackLitterman.Of(Covariances(), Market, [CanadaOverUsa with { Variance = 1e12 }], 2.5, 0.05).Value!;
        Assert.Equal(model.EquilibriumReturns, model.PosteriorReturns, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void What_is_impossible_has_a_reason()
    {
        var certain = CanadaOverUsa with { Variance = 0 };
        Assert.Equal(NoAllocation.DependentViews, BlackLitterman.Of(Covariances(), Market, [certain, certain with { Return = 0.01 }], 2.5, 0.05).Reason);
        Assert.Equal(NoAllocation.SingularCovariance, BlackLitterman.Of([[1, 1], [1, 1]], [0.5, 0.5], [], 2.5, 0.05).Reason);
        Assert.Throws<ArgumentException>(() => BlackLitterman.Of(Covariances(), Market, [], 0, 0.05));
        Assert.Throws<ArgumentException>(() => BlackLitterman.Of(Covariances(), Market, [certain with { Variance = -1 }], 2.5, 0.05));
    }

    private static void AssertPrinted(double[] percent, double[] ratios) => Assert.Equal(percent, ratios.Select(x => 100 * x), (a, b) => Math.Abs(a - b) <= 0.0501);

    private static double[][] Covariances()
    {
        double[] sd = [0.160, 0.203, 0.248, 0.271, 0.210, 0.200, 0.187];
        double[][] below =
        [
            [], [0.488], [0.478, 0.664], [0.515, 0.655, 0.861], [0.439, 0.310, 0.355, 0.354], [0.512, 0.608, 0.783, 0.777, 0.405],
            [0.491, 0.779, 0.668, 0.653, 0.306, 0.652],
        ];
        return [.. sd.Select((a, i) => sd.Select((b, j) => a * b * (i == j ? 1 : below[Math.Max(i, j)][Math.Min(i, j)])).ToArray())];
    }
}
