using System.Text;

namespace Risk.Lambda.Aws.Clients;

/// <summary>Publishing to a topic. Each call is one try.</summary>
public sealed class SnsClient(SignedHttp http)
{
    /// <param name="severity">An attribute, by which subscriptions filter.</param>
    public Task PublishAsync(string topic, string subject, string message, string severity, CancellationToken cancellation)
    {
        (string Name, string Value)[] form =
        [
            ("Action", "Publish"),
            ("Version", "2010-03-31"),
            ("TopicArn", topic),
            ("Subject", subject),
            ("Message", message),
            ("MessageAttributes.entry.1.Name", "severity"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", severity),
        ];
        var body = string.Join('&', form.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        return http.PostAsync("", "application/x-www-form-urlencoded; charset=utf-8", null, Encoding.ASCII.GetBytes(body), cancellation);
    }
}
