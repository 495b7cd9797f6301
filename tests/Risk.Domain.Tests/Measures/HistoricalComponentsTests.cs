using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class HistoricalComponentsTests
{
    private static readonly double[][] Book = [[-10, 5, 1, 0, 2], [4, -20, 1, 0, -1]];

    [Fact]
    public void Are_the_losses_in_the_scenario_that_sets_the_var()
    {
        var total = new SortedPnl(LinearPnl.Sum(Book));
        Assert.Equal([-5.0, 20.0], HistoricalComponents.Of(Book, HistoricalVar.Scenarios(total, 0.95m, QuantileConvention.Type1)));
    }

    [Fact]
    public void Incremental_is_the_var_that_leaves_with_the_position() =>
        Assert.Equal([15.0 - 20, 15.0 - 10], HistoricalComponents.Incremental(Book, 0.95m, QuantileConvention.Type1));

    [Fact]
    public void Smoothed_components_keep_their_proportions_and_sum_to_the_kth_worst()
    {
        // Totals −6, −15, 2, 0, 1; at 95 % k = 1, the window is ranks 1 and 2: means 2.5 and 8 of 10.5, rescaled to 15.
        Assert.Equal([15 * 2.5 / 10.5, 15 * 8 / 10.5], HistoricalComponents.Smoothed(Book, 0.95m)!, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Null(HistoricalComponents.Smoothed([[-1, 1], [1, -1]], 0.95m));
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(250, 2)]
    [InlineData(350, 4)]
    [InlineData(500, 5)]
    public void The_window_is_one_percent_to_the_nearest_even(int count, int expected) => Assert.Equal(expected, HistoricalComponents.WindowHalfWidth(count));

    [Fact]
    public void A_ragged_book_is_refused() => Assert.Throws<ArgumentException>(() => HistoricalComponents.Incremental([[1, 2], [1]], 0.95m));
}
