using Risk.Application.Importing;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;

namespace Risk.Local.Host;

/// <summary>
/// Imports the files that a user names: instruments, then prices, then positions. All are read before anything is changed: with a fault in
/// one of them nothing of any is imported, and every fault of each is told.
/// </summary>
public sealed class FileImports(
    ImportInstruments instruments, ImportHistory history, ImportPositions positions, InstrumentStore known, HistoryStore closes, Universe universe)
{
    /// <returns>One for each file that was named, in the order of the import. Either all have been imported or none.</returns>
    /// <exception cref="InvalidDataException">A file is larger than is read.</exception>
    public async Task<IReadOnlyList<ImportedFile>> RunAsync(NamedFiles files, CancellationToken cancellation)
    {
        var terms = await ReadAsync(files.Instruments, cancellation);
        var prices = await ReadAsync(files.Prices, cancellation);
        var held = await ReadAsync(files.Positions, cancellation);
        var read = await CheckAsync(terms, prices, held, cancellation);
        if (read.Any(file => file.Faults.Any)) return read;

        var done = new List<ImportedFile>();
        if (terms is not null) done.Add(await ImportInstrumentsAsync(terms, cancellation));
        if (prices is not null) done.Add(await ImportPricesAsync(prices, cancellation));
        if (held is not null) done.Add(await ImportPositionsAsync(held, files.Account, cancellation));
        await universe.RefreshAsync(cancellation);
        return done;
    }

    private async Task<List<ImportedFile>> CheckAsync(FileContent? terms, FileContent? prices, FileContent? held, CancellationToken cancellation)
    {
        var read = new List<ImportedFile>();
        var map = (await known.LoadAllAsync(cancellation)).Instruments.ToDictionary();
        if (terms is not null)
        {
            var file = InstrumentFile.Read(terms.Bytes);
            foreach (var instrument in file.Value) map[instrument.Symbol] = instrument;
            read.Add(new ImportedFile(terms.Path, "", file.Warnings, file.Faults));
        }
        if (prices is not null)
        {
            var file = HistoryFile.Read(prices.Bytes);
            foreach (var symbol in file.Value.Symbols) map.TryAdd(symbol, ImportHistory.Presume(symbol));
            read.Add(new ImportedFile(prices.Path, "", file.Warnings, file.Faults.Any ? file.Faults : await BoundAsync(file.Value, cancellation)));
        }
        if (held is not null)
        {
            var file = PositionsFile.Read(held.Bytes, map.GetValueOrDefault);
            read.Add(new ImportedFile(held.Path, "", file.Warnings, file.Faults));
        }
        return read;
    }

    private async Task<ImportFaults> BoundAsync(PriceHistory file, CancellationToken cancellation)
    {
        var current = (await closes.LoadCurrentAsync(cancellation)).History;
        var bound = HistoryMerge.BoundPassed(current.Symbols.Union(file.Symbols).Count(), current.Dates.Union(file.Dates).Count());
        return bound is null ? ImportFaults.None : new ImportFaults([new ImportFault("", $"Together with the history in use: {bound}")], 1);
    }

    private async Task<ImportedFile> ImportInstrumentsAsync(FileContent file, CancellationToken cancellation)
    {
        var import = await instruments.RunAsync(file.Bytes, cancellation);
        return new ImportedFile(file.Path, $"{import.Instruments} instruments, {import.Changed.Count} of them new or changed", import.Warnings, import.Faults);
    }

    private async Task<ImportedFile> ImportPricesAsync(FileContent file, CancellationToken cancellation)
    {
        var import = await history.RunAsync(file.Bytes, cancellation);
        var summary = $"history version {import.History.Version}: {import.History.Symbols.Count} symbols, {import.History.Dates.Count} days, {import.From:yyyy-MM-dd} to {import.To:yyyy-MM-dd}";
        return new ImportedFile(file.Path, summary, import.Warnings, import.Faults);
    }

    /// <summary>Replaces the positions; cash and base currency of an account that exists stay.</summary>
    private async Task<ImportedFile> ImportPositionsAsync(FileContent file, AccountId account, CancellationToken cancellation)
    {
        var import = await positions.RunAsync(account, file.Bytes, null, null, null, cancellation);
        var summary = $"{import.Stored?.Positions.Count ?? 0} positions of account {account}, version {import.Stored?.Version ?? 0}";
        return new ImportedFile(file.Path, summary, import.Warnings, import.Faults);
    }

    private static async Task<FileContent?> ReadAsync(string? path, CancellationToken cancellation)
    {
        if (path is null) return null;
        var size = new FileInfo(path).Length;
        if (size > ImportLimits.MaxFileBytes) throw new InvalidDataException($"{path} has {size} bytes; at most {ImportLimits.MaxFileBytes} are read. Split it.");
        return new FileContent(path, await File.ReadAllBytesAsync(path, cancellation));
    }

    private sealed record FileContent(string Path, ReadOnlyMemory<byte> Bytes);
}

/// <summary>What to import; null for nothing of that kind.</summary>
/// <param name="Account">Whose positions they are.</param>
public sealed record NamedFiles(string? Instruments, string? Prices, string? Positions, AccountId Account);

/// <param name="Summary">What was imported, in words; empty when nothing was.</param>
public sealed record ImportedFile(string Path, string Summary, IReadOnlyList<string> Warnings, ImportFaults Faults);
