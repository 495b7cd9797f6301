using Risk.Domain.Measures;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

/// <summary>The live engine reads the same figures as the plain measures, under every convention.</summary>
public sealed class TailAgainstMeasuresTests
{
    public static TheoryData<int, double> Samples =>
        [.. from count in new[] { 30, 64, 250, 252, 500, 1000, 2500 } from confidence in new[] { 0.95, 0.975, 0.99 } select (count, confidence)];

    [Theory, MemberData(nameof(Samples))]
    public void Equals_the_plain_measures_under_every_convention(int count, double confidence)
    {
        var at = (decimal)confidence;
        var pnl = new ScenarioPnl(ScenarioPnlTests.RandomSet(new Random(count), count, columns: 3));
        pnl.SetExposures([0, 1, 2], [5e5, -3e5, 1e4]);
        var plain = new SortedPnl(ScenarioPnlTests.Values(pnl));
        var interval = HistoricalVar.Interval(plain, at);
        foreach (var quantile in Enum.GetValues<QuantileConvention>())
        {
            foreach (var shortfall in Enum.GetValues<ShortfallConvention>())
            {
                var plan = new TailPlan(count, at, quantile, shortfall);
                var tail = new ScenarioTail(count, plan.Depth);
                tail.Select(pnl);
                var figures = plan.Measure(tail, pnl.Grid);
                Assert.Equal(HistoricalVar.Of(plain, at, quantile), figures.Var, 1e-6);
                Assert.Equal(ExpectedShortfall.Of(plain, at, shortfall, quantile) ?? double.NaN, figures.Es ?? double.NaN, 1e-6);
                Assert.Equal(new TailReading(quantile, shortfall).ShortfallError(plain, at) ?? double.NaN, plan.ShortfallError(tail, pnl.Grid) ?? double.NaN, 1e-6);
                Assert.Equal((interval.Low, interval.High), (figures.IntervalLow, figures.IntervalHigh));
            }
        }
    }
}
