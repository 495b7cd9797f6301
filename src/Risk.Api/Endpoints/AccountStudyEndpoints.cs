using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Calculators;
using Risk.Application.Reporting;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Snapshots;

namespace Risk.Api.Endpoints;

/// <summary>How well an account's VaR holds, and what the account had better hold.</summary>
internal static class AccountStudyEndpoints
{
    private const int MaxDays = 2_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/risk/{account_id}").WithTags("Risk");
        group.MapGet("/backtest", Backtest).Needs(Role.Viewer).Produces<BacktestAnswer>().Describe(
            "Backtest of an account's VaR",
            "walk_forward tries a method on what today's positions would have gained and lost: each day's VaR comes from the window_days before it alone. "
            + "published holds the daily VaR that was published (confidence 0.95 or 0.99) against the change of NAV until the next day, without days on "
            + "which positions changed. days and window_days together are at most 2,500. An exceedance is a loss above the VaR. kupiec, independence and "
            + "conditional_coverage are likelihood ratios with their χ² p-value, rejected at 5 %; zone and multipliers are Basel's, null where the tables "
            + "give none; z2 is Acerbi and Szekely's, 0 for a right shortfall and below for one too small; exceedance_rate_interval holds the "
            + "probability of an exceedance with 95 % (Clopper and Pearson), z2_standard_error is unknown without an exceedance; independence counts days that follow each other. flags: short_history (fewer than 30 days), thin_tail (a forecast read off fewer than "
            + "five scenarios), constant_window (one from a window in which nothing moved; what is fitted takes the historical figure there, its limit), forecasts_missing (days_without_forecast, for which the method has none, with the reason, are not tested). CSV answers the timelines. method: any of POST "
            + "/api/v1/calculate/var, historical where not given; normal and t have a mean of zero, Monte Carlo has 100,000 paths; what is fitted is fitted to the "
            + $"window every {TailForecasts.RefitDays} days. student_t fits its degrees_of_freedom unless given, monte_carlo_t needs them. conventions states all of it.",
            new RouteDocs(["days", "confidence", "method", "degrees_of_freedom", "window_days", "format"], Examples.Backtest, IsTable: true), 400, 404);
        group.MapPost("/optimise", Optimise).Needs(Role.Trader).Accepts<OptimiseBody>(RequestBody.Json).Produces<OptimiseAnswer>().Describe(
            "Weights by an objective, the trades that lead there, and VaR before and after",
            "Nothing is changed. Weights are of the capital in the optimised positions (those held that have returns; symbols picks some) and sum to one; "
            + "cash, options and the rest stay. objective: min_variance, max_sharpe, target_return, min_cvar, black_litterman take bounds (0 to 1 where not "
            + "given), risk_parity, risk_budget, hrp take none. Rates are per year, × 252 of the window's daily mean and covariance; expected_returns "
            + "replaces means. black_litterman: the highest Sharpe ratio of the posterior of market_weights (today's where not given) and views. A trade is "
            + "rounded towards no trade, to whole lots of lot_size (1); it is priced at today's price, without costs. Without weights outcome says why. Intervals and standard "
            + "errors are those of the positions as they are before and after; that the latter were chosen on the days that measure them (in_sample; thin_tail where min_cvar looked at fewer than five) they leave out, and heavy_tails flags an error of the volatility that is too small. "
            + "Where no position has 30 returns the reason is short_history.",
            new RouteDocs(["format"], Examples.Optimise, Examples.OptimiseBody, IsTable: true), 400, 404, 413, 415);
    }

    private static async Task<IResult> Backtest(string account_id, HttpRequest request, BacktestPortfolio backtest, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var (days, window) = (query.Whole("days", 1, MaxDays, BacktestPortfolio.UsualDays), query.Whole("window_days", RiskConventions.MinObservations, BacktestPortfolio.MaxDaysInAll - 1, 0));
        var confidence = query.Ratio("confidence", 0.5m, 1m, 0.99m);
        var word = query.Choice("method", "historical", [.. VarMethodWords.All.Select(x => x.Word)]);
        var method = VarMethodWords.All.FirstOrDefault(x => x.Word == word) ?? VarMethodWords.All[0];
        var nu = query.Find("degrees_of_freedom") is null ? (decimal?)null : query.Ratio("degrees_of_freedom", 2m, 10_000m, 5m);
        if (nu is not null && word is not null && !method.Reads("degrees_of_freedom")) query.Add("degrees_of_freedom", $"Has no part in the method {word}.");
        if (nu is null && method.Method == VarMethod.MonteCarloT) query.Add("degrees_of_freedom", "Is missing: the method draws from a t with as many.");
        if (window is > 0 and < GarchFit.MinReturns && method.Method == VarMethod.FilteredGarch) query.Add("window_days", $"{word} is fitted to {GarchFit.MinReturns} days at least.");
        if (days + window > BacktestPortfolio.MaxDaysInAll) query.Add("window_days", $"Together with days at most {BacktestPortfolio.MaxDaysInAll}.");
        var asked = new PortfolioBacktestRequest(method.Method, confidence, days, window == 0 ? null : window, (double?)nu);
        if (asked.IsFitted && days * window > BacktestPortfolio.MaxFittedWork)
            query.Add("days", $"{word} fits parameters on the way: days times window_days are {days * window}; the limit is {BacktestPortfolio.MaxFittedWork}.");
        if (query.Problem is { } problem) return problem;
        if (!AccountId.TryParse(account_id, out var account) || await backtest.RunAsync(account, asked, cancellation) is not { } report) return Answers.UnknownAccount(account_id);
        return Answers.Table(query, BacktestAnswer.Of(report), ApiJson.Default.BacktestAnswer, BacktestAnswer.TableOf);
    }

    private static async Task<IResult> Optimise(string account_id, HttpRequest request, OptimisePortfolio optimise, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.UsualLimit, cancellation, RequestBody.Json);
        if (body.Problem is { } refused) return refused;
        using var document = body.Parse(out var malformed);
        if (document is null) return malformed!;
        var query = new QueryReader(request);
        var asked = OptimiseBody.Read(document.RootElement, query.Faults);
        if (query.Problem is { } problem) return problem;
        if (!AccountId.TryParse(account_id, out var account) || await optimise.RunAsync(account, asked, cancellation) is not { } report) return Answers.UnknownAccount(account_id);
        if (report.Unknown.Count > 0)
            return Problems.Invalid([.. report.Unknown.Select(x => new Fault(OptimiseBody.PointerOf(asked, x), $"'{x}' is no position of the account that can be optimised."))]);
        if (report.Assets.Count > OptimisePortfolio.MaxAssets)
            return Problems.Invalid([new Fault("/symbols", $"At most {OptimisePortfolio.MaxAssets} positions are optimised at once, and there are {report.Assets.Count}: name some.")]);
        return Answers.Table(query, OptimiseAnswer.Of(report, asked), ApiJson.Default.OptimiseAnswer, OptimiseAnswer.TableOf);
    }
}
