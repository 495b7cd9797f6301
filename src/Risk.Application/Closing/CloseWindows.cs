using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>
/// Closes what no further tick closes: the last window of a symbol that fell silent. As in <see cref="IngestTicks"/> the state goes first, on
/// its version, and only what a saved state calls closed becomes a window (docs/decisions/0007). The watermark moves to the end of that
/// window and no further, so that ticks still under way to later ones count. A symbol that is still being counted, because the consumer is
/// behind or old ticks are replayed, is left alone: its own ticks close its windows.
/// </summary>
public sealed class CloseWindows(PriceStore prices, WindowStore windows, TimeProvider time)
{
    /// <summary>A symbol whose state has not changed for so long is silent.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private const int SymbolsAtOnce = 500;

    /// <summary>Returns how many windows were closed. Windows that others closed and did not store are stored too.</summary>
    /// <param name="from">Windows that start earlier belong to another day.</param>
    /// <param name="through">Windows that end later stay open.</param>
    /// <exception cref="StoreUnavailableException">Some may still be open, or not stored: run it again.</exception>
    public async Task<int> RunAsync(IReadOnlyCollection<Symbol> symbols, EventTime from, EventTime through, CancellationToken cancellation)
    {
        var silent = new Dictionary<Symbol, (long Version, EventTime End)>();
        foreach (var some in symbols.Chunk(SymbolsAtOnce))
            foreach (var (symbol, state) in await prices.LoadAsync(some, cancellation))
                if (state.Windows.LastOrDefault(window => window.Start >= from && window.End <= through && window.End > state.Watermark) is { } last)
                    silent[symbol] = (state.Version, last.End);
        if (silent.Count > 0) await Task.Delay(Silence, time, cancellation);

        var closed = 0;
        foreach (var some in symbols.Order().Chunk(SymbolsAtOnce))
            // Who is refused has a new version by then, and so at most windows that wait to be stored.
            for (IReadOnlyCollection<Symbol> pending = some; pending.Count > 0;)
            {
                (var now, pending) = await CloseAsync(pending, silent, cancellation);
                closed += now;
            }
        return closed;
    }

    /// <summary>Returns the symbols that somebody else saved meanwhile: they are to be read again.</summary>
    private async Task<(int Closed, List<Symbol> Again)> CloseAsync(
        IReadOnlyCollection<Symbol> symbols, Dictionary<Symbol, (long Version, EventTime End)> silent, CancellationToken cancellation)
    {
        var due = new List<int>();
        var changed = new List<(Symbol Symbol, SymbolState State)>();
        var waiting = new List<(Symbol Symbol, SymbolState State)>();
        foreach (var (symbol, state) in await prices.LoadAsync(symbols, cancellation))
        {
            if (silent.TryGetValue(symbol, out var seen) && seen.Version == state.Version)
            {
                due.Add(state.Windows.Count(window => window.End > state.Watermark && window.End <= seen.End));
                state.CloseThrough(seen.End);
                changed.Add((symbol, state));
            }
            else if (state.HasClosedWindows) waiting.Add((symbol, state));
        }
        if (changed.Count + waiting.Count == 0) return (0, []);
        var outcomes = await prices.SaveAsync(changed, cancellation);
        var again = changed.Where((_, i) => outcomes[i] == WriteOutcome.Refused).Select(x => x.Symbol).ToList();
        waiting.AddRange(changed.Where((_, i) => outcomes[i] == WriteOutcome.Written));
        await StoreAsync(waiting, cancellation);
        if (outcomes.Contains(WriteOutcome.Unavailable)) throw new StoreUnavailableException("Some symbols could not be saved with their windows closed.");
        return (due.Where((_, i) => outcomes[i] == WriteOutcome.Written).Sum(), again);
    }

    private async Task StoreAsync(List<(Symbol Symbol, SymbolState State)> states, CancellationToken cancellation)
    {
        var closed = states.SelectMany(x => x.State.Windows.Where(window => window.End <= x.State.Watermark).Select(window => (x.Symbol, window))).ToList();
        var stored = await windows.SaveAsync(closed, time.GetUtcNow(), cancellation);
        if (stored.Any(outcome => outcome != WriteOutcome.Written)) throw new StoreUnavailableException("Some closed windows could not be stored.");
        foreach (var (_, state) in states) state.ForgetClosedWindows();
        // Who is refused here has met a newer state, which still holds the windows: they are stored, and go at its next save.
        await prices.SaveAsync(states, cancellation);
    }
}
