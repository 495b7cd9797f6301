using System.Collections.Concurrent;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Prices;

namespace Risk.Application.Reporting;

/// <summary>
/// Whoever publishes ticks in this process. The host names its producers; ticks that were posted count by themselves, since the start of
/// the process: nothing remembers those of earlier runs.
/// </summary>
public sealed class TickProducers(ProducerCursors cursors, PublishTicks posted)
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<long>>> counts = new();

    /// <summary>A producer that keeps a cursor: what it published in its present epoch counts, also what earlier processes did.</summary>
    public void Add(SourceName source) =>
        Add(source.ToString(), async cancellation => (await cursors.LoadAsync(source, cancellation))?.Position ?? 0);

    /// <param name="published">How many ticks it has published.</param>
    public void Add(string name, Func<CancellationToken, Task<long>> published) => counts[name] = published;

    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        var total = posted.Accepted;
        foreach (var count in counts.Values) total += await count(cancellation);
        return total;
    }
}
