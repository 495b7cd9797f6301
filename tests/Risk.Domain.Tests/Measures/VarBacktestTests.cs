using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class VarBacktestTests
{
    // Kupiec, "Techniques for verifying the accuracy of risk measurement models", Journal of Derivatives 3 (1995), as in Jorion, Value at
    // Risk: the numbers of failures for which a model is not rejected at 95 % test confidence lie between, ends excluded. Of 255 days at 1 % the
    // table says "below 7" only; the test statistic of no failure is 5.13, above 3.84.
    [Theory]
    [InlineData(0.01, 255, 0, 7)]
    [InlineData(0.01, 510, 1, 11)]
    [InlineData(0.01, 1000, 4, 17)]
    [InlineData(0.025, 255, 2, 12)]
    [InlineData(0.025, 510, 6, 21)]
    [InlineData(0.025, 1000, 15, 36)]
    [InlineData(0.05, 255, 6, 21)]
    [InlineData(0.05, 510, 16, 36)]
    [InlineData(0.05, 1000, 37, 65)]
    [InlineData(0.075, 255, 11, 28)]
    [InlineData(0.075, 510, 27, 51)]
    [InlineData(0.075, 1000, 59, 92)]
    [InlineData(0.1, 255, 16, 36)]
    [InlineData(0.1, 510, 38, 65)]
    [InlineData(0.1, 1000, 81, 120)]
    public void Accepts_what_the_table_of_kupiec_accepts(double tail, int days, int below, int above)
    {
        int[] accepted = [.. Enumerable.Range(0, days + 1).Where(x => !VarBacktest.Kupiec(x, days, tail).RejectedAt(0.05))];
        Assert.Equal((below + 1, above - 1), (accepted[0], accepted[^1]));
    }

    // Critical values of χ², NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
    [Theory]
    [InlineData(2.706, 1, 0.10)]
    [InlineData(3.841, 1, 0.05)]
    [InlineData(5.024, 1, 0.025)]
    [InlineData(6.635, 1, 0.01)]
    [InlineData(10.828, 1, 0.001)]
    [InlineData(4.605, 2, 0.10)]
    [InlineData(5.991, 2, 0.05)]
    [InlineData(7.378, 2, 0.025)]
    [InlineData(9.210, 2, 0.01)]
    [InlineData(13.816, 2, 0.001)]
    public void The_p_value_is_the_upper_tail_of_chi_square(double critical, int degrees, double level)
    {
        Assert.Equal(level, new LikelihoodRatio(critical, degrees).PValue, 3e-4 * level + 1e-5);
        Assert.True(new LikelihoodRatio(critical + 0.001, degrees).RejectedAt(level));
        Assert.False(new LikelihoodRatio(critical - 0.001, degrees).RejectedAt(level));
    }

    [Fact]
    public void Days_with_one_missing_between_them_make_no_transition()
    {
        bool[] exceeded = [false, true, true, false, true];
        Assert.Equal(new TransitionCounts(0, 2, 1, 1), VarBacktest.Of(exceeded, 0.05).Transitions);
        Assert.Equal(VarBacktest.Of(exceeded, 0.05), VarBacktest.Of(exceeded, 0.05, [7, 8, 9, 10, 11]));
        var parted = VarBacktest.Of(exceeded, 0.05, [7, 8, 10, 11, 15]);
        Assert.Equal(new TransitionCounts(0, 1, 1, 0), parted.Transitions);
        Assert.Equal((5, 3, VarBacktest.Of(exceeded, 0.05).Coverage), (parted.Days, parted.Exceedances, parted.Coverage));
        Assert.Equal(4 * Math.Log(2), parted.Independence.Ratio, 1e-12);
        Assert.Throws<ArgumentException>(() => VarBacktest.Of(exceeded, 0.05, [1, 2]));
    }

    [Fact]
    public void A_rate_after_a_day_has_the_interval_of_its_trials_and_none_without_them()
    {
        var n = TransitionCounts.Of([false, true, true, false, false]);
        Assert.Equal((BinomialTail.Interval(1, 2), BinomialTail.Interval(1, 2)), (n.RateAfterNoneInterval, n.RateAfterExceedanceInterval));
        var none = TransitionCounts.Of([true, true]);
        Assert.Equal((null, BinomialTail.Interval(1, 1)), (none.RateAfterNoneInterval, none.RateAfterExceedanceInterval));
        Assert.Null(TransitionCounts.Of([true]).RateAfterExceedanceInterval);
    }

    // Two-sided limits: NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.4.1, 4 of 20 at 90 %; R, help(binom.test), 682 of 925 at 95 %.
    [Theory]
    [InlineData(4, 20, 0.9, 0.071354, 0.401029)]
    [InlineData(682, 925, 0.95, 0.7076683, 0.7654066)]
    public void The_interval_of_a_rate_is_the_published_one(int count, int trials, double level, double low, double high)
    {
        var interval = BinomialTail.Interval(count, trials, level);
        Assert.Equal(low, interval.Low, 1e-6);
        Assert.Equal(high, interval.High, 1e-6);
    }

    [Theory]
    [InlineData(1, 250)]
    [InlineData(13, 250)]
    [InlineData(3, 20_000)]
    [InlineData(19_990, 20_000)]
    public void At_the_ends_of_the_interval_as_many_and_as_few_are_seen_one_time_in_forty(int count, int trials)
    {
        var interval = BinomialTail.Interval(count, trials);
        Assert.Equal(0.025, BinomialTail.AtLeast(count, trials, interval.Low), 1e-8);
        Assert.Equal(0.025, BinomialTail.AtMost(count, trials, interval.High), 1e-8);
    }

    [Fact]
    public void A_rate_of_none_and_of_all_is_bounded_on_one_side()
    {
        var none = VarBacktest.Of(new bool[250], 0.01);
        Assert.Equal((0, 0), (none.Rate, none.RateInterval.Low));
        Assert.Equal(1 - Math.Pow(0.025, 1 / 250.0), none.RateInterval.High, 1e-10);
        Assert.Equal((0.5, 1), (VarBacktest.Of([true, false], 0.01).Rate, BinomialTail.Interval(9, 9).High));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.Interval(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.Interval(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.Interval(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.Interval(1, 2, 1));
    }

    [Fact]
    public void No_exceedance_at_all_has_figures()
    {
        var test = VarBacktest.Of(new bool[250], 0.01);
        Assert.Equal(-2 * 250 * Math.Log(0.99), test.Coverage.Ratio, 1e-12);
        Assert.Equal(0, test.Independence.Ratio);
        Assert.Equal(1, test.Independence.PValue);
        Assert.Equal(test.Coverage.Ratio, test.ConditionalCoverage.Ratio);
        Assert.Equal(1, test.ProbabilityOfAsMany);
    }

    [Fact]
    public void An_exceedance_every_day_has_figures()
    {
        var test = VarBacktest.Of([.. Enumerable.Repeat(true, 250)], 0.01);
        Assert.Equal(-2 * 250 * Math.Log(0.01), test.Coverage.Ratio, 1e-9);
        Assert.Equal(0, test.Independence.Ratio);
        Assert.Equal(new TransitionCounts(0, 0, 0, 249), test.Transitions);
        Assert.Equal((0, 1), (test.Transitions.RateAfterNone, test.Transitions.RateAfterExceedance));
        Assert.True(test.ConditionalCoverage.RejectedAt());
        Assert.True(double.IsFinite(test.ConditionalCoverage.PValue));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(99, 1, 0)]
    public void A_single_exceedance_on_the_first_or_the_last_day_has_figures(int day, int into, int outOf)
    {
        var exceeded = new bool[100];
        exceeded[day] = true;
        var test = VarBacktest.Of(exceeded, 0.01);
        Assert.Equal((into, outOf, 0), (test.Transitions.NoneToExceedance, test.Transitions.ExceedanceToNone, test.Transitions.Both));
        Assert.Equal(0, test.Coverage.Ratio, 1e-12);
        Assert.Equal(0, test.Independence.Ratio, 1e-12);
        Assert.Equal(0, test.Transitions.RateAfterExceedance);
    }

    [Fact]
    public void A_single_day_has_figures()
    {
        foreach (var exceeded in (bool[])[false, true])
        {
            var test = VarBacktest.Of([exceeded], 0.05);
            Assert.Equal(-2 * Math.Log(exceeded ? 0.05 : 0.95), test.Coverage.Ratio, 1e-12);
            Assert.Equal(0, test.Independence.Ratio);
        }
    }

    [Fact]
    public void Long_series_do_not_underflow()
    {
        // As products these likelihoods are below 10⁻³⁰⁰⁰.
        var exceeded = Enumerable.Range(0, 100_000).Select(t => t % 20 == 0).ToArray();
        var test = VarBacktest.Of(exceeded, 0.05);
        Assert.Equal(0, test.Coverage.Ratio, 1e-9);
        Assert.InRange(test.Independence.Ratio, 100, 1e6);
        Assert.True(double.IsFinite(VarBacktest.Of(exceeded, 0.01).Coverage.Ratio));
    }

    [Fact]
    public void Alternating_exceedances_depend_on_each_other()
    {
        var test = VarBacktest.Of([.. Enumerable.Range(0, 100).Select(t => t % 2 == 0)], 0.5);
        Assert.Equal(0, test.Coverage.Ratio, 1e-12);
        // The restricted likelihood is that of 99 transitions at a rate of 49/99; the other is one.
        Assert.Equal(-2 * (49 * Math.Log(49.0 / 99) + 50 * Math.Log(50.0 / 99)), test.Independence.Ratio, 1e-9);
    }

    [Fact]
    public void A_loss_of_exactly_the_var_does_not_exceed_it()
    {
        Assert.Equal([false, true, false, false], VarBacktest.ExceededBy([-10, -10.5, 11, 0], [10, 10, 10, 0]));
        Assert.Throws<ArgumentException>(() => VarBacktest.ExceededBy([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => VarBacktest.ExceededBy([double.NaN], [1]));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => VarBacktest.Of([], 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarBacktest.Of([true], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarBacktest.Of([true], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarBacktest.Kupiec(6, 5, 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LikelihoodRatio(1, 3));
    }
}
