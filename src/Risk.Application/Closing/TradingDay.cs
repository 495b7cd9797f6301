using Risk.Domain.Calendars;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>
/// The ticks of a session and of the time since the session before: event times in [<paramref name="From"/>, close of the session). So each
/// moment belongs to one day, and a day is complete when its session closes; ticks after the close belong to the next one.
/// </summary>
/// <param name="From">The close of the session before.</param>
public sealed record TradingDay(Market Market, EventTime From, MarketSession Session)
{
    public EventTime To => Session.Close;

    /// <summary>The day whose session closed last, at the latest at that time; null when the calendar has none within 40 days.</summary>
    public static TradingDay? ClosedBy(Market market, EventTime time)
    {
        var calendar = MarketCalendar.Of(market);
        if (calendar.LastClosed(time) is not { } session) return null;
        var before = calendar.LastClosed(new EventTime(session.Close.Microseconds - 1));
        return new TradingDay(market, before?.Close ?? session.Open, session);
    }

    public TradingDay? Before => ClosedBy(Market, From);

    public static string NameOf(Market market) => market.ToString().ToUpperInvariant();
}
