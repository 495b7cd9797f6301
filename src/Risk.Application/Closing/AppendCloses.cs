using Risk.Application.Importing;
using Risk.Application.Stores;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Application.Closing;

/// <summary>
/// Adds the closes of a session to the history in use, as one row under its date. A close is the last counted price with an event time in
/// the session; a symbol without one stays missing. A close that the history has already, imported or added before, is kept and named where
/// it differs. A history that can't be read is left alone: the previous one goes on being measured with.
/// </summary>
public sealed class AppendCloses(HistoryStore history, PriceStore prices, WindowStore windows)
{
    /// <param name="symbols">Of the market; those that the history does not know are passed over.</param>
    /// <exception cref="Ports.StoreUnavailableException">Not known to be added.</exception>
    public async Task<ClosesAppended> RunAsync(IReadOnlySet<Symbol> symbols, MarketSession session, CancellationToken cancellation)
    {
        var current = await history.LoadCurrentAsync(cancellation);
        if (current.Fault is { } fault) return ClosesAppended.Nothing(current.History.Version, fault);
        var wanted = current.History.Symbols.Where(symbols.Contains).Order().ToList();
        var closes = await ClosesAsync(wanted, session, cancellation);

        var before = PriceHistory.Empty;
        string? bound = null;
        var revised = await history.ReviseAsync(
            known =>
            {
                before = known;
                var row = closes.Where(x => known.Find(x.Key) is not null).ToList();
                if (row.Count == 0) return null;
                var merged = HistoryMerge.Of(new PriceHistory([session.Date], [.. row.Select(x => x.Key)], [.. row.Select(x => new[] { x.Value })]), known);
                bound = HistoryMerge.BoundPassed(merged.Symbols.Count, merged.Dates.Count);
                return bound is null ? merged : null;
            },
            cancellation);
        if ((revised.Fault ?? bound) is { } reason) return ClosesAppended.Nothing(revised.History.Version, reason);
        var kept = closes.Where(x => CloseOf(before, x.Key, session.Date) is not null).ToList();
        return new ClosesAppended(
            revised.History.Version,
            closes.Count - kept.Count,
            kept.Count,
            [.. kept.Where(x => CloseOf(before, x.Key, session.Date) != x.Value).Select(x => x.Key.Text)],
            [.. wanted.Where(symbol => !closes.ContainsKey(symbol)).Select(symbol => symbol.Text)],
            null);
    }

    /// <summary>The state knows the last price of all; where that came after the close, the last window of the session knows its own.</summary>
    private async Task<SortedDictionary<Symbol, double>> ClosesAsync(List<Symbol> wanted, MarketSession session, CancellationToken cancellation)
    {
        var closes = new SortedDictionary<Symbol, double>();
        foreach (var (symbol, state) in await prices.LoadAsync(wanted, cancellation))
        {
            if (!state.Last.IsGiven || state.LastTime < session.Open) continue;
            if (state.LastTime < session.Close) closes[symbol] = state.Last.ToDouble();
            else if (await windows.LoadAsync(symbol, session.Open, new EventTime(session.Close.Microseconds - 1), 1, cancellation) is [var last])
                closes[symbol] = last.Close.ToDouble();
        }
        return closes;
    }

    private static double? CloseOf(PriceHistory history, Symbol symbol, DateOnly date)
    {
        for (var day = history.Dates.Count - 1; day >= 0; day--)
            if (history.Dates[day] == date) return history.Find(symbol)?[day] is { } close && !double.IsNaN(close) ? close : null;
        return null;
    }
}

/// <param name="Version">Of the history then in use.</param>
/// <param name="Added">Closes that are new in the history.</param>
/// <param name="Kept">Closes that it had of that date.</param>
/// <param name="Differing">Symbols among these whose close is not the last price of the session.</param>
/// <param name="Missing">Symbols of the history that had no tick in the session.</param>
/// <param name="Fault">Why nothing was added; null when nothing stood in the way.</param>
public sealed record ClosesAppended(long Version, int Added, int Kept, IReadOnlyList<string> Differing, IReadOnlyList<string> Missing, string? Fault)
{
    public static ClosesAppended Nothing(long version, string fault) => new(version, 0, 0, [], [], fault);
}
