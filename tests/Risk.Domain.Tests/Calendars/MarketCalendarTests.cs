using System.Globalization;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Domain.Tests.Calendars;

public class MarketCalendarTests
{
    [Theory]
    // The close itself belongs to the past; a moment before it does not.
    [InlineData("NSE", "2026-01-05T10:00:00Z", "2026-01-05")]
    [InlineData("NSE", "2026-01-05T09:59:59.999999Z", "2026-01-02")]
    // A holiday on Monday; a Sunday with one hour in the evening.
    [InlineData("NSE", "2026-01-26T11:00:00Z", "2026-01-23")]
    [InlineData("NSE", "2026-11-08T13:29:00Z", "2026-11-06")]
    [InlineData("NSE", "2026-11-08T13:30:00Z", "2026-11-08")]
    // An early close, and both clocks of New York.
    [InlineData("US", "2026-11-27T18:00:00Z", "2026-11-27")]
    [InlineData("US", "2026-03-06T20:59:00Z", "2026-03-05")]
    [InlineData("US", "2026-03-09T20:00:00Z", "2026-03-09")]
    [InlineData("SIM", "2026-01-01T00:00:00Z", "2025-12-31")]
    [InlineData("SIM", "2026-01-01T23:59:59Z", "2025-12-31")]
    public void The_session_that_closed_last(string market, string time, string date)
    {
        Assert.True(MarketCalendar.TryParse(market, out var named));
        var closed = MarketCalendar.Of(named).LastClosed(EventTime.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
        Assert.Equal(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture), closed!.Date);
    }

    [Theory]
    [InlineData("nse", Market.Nse)]
    [InlineData("XNAS", Market.Us)]
    [InlineData("SIM", Market.Sim)]
    [InlineData("LSE", null)]
    [InlineData(null, null)]
    public void An_exchange_is_part_of_a_market(string? exchange, Market? market) => Assert.Equal(market, MarketCalendar.OfExchange(exchange));

    [Theory]
    // Edges of an ordinary day in India: 09:00 is 03:30 UTC.
    [InlineData("NSE", "2026-11-18T03:29:59.999999Z", MarketPhase.Closed)]
    [InlineData("NSE", "2026-11-18T03:30:00Z", MarketPhase.PreOpen)]
    [InlineData("NSE", "2026-11-18T03:44:59.999999Z", MarketPhase.PreOpen)]
    [InlineData("NSE", "2026-11-18T03:45:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2026-11-18T09:59:59.999999Z", MarketPhase.Open)]
    [InlineData("NSE", "2026-11-18T10:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2026-11-18T10:05:00Z", MarketPhase.Closed)]
    // Holidays, and weekends that traded.
    [InlineData("NSE", "2026-01-26T05:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2026-11-24T05:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2026-11-21T05:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2024-05-20T05:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2015-02-28T05:00:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2020-02-01T05:00:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2024-01-20T05:00:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2024-03-02T05:00:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2024-03-02T08:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2025-02-01T09:59:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2026-02-01T05:00:00Z", MarketPhase.Open)]
    // Muhurat: one hour on a day that is otherwise a holiday or a weekend.
    [InlineData("NSE", "2019-10-27T12:45:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2020-11-14T13:44:59Z", MarketPhase.Open)]
    [InlineData("NSE", "2020-11-14T13:45:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2023-11-12T12:35:00Z", MarketPhase.PreOpen)]
    [InlineData("NSE", "2024-11-01T05:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2024-11-01T12:30:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2025-10-21T08:15:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2025-10-21T05:00:00Z", MarketPhase.Closed)]
    [InlineData("NSE", "2026-11-08T12:45:00Z", MarketPhase.Open)]
    // Leap day and the turn of the year.
    [InlineData("NSE", "2024-02-29T05:00:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2025-12-31T05:00:00Z", MarketPhase.Open)]
    [InlineData("NSE", "2026-01-01T05:00:00Z", MarketPhase.Open)]
    // New York in winter (UTC-5) and in summer (UTC-4).
    [InlineData("US", "2026-01-05T14:29:59Z", MarketPhase.Closed)]
    [InlineData("US", "2026-01-05T14:30:00Z", MarketPhase.Open)]
    [InlineData("US", "2026-01-05T20:59:59Z", MarketPhase.Open)]
    [InlineData("US", "2026-01-05T21:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-07-06T13:30:00Z", MarketPhase.Open)]
    [InlineData("US", "2026-07-06T20:00:00Z", MarketPhase.Closed)]
    // The Friday before and the Monday after each change of clocks in 2026 (8 March, 1 November).
    [InlineData("US", "2026-03-06T14:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-03-09T14:00:00Z", MarketPhase.Open)]
    [InlineData("US", "2026-03-09T20:30:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-10-30T14:00:00Z", MarketPhase.Open)]
    [InlineData("US", "2026-11-02T14:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-11-02T20:30:00Z", MarketPhase.Open)]
    // Holidays and early closes.
    [InlineData("US", "2026-07-03T15:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2025-01-09T15:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2001-09-12T15:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-11-26T15:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-11-27T17:59:59Z", MarketPhase.Open)]
    [InlineData("US", "2026-11-27T18:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2026-12-24T18:30:00Z", MarketPhase.Closed)]
    [InlineData("US", "2028-02-29T15:00:00Z", MarketPhase.Open)]
    [InlineData("US", "2027-01-01T15:00:00Z", MarketPhase.Closed)]
    [InlineData("US", "2021-12-31T15:00:00Z", MarketPhase.Open)]
    [InlineData("SIM", "2026-12-25T03:00:00Z", MarketPhase.Open)]
    [InlineData("SIM", "2026-11-21T23:59:59Z", MarketPhase.Open)]
    public void Knows_the_phase_at_a_time(string market, string time, MarketPhase expected) =>
        Assert.Equal(expected, Of(market).PhaseAt(At(time)));

    [Theory]
    [InlineData("NSE", "2026-11-20T03:45:00Z", "2026-11-20T03:45:00Z")]
    [InlineData("NSE", "2026-11-20T03:44:00Z", "2026-11-20T03:45:00Z")]
    [InlineData("NSE", "2026-11-20T10:00:00Z", "2026-11-23T03:45:00Z")]
    [InlineData("NSE", "2026-11-23T10:00:00Z", "2026-11-25T03:45:00Z")]
    [InlineData("NSE", "2026-11-06T10:00:00Z", "2026-11-08T12:30:00Z")]
    [InlineData("US", "2026-10-30T20:00:00Z", "2026-11-02T14:30:00Z")]
    [InlineData("US", "2026-12-31T21:00:00Z", "2027-01-04T14:30:00Z")]
    [InlineData("US", "2001-09-10T20:00:00Z", "2001-09-17T13:30:00Z")]
    [InlineData("SIM", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00Z")]
    public void Finds_the_next_open(string market, string from, string expected) => Assert.Equal(At(expected), Of(market).NextOpen(At(from)));

    [Theory]
    [InlineData("NSE", "2026-11-20T09:59:00Z", "2026-11-20T10:00:00Z")]
    [InlineData("NSE", "2026-11-20T10:00:00Z", "2026-11-23T10:00:00Z")]
    [InlineData("US", "2026-11-25T21:00:00Z", "2026-11-27T18:00:00Z")]
    public void Finds_the_next_close(string market, string from, string expected) => Assert.Equal(At(expected), Of(market).NextClose(At(from)));

    [Fact]
    public void The_simulated_market_never_closes()
    {
        Assert.Null(MarketCalendar.Sim.NextClose(At("2026-11-21T12:00:00Z")));
        var session = MarketCalendar.Sim.SessionOf(new DateOnly(2026, 11, 21))!;
        Assert.Equal((At("2026-11-21T00:00:00Z"), At("2026-11-22T00:00:00Z")), (session.Open, session.Close));
    }

    [Fact]
    public void A_session_is_given_in_absolute_time()
    {
        var session = Of("NSE").SessionOf(new DateOnly(2026, 11, 18))!;
        Assert.Equal((At("2026-11-18T03:30:00Z"), At("2026-11-18T03:45:00Z"), At("2026-11-18T10:00:00Z")), (session.PreOpen, session.Open, session.Close));
        Assert.Null(Of("NSE").SessionOf(new DateOnly(2026, 11, 21)));
    }

    [Fact]
    public void The_date_is_the_markets_own()
    {
        Assert.Equal(new DateOnly(2026, 11, 19), Of("NSE").DateOf(At("2026-11-18T18:30:00Z")));
        Assert.Equal(new DateOnly(2026, 11, 17), Of("US").DateOf(At("2026-11-18T04:59:00Z")));
    }

    [Fact]
    public void An_override_closes_a_day_opens_another_and_moves_a_third()
    {
        var calendar = MarketCalendar.Of(Market.Nse,
        [
            new CalendarOverride(new DateOnly(2026, 11, 18), null),
            new CalendarOverride(new DateOnly(2026, 11, 21), LocalSession.Parse("09:00/09:15-15:30")),
            new CalendarOverride(new DateOnly(2026, 11, 8), LocalSession.Parse("13:45-14:45")),
        ]);
        Assert.False(calendar.IsTradingDay(new DateOnly(2026, 11, 18)));
        Assert.True(calendar.IsOpen(At("2026-11-21T05:00:00Z")));
        Assert.True(calendar.IsOpen(At("2026-11-08T08:30:00Z")));
        Assert.False(calendar.IsOpen(At("2026-11-08T12:45:00Z")));
        Assert.True(Of("NSE").IsTradingDay(new DateOnly(2026, 11, 18)));
    }

    [Theory]
    [InlineData("NSE", 2019, 245)]
    [InlineData("NSE", 2024, 249)]
    [InlineData("US", 2001, 248)]
    [InlineData("US", 2012, 250)]
    [InlineData("US", 2022, 251)]
    [InlineData("US", 2024, 252)]
    public void A_year_has_its_trading_days(string market, int year, int expected) =>
        Assert.Equal(expected, Days(year).Count(Of(market).IsTradingDay));

    [Fact]
    public void The_trading_day_before_skips_weekends_and_holidays() =>
        Assert.Equal(new DateOnly(2026, 12, 31), Of("US").PreviousTradingDay(new DateOnly(2027, 1, 4)));

    [Fact]
    public void Every_open_instant_lies_in_the_session_of_its_date()
    {
        foreach (var market in new[] { "NSE", "US" })
            foreach (var date in Days(2024))
            {
                if (Of(market).SessionOf(date) is not { } session) continue;
                Assert.True(Of(market).IsOpen(session.Open) && Of(market).IsOpen(new EventTime(session.Close.Microseconds - 1)));
                Assert.False(Of(market).IsOpen(new EventTime(session.Open.Microseconds - 1)) || Of(market).IsOpen(session.Close));
                Assert.Equal(date, Of(market).DateOf(session.PreOpen));
            }
    }

    [Fact]
    public void Knows_how_far_its_data_reach() =>
        Assert.Equal((new DateOnly(2012, 1, 1), new DateOnly(2026, 12, 31)), (Of("NSE").KnownFrom, Of("NSE").KnownTo));

    [Theory]
    [InlineData("9:15-15:30")]
    [InlineData("15:30-09:15")]
    [InlineData("09:20/09:15-15:30")]
    [InlineData("09:15")]
    [InlineData("")]
    public void Refuses_what_is_no_session(string text) => Assert.Null(LocalSession.TryParse(text));

    [Fact]
    public void Refuses_an_unknown_market() => Assert.False(MarketCalendar.TryParse("LSE", out _));

    private static MarketCalendar Of(string market)
    {
        Assert.True(MarketCalendar.TryParse(market, out var known));
        return MarketCalendar.Of(known);
    }

    private static IEnumerable<DateOnly> Days(int year) => Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(new DateOnly(year, 1, 1).AddDays);

    private static EventTime At(string time) => EventTime.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
}
