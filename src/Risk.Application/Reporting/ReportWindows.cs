using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Reporting;

/// <summary>The 5-second windows of a symbol: those stored, those that are closed and not yet known to be stored, and the open ones.</summary>
public sealed class ReportWindows(InstrumentStore instruments, PriceStore prices, WindowStore windows, TimeProvider time)
{
    public static readonly TimeSpan MaxSpan = TimeSpan.FromDays(31);

    private static readonly TimeSpan UsualSpan = TimeSpan.FromHours(1);

    /// <summary>Those that start in [from, to], the newest <paramref name="limit"/> of them, ascending. Null for a symbol that is no instrument.</summary>
    /// <param name="to">The newest tick where not given, or an hour after a start that lies behind it.</param>
    /// <param name="from">An hour before the end where not given; cut to <see cref="MaxSpan"/>.</param>
    public async Task<IReadOnlyList<ReportedWindow>?> RunAsync(Symbol symbol, DateTimeOffset? from, DateTimeOffset? to, int limit, CancellationToken cancellation)
    {
        if (await instruments.FindAsync(symbol, cancellation) is null) return null;
        // The state is read first: a window that leaves it meanwhile is found among the stored ones.
        var state = await prices.FindAsync(symbol, cancellation);
        var newest = state is { Last.IsGiven: true } ? state.LastTime.ToDateTimeOffset() : time.GetUtcNow();
        var end = to ?? (from > newest ? from.Value + UsualSpan : newest);
        var start = from ?? end - UsualSpan;
        var (first, last) = (EventTime.From(end - start > MaxSpan ? end - MaxSpan : start), EventTime.From(end));
        var found = new SortedDictionary<EventTime, ReportedWindow>();
        foreach (var window in await windows.LoadAsync(symbol, first, last, limit, cancellation))
            found[window.Start] = new ReportedWindow(window, true);
        foreach (var window in state?.Windows ?? [])
            if (window.Start >= first && window.Start <= last) found[window.Start] = new ReportedWindow(window, window.End <= state!.Watermark);
        return [.. found.Values.TakeLast(limit)];
    }
}

public sealed record ReportedWindow(PriceWindow Window, bool IsClosed);
