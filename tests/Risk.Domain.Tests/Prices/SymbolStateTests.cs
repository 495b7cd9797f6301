using FsCheck;
using FsCheck.Fluent;
using Risk.Domain.Prices;
using Xunit;
using static Risk.Domain.Tests.Prices.Ticks;

namespace Risk.Domain.Tests.Prices;

public sealed class SymbolStateTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    [Fact]
    public void Keeps_the_latest_price_whatever_order_ticks_arrive_in()
    {
        var state = StateOf(At(1, 10m, sequence: 1), At(3, 30m, sequence: 3), At(2, 20m, sequence: 2));
        Assert.Equal(30m, state.Last.ToDecimal());
        Assert.Equal((3, 10m, 30m), (state.Counted, state.Lowest.ToDecimal(), state.Highest.ToDecimal()));
    }

    [Fact]
    public void Drops_a_second_arrival()
    {
        var state = StateOf(At(1, 10m, sequence: 1));
        Assert.Equal(TickFate.Duplicate, state.Apply(At(1, 10m, sequence: 1), Lateness));
        Assert.Equal((1, 1), (state.Counted, state.Duplicates));
        Assert.Equal(1, Assert.Single(state.Windows).Count);
    }

    [Fact]
    public void Closes_a_window_once_the_watermark_passes_its_end()
    {
        var state = StateOf(At(4, 10m, sequence: 1), At(6.999999, 11m, sequence: 2));
        Assert.False(state.HasClosedWindows);
        state.Apply(At(7, 12m, sequence: 3), Lateness);
        Assert.True(state.HasClosedWindows);
        Assert.Equal(0, state.Windows[0].Start.Microseconds);
    }

    [Fact]
    public void Takes_no_tick_into_a_closed_window_and_counts_it_as_late_once()
    {
        var state = StateOf(At(4, 10m, sequence: 1), At(7, 12m, sequence: 3));
        Assert.Equal(TickFate.Late, state.Apply(At(4.5, 11m, sequence: 2), Lateness));
        Assert.Equal(TickFate.Duplicate, state.Apply(At(4.5, 11m, sequence: 2), Lateness));
        Assert.Equal((2, 1, 1), (state.Counted, state.Late, state.Duplicates));
        Assert.Equal(1, state.Windows[0].Count);
    }

    [Fact]
    public void Keeps_a_closed_window_until_it_is_known_to_be_stored()
    {
        var state = StateOf(At(4, 10m, sequence: 1), At(7, 12m, sequence: 2));
        Assert.Equal(2, state.Windows.Count);
        state.ForgetClosedWindows();
        Assert.Equal(5_000_000, Assert.Single(state.Windows).Start.Microseconds);
    }

    [Fact]
    public void Leaves_what_is_too_old_to_tell_to_the_late_ledger()
    {
        var state = StateOf(At(1, 10m, sequence: 1_000));
        Assert.Equal(TickFate.Undecided, state.Apply(At(1, 10m, sequence: 700), Lateness));
        Assert.Equal(TickFate.Undecided, state.Apply(At(1, 10m, sequence: 701), Lateness));
        state.Settle(seenBefore: false);
        state.Settle(seenBefore: true);
        Assert.Equal((1, 1, 1), (state.Counted, state.Late, state.Duplicates));
    }

    [Fact]
    public void Takes_four_sources_and_no_fifth()
    {
        var state = new SymbolState();
        for (var i = 0; i < 4; i++)
            Assert.Equal(TickFate.Counted, state.Apply(At(1, 10m, sequence: 1, source: SourceName.Parse($"feed-{i}")), Lateness));
        Assert.Equal(TickFate.TooManySources, state.Apply(At(1, 10m, sequence: 1, source: SourceName.Parse("feed-4")), Lateness));
        Assert.Equal(4, state.Counted);
    }

    [Fact]
    public void Flags_a_jump_of_more_than_half_within_a_minute_and_counts_it_all_the_same()
    {
        var state = StateOf(At(1, 100m, sequence: 1), At(2, 151m, sequence: 2), At(100, 50m, sequence: 3));
        Assert.Equal((3, 1), (state.Counted, state.Outliers));
    }

    [Fact]
    public void Remembers_how_far_the_last_three_shards_were_applied()
    {
        var state = new SymbolState();
        foreach (var shard in new[] { "a", "b", "c", "d" }) state.MarkApplied(shard, "99");
        Assert.False(state.IsApplied("a", "1"));
        Assert.True(state.IsApplied("d", "99"));
        Assert.False(state.IsApplied("d", "100"));
        state.MarkApplied("b", "49590338271490256608559692538361571095921575989136588898");
        Assert.True(state.IsApplied("b", "49590338271490256608559692538361571095921575989136588897"));
    }

    [Fact]
    public void Closes_everything_at_the_end_of_a_session()
    {
        var state = StateOf(At(4, 10m, sequence: 1));
        state.CloseThrough(new EventTime(5_000_000));
        Assert.True(state.HasClosedWindows);
        Assert.Equal(TickFate.Late, state.Apply(At(4.5, 10m, sequence: 2), Lateness));
    }

    /// <summary>A tick moves back by at most 1.9 s, so that it never meets a closed window, and by less than the 256 that the memory holds.</summary>
    [Fact]
    public void Ends_the_same_for_any_order_within_the_lateness_and_any_duplicates()
    {
        var gen =
            from count in Gen.Choose(2, 250)
            from gaps in Gen.Choose(0, 200_000).ArrayOf(count)
            from cents in Gen.Choose(1, 10_000).ArrayOf(count)
            from volumes in Gen.Choose(0, 50).ArrayOf(count)
            from again in Gen.Choose(0, count - 1).ArrayOf(count / 3)
            from delays in Gen.Choose(0, 1_899_999).ArrayOf(count + count / 3)
            let times = gaps.Aggregate(new List<long>(), (all, gap) => [.. all, (all.Count == 0 ? 0 : all[^1]) + gap])
            let ticks = times.Select((time, i) => At(time / 1e6, cents[i] / 100m, volumes[i], sequence: i)).ToArray()
            select (InOrder: ticks, Disturbed: ticks.Concat(again.Select(i => ticks[i])).Zip(delays).OrderBy(x => x.First.Time.Microseconds + x.Second).Select(x => x.First).ToArray());
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_121, 7), Prop.ForAll(
            gen.ToArbitrary(), x => Assert.Equal(Describe(StateOf(x.InOrder)), Describe(StateOf(x.Disturbed)))));
    }

    [Fact]
    public void Takes_ticks_in_without_allocating()
    {
        var state = StateOf(At(0, 10m, sequence: 0));
        var ticks = Enumerable.Range(1, 1_000).Select(i => At(i * 0.001, 10m + i, sequence: i)).ToArray();
        state.Apply(ticks[0], Lateness);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var tick in ticks) state.Apply(tick, Lateness);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static SymbolState StateOf(params Tick[] ticks)
    {
        var state = new SymbolState();
        foreach (var tick in ticks) state.Apply(tick, Lateness);
        return state;
    }

    private static string Describe(SymbolState state) => string.Join(
        '\n',
        state.Windows.Select(w => $"{w.Start} {w.Count} {w.PriceSum} {w.VolumeSum} {w.NotionalSum} {w.Open} {w.High} {w.Low} {w.Close}")
            .Append($"{state.Last} at {state.LastTime}, {state.Counted} counted, {state.Late} late"));
}
