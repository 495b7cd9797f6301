using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <summary>
/// Publishes the next ticks of a simulated market. Each batch is published first, then the cursor moves: after a crash in between, the
/// same ticks go out again under the same sequences, and the consumers' anti-replay window (256 a symbol) absorbs them, because a batch
/// holds at most <see cref="MaxTicksPerSymbol"/> ticks of a symbol. Another seed or universe under the same source starts a new epoch,
/// which is claimed before its first tick is published.
/// </summary>
public sealed class ProduceTicks(ITickStream stream, ProducerCursors cursors, SymbolTable symbols, SimulatedMarket market)
{
    public const int MaxTicksPerSymbol = 200;
    private const int MaxBatch = 5_000;

    private readonly TickPacker packer = new(symbols);
    private readonly Tick[] batch = new Tick[Math.Min(MaxBatch, MaxTicksPerSymbol * market.Instruments.Count)];

    /// <param name="ticks">How many.</param>
    /// <param name="pace">When they happen; times never fall behind those already published.</param>
    /// <exception cref="StoreUnavailableException">The cursor stands at the last batch that is known to be published.</exception>
    /// <exception cref="InvalidOperationException">Another producer runs another simulation under the same source.</exception>
    public async Task<ProducedTicks> RunAsync(long ticks, TickPace pace, CancellationToken cancellation)
    {
        var cursor = await ResumeAsync(cancellation);
        long published = 0;
        while (published < ticks)
        {
            var size = (int)Math.Min(batch.Length, ticks - published);
            long[] prices = [.. cursor.Prices];
            market.Generate(cursor.Position, prices, batch.AsSpan(0, size), cursor.Epoch, pace.Skip(published), cursor.LastTime);
            // Once begun, a batch is finished: stopped in between, the next run would have to publish it again.
            cancellation.ThrowIfCancellationRequested();
            await stream.PublishAsync(packer.Pack(batch.AsSpan(0, size)), CancellationToken.None);
            published += size;
            var next = cursor with { Position = cursor.Position + size, LastTime = batch[size - 1].Time, Prices = prices };
            cursor = await cursors.TrySaveAsync(market.Source, next, CancellationToken.None)
                ?? await FollowAsync(cancellation);
        }
        return new ProducedTicks(published, cursor.Epoch, cursor.Position, cursor.LastTime);
    }

    private async Task<ProducerCursor> ResumeAsync(CancellationToken cancellation)
    {
        var cursor = await cursors.LoadAsync(market.Source, cancellation);
        if (cursor is not null && IsOurs(cursor)) return cursor;
        var fresh = new ProducerCursor(
            market.Seed, market.UniverseHash, (cursor?.Epoch ?? 0) + 1, 0, cursor?.LastTime ?? EventTime.Min, market.StartPrices(), cursor?.Version ?? 0);
        return await cursors.TrySaveAsync(market.Source, fresh, cancellation)
            ?? await FollowAsync(cancellation);
    }

    /// <summary>Another run of the same producer moved the cursor: go on where it is now.</summary>
    private async Task<ProducerCursor> FollowAsync(CancellationToken cancellation)
    {
        var cursor = await cursors.LoadAsync(market.Source, cancellation);
        return cursor is not null && IsOurs(cursor)
            ? cursor
            : throw new InvalidOperationException($"Another producer runs another simulation under the source '{market.Source}'. Give each its own source.");
    }

    private bool IsOurs(ProducerCursor cursor) => cursor.Seed == market.Seed && cursor.Content == market.UniverseHash;
}

/// <param name="Ticks">Published by this run.</param>
/// <param name="Position">Published in the epoch, by all runs.</param>
public sealed record ProducedTicks(long Ticks, long Epoch, long Position, EventTime LastTime);
