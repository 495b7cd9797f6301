using System.Text;
using System.Text.Json;
using Risk.Application.Importing;
using Risk.Application.Ports;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Xunit;
using static Risk.Application.Tests.Closing.ClosingHouse;

namespace Risk.Application.Tests.Closing;

public sealed class AppendClosesTests
{
    private static readonly DateOnly Day = new(2026, 1, 5);

    [Fact]
    public async Task The_last_price_of_the_session_becomes_its_close()
    {
        var house = await OpenAsync();
        await house.SendAsync("09:59:59", Line(A, "09:59:58", 100, 1), Line(A, "09:59:59.999999", 101.5m, 2), Line(B, "03:44:59", 49, 1), Line(B, "05:00:00", 50, 2));
        var added = (await house.CloseAsync()).History!;
        Assert.Equal((2, 2, 0), (added.Version, added.Added, added.Kept));
        var history = await CurrentAsync(house);
        Assert.Equal((Day, 101.5, 50), (history.Dates[^1], CloseOf(history, A), CloseOf(history, B)));
        Assert.Equal([3, 6], [history.Find(A)![^2], history.Find(B)![^2]]);
    }

    [Fact]
    public async Task A_price_after_the_close_does_not_hide_the_one_before_it()
    {
        var house = await OpenAsync();
        await house.SendAsync("09:59:59", Line(A, "09:59:57", 100, 1), Line(A, "09:59:58", 101, 2));
        await house.SendAsync("10:00:01", Line(A, "10:00:00", 77, 3));
        await house.CloseAsync();
        Assert.Equal(101, CloseOf(await CurrentAsync(house), A));
    }

    [Fact]
    public async Task A_symbol_without_a_tick_of_the_session_is_missing_and_named()
    {
        var house = await OpenAsync();
        await house.SendAsync("03:30:00", Line(B, "03:30:00", 50, 1));
        await house.SendAsync("09:00:00", Line(A, "09:00:00", 100, 1));
        var added = (await house.CloseAsync()).History!;
        Assert.Equal(["BBB"], added.Missing);
        var history = await CurrentAsync(house);
        Assert.Equal([double.NaN, double.NaN, double.NaN], new[] { B, C, D }.Select(x => CloseOf(history, x)));
    }

    [Fact]
    public async Task A_day_without_any_tick_makes_no_row()
    {
        var house = await OpenAsync();
        var added = (await house.CloseAsync()).History!;
        Assert.Equal((1, 0), (added.Version, added.Added));
        Assert.Equal(["AAA", "BBB"], added.Missing);
        Assert.Equal(new DateOnly(2026, 1, 2), (await CurrentAsync(house)).Dates[^1]);
    }

    [Fact]
    public async Task Closing_twice_makes_no_second_version()
    {
        var house = await OpenAsync();
        await house.SendAsync("09:00:00", Line(A, "09:00:00", 100, 1));
        await house.CloseAsync();
        var again = (await house.CloseAsync()).History!;
        Assert.Equal((2, 0, 1), (again.Version, again.Added, again.Kept));
        Assert.Empty(again.Differing);
        Assert.Equal(2, (await house.Archive.ListAsync("history/", Cancel)).Count);
    }

    [Fact]
    public async Task An_imported_close_is_kept_and_named_where_it_differs()
    {
        var house = await OpenAsync();
        await house.History.ReviseAsync(known => HistoryMerge.Of(known, new PriceHistory([Day], [A], [[99.0]])), Cancel);
        await house.SendAsync("09:00:00", Line(A, "09:00:00", 100, 1), Line(B, "09:00:00", 50, 1));
        var added = (await house.CloseAsync()).History!;
        Assert.Equal((1, 1), (added.Added, added.Kept));
        Assert.Equal(["AAA"], added.Differing);
        var history = await CurrentAsync(house);
        Assert.Equal((99, 50), (CloseOf(history, A), CloseOf(history, B)));
    }

    [Fact]
    public async Task Two_markets_share_the_row_of_a_date()
    {
        var house = await OpenAsync();
        await house.SendAsync("09:00:00", Line(A, "09:00:00", 100, 1));
        await house.CloseAsync();
        await house.SendAsync("20:00:00", Line(C, "20:00:00", 200, 1));
        await house.CloseAsync(Market.Us, Time("22:30:00"));
        var history = await CurrentAsync(house);
        Assert.Equal((4, 100, 200), (history.Dates.Count, CloseOf(history, A), CloseOf(history, C)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_history_that_cannot_be_read_is_left_alone(bool isDamaged)
    {
        var house = await OpenAsync();
        await house.SendAsync("09:00:00", Line(A, "09:00:00", 100, 1));
        var name = Assert.Single(await house.Archive.ListAsync("history/", Cancel));
        var good = (await house.Archive.GetAsync(name, Cancel))!;
        if (isDamaged) await house.Archive.PutAsync(name, good.AsMemory(..(good.Length / 2)), Cancel);
        else await MoveAsync(house, name);
        var closed = await house.CloseAsync();
        Assert.Contains("can't be read", closed.History!.Fault, StringComparison.Ordinal);
        Assert.Equal(1, closed.Curated!.Ticks);
        Assert.Equal(1, Assert.Single(house.Rows("HIST#")).Version);

        // Once it is mended the same close adds what it could not.
        await house.Archive.PutAsync(isDamaged ? name : PointedAt(house), good, Cancel);
        Assert.Equal(2, (await house.CloseAsync()).History!.Version);
        Assert.Equal(100, CloseOf(await CurrentAsync(house), A));
    }

    /// <summary>The pointer names an object that is not there.</summary>
    private static async Task MoveAsync(ClosingHouse house, string name)
    {
        var pointer = Assert.Single(house.Rows("HIST#"));
        var body = Encoding.UTF8.GetString(pointer.Body.Span).Replace(name, "history/elsewhere.bin.gz", StringComparison.Ordinal);
        await house.Table.WriteEachAsync([ItemWrite.Put(pointer with { Body = Encoding.UTF8.GetBytes(body) })], Cancel);
    }

    private static string PointedAt(ClosingHouse house) =>
        JsonDocument.Parse(Assert.Single(house.Rows("HIST#")).Body).RootElement.GetProperty("object").GetString()!;

    private static async Task<PriceHistory> CurrentAsync(ClosingHouse house) => (await house.History.LoadCurrentAsync(Cancel)).History;

    private static double CloseOf(PriceHistory history, Symbol symbol) => history.Find(symbol)![history.Dates.ToList().IndexOf(Day)];
}
