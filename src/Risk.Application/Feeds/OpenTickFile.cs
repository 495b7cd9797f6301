using Risk.Application.Stores;
using Risk.Application.Streaming;

namespace Risk.Application.Feeds;

/// <summary>Opens a file of recorded ticks. What a LEAN archive holds ticks of becomes an instrument, if it is none yet.</summary>
public sealed class OpenTickFile(InstrumentStore instruments, Universe universe)
{
    /// <inheritdoc cref="TickFile.Open"/>
    public async Task<TickFile> RunAsync(string name, Stream content, CancellationToken cancellation)
    {
        if (TickFile.InstrumentOf(name, content) is { } quoted && await instruments.FindAsync(quoted.Symbol, cancellation) is null)
            await instruments.PutAsync([quoted], cancellation);
        await universe.RefreshAsync(cancellation);
        return TickFile.Open(name, content, universe.Symbols);
    }
}
