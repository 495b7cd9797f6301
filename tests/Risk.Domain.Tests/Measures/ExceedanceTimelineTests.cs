using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class ExceedanceTimelineTests
{
    [Fact]
    public void Each_day_counts_those_of_its_lookback()
    {
        var days = ExceedanceTimeline.Of([-2, 1, -3, -2, 1, 1], [1, 1, 1, 1, 1, 1], 0.4, lookback: 3);
        Assert.Equal([true, false, true, true, false, false], days.Select(x => x.Exceeded));
        Assert.Equal([1, 1, 2, 2, 2, 1], days.Select(x => x.Recent));
        Assert.Equal([1, 0, 1, 2, 0, 0], days.Select(x => x.Run));
        Assert.Equal([1, 0, 2, 1, 0, 0], days.Select(x => x.Excess));
    }

    [Fact]
    public void A_day_that_is_missing_ends_a_run()
    {
        var days = ExceedanceTimeline.Of([-2, -2, -2, -2], [1, 1, 1, 1], 0.4, places: [3, 4, 6, 7]);
        Assert.Equal([1, 2, 1, 2], days.Select(x => x.Run));
        Assert.Equal([1, 2, 3, 4], days.Select(x => x.Recent));
        Assert.Throws<ArgumentException>(() => ExceedanceTimeline.Of([1, 1], [1, 1], 0.01, places: [1]));
    }

    [Fact]
    public void The_zone_is_that_of_the_days_so_far()
    {
        // Ten exceedances in the first ten of 260 days, at 1 %: red until they leave the lookback one by one.
        var pnl = Enumerable.Range(0, 260).Select(t => t < 10 ? -2.0 : 0).ToArray();
        var days = ExceedanceTimeline.Of(pnl, [.. pnl.Select(_ => 1.0)], 0.01);
        Assert.Equal(Zone.Red, days[249].Zone);
        Assert.Equal((9, Zone.Yellow), (days[250].Recent, days[250].Zone));
        Assert.Equal((4, Zone.Green), (days[255].Recent, days[255].Zone));
        Assert.Equal((0, Zone.Green), (days[259].Recent, days[259].Zone));
    }

    [Fact]
    public void No_day_has_no_entry_and_nonsense_is_refused()
    {
        Assert.Empty(ExceedanceTimeline.Of([], [], 0.01));
        Assert.Throws<ArgumentException>(() => ExceedanceTimeline.Of([1], [], 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExceedanceTimeline.Of([1], [1], 0.01, lookback: 0));
    }
}
