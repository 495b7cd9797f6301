using Risk.Application.Stores;
using Risk.Domain.Instruments;

namespace Risk.Application.Streaming;

/// <summary>The symbols that ticks may name: every instrument in the store. Other processes may add some at any time.</summary>
public sealed class Universe(InstrumentStore instruments)
{
    private long version = -1;

    public SymbolTable Symbols { get; } = new();

    /// <summary>Makes the symbol table know every instrument that was stored before the call.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var known = await instruments.LoadAllAsync(cancellation);
        if (Volatile.Read(ref version) == known.Version) return;
        // First the symbols, then the version: whoever meets the version relies on them.
        Symbols.AddRange(known.Instruments.Keys.Order());
        Volatile.Write(ref version, known.Version);
    }
}
