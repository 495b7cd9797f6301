using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Portfolios;

namespace Risk.Application.Importing;

/// <summary>
/// Replaces what an account holds by the content of a file. The file holds all positions; an account that does not exist is made. With
/// any fault nothing is changed.
/// </summary>
public sealed class ImportPositions(PortfolioStore portfolios, InstrumentStore instruments)
{
    private const int MaxTries = 8;

    /// <param name="content">As <see cref="PositionsFile"/> reads it.</param>
    /// <param name="baseCurrency">Null keeps the present one; of a new account US dollars.</param>
    /// <param name="cash">In base currency. Null keeps the present amount; of a new account zero.</param>
    /// <param name="expectedVersion">Null for any; 0 for an account that must not exist.</param>
    public async Task<PositionsImport> RunAsync(
        AccountId account, ReadOnlyMemory<byte> content, Currency? baseCurrency, decimal? cash, long? expectedVersion, CancellationToken cancellation)
    {
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        var file = PositionsFile.Read(content, symbol => known.GetValueOrDefault(symbol));
        if (file.Faults.Any) return new PositionsImport(null, false, file.Warnings, file.Faults);
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            var before = await portfolios.LoadAsync(account, cancellation);
            if (expectedVersion is { } expected && expected != (before?.Version ?? 0)) break;
            var after = new Portfolio(account, baseCurrency ?? before?.BaseCurrency ?? Currency.Usd, cash ?? before?.Cash ?? 0, file.Value, 0);
            // Cash and currency that are kept must be those of the version that is replaced.
            if (await portfolios.ReplaceAsync(after, before?.Version ?? 0, [], cancellation) is { } version)
                return new PositionsImport(after with { Version = version }, before is null, file.Warnings, ImportFaults.None);
            if (expectedVersion is not null) break;
        }
        if (expectedVersion is null) throw new Ports.StoreUnavailableException($"The positions of account {account} kept changing while they were replaced.");
        return new PositionsImport(null, false, file.Warnings, ImportFaults.None);
    }
}

/// <param name="Stored">The portfolio now in use. Null with faults; null without them when the present version is not the expected one.</param>
/// <param name="IsNew">The account did not exist before.</param>
public sealed record PositionsImport(Portfolio? Stored, bool IsNew, IReadOnlyList<string> Warnings, ImportFaults Faults);
