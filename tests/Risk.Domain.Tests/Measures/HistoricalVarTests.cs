using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class HistoricalVarTests
{
    [Fact]
    public void Is_the_loss_at_the_tail_index()
    {
        var pnl = Enumerable.Range(1, 100).Select(i => (double)-i).ToArray();
        Assert.Equal(95.05, HistoricalVar.Of(pnl, 0.95m), 1e-12);
        Assert.Equal(96, HistoricalVar.Of(pnl, 0.95m, QuantileConvention.Type1));
        Assert.Equal(95, HistoricalVar.Of(pnl, 0.95m, QuantileConvention.KthWorst));
    }

    [Fact]
    public void Is_negative_when_even_the_tail_gains() => Assert.Equal(-3, HistoricalVar.Of([3, 4, 5], 0.99m, QuantileConvention.Type1));

    [Fact]
    public void One_scenario_is_its_own_quantile_under_every_convention() =>
        Assert.All(Enum.GetValues<QuantileConvention>(), convention => Assert.Equal(7, HistoricalVar.Of([-7], 0.99m, convention)));

    [Fact]
    public void Equal_scenarios_give_their_own_loss_to_the_last_bit()
    {
        var pnl = Enumerable.Repeat(-0.1, 252).ToArray();
        Assert.All(Enum.GetValues<QuantileConvention>(), convention => Assert.Equal(0.1, HistoricalVar.Of(pnl, 0.975m, convention)));
    }

    [Fact]
    public void On_the_losses_type_1_steps_to_the_next_scenario_where_the_tail_is_whole()
    {
        var whole = new SortedPnl(Ascending(500));
        Assert.Equal(HistoricalVar.Of(whole, 0.99m, QuantileConvention.KthWorst), HistoricalVar.OfLosses(whole, 0.99m));
        Assert.NotEqual(HistoricalVar.Of(whole, 0.99m, QuantileConvention.Type1), HistoricalVar.OfLosses(whole, 0.99m));
        var broken = new SortedPnl(Ascending(252));
        Assert.Equal(HistoricalVar.Of(broken, 0.99m, QuantileConvention.Type1), HistoricalVar.OfLosses(broken, 0.99m));
    }

    [Fact]
    public void The_scenarios_that_set_it_carry_it()
    {
        double[] pnl = [5, -9, 3, -20, 1, -11, 8, 2, -1, 0, 4];
        var sorted = new SortedPnl(pnl);
        foreach (var convention in Enum.GetValues<QuantileConvention>())
        {
            var scenarios = HistoricalVar.Scenarios(sorted, 0.87m, convention);
            Assert.Equal(1, scenarios.Sum(s => s.Weight), 1e-15);
            Assert.Equal(HistoricalVar.Of(sorted, 0.87m, convention), -scenarios.Sum(s => s.Weight * pnl[s.Scenario]), 1e-12);
        }
        Assert.Equal([3], HistoricalVar.Scenarios(sorted, 0.95m, QuantileConvention.Type1).Select(s => s.Scenario));
    }

    [Fact]
    public void Ties_are_taken_in_the_order_of_the_scenarios()
    {
        var sorted = new SortedPnl([1, -5, 2, -5, -5]);
        Assert.Equal([1, 3, 4, 0, 2], Enumerable.Range(1, 5).Select(sorted.ScenarioAt));
        var many = new SortedPnl([.. Enumerable.Range(0, 300).Select(i => (double)(i * 7 % 3))]);
        Assert.Equal(Enumerable.Range(0, 300).OrderBy(i => i * 7 % 3), Enumerable.Range(1, 300).Select(many.ScenarioAt));
    }

    [Fact]
    public void A_missing_or_infinite_result_is_refused()
    {
        Assert.Throws<ArgumentException>(() => HistoricalVar.Of([], 0.95m));
        Assert.Throws<ArgumentException>(() => HistoricalVar.Of([1, double.NaN], 0.95m));
        Assert.Throws<ArgumentException>(() => HistoricalVar.Of([1, double.NegativeInfinity], 0.95m));
    }

    // Ranks from the binomial distribution summed in rational arithmetic.
    [Theory]
    [InlineData(500, 0.95, 16, 36)]
    [InlineData(500, 0.975, 6, 21)]
    [InlineData(500, 0.99, 1, 11)]
    [InlineData(1000, 0.975, 16, 36)]
    public void The_interval_is_read_from_the_binomial_ranks(int count, double confidence, int high, int low)
    {
        var pnl = new SortedPnl(Ascending(count));
        Assert.Equal(new VarInterval(-pnl[low], -pnl[high], low, high), HistoricalVar.Interval(pnl, (decimal)confidence));
    }

    [Theory]
    [InlineData(250, 0.99, 7)]
    [InlineData(30, 0.95, 5)]
    public void The_interval_says_when_its_upper_end_lies_beyond_the_worst_scenario(int count, double confidence, int low)
    {
        var interval = HistoricalVar.Interval(new SortedPnl(Ascending(count)), (decimal)confidence);
        Assert.Null(interval.High);
        Assert.Null(interval.HighRank);
        Assert.Equal(low, interval.LowRank);
    }

    [Fact]
    public void One_scenario_bounds_nothing() => Assert.Equal(new VarInterval(null, null, null, null), HistoricalVar.Interval(new SortedPnl([-1]), 0.5m));

    private static double[] Ascending(int count) => [.. Enumerable.Range(0, count).Select(i => (i - count / 3) * 1.5)];
}
