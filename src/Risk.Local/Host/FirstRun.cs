using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;
using Risk.Local.Commands;
using Risk.Local.Demo;

namespace Risk.Local.Host;

/// <summary>
/// Fills a new data folder so that there is something to see: the files that were named, and invented ones for what was not. A folder that
/// holds something already is left as it is, apart from the named files.
/// </summary>
public sealed class FirstRun(
    FileImports files, HistoryStore history, InstrumentStore instruments, PortfolioStore portfolios, Universe universe, TimeProvider time)
{
    /// <summary>How much of each imported symbol is held when no positions were named, in its own currency.</summary>
    private const decimal ValuePerSymbol = 10_000;

    private const int MaxSymbolsHeld = 50;

    /// <exception cref="SettingsException">A named file has faults; all of them are listed and nothing was imported.</exception>
    public async Task RunAsync(RunSettings settings, Action<string> tell, CancellationToken cancellation)
    {
        await universe.RefreshAsync(cancellation);
        var imported = await files.RunAsync(new NamedFiles(settings.Instruments, settings.Prices, settings.Positions, AccountId.Default), cancellation);
        if (imported.Any(file => file.Faults.Any)) throw new SettingsException(ImportWords.OfFaults(imported));
        foreach (var line in ImportWords.OfFiles(imported)) tell(line);

        var current = (await history.LoadCurrentAsync(cancellation)).History;
        var hasPositions = await portfolios.LoadAsync(AccountId.Default, cancellation) is not null;
        if (current.Symbols.Count == 0 && !hasPositions)
        {
            await InventAsync(settings.Seed, cancellation);
            tell($"Nothing was there yet: invented a market of {DemoMarket.Symbols.Count} symbols with {DemoMarket.DefaultDays} days of history, and a portfolio.");
        }
        else if (!hasPositions)
        {
            await HoldSomeOfEachAsync(current, tell, cancellation);
        }
    }

    /// <summary>A market and a portfolio, into a folder that holds none.</summary>
    public async Task InventAsync(long seed, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await instruments.PutAsync([.. DemoMarket.Instruments], cancellation);
        await history.ReviseAsync(_ => DemoMarket.History(unchecked((int)seed), today), cancellation);
        await portfolios.ReplaceAsync(DemoMarket.Portfolio(), null, [], cancellation);
        await universe.RefreshAsync(cancellation);
    }

    private async Task HoldSomeOfEachAsync(PriceHistory closes, Action<string> tell, CancellationToken cancellation)
    {
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        var positions = new List<Position>();
        foreach (var symbol in closes.Symbols.Order())
        {
            if (positions.Count == MaxSymbolsHeld) break;
            var last = closes.Find(symbol)!.LastOrDefault(double.IsFinite);
            if (last <= 0 || known.GetValueOrDefault(symbol) is not { AssetClass: AssetClass.Equity or AssetClass.Etf or AssetClass.Fund }) continue;
            var price = (decimal)last;
            positions.Add(new Position(symbol, Math.Max(1, decimal.Round(ValuePerSymbol / price)), price));
        }
        await portfolios.ReplaceAsync(new Portfolio(AccountId.Default, Currency.Usd, 0, positions, 0), null, [], cancellation);
        tell($"No positions were named: the default account holds about {ValuePerSymbol:N0} of each of {positions.Count} symbols. Change that with --positions.");
    }
}
