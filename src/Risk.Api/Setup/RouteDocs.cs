using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Risk.Api.Setup;

/// <summary>What the OpenAPI document says of a route beyond its types.</summary>
/// <param name="Query">The names of its query parameters, described in <see cref="OpenApiDocument"/>.</param>
/// <param name="Example">An answer.</param>
/// <param name="RequestExample">A body, where it takes one.</param>
/// <param name="IsTable">Whether it also answers as CSV.</param>
internal sealed record RouteDocs(string[] Query, string Example, string? RequestExample = null, bool IsTable = false);

internal static class RouteDocsExtensions
{
    /// <param name="problems">The problems it may answer besides 403, 500 and 503, which every route may.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string summary, string description, RouteDocs docs, params int[] problems)
    {
        route.WithSummary(summary).WithDescription(description).WithMetadata(docs);
        // For every route on the way of a cold start: sets and orders of integers would be compiled there.
        int[] statuses = [.. problems, 403, 500, 503];
        Array.Sort(statuses);
        for (var i = 0; i < statuses.Length; i++)
            if (i == 0 || statuses[i] != statuses[i - 1]) route.ProducesProblem(statuses[i]);
        return route;
    }
}
