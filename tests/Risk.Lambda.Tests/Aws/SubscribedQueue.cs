using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Risk.Lambda.Aws.Clients;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

/// <summary>A topic, and a queue that is subscribed to it: how notifications are seen to arrive.</summary>
internal sealed class SubscribedQueue : IDisposable
{
    private readonly SignedHttp sqs;
    private readonly string url;

    private SubscribedQueue(SignedHttp sqs, string url, string topic) => (this.sqs, this.url, Topic) = (sqs, url, topic);

    /// <summary>The ARN.</summary>
    public string Topic { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="name">Of the topic and the queue; no other test has it.</param>
    public static async Task<SubscribedQueue> OpenAsync(string service, string name)
    {
        using var sns = Emulators.Http(service, "sns");
        var sqs = Emulators.Http(service, "sqs");
        var queue = (await SqsAsync(sqs, "CreateQueue", $$"""{"QueueName":"{{name}}"}""")).GetProperty("QueueUrl").GetString()!;
        var attributes = await SqsAsync(sqs, "GetQueueAttributes", $$"""{"QueueUrl":"{{queue}}","AttributeNames":["QueueArn"]}""");
        var arn = attributes.GetProperty("Attributes").GetProperty("QueueArn").GetString()!;
        var created = await SnsAsync(sns, $"Action=CreateTopic&Name={name}");
        var topic = created.Descendants().Single(element => element.Name.LocalName == "TopicArn").Value;
        await SnsAsync(sns, $"Action=Subscribe&TopicArn={Uri.EscapeDataString(topic)}&Protocol=sqs&Endpoint={Uri.EscapeDataString(arn)}");
        return new SubscribedQueue(sqs, queue, topic);
    }

    /// <summary>The envelopes of so many notifications at least: waits for them, and takes no message twice.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReceiveAsync(int count)
    {
        var envelopes = new List<JsonElement>();
        while (envelopes.Count < count)
        {
            var answer = await SqsAsync(sqs, "ReceiveMessage", $$"""{"QueueUrl":"{{url}}","WaitTimeSeconds":5,"MaxNumberOfMessages":10}""");
            Assert.True(answer.TryGetProperty("Messages", out var messages) && messages.GetArrayLength() > 0, $"{envelopes.Count} of {count} notifications arrived");
            foreach (var message in messages.EnumerateArray())
            {
                envelopes.Add(JsonDocument.Parse(message.GetProperty("Body").GetString()!).RootElement);
                await SqsAsync(sqs, "DeleteMessage", $$"""{"QueueUrl":"{{url}}","ReceiptHandle":{{message.GetProperty("ReceiptHandle").GetRawText()}}}""");
            }
        }
        return envelopes;
    }

    public void Dispose() => sqs.Dispose();

    private static async Task<XDocument> SnsAsync(SignedHttp sns, string form) => XDocument.Parse(Encoding.UTF8.GetString(
        await sns.PostAsync("", "application/x-www-form-urlencoded", null, Encoding.ASCII.GetBytes(form + "&Version=2010-03-31"), Cancellation)));

    private static async Task<JsonElement> SqsAsync(SignedHttp sqs, string operation, string json)
    {
        var answer = await sqs.PostAsync("", "application/x-amz-json-1.0", "AmazonSQS." + operation, Encoding.UTF8.GetBytes(json), Cancellation);
        return answer.Length == 0 ? default : JsonDocument.Parse(answer).RootElement;
    }
}
