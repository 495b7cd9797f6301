using FsCheck;
using FsCheck.Fluent;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>What must hold of backtests, drawdown and performance whatever happened.</summary>
public sealed class BacktestLawTests
{
    private static readonly Gen<(bool[] Exceeded, double Tail)> SequenceGen =
        from count in Gen.Choose(1, 300)
        from often in Gen.Choose(0, 100)
        from draws in Gen.Choose(0, 99).ArrayOf(count)
        from tail in Gen.Choose(1, 99)
        select (draws.Select(x => x < often).ToArray(), tail / 100.0);

    private static readonly Gen<double[]> ReturnsGen =
        from count in Gen.Choose(2, 60)
        from percent in Gen.Choose(-100, 120).ArrayOf(count)
        select percent.Select(x => x / 1_000.0).ToArray();

    [Fact]
    public void Ratios_are_not_negative_and_p_values_are_probabilities() => Holds(SequenceGen, x =>
    {
        var test = VarBacktest.Of(x.Exceeded, x.Tail);
        return new[] { test.Coverage, test.Independence, test.ConditionalCoverage }.All(lr => lr.Ratio >= 0 && double.IsFinite(lr.Ratio) && lr.PValue is >= 0 and <= 1)
            && test.ProbabilityOfAsMany is >= 0 and <= 1 + 1e-12
            && test.Transitions.FromNone + test.Transitions.FromExceedance == test.Days - 1;
    });

    [Fact]
    public void Days_without_exceedance_are_exceedances_of_the_other_tail() => Holds(SequenceGen, x =>
    {
        var (test, mirrored) = (VarBacktest.Of(x.Exceeded, x.Tail), VarBacktest.Of([.. x.Exceeded.Select(e => !e)], 1 - x.Tail));
        return Near(test.Coverage.Ratio, mirrored.Coverage.Ratio) && Near(test.Independence.Ratio, mirrored.Independence.Ratio);
    });

    [Fact]
    public void Coverage_does_not_see_the_order_and_independence_not_the_tail() => Holds(SequenceGen, x =>
        VarBacktest.Of(x.Exceeded, x.Tail).Coverage == VarBacktest.Of([.. x.Exceeded.Order()], x.Tail).Coverage
        && VarBacktest.Of(x.Exceeded, x.Tail).Independence == VarBacktest.Of(x.Exceeded, 0.123).Independence);

    [Fact]
    public void Zones_only_worsen_with_more_exceedances() => Holds(SequenceGen, x =>
        Enumerable.Range(0, x.Exceeded.Length).All(n =>
            TrafficLight.ZoneOf(n, x.Exceeded.Length, x.Tail) <= TrafficLight.ZoneOf(n + 1, x.Exceeded.Length, x.Tail)));

    [Fact]
    public void The_drawdown_is_the_worst_of_all_pairs_of_days() => Holds(ReturnsGen, returns =>
    {
        var wealth = new List<double> { 1 };
        foreach (var r in returns) wealth.Add(wealth[^1] * (1 + r));
        var worst = wealth.SelectMany((high, i) => wealth.Skip(i).Select(low => 1 - low / high)).Max();
        var drawdown = Drawdown.Of(returns);
        return Near(worst, drawdown.Depth)
            && (drawdown.Trough is not { } trough || Near(1 - wealth[trough + 1] / wealth[drawdown.Peak + 1], drawdown.Depth))
            && (drawdown.Recovery is not { } back || wealth[back + 1] >= wealth[drawdown.Peak + 1] && wealth[back] < wealth[drawdown.Peak + 1]);
    });

    [Fact]
    public void Capture_and_beta_of_a_multiple_are_that_multiple() => Holds(ReturnsGen, returns =>
    {
        var comparison = BenchmarkComparison.Of([.. returns.Select(r => r / 2)], returns, 0);
        return Near(comparison.Beta ?? 0.5, 0.5) && Near(comparison.Up.Mean ?? 0.5, 0.5) && Near(comparison.Down.Mean ?? 0.5, 0.5)
            && Math.Abs(comparison.AlphaPerPeriod ?? 0) < 1e-12;
    });

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static void Holds<T>(Gen<T> gen, Func<T, bool> law) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_120, 7).WithMaxTest(150), Prop.ForAll(gen.ToArbitrary(), law));
}
