using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Importing;

/// <summary>
/// Reads a file of daily closes and makes it part of the history in use: new symbols are added, known symbols are replaced where the file
/// has a close and kept where it has none (<see cref="HistoryMerge"/>). Symbols that no instrument knows become shares in US dollars, so
/// that they can be held and quoted. With any fault nothing is changed. The same content again makes no new version.
/// </summary>
public sealed class ImportHistory(HistoryStore store, InstrumentStore instruments)
{
    private const int MaxNamed = 10;

    public async Task<HistoryImport> RunAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var file = HistoryFile.Read(content);
        if (file.Faults.Any) return new HistoryImport(PriceHistory.Empty, file.Warnings, file.Faults);

        string? bound = null;
        var revised = await store.ReviseAsync(
            current =>
            {
                var merged = HistoryMerge.Of(current, file.Value);
                bound = HistoryMerge.BoundPassed(merged.Symbols.Count, merged.Dates.Count);
                return bound is null ? merged : null;
            },
            cancellation);
        if (bound is not null) return new HistoryImport(PriceHistory.Empty, file.Warnings, new ImportFaults([new ImportFault("", $"Together with the history in use: {bound}")], 1));

        var warnings = new WarningList();
        if (revised.Fault is not null) warnings.Add($"{revised.Fault} The history now in use is this file alone.");
        if (await RegisterAsync(revised.History, cancellation) is { } registered) warnings.Add(registered);
        foreach (var warning in file.Warnings) warnings.Add(warning);
        HistoryReview.Of(revised.History, file.Value.Symbols, warnings);
        return new HistoryImport(revised.History, warnings.ToWarnings(), ImportFaults.None);
    }

    /// <summary>What a symbol is taken for of which only prices are known.</summary>
    public static Instrument Presume(Symbol symbol) => new(symbol, symbol.Text, AssetClass.Equity, Currency.Usd);

    /// <summary>Of all symbols of the history, so that what an import that was cut off left out is made up for by the next.</summary>
    private async Task<string?> RegisterAsync(PriceHistory history, CancellationToken cancellation)
    {
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        var unknown = history.Symbols.Where(symbol => !known.ContainsKey(symbol)).Order().ToList();
        if (unknown.Count == 0) return null;
        await instruments.PutAsync([.. unknown.Select(Presume)], cancellation);
        var named = string.Join(", ", unknown.Take(MaxNamed)) + (unknown.Count > MaxNamed ? ", …" : "");
        return $"{unknown.Count} symbols were no instruments and are taken for shares in USD: {named}. Import instruments to say what they are.";
    }
}

/// <param name="History">The history now in use; empty when there were faults.</param>
public sealed record HistoryImport(PriceHistory History, IReadOnlyList<string> Warnings, ImportFaults Faults)
{
    public DateOnly? From => History.Dates.Count == 0 ? null : History.Dates[0];

    public DateOnly? To => History.Dates.Count == 0 ? null : History.Dates[^1];
}
