using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>
/// Closes the trading day of a market: its windows that nothing more will come for, its row of closes in the history, the gaps of the
/// archive, and a copy of its raw ticks that is sorted and free of repetitions. Each step finds out what is done already, so that after any
/// failure, and any number of times, the same close may be run again: it does what is left. One call at a time for one market.
/// </summary>
public sealed class CloseDay(
    Universe universe, InstrumentStore instruments, CloseWindows windows, AppendCloses closes, FillRawGaps gaps, CurateTicks curate, ReportingSettings reporting)
{
    /// <summary>
    /// A session that closed longer before the given time is not the one to close. Less than a day, so that the schedule of a holiday finds
    /// none: it fires at the same hour on which the day before was closed.
    /// </summary>
    public static readonly TimeSpan MaxAfterClose = TimeSpan.FromHours(24);

    /// <summary>What ticks after the session may still be under way is left open this long.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    /// <param name="at">
    /// When the close was due: the day is the one whose session closed last at that time, whenever this runs. The simulated market has one
    /// session from midnight to midnight UTC, so that its days are closed on the day after.
    /// </param>
    /// <exception cref="Ports.StoreUnavailableException">Some of it is not done: run it again.</exception>
    public async Task<DayClose> RunAsync(Market market, DateTimeOffset at, CancellationToken cancellation)
    {
        var time = EventTime.From(at);
        if (TradingDay.ClosedBy(market, time) is not { } day || time - day.Session.Close > MaxAfterClose) return DayClose.Nothing(market, "no_session");
        await universe.RefreshAsync(cancellation);
        var symbols = await SymbolsOfAsync(market, cancellation);
        if (symbols.Count == 0) return DayClose.Nothing(market, "no_symbols");

        var silent = time.Add(-Slack);
        var closed = await windows.RunAsync(symbols, day.From, silent > day.Session.Close ? silent : day.Session.Close, cancellation);
        var history = await closes.RunAsync(symbols, day.Session, cancellation);
        var filled = await gaps.RunAsync(cancellation);
        var curated = await curate.RunAsync(day, symbols, filled.Missing, cancellation);
        return new DayClose(TradingDay.NameOf(market), day.Session.Date, null, closed, history, filled, curated);
    }

    /// <summary>An instrument that names no known exchange trades on the market of the house.</summary>
    private async Task<HashSet<Symbol>> SymbolsOfAsync(Market market, CancellationToken cancellation)
    {
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments.Values;
        return [.. known.Where(x => (MarketCalendar.OfExchange(x.Exchange) ?? reporting.Calendar.Market) == market).Select(x => x.Symbol)];
    }
}

/// <param name="Date">The market's local date of the session; null when there was nothing to close.</param>
/// <param name="Reason">Why nothing was closed: <c>no_session</c>, <c>no_symbols</c>; null when it was.</param>
/// <param name="WindowsClosed">That no tick had closed.</param>
public sealed record DayClose(string Market, DateOnly? Date, string? Reason, int WindowsClosed, ClosesAppended? History, GapsFilled? Gaps, TicksCurated? Curated)
{
    public static DayClose Nothing(Market market, string reason) => new(TradingDay.NameOf(market), null, reason, 0, null, null, null);
}
