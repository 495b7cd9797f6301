using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Risk.Application.Ports;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Closing.ClosingHouse;

namespace Risk.Application.Tests.Closing;

public sealed partial class CloseDayTests
{
    [Fact]
    public async Task The_last_window_of_a_symbol_that_fell_silent_is_closed()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:00:01", Line(A, "05:00:01", 100, 1), Line(B, "05:00:01", 50, 1));
        await house.SendAsync("09:59:59", Line(B, "09:59:50", 51, 2));
        Assert.Single(house.Rows("WIN#BBB"));
        Assert.Equal(2, (await house.CloseAsync()).WindowsClosed);
        Assert.Equal((1, 2), (house.Rows("WIN#AAA").Count, house.Rows("WIN#BBB").Count));
        Assert.Empty((await house.Prices.FindAsync(A, Cancel))!.Windows);
        Assert.Equal(0, (await house.CloseAsync()).WindowsClosed);
    }

    [Fact]
    public async Task Ticks_still_under_way_to_later_windows_count_and_those_of_the_closed_one_are_late()
    {
        var house = await OpenAsync();
        await house.SendAsync("09:00:01", Line(A, "09:00:01", 100, 1));
        await house.CloseAsync();
        await house.SendAsync("11:00:01", Line(A, "09:00:04", 101, 2), Line(A, "09:30:00", 102, 3));
        var state = (await house.Prices.FindAsync(A, Cancel))!;
        Assert.Equal((2, 1), (state.Counted, state.Late));
        Assert.Equal(EventTime.From(Time("09:30:00")), Assert.Single(state.Windows).Start);
    }

    [Fact]
    public async Task Windows_after_the_session_close_when_they_have_been_silent_for_a_while()
    {
        var house = await OpenAsync();
        await house.SendAsync("10:50:04", Line(A, "10:00:00.2", 100, 1), Line(B, "10:50:03", 50, 1));
        Assert.Equal(1, (await house.CloseAsync()).WindowsClosed);
        Assert.Equal((1, 0), (house.Rows("WIN#AAA").Count, house.Rows("WIN#BBB").Count));
    }

    [Fact]
    public async Task Symbols_of_another_market_are_left_alone()
    {
        var house = await OpenAsync();
        await house.SendAsync("05:00:01", Line(C, "05:00:01", 100, 1), Line(D, "05:00:01", 50, 1));
        Assert.Equal(0, (await house.CloseAsync()).WindowsClosed);
        Assert.Empty(house.Rows("WIN#"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_symbol_that_is_still_being_counted_is_left_alone(bool atTheLastMoment)
    {
        var house = await OpenAsync();
        await house.SendAsync("09:00:01", Line(A, "09:00:01", 100, 1));
        Task TickAsync() => house.SendAsync("09:00:02", Line(A, "09:00:02", 103, 2));
        using var timer = house.Clock.CreateTimer(_ => TickAsync().GetAwaiter().GetResult(), null, atTheLastMoment ? Timeout.InfiniteTimeSpan : Due.AddSeconds(3) - house.Clock.GetUtcNow(), Timeout.InfiniteTimeSpan);
        var isDone = !atTheLastMoment;
        house.Table.Hook = name =>
        {
            if (isDone || !name.StartsWith("before PX#", StringComparison.Ordinal)) return Task.CompletedTask;
            isDone = true;
            return TickAsync();
        };
        Assert.Equal(0, (await house.CloseAsync()).WindowsClosed);
        Assert.Equal(2, Assert.Single((await house.Prices.FindAsync(A, Cancel))!.Windows).Count);
        Assert.Empty(house.Rows("WIN#"));
        Assert.Equal(1, (await house.CloseAsync()).WindowsClosed);
    }

    [Fact]
    public async Task Windows_of_an_older_day_are_left_alone()
    {
        var house = await OpenAsync();
        await house.SendAsync("09:00:01", Line(A, "09:00:01", 100, 1, "2025-06-02"));
        Assert.Equal(0, (await house.CloseAsync()).WindowsClosed);
    }

    [Theory]
    // An ordinary day, and how late its firing may be.
    [InlineData("NSE", "2026-01-05T11:00:00Z", "2026-01-05")]
    [InlineData("NSE", "2026-01-06T09:59:59Z", "2026-01-05")]
    // Holidays and weekends.
    [InlineData("NSE", "2026-01-26T11:00:00Z", null)]
    [InlineData("NSE", "2026-01-10T11:00:00Z", null)]
    // A Sunday of one evening hour: the first firing finds nothing, the second the session.
    [InlineData("NSE", "2026-11-08T11:00:00Z", null)]
    [InlineData("NSE", "2026-11-08T15:00:00Z", "2026-11-08")]
    [InlineData("US", "2026-11-27T22:30:00Z", "2026-11-27")]
    [InlineData("US", "2026-11-28T22:30:00Z", null)]
    // The Monday after the clocks changed, and the Sunday of it.
    [InlineData("US", "2026-03-09T21:30:00Z", "2026-03-09")]
    [InlineData("US", "2026-03-08T21:30:00Z", null)]
    [InlineData("US", "2026-11-02T22:30:00Z", "2026-11-02")]
    [InlineData("SIM", "2026-01-01T00:02:00Z", "2025-12-31")]
    [InlineData("SIM", "2028-03-01T00:02:00Z", "2028-02-29")]
    public async Task The_calendar_says_which_day_is_closed(string market, string at, string? date)
    {
        var house = await OpenAsync();
        Assert.True(MarketCalendar.TryParse(market, out var named));
        var due = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        var closed = await house.CloseAsync(named, due);
        Assert.Equal(date, closed.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(date is null ? "no_session" : null, closed.Reason);
    }

    [Fact]
    public async Task Wherever_it_crashes_the_next_one_leaves_the_same()
    {
        var moments = 0;
        var whole = await CrashAsync(_ => moments++);
        Assert.InRange(moments, 25, 80);
        for (var crash = 0; crash < moments; crash++)
        {
            var (at, name) = (0, "");
            var again = await CrashAsync(moment =>
            {
                if (at++ != crash) return;
                name = moment;
                throw new SimulatedCrash();
            });
            Assert.True(whole.SequenceEqual(again), $"A crash {name} leaves:\n{string.Join('\n', whole.Except(again).Select(x => "- " + x).Concat(again.Except(whole).Select(x => "+ " + x)))}");
        }
    }

    /// <summary>A day with silent symbols, a gap and two parts, closed until it is; everything that lies in the table and the archive.</summary>
    private static async Task<List<string>> CrashAsync(Action<string> atEachMoment)
    {
        var house = await OpenAsync(maxTicksPerPart: 3);
        await house.SendAsync("05:00:01", Line(A, "05:00:01", 100, 1), Line(B, "05:00:01", 50, 1));
        house.Archive.Hook = _ => throw new StoreUnavailableException("Simulated: the archive is down.");
        await house.SendAsync("06:00:00", Line(A, "06:00:00", 101, 2), Line(A, "06:00:00", 101, 2));
        house.Archive.Hook = _ => Task.CompletedTask;
        await house.SendAsync("09:00:00", Line(A, "09:00:00", 102, 3), Line(B, "09:00:00", 51, 2));
        Assert.Single(house.Rows("RAWGAP#"));
        house.Table.Hook = house.Archive.Hook = moment =>
        {
            atEachMoment(moment);
            return Task.CompletedTask;
        };
        for (var done = false; !done;)
        {
            try
            {
                await house.CloseAsync();
                done = true;
            }
            catch (SimulatedCrash)
            {
                // The next attempt goes on.
            }
        }
        var left = house.Table.Everything.Select(x => $"{x.Key} {Encoding.UTF8.GetString(x.Body.Span)}").ToList();
        foreach (var name in await house.Archive.ListAsync("", Cancel))
        {
            var content = (await house.Archive.GetAsync(name, Cancel))!;
            // The time of the copy is that of the attempt which planned it.
            left.Add($"{name} {(name.EndsWith(".json", StringComparison.Ordinal) ? CopiedAt().Replace(Encoding.UTF8.GetString(content), "") : Convert.ToHexString(content))}");
        }
        return left;
    }

    [GeneratedRegex("\"at\":\"[^\"]*\"")]
    private static partial Regex CopiedAt();
}
