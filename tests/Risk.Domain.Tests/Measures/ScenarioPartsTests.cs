using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ScenarioPartsTests
{
    private static readonly double[] Exposures = [100, -40];
    private static readonly double[][] Returns =
    [
        [0.01, -0.02, 0.03, -0.05, 0.02, 0.00, -0.01, 0.015, -0.03, 0.01],
        [0.02, 0.01, -0.01, 0.03, -0.02, 0.01, 0.005, -0.04, 0.02, 0.00],
    ];

    /// <summary>The worst P&amp;L of ten is that of day 3: −5 − 1.2; interpolated half-way to day 8: −3 − 0.8.</summary>
    [Fact]
    public void Are_the_losses_in_the_scenarios_of_the_quantile()
    {
        var scenarios = PositionScenarios.Of(Exposures, Returns, new ReturnScaling(ReturnScalingKind.None))!;
        var parts = new ScenarioParts(Exposures, scenarios, new TailReading(QuantileConvention.Type4)).Var(0.85m);
        Assert.Equal(4, parts.Components[0], 1e-12);
        Assert.Equal(1, parts.Components[1], 1e-12);
        Assert.Equal(0.04, parts.Marginal[0], 1e-12);
        // Alone, the first position loses the same; the second at worst 1.2 and 0.8 on the same days.
        Assert.Equal(5.0 - 1.0, parts.Incremental[0]!.Value, 1e-12);
        Assert.Equal(5.0 - 4.0, parts.Incremental[1]!.Value, 1e-12);
    }

    [Theory]
    [InlineData(ReturnScalingKind.None)]
    [InlineData(ReturnScalingKind.AssetVolatility)]
    [InlineData(ReturnScalingKind.PortfolioVolatility)]
    [InlineData(ReturnScalingKind.PortfolioGarch)]
    public void Scenarios_of_positions_add_up_to_those_of_the_portfolio(ReturnScalingKind kind)
    {
        var scaling = new ReturnScaling(kind, 0.9, new GarchParameters(0.001, 1e-5, 0.1, 0.8), 1e-4);
        var scenarios = PositionScenarios.Of(Exposures, Returns, scaling)!;
        var portfolio = LinearPnl.Total(Exposures, Returns);
        var value = Exposures.Sum();
        double[] expected = kind switch
        {
            ReturnScalingKind.PortfolioVolatility => VolatilityScaling.Scale(portfolio, 0.9).Returns,
            ReturnScalingKind.PortfolioGarch => [.. Garch.Filter([.. portfolio.Select(x => x / value)], scaling.Garch, 1e-4).Returns.Select(r => r * value)],
            ReturnScalingKind.AssetVolatility => LinearPnl.Total(Exposures, [.. Returns.Select(asset => VolatilityScaling.Scale(asset, 0.9).Returns)]),
            _ => portfolio,
        };
        for (var t = 0; t < expected.Length; t++) Assert.Equal(expected[t], scenarios.Pnl[t], 1e-12);
    }

    [Fact]
    public void A_move_after_a_forecast_of_zero_cannot_be_scaled()
    {
        double[] vanished = [.. Enumerable.Repeat(0.0, 400), 0.01];
        Assert.Null(PositionScenarios.Of([1], [vanished], new ReturnScaling(ReturnScalingKind.PortfolioVolatility, 0.1)));
        Assert.Null(PositionScenarios.Of([1], [vanished], new ReturnScaling(ReturnScalingKind.AssetVolatility, 0.1)));
    }

    [Theory]
    [InlineData(QuantileConvention.Type1)]
    [InlineData(QuantileConvention.Type4)]
    public void Weights_by_age_give_scenarios_whose_sum_is_the_figure(QuantileConvention quantile)
    {
        var pnl = new SortedPnl(Returns[0]);
        var reading = new TailReading(quantile, AgeLambda: 0.8);
        foreach (var confidence in (decimal[])[0.6m, 0.9m, 0.95m, 0.999m])
        {
            Assert.Equal(reading.Var(pnl, confidence), -reading.VarScenarios(pnl, confidence).Sum(x => x.Weight * Returns[0][x.Scenario]), 1e-14);
            Assert.Equal(reading.ShortfallOf(pnl, confidence)!.Value, -reading.ShortfallScenarios(pnl, confidence).Sum(x => x.Weight * Returns[0][x.Scenario]), 1e-14);
            Assert.Equal(1, reading.ShortfallScenarios(pnl, confidence).Sum(x => x.Weight), 1e-12);
        }
    }

    [Fact]
    public void Conventions_without_weights_are_refused_with_them()
    {
        var pnl = new SortedPnl(Returns[0]);
        Assert.Throws<ArgumentException>(() => new TailReading(AgeLambda: 0.9).VarScenarios(pnl, 0.95m));
        Assert.Throws<ArgumentException>(() => new TailReading(QuantileConvention.Type1, ShortfallConvention.BeyondVar, 0.9).ShortfallScenarios(pnl, 0.95m));
    }
}
