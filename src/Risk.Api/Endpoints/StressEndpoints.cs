using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;

namespace Risk.Api.Endpoints;

/// <summary>Stress of an account: windows of the past, custom shocks, stressed VaR.</summary>
internal static class StressEndpoints
{
    private const string Rules =
        "P&L is signed, in base currency; nav_ratio is P&L over NAV. A window moves every price and rate by the ratio of its closes at the two ends "
        + "(a close holds for 7 days), quantities stay; worst_pnl is the lowest at a close in between. Of the shocks the most specific one counts: "
        + "symbol, else sector, else asset class; a currency's multiplies on top, (1 + r)(1 + fx) − 1. Options are valued anew when their underlying "
        + "moves. stressed_var is the historical VaR of today's portfolio over the worst window of the whole history whose "
        + "returns cover at least 80 % of gross exposure, or over a fixed one. Positions that "
        + "a scenario can't move for want of closes, or value for want of a price or rate, are in left_out; coverage is the share of gross exposure without "
        + "them, null where one of them has no known value. Where none of the positions that a scenario moves is known, its P&L is null and covered false.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/risk/{account_id}/scenarios").WithTags("Risk");
        group.MapGet("", List).Needs(Role.Viewer).Produces<ScenariosAnswer>().Describe(
            "What every named window and stored scenario does to an account",
            $"The windows run from a closing peak of the S&P 500 to the trough that followed. stressed_var is over the worst 250 days by the 99 % VaR. {Rules}",
            new RouteDocs(["format"], Examples.Scenarios, IsTable: true), 400, 404);
        group.MapPost("/run", Run).Needs(Role.RiskManager).Accepts<ScenarioRequest>(RequestBody.Json).Produces<ScenariosAnswer>().Describe(
            "Run named windows, stored scenarios and shocks of your own",
            "With save a scenario of your own is stored under its name, in the place of one of the same name, and stands in the list from then on; 100 at "
            + $"most. The same request again has no second effect, so it takes no Idempotency-Key. {Rules}",
            new RouteDocs(["format"], Examples.ScenarioRun, Examples.ScenarioBody, IsTable: true), 400, 404, 409, 413, 415);
        group.MapDelete("/{scenario}", Delete).Needs(Role.RiskManager).Produces<DeletedScenarioAnswer>().Describe(
            "Delete a stored scenario",
            "The windows of the past can't be deleted.",
            new RouteDocs([], Examples.DeletedScenario), 404);
    }

    private static async Task<IResult> List(string account_id, HttpRequest request, StressPortfolio stress, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        if (query.Problem is { } problem) return problem;
        return await Answer(query, account_id, StressRequest.Usual, stress, cancellation);
    }

    private static async Task<IResult> Run(string account_id, HttpRequest request, StressPortfolio stress, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.UsualLimit, cancellation, RequestBody.Json);
        if (body.Problem is { } refused) return refused;
        using var document = body.Parse(out var malformed);
        if (document is null) return malformed!;
        var query = new QueryReader(request);
        var asked = ScenarioRequest.Read(document.RootElement, query.Faults);
        if (query.Problem is { } problem) return problem;
        return await Answer(query, account_id, asked, stress, cancellation);
    }

    private static async Task<IResult> Answer(QueryReader query, string account, StressRequest asked, StressPortfolio stress, CancellationToken cancellation)
    {
        if (!AccountId.TryParse(account, out var known) || await stress.RunAsync(known, asked, cancellation) is not { } report) return Answers.UnknownAccount(account);
        if (report.IsFull) return Problems.Of(409, "too-many-scenarios", $"The account may have {ScenarioStore.MaxScenarios} stored scenarios; delete one first.");
        if (report.Unknown.Count > 0)
            return Problems.Invalid([.. asked.Names!.Index().Where(x => report.Unknown.Contains(x.Item)).Select(x => new Fault($"/scenarios/{x.Index}", $"'{x.Item}' is neither a window nor a stored scenario."))]);
        return Answers.Table(query, ScenariosAnswer.Of(report), ApiJson.Default.ScenariosAnswer, ScenariosAnswer.TableOf);
    }

    private static async Task<IResult> Delete(string account_id, string scenario, ScenarioStore scenarios, CancellationToken cancellation) =>
        AccountId.TryParse(account_id, out var account) && ScenarioStore.IsName(scenario) && await scenarios.DeleteAsync(account, scenario, cancellation)
            ? TypedResults.Json(new DeletedScenarioAnswer(account.Text, scenario), ApiJson.Default.DeletedScenarioAnswer)
            : Problems.NotFound("There is no stored scenario of this name; GET …/scenarios lists them.");
}

public sealed record DeletedScenarioAnswer(string AccountId, string Deleted);
