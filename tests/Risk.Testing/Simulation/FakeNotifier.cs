using System.Collections.Concurrent;
using Risk.Application.Ports;

namespace Risk.Testing.Simulation;

/// <summary>Notifications as a list, in the order in which they were taken.</summary>
public sealed class FakeNotifier : INotifier
{
    private readonly ConcurrentQueue<Notification> published = [];

    public IReadOnlyList<Notification> Published => [.. published];

    public Task PublishAsync(Notification notification, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notification);
        cancellation.ThrowIfCancellationRequested();
        published.Enqueue(notification);
        return Task.CompletedTask;
    }
}
