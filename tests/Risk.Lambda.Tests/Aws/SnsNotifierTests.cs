using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

public sealed class SnsNotifierTests(Emulators emulators)
{
    private readonly RetryClock clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subscriber_gets_the_notification_with_its_severity()
    {
        var url = (await emulators.AddressesAsync()).Fauxqs;
        using var sns = Emulators.Http(url, "sns");
        using var queue = await SubscribedQueue.OpenAsync(url, "delivered");
        var notifier = new SnsNotifier(new SnsClient(sns), queue.Topic, new AwsRetry(clock, seed: 1));
        await notifier.PublishAsync(new Notification("VaR of desk-1 over its limit", "99 %: ₹1,234 & more\n+5 % = 𝄞", NotificationSeverity.Critical), Cancellation);
        var body = Assert.Single(await queue.ReceiveAsync(1));
        Assert.Equal("VaR of desk-1 over its limit", body.GetProperty("Subject").GetString());
        Assert.Equal("99 %: ₹1,234 & more\n+5 % = 𝄞", body.GetProperty("Message").GetString());
        Assert.Equal("critical", body.GetProperty("MessageAttributes").GetProperty("severity").GetProperty("Value").GetString());
    }

    [Fact]
    public async Task A_topic_that_is_busy_or_down_is_asked_again()
    {
        var url = (await emulators.AddressesAsync()).Fauxqs;
        using var queue = await SubscribedQueue.OpenAsync(url, "busy");
        await using var proxy = await FaultProxy.StartAsync(url, call => call.Number switch
        {
            1 => Task.FromResult<ProxyReply?>(new ProxyReply(400, "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>slow</Message></Error></ErrorResponse>"u8.ToArray(), "text/xml")),
            2 => Task.FromResult<ProxyReply?>(new ProxyReply(503, [], null)),
            3 => Task.FromResult<ProxyReply?>(null),
            _ => call.PassOnAsync(),
        });
        using var sns = Emulators.Http(proxy.Url, "sns");
        await new SnsNotifier(new SnsClient(sns), queue.Topic, new AwsRetry(clock, seed: 1)).PublishAsync(new Notification("s", "m", NotificationSeverity.Info), Cancellation);
        Assert.Equal("m", Assert.Single(await queue.ReceiveAsync(1)).GetProperty("Message").GetString());
        Assert.InRange(clock.Waits.Count, 2, 3);
    }

    [Fact]
    public async Task A_topic_that_stays_down_is_said_to_be_so()
    {
        await using var proxy = await FaultProxy.StartAsync("", _ => ProxyReply.Fault(500, "InternalError"));
        using var sns = Emulators.Http(proxy.Url, "sns");
        var notifier = new SnsNotifier(new SnsClient(sns), "arn", new AwsRetry(clock, seed: 1));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => notifier.PublishAsync(new Notification("s", "m", NotificationSeverity.Info), Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" leading")]
    [InlineData("two\nlines")]
    [InlineData("₹ 5")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public void A_subject_that_a_channel_would_refuse_is_refused(string subject) =>
        Assert.ThrowsAny<ArgumentException>(() => new Notification(subject, "m", NotificationSeverity.Info));

    [Fact]
    public void A_message_is_bounded_by_its_bytes()
    {
        Assert.Equal(Notification.MaxMessageBytes, new Notification("s", new string('x', Notification.MaxMessageBytes), NotificationSeverity.Info).Message.Length);
        Assert.ThrowsAny<ArgumentException>(() => new Notification("s", new string('₹', (Notification.MaxMessageBytes / 3) + 1), NotificationSeverity.Info));
        Assert.ThrowsAny<ArgumentException>(() => new Notification("s", "", NotificationSeverity.Info));
    }
}
