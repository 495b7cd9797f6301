using Risk.Domain.Allocation;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Allocation;

public sealed class RiskBudgetTests
{
    [Fact]
    public void Shares_of_the_risk_are_the_budget()
    {
        var random = new Random(3);
        for (var seed = 0; seed < 40; seed++)
        {
            var assets = 1 + seed;
            var covariance = RandomMarket.CovarianceOf(assets, 30 + seed, seed);
            var budget = RandomMarket.Weights(assets, random);
            var weights = RiskBudget.Of(covariance, budget).Value!;
            Assert.Equal(1, weights.Sum(), 1e-12);
            var sigma = PortfolioVolatility.Of(weights, covariance);
            Assert.Equal(budget, PortfolioVolatility.Contributions(weights, covariance).Select(x => x / sigma), (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    // Uncorrelated assets: parity is inverse volatility.
    [Fact]
    public void Parity_of_uncorrelated_assets_is_inverse_volatility() =>
        Assert.Equal([4 / 7.0, 2 / 7.0, 1 / 7.0], RiskBudget.Parity([[1, 0, 0], [0, 4, 0], [0, 0, 16]]).Value!, (a, b) => Math.Abs(a - b) < 1e-13);

    [Fact]
    public void Calm_and_wild_assets_go_together() =>
        Assert.Equal([1 / (1 + 1e-6), 1e-6 / (1 + 1e-6)], RiskBudget.Parity([[1e-10, 0.5e-4], [0.5e-4, 1e2]]).Value!, (a, b) => Math.Abs(a - b) < 1e-13);

    [Fact]
    public void An_asset_without_budget_has_no_weight()
    {
        var weights = RiskBudget.Of([[1, 0.5, 0], [0.5, 4, 0], [0, 0, 16]], [1, 0, 1]).Value!;
        Assert.Equal([0.8, 0, 0.2], weights, (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Fact]
    public void What_is_impossible_has_a_reason()
    {
        Assert.Equal(NoAllocation.SingularCovariance, RiskBudget.Parity([[1, 0], [0, 0]]).Reason);
        Assert.Equal(NoAllocation.DidNotConverge, RiskBudget.Parity([[1, -1], [-1, 1]]).Reason);
        Assert.Equal(NoAllocation.IndefiniteCovariance, RiskBudget.Parity([[1, 2], [2, 1]]).Reason);
        Assert.Throws<ArgumentException>(() => RiskBudget.Of([[1, 0], [0, 1]], [1, -1]));
        Assert.Throws<ArgumentException>(() => RiskBudget.Of([[1, 0], [0, 1]], [0, 0]));
    }
}
