using Risk.Application.Monitoring;
using Risk.Application.Stores;
using Risk.Domain.Prices;

namespace Risk.Application.Reporting;

/// <summary>
/// What has become of the ticks, and what there is. Counted, duplicate, late and quarantined ticks come from the stores and survive a
/// restart; received, rate and lag are of this process; for produced see <see cref="TickProducers"/>.
/// </summary>
public sealed class ReportStatus(
    PriceStore prices,
    SnapshotStore snapshots,
    QuarantineStore quarantine,
    InstrumentStore instruments,
    PortfolioStore portfolios,
    HistoryStore history,
    TickProducers producers,
    StreamFigures figures,
    TimeProvider time)
{
    public async Task<EngineStatus> RunAsync(CancellationToken cancellation)
    {
        // Produced is read first: what is counted meanwhile may exceed it, but a tick in flight never looks lost for good.
        var produced = await producers.CountAsync(cancellation);
        // The rest side by side: over a network each takes its time.
        var (loadStates, loadTotals, loadInstruments, loadHistory) =
            (prices.LoadAllAsync(cancellation), quarantine.TotalsAsync(cancellation), instruments.LoadAllAsync(cancellation), history.LoadCurrentAsync(cancellation));
        var loadAccounts = LoadAccountsAsync(cancellation);
        await Task.WhenAll(loadStates, loadTotals, loadInstruments, loadHistory, loadAccounts);
        var (rejected, repeated) = await loadTotals;
        var (accounts, newest) = await loadAccounts;
        var current = await loadHistory;
        var status = new EngineStatus
        {
            StartedAt = figures.StartedAt,
            Uptime = time.GetUtcNow() - figures.StartedAt,
            Produced = produced,
            Received = figures.Received,
            Quarantined = rejected,
            Duplicates = repeated,
            TicksPerSecond = figures.TicksPerSecond,
            Lag = figures.Lag,
            Symbols = (await loadInstruments).Instruments.Count,
            Accounts = accounts,
            LastSnapshotAt = newest,
            HistoryVersion = current.History.Version,
            LastFault = current.Fault ?? figures.LastFault,
        };
        return (await loadStates).Values.Aggregate(status, Add);
    }

    private static EngineStatus Add(EngineStatus sum, SymbolState state) => sum with
    {
        Counted = sum.Counted + state.Counted,
        Duplicates = sum.Duplicates + state.Duplicates,
        Late = sum.Late + state.Late,
        Quarantined = sum.Quarantined + state.Quarantined,
        TickedSymbols = sum.TickedSymbols + (state.Counted > 0 ? 1 : 0),
        Lowest = state.Counted > 0 && (sum.Lowest is not { } low || state.Lowest.E8 < low.E8) ? state.Lowest : sum.Lowest,
        Highest = state.Counted > 0 && (sum.Highest is not { } high || state.Highest.E8 > high.E8) ? state.Highest : sum.Highest,
        Volume = sum.Volume + (decimal)state.VolumeSum / Volume.One,
    };

    private async Task<(int Accounts, EventTime? Newest)> LoadAccountsAsync(CancellationToken cancellation)
    {
        var book = await portfolios.LoadBookAsync(cancellation);
        return (book.Count, await snapshots.FindNewestAsync(book.Select(entry => entry.Account), cancellation));
    }
}

/// <summary>Counts are of ticks. Price extremes and volume are of the counted ticks of all symbols, each in its own currency.</summary>
public sealed record EngineStatus
{
    public DateTimeOffset StartedAt { get; init; }

    public TimeSpan Uptime { get; init; }

    public long Produced { get; init; }

    public long Received { get; init; }

    public long Counted { get; init; }

    public long Duplicates { get; init; }

    public long Late { get; init; }

    public long Quarantined { get; init; }

    public double TicksPerSecond { get; init; }

    public TimeSpan Lag { get; init; }

    /// <summary>Symbols that had a tick.</summary>
    public int TickedSymbols { get; init; }

    public Price? Lowest { get; init; }

    public Price? Highest { get; init; }

    public decimal Volume { get; init; }

    /// <summary>Known instruments.</summary>
    public int Symbols { get; init; }

    public int Accounts { get; init; }

    public EventTime? LastSnapshotAt { get; init; }

    public long HistoryVersion { get; init; }

    public string? LastFault { get; init; }

    /// <summary>
    /// (Counted + late + quarantined) / produced, at most 1: below 1 while ticks are on their way, and for good if some were lost. 1 when
    /// nothing was produced. Ticks posted in earlier runs of the process are accounted for but not produced, hence the bound.
    /// </summary>
    public double CompletenessRatio => Produced == 0 ? 1 : Math.Min(1, (double)(Counted + Late + Quarantined) / Produced);
}
