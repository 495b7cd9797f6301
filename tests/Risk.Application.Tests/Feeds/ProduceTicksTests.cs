using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Tests.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Feeds;

public sealed class ProduceTicksTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 2, 15, 30, 0, TimeSpan.Zero);
    private static readonly TickPace Pace = new(EventTime.From(Start), 100);
    private readonly TinyTable table = new();
    private readonly RecordingStream stream = new();
    private readonly SymbolTable symbols = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_goes_on_where_the_one_before_stopped()
    {
        await Producer(1).RunAsync(123, Pace, Stop);
        var second = await Producer(1).RunAsync(1_877, Pace.Skip(123), Stop);
        Assert.Equal((1_877L, 1L, 2_000L), (second.Ticks, second.Epoch, second.Position));

        var whole = new Tick[2_000];
        var market = SimulatedMarketTests.Market(1);
        market.Generate(0, market.StartPrices(), whole, 1, Pace, EventTime.Min);
        Assert.Equal(whole.OrderBy(x => x.Symbol).ThenBy(x => x.Sequence), stream.Ticks(symbols).OrderBy(x => x.Symbol).ThenBy(x => x.Sequence));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_crash_after_publishing_repeats_the_same_ticks_within_the_window_and_skips_none(int at)
    {
        stream.LosesAnswerOf = at;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Producer(1).RunAsync(3_000, Pace, Stop));
        var done = (at - 1) * 800; // 4 symbols × 200
        await Producer(1).RunAsync(3_000 - done, Pace.Skip(done), Stop);
        var ticks = stream.Ticks(symbols);
        Assert.Equal(3_800, ticks.Count);
        Assert.Equal(3_000, ticks.Distinct().Count());
        foreach (var symbol in ticks.GroupBy(x => x.Symbol))
        {
            Assert.Equal(Enumerable.Range(0, 750), symbol.Select(x => (int)x.Sequence).Distinct().Order());
            var top = 0L;
            foreach (var tick in symbol)
            {
                Assert.True(tick.Sequence > top - 256);
                top = Math.Max(top, tick.Sequence);
            }
        }
    }

    [Fact]
    public async Task Another_seed_starts_a_new_epoch_after_the_times_of_the_old_one()
    {
        await Producer(1).RunAsync(40, Pace, Stop);
        var other = await Producer(2).RunAsync(4, Pace, Stop);
        Assert.Equal((2L, 4L), (other.Epoch, other.Position));
        Assert.Equal(Pace.At(39), other.LastTime);
        Assert.Equal(3, (await Producer(1).RunAsync(4, Pace, Stop)).Epoch);
    }

    [Fact]
    public async Task The_epoch_is_claimed_before_its_first_tick()
    {
        stream.LosesAnswerOf = 1;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Producer(1).RunAsync(4, Pace, Stop));
        Assert.Equal(2, (await Producer(2).RunAsync(4, Pace, Stop)).Epoch);
    }

    [Fact]
    public async Task A_second_run_of_the_same_producer_is_followed()
    {
        await Producer(1).RunAsync(4, Pace, Stop);
        table.BeforeNextWrite = async () => await Producer(1).RunAsync(100, Pace, Stop);
        var result = await Producer(1).RunAsync(1_000, Pace, Stop);
        // The first batch of 800 found the cursor moved to 104 and is partly repeated by the rest of 200.
        Assert.Equal((1_000L, 304L), (result.Ticks, result.Position));
        Assert.Equal(804, stream.Ticks(symbols).Select(x => (x.Symbol, x.Sequence)).Distinct().Count());
    }

    [Fact]
    public async Task Another_simulation_under_the_same_source_is_an_error()
    {
        await Producer(1).RunAsync(4, Pace, Stop);
        table.BeforeNextWrite = async () => await Producer(2).RunAsync(4, Pace, Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Producer(1).RunAsync(4, Pace, Stop));
    }

    [Fact]
    public async Task Live_ticks_are_due_by_the_clock_and_stop_in_time()
    {
        var clock = new SteppingClock(Start);
        var published = await new ProduceLiveTicks(Producer(1), clock).RunAsync(100, TimeSpan.FromSeconds(2), Stop);
        var ticks = stream.Ticks(symbols);
        Assert.InRange(published, 190, 201);
        Assert.Equal(published, ticks.Count);
        Assert.All(ticks, x => Assert.True(x.Time <= EventTime.From(clock.GetUtcNow())));
        Assert.Equal(EventTime.From(Start), ticks.Min(x => x.Time));
        Assert.Equal(ticks.Count, ticks.Select(x => x.Time).Distinct().Count());
    }

    [Fact]
    public async Task A_slow_live_run_ends_when_it_should_and_keeps_its_pace()
    {
        var clock = new SteppingClock(Start);
        Assert.Equal(3, await new ProduceLiveTicks(Producer(1), clock).RunAsync(0.01, TimeSpan.FromSeconds(250), Stop));
        Assert.Equal(Start.AddSeconds(250), clock.GetUtcNow());
        Assert.Equal([0.0, 100, 200], stream.Ticks(symbols).Select(x => (x.Time - EventTime.From(Start)).TotalSeconds).Order());
    }

    [Fact]
    public async Task Live_time_that_was_lost_is_not_made_up_for()
    {
        var clock = new SteppingClock(Start);
        table.BeforeNextWrite = () =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        };
        var published = await new ProduceLiveTicks(Producer(1), clock).RunAsync(100, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1), Stop);
        Assert.InRange(published, 90, 110);
    }

    private ProduceTicks Producer(long seed) => new(stream, new ProducerCursors(table), symbols, SimulatedMarketTests.Market(seed, symbols));
}
