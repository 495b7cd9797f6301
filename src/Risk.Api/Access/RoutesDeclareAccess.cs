using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Risk.Api.Access;

/// <summary>A host with a route that declares no access does not start: every such route is named at once.</summary>
internal sealed class RoutesDeclareAccess(EndpointDataSource routes) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var silent = routes.Endpoints.OfType<RouteEndpoint>().Where(x => x.Metadata.GetMetadata<RouteAccess>() is null).Select(x => x.RoutePattern.RawText).ToList();
        return silent.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"Routes that do not declare who may call them, by .Needs(Role.…) or .Anyone(): {string.Join(", ", silent)}.");
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
