using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ShortfallBacktestTests
{
    [Fact]
    public void Is_zero_when_the_tail_is_as_often_and_as_deep_as_foretold() =>
        Assert.Equal(0, Of(exceedances: 5, loss: 2.5).Z2, 1e-12);

    [Fact]
    public void Sinks_with_the_number_and_with_the_size_of_the_losses()
    {
        Assert.Equal(-1, Of(10, 2.5).Z2, 1e-12);
        Assert.Equal(-1, Of(5, 5).Z2, 1e-12);
        Assert.Equal(1, Of(0, 5).Z2);
    }

    // Acerbi and Szekely, "Back-testing expected shortfall", Risk (December 2014): −0.70 and −1.80 are the critical values of Z₂ at 5 % and
    // 0.01 % for 250 days at 2.5 %.
    [Theory]
    [InlineData(8, 2.6, Zone.Green)]
    [InlineData(9, 2.5, Zone.Yellow)]
    [InlineData(13, 2.6, Zone.Yellow)]
    [InlineData(14, 2.6, Zone.Red)]
    public void Zones_change_at_the_critical_values(int exceedances, double loss, Zone zone) => Assert.Equal(zone, Of(exceedances, loss).Zone);

    [Fact]
    public void A_right_model_stays_above_the_critical_value_as_often_as_it_should()
    {
        const int Days = 250, Runs = 2_000;
        var pnl = new double[Days * Runs];
        new MonteCarlo([1], [[1]], 17).Simulate(0, pnl);
        var (var, shortfall) = (Repeat(ParametricVar.Normal(1, 0.975m)), Repeat(ParametricVar.NormalShortfall(1, 0.975m)));
        var results = Enumerable.Range(0, Runs).Select(i => ShortfallBacktest.Of(pnl.AsSpan(i * Days, Days), var, shortfall, 0.025)).ToArray();
        Assert.Equal(0, results.Average(x => x.Z2), 0.04);
        Assert.Equal(0.05, results.Count(x => x.Z2 <= ShortfallBacktest.CriticalAt5Percent) / (double)Runs, 0.02);
        Assert.InRange(results.Count(x => x.Zone == Zone.Red), 0, 4);
        // A year without an exceedance says nothing of its error, and is rare.
        Assert.Equal(Volatility.Sample([.. results.Select(x => x.Z2)]), Math.Sqrt(results.Average(x => x.StandardError * x.StandardError)!.Value), 0.02);

        static double[] Repeat(double value) => [.. Enumerable.Repeat(value, Days)];
    }

    [Fact]
    public void Its_error_is_that_of_a_mean_and_unknown_where_no_day_differs()
    {
        // Terms −1 on 5 of 100 days, over the tail of 5 %.
        Assert.Equal(Math.Sqrt(0.05 * 0.95 / 99) / 0.05, Of(5, 2.5).StandardError!.Value, 1e-12);
        Assert.Null(Of(0, 5).StandardError);
        Assert.Null(ShortfallBacktest.Of([-3], [1], [2], 0.05).StandardError);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ShortfallBacktest.Of([], [], [], 0.05));
        Assert.Throws<ArgumentException>(() => ShortfallBacktest.Of([1], [1], [0], 0.05));
        Assert.Throws<ArgumentException>(() => ShortfallBacktest.Of([1], [1], [1, 2], 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShortfallBacktest.Of([1], [1], [1], 0));
    }

    /// <summary>A hundred days at 5 %, so five exceedances are expected, with a shortfall of 2.5.</summary>
    private static ShortfallBacktest Of(int exceedances, double loss)
    {
        var pnl = Enumerable.Range(0, 100).Select(t => t < exceedances ? -loss : 1).ToArray();
        return ShortfallBacktest.Of(pnl, [.. pnl.Select(_ => 2.0)], [.. pnl.Select(_ => 2.5)], 0.05);
    }
}
