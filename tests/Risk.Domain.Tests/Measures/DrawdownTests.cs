using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class DrawdownTests
{
    [Fact]
    public void Is_the_deepest_fall_and_when_it_began_and_ended()
    {
        var drawdown = Drawdown.Of([0.10, -0.20, 0.05, -0.10, 0.50, -0.01]);
        Assert.Equal(1 - 0.8 * 1.05 * 0.9, drawdown.Depth, 1e-15);
        Assert.Equal((0, 3, 4), (drawdown.Peak, drawdown.Trough, drawdown.Recovery));
    }

    [Fact]
    public void A_loss_from_the_first_day_on_counts() =>
        Assert.Equal(new Drawdown(0.5, Drawdown.Start, 0, null), Drawdown.Of([-0.5, 0.5]));

    [Fact]
    public void A_new_deepest_fall_forgets_the_recovery_of_the_last()
    {
        var drawdown = Drawdown.Of([-0.125, 1, -0.5, 0.5]);
        Assert.Equal((0.5, 1, 2, null), (drawdown.Depth, drawdown.Peak, drawdown.Trough, drawdown.Recovery));
    }

    [Fact]
    public void The_peak_is_the_first_day_at_its_level() => Assert.Equal(0, Drawdown.Of([1, 0, 0, -0.5]).Peak);

    [Fact]
    public void Reaching_the_peak_exactly_is_a_recovery() => Assert.Equal(1, Drawdown.Of([-0.5, 1]).Recovery);

    [Fact]
    public void Wealth_that_never_falls_has_none()
    {
        Assert.Equal(new Drawdown(0, Drawdown.Start, null, null), Drawdown.Of([0.1, 0, 0.1]));
        Assert.Equal(new Drawdown(0, Drawdown.Start, null, null), Drawdown.Of([]));
    }

    [Fact]
    public void A_total_loss_is_a_fall_of_everything() => Assert.Equal(new Drawdown(1, 0, 1, null), Drawdown.Of([0.1, -1, 0.3]));
}
