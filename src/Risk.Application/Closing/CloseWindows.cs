using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>
/// Closes what no further tick closes: the last window of a symbol that fell silent. As in <see cref="IngestTicks"/> the state goes first, on
/// its version, and only what a saved state calls closed becomes a window (docs/decisions/0007). The watermark moves to the end of that
/// window and no further, so that ticks still under way to later ones count.
/// </summary>
public sealed class CloseWindows(PriceStore prices, WindowStore windows, TimeProvider time)
{
    private const int SymbolsAtOnce = 500;

    /// <summary>Returns how many windows were closed. Windows that others closed and did not store are stored too.</summary>
    /// <param name="through">Windows that end later stay open.</param>
    /// <exception cref="StoreUnavailableException">Some may still be open, or not stored: run it again.</exception>
    public async Task<int> RunAsync(IReadOnlyCollection<Symbol> symbols, EventTime through, CancellationToken cancellation)
    {
        var closed = 0;
        foreach (var some in symbols.Order().Chunk(SymbolsAtOnce))
        {
            IReadOnlyCollection<Symbol> pending = some;
            for (var attempt = 0; pending.Count > 0; attempt++)
            {
                if (attempt == IngestTicks.MaxTries) throw new StoreUnavailableException($"Symbol {pending.First()} kept changing while its windows were closed.");
                (var now, pending) = await CloseAsync(pending, through, cancellation);
                closed += now;
            }
        }
        return closed;
    }

    /// <summary>Returns the symbols that somebody else saved meanwhile: they are to be read again.</summary>
    private async Task<(int Closed, List<Symbol> Again)> CloseAsync(IReadOnlyCollection<Symbol> symbols, EventTime through, CancellationToken cancellation)
    {
        var closed = 0;
        var changed = new List<(Symbol Symbol, SymbolState State)>();
        var waiting = new List<(Symbol Symbol, SymbolState State)>();
        foreach (var (symbol, state) in await prices.LoadAsync(symbols, cancellation))
        {
            var due = state.Windows.Count(window => window.End > state.Watermark && window.End <= through);
            if (due > 0) state.CloseThrough(state.Windows.Last(window => window.End <= through).End);
            if (due > 0) changed.Add((symbol, state));
            else if (state.HasClosedWindows) waiting.Add((symbol, state));
            closed += due;
        }
        if (changed.Count + waiting.Count == 0) return (0, []);
        var outcomes = await prices.SaveAsync(changed, cancellation);
        var again = changed.Where((_, i) => outcomes[i] == WriteOutcome.Refused).Select(x => x.Symbol).ToList();
        waiting.AddRange(changed.Where((_, i) => outcomes[i] == WriteOutcome.Written));
        await StoreAsync(waiting, cancellation);
        if (outcomes.Contains(WriteOutcome.Unavailable)) throw new StoreUnavailableException("Some symbols could not be saved with their windows closed.");
        closed -= changed.Where((_, i) => outcomes[i] == WriteOutcome.Refused).Sum(x => x.State.Windows.Count(window => window.End <= x.State.Watermark));
        return (closed, again);
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
