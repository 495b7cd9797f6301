using System.Collections.Concurrent;
using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// Whether the API keys behind long-lived connections are still good. What was found out is believed for <see cref="Freshness"/>: a push must
/// not cost a read for each of its listeners.
/// </summary>
public sealed class KeyWatch(CheckKey keys, TimeProvider clock)
{
    /// <summary>As long as the local host takes to end a connection whose key was revoked.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(15);

    private const int MaxKnown = 10_000;

    private readonly ConcurrentDictionary<string, (bool IsGood, DateTimeOffset At)> known = new();

    /// <exception cref="StoreUnavailableException">It can't be found out now.</exception>
    public async Task<bool> IsGoodAsync(string id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(id, out var found) && now - found.At < Freshness) return found.IsGood;
        if (known.Count >= MaxKnown) known.Clear();
        var isGood = await keys.IsStillValidAsync(id, cancellation);
        known[id] = (isGood, now);
        return isGood;
    }
}
