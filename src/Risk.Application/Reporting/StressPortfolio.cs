using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Domain.Stress;

namespace Risk.Application.Reporting;

/// <summary>Sends an account's positions, at the prices stored now, through windows of the past and through shocks.</summary>
public sealed class StressPortfolio(MeasurePortfolio measure, ScenarioStore scenarios)
{
    /// <summary>The window of a stressed VaR where nobody says otherwise: a year, as the Basel framework has it.</summary>
    public const int UsualStressDays = 250;

    /// <summary>Null for an unknown account. Keeps shocks only where the request says so.</summary>
    public async Task<StressReport?> RunAsync(AccountId account, StressRequest request, CancellationToken cancellation)
    {
        if (await measure.RunAsync(account, cancellation) is not { } priced) return null;
        var stored = await scenarios.ListAsync(account, cancellation);
        var unknown = (request.Names ?? []).Where(name => HistoricalWindow.All.All(x => x.Name != name) && stored.All(x => x.Name != name)).ToList();
        var added = request.Custom.Where(x => x.IsKept && stored.All(y => y.Name != x.Scenario.Name)).Count();
        var isFull = added > 0 && stored.Count + added > ScenarioStore.MaxScenarios;
        if (unknown.Count > 0 || isFull) return new StressReport(priced, unknown, isFull, [], [], null);
        foreach (var custom in request.Custom.Where(x => x.IsKept)) await scenarios.PutAsync(account, custom.Scenario, cancellation);
        return Measure(priced, request, stored);
    }

    private static StressReport Measure(PricedPortfolio priced, StressRequest request, IReadOnlyList<StoredScenario> stored)
    {
        var history = priced.Live.Model.History;
        var book = StressBook.Of(priced.Live, priced.Instruments, DateOnly.FromDateTime(priced.AsOf.ToDateTimeOffset().UtcDateTime));
        var replays = HistoricalWindow.All.Where(x => IsAsked(x.Name)).Select(x => WindowReplay.Of(book, history, x)).ToList();
        var shocked = stored.Where(x => IsAsked(x.Name) && request.Custom.All(y => y.Scenario.Name != x.Name)).Select(x => Shock(book, x, isStored: true))
            .Concat(request.Custom.Select(x => Shock(book, x.Scenario, x.IsKept))).ToList();
        return new StressReport(priced, [], IsFull: false, replays, shocked, request.StressedVar is { } asked ? Search(book, priced, asked) : null);

        bool IsAsked(string name) => request.Names is null || request.Names.Contains(name);
    }

    private static ShockedScenario Shock(StressBook book, StoredScenario scenario, bool isStored)
    {
        var moved = scenario.Shocks.MovesOf(book);
        return new ShockedScenario(scenario.Name, isStored, scenario.Shocks, moved.WithoutEffect, book.Apply(moved.Moves));
    }

    private static StressedVarReport Search(StressBook book, PricedPortfolio priced, StressedVarRequest asked)
    {
        var (model, history) = (priced.Live.Model, PnlHistory.Of(book, priced.Live.Model.History));
        var figures = asked is { From: { } from, To: { } to }
            ? StressedVar.Over(history, from, to, model.Conventions)
            : StressedVar.Worst(history, asked.WindowDays, asked.Confidence, model.Conventions);
        return new StressedVarReport(asked, figures);
    }
}

/// <param name="Names">Of windows and stored scenarios; null for all of them.</param>
/// <param name="StressedVar">Null for none.</param>
public sealed record StressRequest(IReadOnlyCollection<string>? Names, IReadOnlyList<CustomShocks> Custom, StressedVarRequest? StressedVar)
{
    /// <summary>All windows and all stored scenarios, and the worst year.</summary>
    public static StressRequest Usual { get; } = new(null, [], new StressedVarRequest());
}

/// <param name="IsKept">Whether the scenario is stored under its name, over one of the same name.</param>
public sealed record CustomShocks(StoredScenario Scenario, bool IsKept);

/// <summary>Over a fixed window when both days are given, else over the worst of so many days at the confidence.</summary>
public sealed record StressedVarRequest(int WindowDays = StressPortfolio.UsualStressDays, decimal Confidence = 0.99m, DateOnly? From = null, DateOnly? To = null)
{
    public bool IsFixed => From is not null && To is not null;
}

/// <param name="Unknown">Names that are neither a window nor a stored scenario; with any, nothing was done.</param>
/// <param name="IsFull">Whether the account has as many stored scenarios as it may; then, too, nothing was done.</param>
public sealed record StressReport(
    PricedPortfolio Priced,
    IReadOnlyList<string> Unknown,
    bool IsFull,
    IReadOnlyList<WindowReplay> Replays,
    IReadOnlyList<ShockedScenario> Shocked,
    StressedVarReport? StressedVar);

public sealed record ShockedScenario(string Name, bool IsStored, PriceShocks Shocks, PriceShocks WithoutEffect, StressResult Result);

public sealed record StressedVarReport(StressedVarRequest Asked, StressedVar Figures);
