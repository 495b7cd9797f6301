using Risk.Application.Monitoring;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Streaming;

/// <summary>
/// Measures every portfolio that changed prices affect, and stores the snapshots. A portfolio may span shards: prices that this delivery
/// did not bring are read from the table. Warm models are trusted only while the versions of positions, history and instruments stand.
/// One call at a time.
/// </summary>
public sealed class RecomputeRisk(
    PortfolioStore portfolios,
    InstrumentStore instruments,
    HistoryStore history,
    PriceStore prices,
    SnapshotStore snapshots,
    RiskConventions conventions,
    StreamFigures figures,
    TimeProvider time)
{
    private readonly Dictionary<AccountId, WarmAccount> warm = [];
    private readonly Dictionary<Symbol, Quote> quotes = [];
    private readonly HashSet<AccountId> unsaved = [];

    /// <summary>
    /// Measures the accounts that hold one of the fresh symbols, and those whose positions, history or instruments have changed. Returns the
    /// number of snapshots stored. One account that can't be measured is reported and does not stop the others.
    /// </summary>
    /// <param name="fresh">Symbols whose state was just saved.</param>
    /// <exception cref="Ports.StoreUnavailableException">Some snapshots are not stored: call again, with any symbols.</exception>
    public async Task<int> RunAsync(IReadOnlyDictionary<Symbol, SymbolState> fresh, CancellationToken cancellation)
    {
        foreach (var (symbol, state) in fresh) quotes[symbol] = Quote.Of(state);
        var affected = await FindAffectedAsync(fresh, cancellation);
        if (affected.Count == 0) return 0;
        foreach (var account in affected) unsaved.Add(account.Id);
        await RefreshQuotesAsync(affected, cancellation);
        var started = time.GetTimestamp();
        var measured = new List<RiskSnapshot>(affected.Count);
        foreach (var account in affected)
            if (Measure(account) is { } snapshot) measured.Add(snapshot);
        figures.Measure.Record(time.GetElapsedTime(started));
        var stored = await snapshots.SaveAsync(measured, time.GetUtcNow(), cancellation);
        unsaved.Clear();
        if (stored > 0) figures.SnapshotsStored(stored, measured.Max(snapshot => snapshot.AsOf));
        return stored;
    }

    private async Task<List<WarmAccount>> FindAffectedAsync(IReadOnlyDictionary<Symbol, SymbolState> fresh, CancellationToken cancellation)
    {
        var book = await portfolios.LoadBookAsync(cancellation);
        var affected = new List<WarmAccount>(book.Count);
        if (book.Count == 0) return affected;
        var current = await history.LoadCurrentAsync(cancellation);
        if (current.Fault is { } fault) figures.Failed(fault);
        var known = await instruments.LoadAllAsync(cancellation);
        foreach (var entry in book)
        {
            var isWarm = warm.TryGetValue(entry.Account, out var account)
                && account.Matches(entry.PositionsVersion, current.History.Version, known.Version);
            if (!isWarm)
            {
                // Whatever fails from here on, its snapshot is due.
                unsaved.Add(entry.Account);
                account = await BuildAsync(entry, current.History, known, cancellation);
            }
            if (account is null) continue;
            if (unsaved.Contains(entry.Account) || account.Model.PricedSymbols.Any(fresh.ContainsKey)) affected.Add(account);
        }
        if (warm.Count > book.Count)
            foreach (var gone in warm.Keys.Except(book.Select(entry => entry.Account)).ToArray()) warm.Remove(gone);
        return affected;
    }

    private async Task<WarmAccount?> BuildAsync(BookEntry entry, PriceHistory closes, InstrumentMap known, CancellationToken cancellation)
    {
        warm.Remove(entry.Account);
        if (await portfolios.LoadAsync(entry.Account, cancellation) is not { } portfolio) return null;
        // A portfolio newer than the book may have been touched because of instruments newer than the known ones.
        if (portfolio.Version != entry.PositionsVersion) known = await instruments.LoadAllAsync(cancellation);
        try
        {
            var model = PortfolioModel.Build(portfolio, known.Instruments, closes, conventions);
            return warm[entry.Account] = new WarmAccount(entry.Account, known.Version, new LivePortfolio(model));
        }
        catch (Exception exception) when (IsOfOneAccount(exception))
        {
            Report(entry.Account, exception);
            return null;
        }
    }

    /// <summary>
    /// Also of what this delivery brought: another process may have saved newer prices since. Only when all are read after the last own write
    /// does the last of several processes see everything.
    /// </summary>
    private async Task RefreshQuotesAsync(List<WarmAccount> affected, CancellationToken cancellation)
    {
        var priced = new HashSet<Symbol>();
        foreach (var account in affected) priced.UnionWith(account.Model.PricedSymbols);
        if (priced.Count > 0) await prices.RefreshAsync(quotes, priced, cancellation);
    }

    private RiskSnapshot? Measure(WarmAccount account)
    {
        try
        {
            return Revalue(account);
        }
        catch (Exception exception) when (IsOfOneAccount(exception))
        {
            Report(account.Id, exception);
            warm.Remove(account.Id);
            return null;
        }
    }

    private static bool IsOfOneAccount(Exception exception) =>
        exception is ArithmeticException or ArgumentException or InvalidOperationException or IndexOutOfRangeException;

    /// <summary>Prices are safe already, and other accounts must not wait for this one; its last snapshot stands and says how old it is.</summary>
    private void Report(AccountId account, Exception exception) =>
        figures.Failed($"The risk of account {account} could not be measured: {exception.Message}");

    private RiskSnapshot Revalue(WarmAccount account)
    {
        var (sum, newest) = (0L, EventTime.Min);
        for (var i = 0; i < account.Model.PricedSymbols.Count; i++)
        {
            if (!quotes.TryGetValue(account.Model.PricedSymbols[i], out var quote)) continue;
            sum += quote.Version;
            if (quote.Time > newest) newest = quote.Time;
            if (quote.Price > 0) account.Live.SetPrice(i, quote.Price);
        }
        var asOf = newest > EventTime.Min ? newest : LastClose(account.Model.History);
        return account.Live.Measure(asOf, new SnapshotVersion(account.Model.Portfolio.Version, account.Model.History.Version, sum));
    }

    private static EventTime LastClose(PriceHistory closes) =>
        closes.Dates.Count == 0 ? EventTime.Min : EventTime.From(new DateTimeOffset(closes.Dates[^1], TimeOnly.MinValue, TimeSpan.Zero));

    private sealed record WarmAccount(AccountId Id, long InstrumentsVersion, LivePortfolio Live)
    {
        public PortfolioModel Model => Live.Model;

        public bool Matches(long positions, long history, long instruments) =>
            Model.Portfolio.Version == positions && Model.History.Version == history && InstrumentsVersion == instruments;
    }
}
