using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;

namespace Risk.Api.Access;

/// <summary>
/// Lets a request through to its route when its caller may do what the route declares. An account that is none of the caller's business
/// does not exist for them (404); one that is, but not for this, is forbidden (403). A route that declares nothing is refused as a fault
/// of the program.
/// </summary>
internal sealed class AccessCheck(AccessSettings settings, Authenticator authenticator, TicketStore tickets, RateLimit limit, ILogger<AccessCheck> log)
{
    public const string AccountParameter = "account_id";
    public const string TicketParameter = "ticket";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What is no route of ours is answered by the framework: 404, 405, files of a page.
        if (context.GetEndpoint() is not RouteEndpoint route || RuleOf(route) is not { Kind: not AccessKind.Anyone } rule)
        {
            await next(context);
            return;
        }
        var (caller, fault) = rule.Kind == AccessKind.Ticket ? await ByTicketAsync(context) : await ByHeadersAsync(context);
        if (caller is null && fault is null && settings.IsOpen) caller = Caller.Local;
        if (caller is null) await Unauthorized(context, fault).ExecuteAsync(context);
        else if (Wait(caller, rule) is { } wait) await TooFast(context, wait).ExecuteAsync(context);
        else if (Refusal(context, route, rule, caller) is { } refusal) await refusal.ExecuteAsync(context);
        else await next(context);
    }

    /// <exception cref="InvalidOperationException">It declares nothing.</exception>
    internal static RouteAccess RuleOf(RouteEndpoint route) =>
        route.Metadata.GetMetadata<RouteAccess>() ?? throw new InvalidOperationException($"The route {route.RoutePattern.RawText} does not declare who may call it: add .Needs(Role.…) or .Anyone().");

    private async Task<Authentication> ByHeadersAsync(HttpContext context)
    {
        if (HostCaller.Of(context.User, settings.Jwt) is { } vouched) return new Authentication(vouched, null);
        var headers = context.Request.Headers;
        return await authenticator.RunAsync(headers[Authenticator.KeyHeader], headers.Authorization, context.RequestAborted);
    }

    private async Task<Authentication> ByTicketAsync(HttpContext context)
    {
        var given = context.Request.Query[TicketParameter];
        if (given.Count == 0) return new Authentication(null, null);
        var caller = given.Count == 1 ? await tickets.RedeemAsync(given[0] ?? "", context.RequestAborted) : null;
        return new Authentication(caller, caller is null ? "the ticket is unknown, expired or used" : null);
    }

    private static IResult? Refusal(HttpContext context, RouteEndpoint route, RouteAccess rule, Caller caller)
    {
        var named = AccountOf(context, route);
        var account = named is null ? default(AccountId?) : AccountId.TryParse(named, out var parsed) ? parsed : null;
        context.Features.Set(new CallerAccess(caller, account));
        var scopes = caller.Scopes;
        if (rule.Kind == AccessKind.Ticket) return null;
        if (named is null)
        {
            var isAnyEnough = rule.HandlerChecksAccount || rule.Role is Role.Viewer or Role.Trader;
            return (isAnyEnough ? scopes.AllowSomewhere(rule.Role) : scopes.AllowEverywhere(rule.Role)) ? null : Forbidden(rule.Role);
        }
        // What is no account id can't be foreign: who may do it everywhere hears from the route what is wrong with it.
        if (account is not { } known) return scopes.AllowEverywhere(rule.Role) ? null : Answers.UnknownAccount(named);
        if (scopes.Allow(rule.Role, known)) return null;
        return scopes.Know(known) ? Forbidden(rule.Role) : Answers.UnknownAccount(named);
    }

    /// <summary>The account that the route is of, as <see cref="QueryReader.Account"/> reads it; null for a route of none.</summary>
    private static string? AccountOf(HttpContext context, RouteEndpoint route)
    {
        if (route.RoutePattern.GetParameter(AccountParameter) is not null) return context.Request.RouteValues[AccountParameter] as string ?? "";
        if (route.Metadata.GetMetadata<RouteDocs>()?.Query.Contains(AccountParameter) != true) return null;
        var given = context.Request.Query[AccountParameter];
        return given.Count == 0 || string.IsNullOrWhiteSpace(given[0]) ? AccountId.Default.Text : given[0]!.Trim();
    }

    private TimeSpan? Wait(Caller caller, RouteAccess rule) => caller == Caller.Local ? null : limit.Take(caller.Name, rule.Role == Role.Ingest && rule.Kind == AccessKind.Role);

    private IResult Unauthorized(HttpContext context, string? fault)
    {
        if (fault is not null) log.LogWarning("{Method} {Route} was refused: {Fault}.", context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, fault);
        var error = fault is null ? "" : ", error=\"invalid_token\"";
        context.Response.Headers.WWWAuthenticate = new([$"ApiKey realm=\"risk\", header=\"{Authenticator.KeyHeader}\"", $"Bearer realm=\"risk\"{error}"]);
        return fault is null
            ? Problems.Of(401, "no-credentials", "Send an API key in the header X-Api-Key or a token as Authorization: Bearer; a WebSocket takes a ticket of POST /api/v1/ws-ticket.")
            : Problems.Of(401, "bad-credentials", "The credentials are not taken: malformed, unknown, expired, revoked or used up.");
    }

    private static IResult Forbidden(Role needed) => Problems.Of(403, "forbidden", $"This needs the role {needed.ToText()}, which the caller does not hold here.");

    private static IResult TooFast(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(429, "too-many-requests", "More requests than this caller may send; the header Retry-After says when to go on.");
    }
}
