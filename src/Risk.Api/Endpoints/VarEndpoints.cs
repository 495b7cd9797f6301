using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Reporting;

namespace Risk.Api.Endpoints;

/// <summary>Historical VaR of a symbol and of an account: now, why, and over time.</summary>
internal static class VarEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("VaR");
        group.MapGet("/var/{symbol}", Symbol).Needs(Role.Viewer).Produces<SymbolVarAnswer>().Describe(
            "VaR and expected shortfall of one unit of a symbol",
            "One day ahead, in the instrument's currency, at its last price (else its last close); a loss is positive. An option without a price is "
            + "valued by the model, at its underlying's volatility: flag fallback_volatility. A figure that can't be computed is null, with its reason in reasons.",
            new RouteDocs([], RiskExamples.SymbolVar), 400, 404);
        group.MapGet("/portfolio/var", PortfolioVar).Needs(Role.Viewer).Produces<PortfolioVarAnswer>().Describe(
            "VaR of an account, and what each position adds to it",
            "In the account's base currency at live prices; var and es of a row are per unit in the instrument's currency. "
            + "Component VaRs add up to the VaR. risk_class: position_var_95_ratio below 0.02 is low, below 0.04 medium, else high. "
            + "epoch names the versions (positions.history.prices) that the figures are a function of. Stale is a symbol without a "
            + "tick for 60 s while its market is open. coverage is the share of gross exposure in the figures, null where a position without a "
            + "price or rate is left out. interval is where the true VaR lies with 95 % probability, whatever the distribution; components, incremental "
            + "figures and ratios have none of their own.",
            new RouteDocs(["account_id", "format"], RiskExamples.PortfolioVar, IsTable: true), 400, 404);
        group.MapGet("/portfolio/var/explain", Explain).Needs(Role.Viewer).Produces<ExplainAnswer>().Describe(
            "Which scenarios set the VaR",
            "VaR = −Σ weight × pnl over one or two historical days, the worse first; each with the P&L of every position in it.",
            new RouteDocs(["account_id", "confidence"], RiskExamples.Explain), 400, 404);
        group.MapGet("/portfolio/var/history", History).Needs(Role.Viewer).Produces<VarHistoryAnswer>().Describe(
            "VaR of an account over time",
            "What was known at the end of each minute (7 days at most) or UTC day (ten years at most), and now. pnl is the change "
            + "of NAV since the point before, null where positions changed, where one got or lost its value, and where a trading day is missing in between. breach marks a day's loss above the VaR published before "
            + "it; null for minutes. Each point says how it was measured and what it left out. The range ends at the newest snapshot and begins a day (minutes) or 90 days (days) before it "
            + "where not given.",
            new RouteDocs(["account_id", "from", "to", "interval", "format"], RiskExamples.VarHistory, IsTable: true), 400, 404);
    }

    private static async Task<IResult> Symbol(string symbol, MeasureSymbol measure, CancellationToken cancellation) =>
        Answers.TrySymbol(symbol, out var known) && await measure.RunAsync(known, cancellation) is { } measured
            ? TypedResults.Json(SymbolVarAnswer.Of(measured), ApiJson.Default.SymbolVarAnswer)
            : Answers.UnknownSymbol(symbol);

    private static async Task<IResult> PortfolioVar(HttpRequest request, MeasurePortfolio measure, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var account = query.Account();
        if (query.Problem is { } problem) return problem;
        if (await measure.RunAsync(account, cancellation) is not { } priced) return Answers.UnknownAccount(account.Text);
        return Answers.Table(query, PortfolioVarAnswer.Of(priced), ApiJson.Default.PortfolioVarAnswer, PortfolioVarAnswer.TableOf);
    }

    private static async Task<IResult> Explain(HttpRequest request, MeasurePortfolio measure, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var (account, confidence) = (query.Account(), query.Ratio("confidence", 0.5m, 1m, 0.95m));
        if (query.Problem is { } problem) return problem;
        if (await measure.RunAsync(account, cancellation) is not { } priced) return Answers.UnknownAccount(account.Text);
        return TypedResults.Json(ExplainAnswer.Of(priced, priced.Explain(confidence)), ApiJson.Default.ExplainAnswer);
    }

    private static async Task<IResult> History(HttpRequest request, ReportVarSeries report, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var (account, from, to) = (query.Account(), query.Time("from"), query.Time("to"));
        var isDaily = query.Choice("interval", "minute", "minute", "day") == "day";
        if (from > to) query.Add("from", "The range ends before it begins.");
        if (query.Problem is { } problem) return problem;
        var series = await report.RunAsync(account, isDaily ? SeriesInterval.Day : SeriesInterval.Minute, from, to, cancellation);
        if (series is null) return Answers.UnknownAccount(account.Text);
        return Answers.Table(query, VarHistoryAnswer.Of(series), ApiJson.Default.VarHistoryAnswer, VarHistoryAnswer.TableOf);
    }
}
