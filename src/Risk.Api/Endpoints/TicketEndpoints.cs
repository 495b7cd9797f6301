using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Stores;

namespace Risk.Api.Endpoints;

/// <summary>Tickets for WebSockets: a browser can't send a key with a handshake.</summary>
internal static class TicketEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/ws-ticket", Post).Needs(Role.Viewer).WithTags("Access").Produces<TicketAnswer>(201).Describe(
            "A ticket for one WebSocket",
            "Good for one handshake within 60 s: /ws?ticket=…. The connection may hear what its caller may view, and ends with the caller's credentials.",
            new RouteDocs([], Examples.Ticket));

    private static async Task<IResult> Post(HttpContext context, TicketStore tickets, CancellationToken cancellation)
    {
        var (ticket, expiry) = await tickets.IssueAsync(CallerAccess.OfRequest(context).Caller, cancellation);
        return TypedResults.Json(new TicketAnswer(ticket, expiry.ToWire()), ApiJson.Default.TicketAnswer, statusCode: 201);
    }
}

public sealed record TicketAnswer(string Ticket, string ExpiresAt);
