using System.Buffers;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>
/// Takes one delivery of a shard in: counts each tick exactly once whatever is repeated, reordered or interrupted, closes windows, and
/// measures every portfolio that is affected. Each write is conditional and each effect idempotent, so that after any failure the same
/// delivery may simply be given again. One delivery at a time.
/// </summary>
/// <remarks>
/// Order of the writes: claims of ticks too old to tell, then each symbol's state on the version it was read at, then the windows that the
/// state says are closed, then the snapshots. A window lives in its symbol's state until it is known to be stored, so that only what a state
/// held can become a window: see docs/decisions/0007.
/// </remarks>
public sealed class IngestTicks(
    Universe universe,
    PriceStore prices,
    WindowStore windows,
    QuarantineLines quarantine,
    ClaimLedger ledger,
    RecomputeRisk risk,
    StreamFigures figures,
    TimeSpan lateness,
    TimeProvider time)
{
    /// <summary>How often a symbol is read again and redone when somebody else saved it meanwhile.</summary>
    public const int MaxTries = 8;

    /// <summary>
    /// Of closed windows that wait in one state, beyond those of one record: a delivery that spans more event time is saved in several steps,
    /// so that a state stays within the size of an item.
    /// </summary>
    public const int MaxWindowsPerSave = 128;

    private readonly SymbolTable symbols = universe.Symbols;
    private readonly TickBatch batch = new();
    private readonly Dictionary<int, SymbolState> warm = [];
    private readonly Dictionary<int, List<UndecidedTick>> claimed = [];
    private readonly HashSet<SymbolTicks> unfinished = [];
    private readonly ArrayBufferWriter<byte> line = new();
    private TickCounts counts;

    /// <summary>
    /// Returns what became of the ticks, and from which record on the delivery must be given again, if any.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing is known: give the whole delivery again.</exception>
    public async Task<IngestResult> RunAsync(string shard, IReadOnlyList<StreamRecord> records, CancellationToken cancellation)
    {
        if (records.Count == 0) return IngestResult.Nothing;
        await universe.RefreshAsync(cancellation);
        var started = time.GetTimestamp();
        batch.Decode(records, symbols);
        figures.Decode.Record(time.GetElapsedTime(started));
        figures.Delivered(batch.TickCount + batch.RejectionCount);

        counts = default;
        var saved = new Dictionary<Symbol, SymbolState>(batch.Groups.Count);
        var failedFrom = records.Count;
        try
        {
            if (batch.RejectionCount > 0) await quarantine.RunAsync(shard, batch, cancellation);
            for (var pending = batch.Groups; pending.Count > 0 && failedFrom == records.Count; pending = [.. unfinished])
            {
                unfinished.Clear();
                failedFrom = await SaveSymbolsAsync(shard, pending, saved, cancellation);
                failedFrom = Math.Min(failedFrom, await SaveWindowsAsync(saved, cancellation));
            }
            if (failedFrom < records.Count)
                foreach (var group in unfinished) failedFrom = Math.Min(failedFrom, FirstRecordOf(group));
        }
        finally
        {
            claimed.Clear();
            unfinished.Clear();
        }
        figures.Ingest.Record(time.GetElapsedTime(started));
        await risk.RunAsync(saved, cancellation);
        foreach (var record in records) figures.EndToEnd.Record(time.GetUtcNow() - record.ArrivedAt);
        return new IngestResult(batch.TickCount, batch.RejectionCount, failedFrom < records.Count ? records[failedFrom].Sequence : null) { Counts = counts };
    }

    /// <summary>Applies and saves these symbols; returns the first record with a tick that is not known to be saved.</summary>
    private async Task<int> SaveSymbolsAsync(
        string shard, IReadOnlyList<SymbolTicks> pending, Dictionary<Symbol, SymbolState> saved, CancellationToken cancellation)
    {
        var failedFrom = batch.Records.Count;
        for (var attempt = 0; pending.Count > 0; attempt++)
        {
            if (attempt == MaxTries) throw new StoreUnavailableException($"Symbol {symbols[pending[0].Symbol]} kept changing while its ticks were saved.");
            var states = await ReadAsync(pending, cancellation);
            var before = states.ToDictionary(x => x.Key, x => TickCounts.Of(x.Value));
            var untouched = await ApplyAsync(shard, pending, states, cancellation);
            foreach (var group in untouched) saved[symbols[group.Symbol]] = warm[group.Symbol] = states[group.Symbol];
            pending = [.. pending.Except(untouched)];
            var changed = pending.Select(group => (symbols[group.Symbol], states[group.Symbol])).ToArray();
            var started = time.GetTimestamp();
            var outcomes = await prices.SaveAsync(changed, cancellation);
            figures.Store.Record(time.GetElapsedTime(started));
            var refused = new List<SymbolTicks>();
            for (var i = 0; i < pending.Count; i++)
            {
                if (outcomes[i] == WriteOutcome.Written)
                {
                    saved[changed[i].Item1] = warm[pending[i].Symbol] = changed[i].Item2;
                    counts += TickCounts.Of(changed[i].Item2) - before[pending[i].Symbol];
                }
                else if (outcomes[i] == WriteOutcome.Refused) refused.Add(pending[i]);
                else failedFrom = Math.Min(failedFrom, FirstRecordOf(pending[i]));
            }
            pending = refused;
        }
        return failedFrom;
    }

    /// <summary>
    /// The states to apply to, taken out of the warm copies: until they are saved they are nobody's truth. A copy that has grown stale is
    /// found out by the version when it is saved.
    /// </summary>
    private async Task<Dictionary<int, SymbolState>> ReadAsync(IReadOnlyList<SymbolTicks> groups, CancellationToken cancellation)
    {
        var states = new Dictionary<int, SymbolState>(groups.Count);
        var cold = new List<Symbol>();
        foreach (var group in groups)
            if (warm.Remove(group.Symbol, out var state)) states[group.Symbol] = state;
            else cold.Add(symbols[group.Symbol]);
        if (cold.Count == 0) return states;
        var stored = await prices.LoadAsync(cold, cancellation);
        foreach (var group in groups)
            if (!states.ContainsKey(group.Symbol))
                states[group.Symbol] = stored.TryGetValue(symbols[group.Symbol], out var state) ? state : new SymbolState();
        return states;
    }

    /// <summary>Returns the symbols to which nothing was applied, because all of it had been before.</summary>
    private async Task<List<SymbolTicks>> ApplyAsync(
        string shard, IReadOnlyList<SymbolTicks> groups, Dictionary<int, SymbolState> states, CancellationToken cancellation)
    {
        List<UndecidedTick>? undecided = null;
        var untouched = new List<SymbolTicks>();
        foreach (var group in groups)
        {
            var state = states[group.Symbol];
            // Whoever applied these very records, perhaps we, made the same claims: they stand.
            if (claimed.TryGetValue(group.Symbol, out var before)) before.RemoveAll(x => state.IsApplied(shard, batch.Records[x.Record].Sequence));
            if (!Apply(shard, group, state, ref undecided)) untouched.Add(group);
        }
        await WithdrawStaleClaimsAsync(groups, undecided, cancellation);
        if (undecided is null) return untouched;
        var first = await ledger.ClaimAsync([.. undecided.Select(x => x.Claim)], time.GetUtcNow(), cancellation);
        for (var i = 0; i < undecided.Count; i++)
        {
            var (symbol, fate) = (undecided[i].Symbol, undecided[i].Fate);
            if (fate == TickFate.Undecided) states[symbol].Settle(seenBefore: !first[i]);
            if (fate != TickFate.TooManySources) continue;
            states[symbol].SettleRejected(seenBefore: !first[i]);
            if (!claimed.TryGetValue(symbol, out var ours)) claimed[symbol] = ours = [];
            ours.Add(undecided[i]);
        }
        return untouched;
    }

    /// <summary>The hot loop: allocates nothing but for ticks that are late, too old or of a source too many.</summary>
    private bool Apply(string shard, SymbolTicks group, SymbolState state, ref List<UndecidedTick>? undecided)
    {
        var last = -1;
        unfinished.Remove(group);
        foreach (var place in batch.TicksOf(group))
        {
            var record = batch.RecordOf(place);
            if (record != last)
            {
                if (state.IsApplied(shard, batch.Records[record].Sequence)) continue;
                if (state.Windows.Count > MaxWindowsPerSave && last >= 0)
                {
                    unfinished.Add(group);
                    break;
                }
            }
            last = record;
            var fate = state.Apply(batch.Tick(place), lateness);
            if (fate is TickFate.Counted or TickFate.Duplicate) continue;
            (undecided ??= []).Add(new UndecidedTick(group.Symbol, fate, record, ClaimOf(shard, place, fate)));
        }
        if (last < 0) return false;
        state.MarkApplied(shard, batch.Records[last].Sequence);
        return true;
    }

    /// <summary>
    /// A source that was one too many in an attempt that was refused may be known by now, and its ticks counted: their rows go. Rows of late
    /// ticks stay: whoever counted the tick as late meanwhile may have met ours and rely on it.
    /// </summary>
    private async Task WithdrawStaleClaimsAsync(IReadOnlyList<SymbolTicks> groups, List<UndecidedTick>? undecided, CancellationToken cancellation)
    {
        foreach (var group in groups)
        {
            if (!claimed.Remove(group.Symbol, out var before)) continue;
            foreach (var claim in before)
                if (undecided is null || !undecided.Any(x => x.Claim.Key == claim.Claim.Key))
                    await ledger.WithdrawAsync(claim.Claim, cancellation);
        }
    }

    private Claim ClaimOf(string shard, int place, TickFate fate)
    {
        ref readonly var tick = ref batch.Tick(place);
        var symbol = symbols[tick.Symbol];
        line.ResetWrittenCount();
        TickCodec.Encode(tick, symbols, line);
        var bytes = line.WrittenSpan.ToArray();
        var delivery = batch.DeliveryOf(shard, place);
        if (fate == TickFate.TooManySources)
            return new Claim(QuarantineStore.KeyOf(bytes, batch.Records[batch.RecordOf(place)].ArrivedAt), delivery, "too_many_sources", symbol.Text, bytes);
        var id = tick.Source.IsEmpty ? $"~{delivery}" : $"{tick.Source}#{tick.Epoch:D20}#{tick.Sequence:D20}";
        return new Claim(Keys.Late(symbol, TickOrder.Of(tick), id), delivery, "late", symbol.Text, bytes);
    }

    /// <summary>Stores the windows that the saved states call closed; returns the first record of a symbol whose windows are not.</summary>
    private async Task<int> SaveWindowsAsync(Dictionary<Symbol, SymbolState> saved, CancellationToken cancellation)
    {
        var failedFrom = batch.Records.Count;
        var closed = new List<(Symbol Symbol, PriceWindow Window)>();
        foreach (var (symbol, state) in saved)
            for (var i = 0; i < state.Windows.Count && state.Windows[i].End <= state.Watermark; i++)
                closed.Add((symbol, state.Windows[i]));
        if (closed.Count == 0) return failedFrom;
        var outcomes = await windows.SaveAsync(closed, time.GetUtcNow(), cancellation);
        figures.WindowsStored(outcomes.Count(outcome => outcome == WriteOutcome.Written));
        var failed = closed.Where((_, i) => outcomes[i] != WriteOutcome.Written).Select(x => x.Symbol).ToHashSet();
        foreach (var symbol in closed.Select(x => x.Symbol).Where(symbol => !failed.Contains(symbol))) saved[symbol].ForgetClosedWindows();
        foreach (var group in batch.Groups)
            if (failed.Contains(symbols[group.Symbol])) failedFrom = Math.Min(failedFrom, FirstRecordOf(group));
        return failedFrom;
    }

    private int FirstRecordOf(SymbolTicks group) => batch.RecordOf(batch.TicksOf(group)[0]);

    private readonly record struct UndecidedTick(int Symbol, TickFate Fate, int Record, Claim Claim);
}

/// <param name="Ticks">Delivered and decoded.</param>
/// <param name="Rejected">Lines delivered that are no ticks.</param>
/// <param name="FailedFrom">The sequence of the first record that is not known to be saved; null when all are.</param>
public readonly record struct IngestResult(int Ticks, int Rejected, string? FailedFrom)
{
    public static IngestResult Nothing => default;

    /// <summary>What became of those that this delivery saved. A delivery that is repeated adds nothing.</summary>
    public TickCounts Counts { get; init; }
}
