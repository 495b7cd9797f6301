using System.Runtime.InteropServices;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <summary>
/// Publishes the ticks of a file, at its own pace or another. Batches and cursor work as in <see cref="ProduceTicks"/>; a replay that was
/// cut off goes on behind the last line that is known to be published, reading the lines before it only to count.
/// </summary>
public sealed class ReplayTicks(ITickStream stream, ProducerCursors cursors, SymbolTable symbols, TimeProvider clock)
{
    /// <summary>Of every replayed tick, whatever the file.</summary>
    public static readonly SourceName Source = SourceName.Parse("replay");

    private const int MaxBatch = 5_000;
    private const int MaxFaults = 20;

    private readonly TickPacker packer = new(symbols);
    private long published;

    /// <summary>Ticks published so far by this object, for whoever watches.</summary>
    public long Published => Interlocked.Read(ref published);

    /// <param name="file">Freshly opened.</param>
    /// <param name="speed">1 is real time, 2 twice as fast; 0 as fast as possible.</param>
    /// <param name="again">Publishes the file from its beginning under a new epoch, even if it was published before.</param>
    /// <exception cref="StoreUnavailableException">The cursor stands at the last batch that is known to be published.</exception>
    /// <exception cref="TickFileException">The rest of the file cannot be read; what was read is published.</exception>
    /// <exception cref="InvalidOperationException">Another replay of the same file runs.</exception>
    public async Task<ReplayedTicks> RunAsync(TickFile file, double speed, bool again, CancellationToken cancellation)
    {
        if (speed is not (>= 0 and <= 1_000_000)) throw new ArgumentOutOfRangeException(nameof(speed), speed, "Must lie in [0, 10⁶].");
        var run = new Run(symbols, await ResumeAsync(file, again, cancellation));
        var pacer = new Pacer(clock, speed);
        try
        {
            while (file.TryRead(EventTime.From(clock.GetUtcNow()), out var row))
            {
                if (run.Account(row))
                {
                    if (run.IsFullFor(row.Tick.Symbol) || !pacer.IsDue(row.Tick.Time)) await FlushAsync(file.CursorName, run, row.Line - 1, cancellation);
                    await pacer.WaitUntilDueAsync(row.Tick.Time, cancellation);
                    run.Add(row.Tick);
                }
                run.LastLine = Math.Max(run.LastLine, row.Line);
            }
        }
        catch (TickFileException)
        {
            await FlushAsync(file.CursorName, run, run.LastLine, cancellation);
            throw;
        }
        await FlushAsync(file.CursorName, run, run.LastLine, cancellation);
        return run.Result();
    }

    private async Task<ProducerCursor> ResumeAsync(TickFile file, bool again, CancellationToken cancellation)
    {
        var cursor = await cursors.LoadAsync(file.CursorName, cancellation);
        if (cursor is not null && !again) return cursor;
        var fresh = new ProducerCursor(0, file.ContentHash, await TakeEpochAsync(cancellation), 0, EventTime.Min, [], cursor?.Version ?? 0);
        return await SaveAsync(file.CursorName, fresh, cancellation);
    }

    /// <summary>An epoch that no other file and no other run of this one has: all replays are one source, and a symbol takes four sources only.</summary>
    private async Task<long> TakeEpochAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var last = await cursors.LoadAsync(Source, cancellation);
            var next = new ProducerCursor(0, "", (last?.Epoch ?? -1) + 1, 0, EventTime.Min, [], last?.Version ?? 0);
            if (await cursors.TrySaveAsync(Source, next, cancellation) is not null) return next.Epoch;
        }
    }

    private async Task FlushAsync(SourceName source, Run run, long line, CancellationToken cancellation)
    {
        if (run.Cursor.Position >= line) return;
        // Once begun, a batch is finished: stopped in between, the next run would have to publish it again.
        cancellation.ThrowIfCancellationRequested();
        if (run.Batch.Count > 0) await stream.PublishAsync(packer.Pack(CollectionsMarshal.AsSpan(run.Batch)), CancellationToken.None);
        Interlocked.Add(ref published, run.Batch.Count);
        var lastTime = run.Batch.Count > 0 ? run.Batch[^1].Time : run.Cursor.LastTime;
        run.Cursor = await SaveAsync(source, run.Cursor with { Position = line, LastTime = lastTime }, CancellationToken.None);
        run.ClearBatch();
    }

    private async Task<ProducerCursor> SaveAsync(SourceName source, ProducerCursor cursor, CancellationToken cancellation) =>
        await cursors.TrySaveAsync(source, cursor, cancellation)
        ?? throw new InvalidOperationException("Another replay of the same file runs. Let it finish or stop it.");

    /// <summary>What one replay has read and not yet published, and its counts.</summary>
    private sealed class Run(SymbolTable symbols, ProducerCursor cursor)
    {
        private int[] inBatch = new int[Math.Max(16, symbols.Count)];
        private readonly SortedDictionary<string, long> skipped = new(StringComparer.Ordinal);
        private readonly List<(long, string)> faults = [];
        private readonly long resumedAt = cursor.Position;
        private long lines, published, earlier, suspicious, crossed;

        public ProducerCursor Cursor { get; set; } = cursor;

        public List<Tick> Batch { get; } = [];

        public long LastLine { get; set; } = cursor.Position;

        public bool IsFullFor(int symbol) => Batch.Count >= MaxBatch || (symbol < inBatch.Length && inBatch[symbol] >= ProduceTicks.MaxTicksPerSymbol);

        /// <summary>Counts the row; true if its tick is to be published.</summary>
        public bool Account(in TickRow row)
        {
            lines++;
            if (row.IsSuspicious) suspicious++;
            if (row.IsCrossed) crossed++;
            if (row.Reason != RejectionReason.None)
            {
                var reason = row.Reason.ToText();
                skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
                if (faults.Count < MaxFaults) faults.Add((row.Line, reason));
                return false;
            }
            if (row.Line > resumedAt) return true;
            earlier++;
            return false;
        }

        public void Add(in Tick tick)
        {
            if (tick.Symbol >= inBatch.Length) Array.Resize(ref inBatch, 2 * tick.Symbol);
            Batch.Add(tick with { Epoch = Cursor.Epoch });
            inBatch[tick.Symbol]++;
        }

        public void ClearBatch()
        {
            published += Batch.Count;
            Batch.Clear();
            Array.Clear(inBatch);
        }

        public ReplayedTicks Result() => new(lines, published, earlier, suspicious, crossed, skipped, faults, Cursor.Epoch);
    }

    /// <summary>Maps event times to the clock, from the first tick of this run on. What falls due within a beat goes out together.</summary>
    private sealed class Pacer(TimeProvider clock, double speed)
    {
        private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);
        private long began;
        private EventTime? first;

        public bool IsDue(EventTime time) => Remaining(time) <= ProduceLiveTicks.Beat;

        public async ValueTask WaitUntilDueAsync(EventTime time, CancellationToken cancellation)
        {
            if (IsDue(time)) return;
            for (var rest = Remaining(time); rest > TimeSpan.Zero; rest = Remaining(time))
                await Task.Delay(rest < MaxWait ? rest : MaxWait, clock, cancellation);
        }

        private TimeSpan Remaining(EventTime time)
        {
            if (speed == 0) return TimeSpan.Zero;
            if (first is null) (first, began) = (time, clock.GetTimestamp());
            return (time - first.Value) / speed - clock.GetElapsedTime(began);
        }
    }
}

/// <summary>Every line is accounted for: lines = published + published earlier + skipped.</summary>
/// <param name="Lines">That are not empty and no header.</param>
/// <param name="PublishedEarlier">By a run before this one.</param>
/// <param name="Suspicious">Marked so by whoever recorded them, whether published or not.</param>
/// <param name="Crossed">Quotes whose bid stood above the ask: published with the middle as price and without sides.</param>
/// <param name="Skipped">By reason, of the whole file.</param>
/// <param name="Faults">The first twenty skipped lines.</param>
public sealed record ReplayedTicks(
    long Lines, long Published, long PublishedEarlier, long Suspicious, long Crossed, IReadOnlyDictionary<string, long> Skipped,
    IReadOnlyList<(long Line, string Reason)> Faults, long Epoch);
