using Risk.Domain.Measures;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

public sealed class TailPlanTests
{
    /// <summary>P&amp;L −100, −99 … −1, shuffled: the k-th worst loss is 101 − k. Figures by hand.</summary>
    [Theory]
    [InlineData(QuantileConvention.Type7, ShortfallConvention.AcerbiTasche, 0.95, 95.05, 98)] // rank 1 + 99·0.05 = 5.95; mean of 100 … 96
    [InlineData(QuantileConvention.Type6, ShortfallConvention.MeanWorstK, 0.95, 95.95, 97.5)] // rank 101·0.05 = 5.05; mean of 100 … 95
    [InlineData(QuantileConvention.Type1, ShortfallConvention.MeanWorstFloor, 0.95, 96, 98)]
    [InlineData(QuantileConvention.KthWorst, ShortfallConvention.BeyondVar, 0.95, 95, 98)] // strictly beyond 95.05: 100 … 96
    [InlineData(QuantileConvention.Type7, ShortfallConvention.AcerbiTasche, 0.975, 97.525, 99.2)] // (100 + 99 + 98/2) / 2.5
    [InlineData(QuantileConvention.Type7, ShortfallConvention.AcerbiTasche, 0.99, 99.01, 100)]
    public void Reads_var_and_shortfall_off_the_tail(QuantileConvention quantile, ShortfallConvention shortfall, double confidence, double var, double es)
    {
        var (plan, tail, grid) = Losses(100, (decimal)confidence, quantile, shortfall);
        var figures = plan.Measure(tail, grid);
        Assert.Equal(var, figures.Var, 1e-9);
        Assert.Equal(es, figures.Es!.Value, 1e-9);
        Assert.Equal(var, -plan.VarWeights().Sum(x => x.Weight * tail.Units(x.Rank) * grid), 1e-9);
        Assert.Equal(es, -plan.ShortfallWeights(tail).Sum(x => x.Weight * tail.Units(x.Rank) * grid), 1e-9);
    }

    [Fact]
    public void A_shortfall_of_an_empty_tail_is_not_there()
    {
        var (plan, tail, grid) = Losses(50, 0.99m, QuantileConvention.Type7, ShortfallConvention.MeanWorstFloor);
        Assert.Null(plan.Measure(tail, grid).Es);
        Assert.Empty(plan.ShortfallWeights(tail));
    }

    [Theory]
    [InlineData(250, 0.99)]
    [InlineData(500, 0.99)]
    [InlineData(500, 0.95)]
    [InlineData(2500, 0.95)]
    [InlineData(30, 0.95)]
    public void The_interval_is_the_narrowest_that_leaves_two_and_a_half_percent_on_each_side(int count, double confidence)
    {
        var (plan, tail, grid) = Losses(count, (decimal)confidence, QuantileConvention.Type7, ShortfallConvention.AcerbiTasche);
        var figures = plan.Measure(tail, grid);
        var atMost = Cumulated(count, 1 - confidence);
        var worse = Enumerable.Range(1, count).LastOrDefault(r => atMost[r - 1] <= 0.025);
        var milder = Enumerable.Range(1, count).First(s => 1 - atMost[s - 1] <= 0.025);
        Assert.Equal(worse == 0 ? -1 : count + 1 - worse, figures.IntervalHigh ?? -1, 1e-9);
        Assert.Equal(count + 1 - milder, figures.IntervalLow, 1e-9);
    }

    [Fact]
    public void The_upper_end_at_99_percent_of_250_days_lies_beyond_the_worst()
    {
        var (plan, tail, grid) = Losses(250, 0.99m, QuantileConvention.Type7, ShortfallConvention.AcerbiTasche);
        Assert.Null(plan.Measure(tail, grid).IntervalHigh);
    }

    [Theory]
    [InlineData(100, 0.95, false)]
    [InlineData(99, 0.95, true)]
    [InlineData(500, 0.99, false)]
    [InlineData(499, 0.99, true)]
    public void Fewer_than_five_observations_make_a_thin_tail(int count, double confidence, bool isThin) =>
        Assert.Equal(isThin, new TailPlan(count, (decimal)confidence, default, default).HasThinTail);

    [Fact]
    public void One_observation_is_every_figure()
    {
        var (plan, tail, grid) = Losses(1, 0.95m, QuantileConvention.Type7, ShortfallConvention.AcerbiTasche);
        var figures = plan.Measure(tail, grid);
        Assert.Equal((1d, 1d), (figures.Var, Math.Round(figures.Es!.Value, 9)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(95)]
    public void A_confidence_must_lie_between_a_half_and_one(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TailPlan(100, (decimal)confidence, default, default));

    private static (TailPlan Plan, ScenarioTail Tail, double Grid) Losses(int count, decimal confidence, QuantileConvention quantile, ShortfallConvention shortfall)
    {
        var random = new Random(count);
        double[] returns = [.. Enumerable.Range(1, count).Select(i => -i / 64d).OrderBy(_ => random.Next())];
        var pnl = new ScenarioPnl(ScenarioPnlTests.Set([returns]));
        pnl.SetExposure(0, 64);
        var plan = new TailPlan(count, confidence, quantile, shortfall);
        var tail = new ScenarioTail(count, plan.Depth);
        tail.Select(pnl);
        return (plan, tail, pnl.Grid);
    }

    /// <summary>P(Bin(n, p) ≤ k) for each k, by the ratio of neighbouring probabilities in logarithms.</summary>
    private static double[] Cumulated(int count, double p)
    {
        var atMost = new double[count + 1];
        var (log, sum) = (count * Math.Log(1 - p), 0d);
        for (var k = 0; k <= count; k++)
        {
            sum += Math.Exp(log);
            atMost[k] = sum;
            log += Math.Log((count - k) / (k + 1d)) + Math.Log(p / (1 - p));
        }
        return atMost;
    }
}
