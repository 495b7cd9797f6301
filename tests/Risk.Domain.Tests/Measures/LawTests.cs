using FsCheck;
using FsCheck.Fluent;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>What must hold of the historical measures whatever the P&amp;L.</summary>
public sealed class LawTests
{
    private static readonly decimal[] Confidences = [0.8m, 0.9m, 0.95m, 0.975m, 0.99m];

    private static readonly Gen<double[]> PnlGen =
        from count in Gen.Choose(1, 120)
        from cents in Gen.Choose(-100_000, 80_000).ArrayOf(count)
        select cents.Select(x => x / 100.0).ToArray();

    private static readonly Gen<double[][]> BookGen =
        from positions in Gen.Choose(1, 6)
        from count in Gen.Choose(1, 80)
        from cents in Gen.Choose(-100_000, 80_000).ArrayOf(positions * count)
        select cents.Select(x => x / 100.0).Chunk(count).ToArray();

    [Fact]
    public void Shortfall_is_at_least_the_var_under_matched_conventions() => Holds(PnlGen, pnl => Confidences.All(confidence =>
        ExpectedShortfall.Of(pnl, confidence) >= HistoricalVar.Of(pnl, confidence) - 1e-9
        && ExpectedShortfall.Of(pnl, confidence, ShortfallConvention.MeanWorstK) >= HistoricalVar.Of(pnl, confidence, QuantileConvention.KthWorst) - 1e-9
        && Enum.GetValues<QuantileConvention>().All(quantile =>
            (ExpectedShortfall.Of(pnl, confidence, ShortfallConvention.BeyondVar, quantile) ?? double.MaxValue) >= HistoricalVar.Of(pnl, confidence, quantile))));

    [Fact]
    public void Var_and_shortfall_grow_with_confidence() => Holds(PnlGen, pnl => Confidences.Zip(Confidences.Skip(1)).All(pair =>
        ExpectedShortfall.Of(pnl, pair.First) <= ExpectedShortfall.Of(pnl, pair.Second) + 1e-9
        && Enum.GetValues<QuantileConvention>().All(convention =>
            HistoricalVar.Of(pnl, pair.First, convention) <= HistoricalVar.Of(pnl, pair.Second, convention) + 1e-9)));

    [Fact]
    public void Shortfall_is_sub_additive() => Holds(BookGen, book => Confidences.All(confidence =>
        ExpectedShortfall.Of(LinearPnl.Sum(book), confidence) <= book.Sum(pnl => ExpectedShortfall.Of(pnl, confidence)) + 1e-6));

    [Fact]
    public void Doubling_the_positions_doubles_the_figures() => Holds(PnlGen, pnl =>
    {
        var doubled = pnl.Select(x => 2 * x).ToArray();
        return HistoricalVar.Of(doubled, 0.95m) == 2 * HistoricalVar.Of(pnl, 0.95m)
            && Near(ExpectedShortfall.Of(doubled, 0.95m)!.Value, 2 * ExpectedShortfall.Of(pnl, 0.95m)!.Value);
    });

    [Fact]
    public void The_order_of_the_scenarios_is_irrelevant() => Holds(PnlGen, pnl =>
    {
        var reversed = pnl.Reverse().ToArray();
        return HistoricalVar.Of(pnl, 0.95m) == HistoricalVar.Of(reversed, 0.95m) && ExpectedShortfall.Of(pnl, 0.95m) == ExpectedShortfall.Of(reversed, 0.95m);
    });

    [Fact]
    public void Components_sum_to_the_total() => Holds(BookGen, book =>
    {
        var total = new SortedPnl(LinearPnl.Sum(book));
        return Confidences.All(confidence =>
            Enum.GetValues<QuantileConvention>().All(convention =>
                Near(HistoricalComponents.Of(book, HistoricalVar.Scenarios(total, confidence, convention)).Sum(), HistoricalVar.Of(total, confidence, convention)))
            && Enum.GetValues<ShortfallConvention>().All(convention =>
                Near(HistoricalComponents.Of(book, ExpectedShortfall.Scenarios(total, confidence, convention)).Sum(), ExpectedShortfall.Of(total, confidence, convention) ?? 0))
            && (HistoricalComponents.Smoothed(book, confidence) is not { } smoothed
                || Math.Abs(smoothed.Sum()) < 1e9 && Near(smoothed.Sum(), HistoricalVar.Of(total, confidence, QuantileConvention.KthWorst), smoothed.Sum(Math.Abs))));
    });

    [Fact]
    public void The_incremental_var_of_nothing_is_zero() => Holds(BookGen, book =>
        HistoricalComponents.Incremental([.. book, new double[book[0].Length]], 0.95m)[^1] == 0);

    [Fact]
    public void A_position_and_its_opposite_have_no_risk() => Holds(PnlGen, pnl =>
        HistoricalVar.Of(LinearPnl.Sum([pnl, [.. pnl.Select(x => -x)]]), 0.99m) == 0);

    [Fact]
    public void The_interval_holds_the_type_1_var() => Holds(PnlGen, pnl => Confidences.All(confidence =>
    {
        var sorted = new SortedPnl(pnl);
        var value = HistoricalVar.Of(sorted, confidence, QuantileConvention.Type1);
        var interval = HistoricalVar.Interval(sorted, confidence);
        return (interval.Low ?? double.MinValue) <= value && value <= (interval.High ?? double.MaxValue);
    }));

    [Fact]
    public void Age_weights_of_equal_age_are_plain_history() => Holds(PnlGen, pnl =>
        Near(AgeWeightedVar.Of(pnl, 1, 0.95m).Shortfall, ExpectedShortfall.Of(pnl, 0.95m)!.Value));

    private static bool Near(double a, double b, double scale = 0) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Max(scale, Math.Max(Math.Abs(a), Math.Abs(b))));

    private static void Holds<T>(Gen<T> gen, Func<T, bool> law) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_120, 7).WithMaxTest(150), Prop.ForAll(gen.ToArbitrary(), law));
}
