using Risk.Application.Ports;
using Risk.Lambda.Aws.Clients;

namespace Risk.Lambda.Aws;

/// <summary>Notifications as messages of one topic, the severity as an attribute in lower case.</summary>
public sealed class SnsNotifier(SnsClient client, string topic, AwsRetry retry) : INotifier
{
    public Task PublishAsync(Notification notification, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return retry.RunAsync("Publishing a notification", async tried =>
        {
            await client.PublishAsync(topic, notification.Subject, notification.Message, notification.SeverityWord, tried);
            return true;
        }, cancellation);
    }
}
