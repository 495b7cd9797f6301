using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>What a curated day holds, and how that meets what was counted when the ticks came.</summary>
/// <param name="At">What reached the archive later is not in the copy.</param>
/// <param name="ComparedSince">The day whose manifest the states' counters are compared with; null when there is none: then they count from the first tick ever.</param>
/// <param name="Rejected">Lines of the raw objects that are no ticks, by reason; of all markets.</param>
/// <param name="Unreadable">Raw objects that are damaged; <paramref name="Gaps"/> are those that are missing.</param>
internal sealed record CuratedManifest(
    string Market,
    DateOnly Date,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset At,
    DateOnly? ComparedSince,
    long Ticks,
    long Copies,
    IReadOnlyList<ManifestPart> Parts,
    SortedDictionary<string, long> Rejected,
    IReadOnlyList<string> Unreadable,
    IReadOnlyList<string> Gaps,
    SortedDictionary<string, ManifestSymbol> Symbols)
{
    public static CuratedManifest Of(
        TradingDay day,
        CuratedPlan plan,
        IReadOnlyList<CuratedPart> parts,
        IReadOnlyList<string> gaps,
        Dictionary<Symbol, SymbolState> states,
        Dictionary<Symbol, long> counted,
        CuratedManifest? before)
    {
        var sums = new Dictionary<string, CuratedCount>();
        foreach (var (symbol, count) in parts.SelectMany(part => part.Symbols)) sums[symbol] = sums.GetValueOrDefault(symbol) + count;
        var symbols = new SortedDictionary<string, ManifestSymbol>(StringComparer.Ordinal);
        foreach (var symbol in sums.Keys.Union(states.Keys.Select(x => x.Text)))
        {
            var known = Symbol.Parse(symbol);
            var total = states.TryGetValue(known, out var state) ? TickCounts.Of(state) : default;
            var since = total - (before is not null && before.Symbols.TryGetValue(symbol, out var then) ? then.Total : default);
            var copy = sums.GetValueOrDefault(symbol);
            var ofDay = counted.GetValueOrDefault(known);
            symbols[symbol] = new ManifestSymbol(
                copy.Ticks, copy.Copies, copy.Unsourced, ofDay, since.Duplicates, since.Late, since.Quarantined, copy.Ticks - ofDay - since.Late - since.Quarantined, total);
        }
        return new CuratedManifest(
            TradingDay.NameOf(day.Market), day.Session.Date, day.From.ToDateTimeOffset(), day.To.ToDateTimeOffset(), plan.At, before?.Date,
            sums.Values.Sum(x => x.Ticks), sums.Values.Sum(x => x.Copies), [.. parts.Select(ManifestPart.Of)], plan.Rejected, plan.Unreadable, gaps, symbols);
    }
}

/// <param name="From">Event time, included; <paramref name="To"/> is excluded.</param>
internal sealed record ManifestPart(string Name, DateTimeOffset From, DateTimeOffset To, long Ticks)
{
    public static ManifestPart Of(CuratedPart part) =>
        new(part.Name, new EventTime(part.From).ToDateTimeOffset(), new EventTime(part.To).ToDateTimeOffset(), part.Symbols.Values.Sum(x => x.Ticks));
}

/// <param name="Ticks">In the copy.</param>
/// <param name="Copies">Left out as repetitions: of the producer, of deliveries, of the archive.</param>
/// <param name="Unsourced">Of the ticks: name no source, so that repetitions among them can't be told.</param>
/// <param name="Counted">Ticks in the five-second windows of the day.</param>
/// <param name="Duplicate">Second arrivals since the day that is compared with, by the state of the symbol.</param>
/// <param name="Late">Late since then, whatever their own day.</param>
/// <param name="Quarantined">Of a source too many, since then.</param>
/// <param name="Difference">Ticks − counted − late − quarantined; zero when the copy holds what became of the day's ticks.</param>
/// <param name="Total">The state's counters when the manifest was made; the next day is compared with them.</param>
internal sealed record ManifestSymbol(
    long Ticks, long Copies, long Unsourced, long Counted, long Duplicate, long Late, long Quarantined, long Difference, TickCounts Total);
