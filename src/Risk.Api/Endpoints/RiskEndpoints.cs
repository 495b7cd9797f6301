using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Reporting;
using Risk.Domain.Portfolios;

namespace Risk.Api.Endpoints;

/// <summary>The risk of an account beyond its VaR: score, exposures, groups, liquidity.</summary>
internal static class RiskEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/risk/{account_id}/metrics", Metrics).Needs(Role.Viewer).WithTags("Risk").Produces<RiskMetricsAnswer>().Describe(
            "Risk score, exposures, VaR by group and liquidity of an account",
            "At live prices, in base currency. risk_score is the mean of score_parts by their weights (position 25, leverage 20, "
            + "concentration 15, correlation 10, liquidity 10, pl 20) over the parts that could be computed; score_coverage is the share of "
            + "the weights that they have. A part is 100 · min(1, value / critical limit) of its worst metric. low below 40, medium below "
            + "70, high below 90, else critical. total_exposure is the gross exposure. In var_by components add up to the account's figures; "
            + "var and es are of the group alone. var_95_without_fx holds the rates still. Liquidity: 10 % of the 30-day average volume is "
            + "sold a day; liquid is at most 10 % of it; liquidity_cost is ½ · |value| · (mean spread + spread_scale · deviation). "
            + "Each VaR has its 95 % interval, each ES its standard error; the liquidity-adjusted interval takes the cost as known. Components, "
            + "differences, ratios and scores have none of their own.",
            new RouteDocs([], RiskExamples.RiskMetrics), 400, 404);

    private static async Task<IResult> Metrics(string account_id, ReportMetrics report, CancellationToken cancellation) =>
        AccountId.TryParse(account_id, out var account) && await report.RunAsync(account, cancellation) is { } scored
            ? TypedResults.Json(RiskMetricsAnswer.Of(scored), ApiJson.Default.RiskMetricsAnswer)
            : Answers.UnknownAccount(account_id);
}
