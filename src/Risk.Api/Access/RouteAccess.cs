using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Risk.Application.Access;

namespace Risk.Api.Access;

/// <summary>
/// What a route asks of its caller. The role is held on the account that the route is of: the one in its path, or in the query of a route
/// that documents <c>account_id</c> (<c>default</c> where not given). On a route of no account, viewer and trader may be held on any
/// account; the other roles, which change what all accounts share, must be held on every account.
/// </summary>
internal sealed record RouteAccess(AccessKind Kind, Role Role = default, bool HandlerChecksAccount = false);

internal enum AccessKind
{
    Anyone,
    Role,
    Ticket,
}

public static class RouteAccessExtensions
{
    /// <param name="handlerChecksAccount">
    /// For a route whose account is known only inside (of an alert, by its id): the role may be held on any account, and the handler asks
    /// <see cref="CallerAccess.OfRequest"/> for the right one.
    /// </param>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Role role, bool handlerChecksAccount = false)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteAccess(AccessKind.Role, role, handlerChecksAccount), Problem(401), Problem(429));

    /// <summary>Without credentials: what tells nothing of anybody.</summary>
    public static TBuilder Anyone<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(AccessKind.Anyone));

    /// <summary>For a WebSocket's handshake: a ticket in the query, unless the host is open.</summary>
    public static TBuilder NeedsTicket<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(AccessKind.Ticket));

    private static ProducesResponseTypeMetadata Problem(int status) => new(status, typeof(ProblemDetails), [Wire.Problems.ContentType]);
}
