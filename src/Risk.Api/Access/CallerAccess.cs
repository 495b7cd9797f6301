using Microsoft.AspNetCore.Http;
using Risk.Application.Access;
using Risk.Domain.Portfolios;

namespace Risk.Api.Access;

/// <summary>Who asks in this request, and the account for which it was checked; null where the route is of none.</summary>
internal sealed record CallerAccess(Caller Caller, AccountId? Account)
{
    /// <exception cref="InvalidOperationException">The route takes anyone, so nobody was asked.</exception>
    public static CallerAccess OfRequest(HttpContext context) =>
        context.Features.Get<CallerAccess>() ?? throw new InvalidOperationException("The route lets anyone in; it can't ask who the caller is.");

    /// <summary>A handler that reads another account than the one that was checked would answer for a stranger.</summary>
    /// <exception cref="InvalidOperationException">The account was not checked.</exception>
    public static AccountId DemandChecked(HttpContext context, AccountId account) => OfRequest(context).Account == account
        ? account
        : throw new InvalidOperationException($"Access to the account was not checked: the route must hold account_id in its path or document it in its query.");
}
