using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Reporting;
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
            + "give none; z2 is Acerbi and Szekely's, 0 for a right shortfall and below for one too small. CSV answers the timelines.",
            new RouteDocs(["days", "confidence", "method", "window_days", "format"], Examples.Backtest, IsTable: true), 400, 404);
        group.MapPost("/optimise", Optimise).Needs(Role.Trader).Accepts<OptimiseBody>(RequestBody.Json).Produces<OptimiseAnswer>().Describe(
            "Weights by an objective, the trades that lead there, and VaR before and after",
            "Nothing is changed. Weights are of the capital in the optimised positions (those held that have returns; symbols picks some) and sum to one; "
            + "cash, options and the rest stay. objective: min_variance, max_sharpe, target_return, min_cvar, black_litterman take bounds (0 to 1 where not "
            + "given), risk_parity, risk_budget, hrp take none. Rates are per year, × 252 of the window's daily mean and covariance; expected_returns "
            + "replaces means. black_litterman: the highest Sharpe ratio of the posterior of market_weights (today's where not given) and views. A trade is "
            + "rounded towards no trade, to whole lots of lot_size (1); it is priced at today's price, without costs. Without weights outcome says why.",
            new RouteDocs(["format"], Examples.Optimise, Examples.OptimiseBody, IsTable: true), 400, 404, 413, 415);
    }

    private static async Task<IResult> Backtest(string account_id, HttpRequest request, BacktestPortfolio backtest, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var (days, window) = (query.Whole("days", 1, MaxDays, BacktestPortfolio.UsualDays), query.Whole("window_days", RiskConventions.MinObservations, BacktestPortfolio.MaxDaysInAll - 1, 0));
        var confidence = query.Ratio("confidence", 0.5m, 1m, 0.99m);
        var method = query.Choice("method", "historical", "historical", "age_weighted", "volatility_scaled", "parametric_normal", "cornish_fisher");
        if (days + window > BacktestPortfolio.MaxDaysInAll) query.Add("window_days", $"Together with days at most {BacktestPortfolio.MaxDaysInAll}.");
        if (query.Problem is { } problem) return problem;
        var asked = new PortfolioBacktestRequest(BacktestAnswer.MethodOf(method), confidence, days, window == 0 ? null : window);
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
