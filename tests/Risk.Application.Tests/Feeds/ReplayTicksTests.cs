using System.Globalization;
using System.Text;
using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Tests.Stores;
using Risk.Domain.Instruments;
using Xunit;

namespace Risk.Application.Tests.Feeds;

public sealed class ReplayTicksTests
{
    private readonly TinyTable table = new();
    private readonly RecordingStream stream = new();
    private readonly SymbolTable symbols = TickFileTests.Symbols();
    private readonly SteppingClock clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_line_is_published_or_skipped_with_a_reason()
    {
        var result = await Replay("t.csv", "time,symbol,price\n1381233600000,IBM,1\n1381233600000,IBM,0\nx\n1381233600000,EURUSD,1\n\n1381233600000,NOPE,1\n");
        Assert.Equal((5L, 2L, 0L, 3L), (result.Lines, result.Published, result.PublishedEarlier, result.Skipped.Values.Sum()));
        Assert.Equal([("malformed", 1L), ("price_not_positive", 1L), ("unknown_symbol", 1L)], result.Skipped.Select(x => (x.Key, x.Value)));
        Assert.Equal([(3L, "price_not_positive"), (4L, "malformed"), (7L, "unknown_symbol")], result.Faults);
        Assert.Equal(2, stream.Ticks(symbols).Count);
    }

    [Fact]
    public async Task Suspicious_ticks_are_kept_and_counted()
    {
        var result = await Replay("ibm_20131008_trade.zip", TickFileTests.Zip("1000,1821000,300,P,2000,1\n1000,1821000,300,P,2000,0\n"));
        Assert.Equal((2L, 1L), (result.Published, result.Suspicious));
    }

    [Fact]
    public async Task A_second_replay_publishes_nothing_unless_it_is_asked_to()
    {
        await Replay("t.csv", Csv(300, allGood: true));
        var second = await Replay("t.csv", Csv(300, allGood: true));
        Assert.Equal((300L, 0L, 300L), (second.Lines, second.Published, second.PublishedEarlier));
        var again = await Replay("t.csv", Csv(300, allGood: true), again: true);
        Assert.Equal((300L, 1L), (again.Published, again.Epoch));
        Assert.Equal(600, stream.Ticks(symbols).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_replay_that_was_cut_off_goes_on_without_gap_or_second_identity(int at)
    {
        stream.LosesAnswerOf = at;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Replay("t.csv", Csv(1_500)));
        var rest = await Replay("t.csv", Csv(1_500));
        Assert.Equal(1_500, rest.Published + rest.PublishedEarlier + rest.Skipped.Values.Sum());
        var ticks = stream.Ticks(symbols);
        var alone = new RecordingStream();
        await Replay("t.csv", Csv(1_500), into: alone, store: new TinyTable());
        Assert.Equal(alone.Ticks(symbols).OrderBy(x => x.Symbol).ThenBy(x => x.Sequence), ticks.Distinct().OrderBy(x => x.Symbol).ThenBy(x => x.Sequence));
        Assert.All(ticks.GroupBy(x => (x.Symbol, x.Sequence)), x => Assert.Single(x.Distinct()));
        Assert.InRange(ticks.Count - ticks.Distinct().Count(), 1, 400);
    }

    [Fact]
    public async Task A_batch_holds_at_most_200_ticks_of_a_symbol()
    {
        await Replay("t.csv", "time,symbol,price\n" + string.Concat(Enumerable.Range(0, 450).Select(_ => "1381233600000,IBM,1\n")));
        Assert.Equal([8, 8, 2], stream.BatchSizes); // records of 25
    }

    [Fact]
    public async Task Two_replays_of_one_file_at_once_are_an_error()
    {
        table.BeforeNextWrite = async () => await Replay("t.csv", Csv(10));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Replay("t.csv", Csv(10)));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(4, 2.5)]
    [InlineData(0, 0)]
    public async Task The_pace_is_that_of_the_event_times_divided_by_the_speed(double speed, double seconds)
    {
        var start = clock.GetUtcNow();
        await Replay("t.csv", "time,symbol,price\n1381233600000,IBM,1\n1381233600010,IBM,2\n1381233604000,IBM,3\n1381233603000,IBM,4\n1381233610000,IBM,5\n", speed: speed);
        Assert.Equal(seconds, (clock.GetUtcNow() - start).TotalSeconds, 3);
        Assert.Equal(speed == 0 ? 1 : 3, stream.BatchSizes.Count);
    }

    [Fact]
    public async Task What_was_read_of_a_file_that_turns_out_too_large_is_published()
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Csv(20_000)));
        using var file = TickFile.Open("t.csv", content, symbols, maxBytes: 200_000);
        await Assert.ThrowsAsync<TickFileException>(() => new ReplayTicks(stream, new ProducerCursors(table), symbols, clock).RunAsync(file, 0, false, Stop));
        Assert.InRange(stream.Ticks(symbols).Count, 1_000, 19_000);
    }

    /// <summary>Two symbols in turn; unless all are good, every tenth row is no tick.</summary>
    private static string Csv(int rows, bool allGood = false) => "time,symbol,price\n" + string.Concat(Enumerable.Range(0, rows).Select(n => string.Create(
        CultureInfo.InvariantCulture, $"{1_381_233_600_000 + n},{(n % 3 == 0 ? "IBM" : "EURUSD")},{(n % 10 == 9 && !allGood ? 0 : n + 1)}\n")));

    private Task<ReplayedTicks> Replay(string name, string content, bool again = false, double speed = 0, RecordingStream? into = null, TinyTable? store = null) =>
        Replay(name, Encoding.UTF8.GetBytes(content), again, speed, into, store);

    private async Task<ReplayedTicks> Replay(string name, byte[] bytes, bool again = false, double speed = 0, RecordingStream? into = null, TinyTable? store = null)
    {
        using var content = new MemoryStream(bytes);
        using var file = TickFile.Open(name, content, symbols);
        return await new ReplayTicks(into ?? stream, new ProducerCursors(store ?? table), symbols, clock).RunAsync(file, speed, again, Stop);
    }
}
