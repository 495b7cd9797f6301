using Risk.Application.Stores;
using Risk.Domain.Instruments;

namespace Risk.Application.Importing;

/// <summary>
/// Reads a file of instruments into the store. Instruments that the file does not name stay. What holds a changed one gets a new
/// positions version, so that it is measured anew. With any fault nothing is changed.
/// </summary>
public sealed class ImportInstruments(InstrumentStore store, PortfolioStore portfolios)
{
    public async Task<InstrumentImport> RunAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var file = InstrumentFile.Read(content);
        if (file.Faults.Any) return new InstrumentImport(0, [], file.Warnings, file.Faults);
        var changed = await store.PutAsync(file.Value, cancellation);
        await portfolios.TouchHoldersAsync(changed, cancellation);
        var known = (await store.LoadAllAsync(cancellation)).Instruments;
        var warnings = new WarningList();
        foreach (var instrument in file.Value)
        {
            if (instrument.Option is { } option && !known.ContainsKey(option.Underlying)) warnings.Add($"{instrument.Symbol}: its underlying {option.Underlying} is not a known instrument.");
            if (instrument.Proxy is { } proxy && !known.ContainsKey(proxy)) warnings.Add($"{instrument.Symbol}: its proxy {proxy} is not a known instrument.");
        }
        return new InstrumentImport(file.Value.Count, changed, warnings.ToWarnings(), ImportFaults.None);
    }
}

/// <param name="Instruments">How many the file holds.</param>
/// <param name="Changed">The symbols that are new or whose terms changed, in ordinal order.</param>
public sealed record InstrumentImport(int Instruments, IReadOnlyList<Symbol> Changed, IReadOnlyList<string> Warnings, ImportFaults Faults);
