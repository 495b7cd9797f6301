using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ExpectedShortfallTests
{
    private static readonly double[] Thirty = [.. Enumerable.Range(1, 30).Select(i => (double)-i)];

    // 30 · 5 % = 1.5 scenarios: (30 + 29/2)/1.5; the type 7 VaR is 28.55.
    [Theory]
    [InlineData(ShortfallConvention.AcerbiTasche, 44.5 / 1.5)]
    [InlineData(ShortfallConvention.MeanWorstFloor, 30)]
    [InlineData(ShortfallConvention.MeanWorstK, 29.5)]
    [InlineData(ShortfallConvention.BeyondVar, 29.5)]
    public void Reads_the_tail_as_its_convention_says(ShortfallConvention convention, double expected) =>
        Assert.Equal(expected, ExpectedShortfall.Of(Thirty, 0.95m, convention)!.Value, 1e-12);

    [Fact]
    public void Does_not_fall_back_on_the_var_when_the_tail_is_empty()
    {
        Assert.Equal(0, ExpectedShortfall.TailCount(30, 0.99m));
        Assert.Null(ExpectedShortfall.Of(Thirty, 0.99m, ShortfallConvention.MeanWorstFloor));
        Assert.Empty(ExpectedShortfall.Scenarios(new SortedPnl(Thirty), 0.99m, ShortfallConvention.MeanWorstFloor));
        Assert.Equal(30, ExpectedShortfall.Of(Thirty, 0.99m)!.Value, 1e-12);
    }

    [Fact]
    public void Nothing_lies_beyond_the_var_when_all_scenarios_are_equal()
    {
        var equal = Enumerable.Repeat(-0.3, 97).ToArray();
        Assert.Null(ExpectedShortfall.Of(equal, 0.975m, ShortfallConvention.BeyondVar));
        Assert.Equal(0.3, ExpectedShortfall.Of(equal, 0.975m)!.Value, 1e-15);
        Assert.Equal(0.3, ExpectedShortfall.Of(equal, 0.975m, ShortfallConvention.MeanWorstK)!.Value, 1e-15);
    }

    // 30 · 2.5 % = 0.75 scenarios: type 1 is the worst loss itself, type 7 lies at 29.275.
    [Fact]
    public void Beyond_the_var_is_beyond_the_one_that_was_asked_for()
    {
        Assert.Null(ExpectedShortfall.Of(Thirty, 0.975m, ShortfallConvention.BeyondVar, QuantileConvention.Type1));
        Assert.Equal(30, ExpectedShortfall.Of(Thirty, 0.975m, ShortfallConvention.BeyondVar)!.Value);
        Assert.Empty(new TailReading(QuantileConvention.Type1, ShortfallConvention.BeyondVar).ShortfallScenarios(new SortedPnl(Thirty), 0.975m));
    }

    [Fact]
    public void One_scenario_is_its_whole_tail()
    {
        Assert.Equal(4, ExpectedShortfall.Of([-4], 0.99m));
        Assert.Equal(4, ExpectedShortfall.Of([-4], 0.99m, ShortfallConvention.MeanWorstK));
        Assert.Null(ExpectedShortfall.Of([-4], 0.99m, ShortfallConvention.BeyondVar));
    }

    [Theory]
    [InlineData(500, 0.99, 5)]
    [InlineData(500, 0.95, 25)]
    [InlineData(252, 0.99, 2)]
    [InlineData(10, 0.9, 1)]
    [InlineData(1000, 0.999, 1)]
    public void The_tail_is_counted_exactly(int count, double confidence, int expected) =>
        Assert.Equal(expected, ExpectedShortfall.TailCount(count, (decimal)confidence));

    [Fact]
    public void The_scenarios_that_set_it_carry_it()
    {
        var sorted = new SortedPnl(Thirty);
        foreach (var convention in Enum.GetValues<ShortfallConvention>())
        {
            var scenarios = ExpectedShortfall.Scenarios(sorted, 0.93m, convention);
            Assert.Equal(1, scenarios.Sum(s => s.Weight), 1e-14);
            Assert.Equal(ExpectedShortfall.Of(sorted, 0.93m, convention)!.Value, -scenarios.Sum(s => s.Weight * Thirty[s.Scenario]), 1e-12);
        }
    }
}
