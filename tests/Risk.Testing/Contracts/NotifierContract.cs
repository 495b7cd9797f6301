using Risk.Application.Ports;
using Xunit;

namespace Risk.Testing.Contracts;

/// <summary>What every <see cref="INotifier"/> promises, seen by one who is subscribed.</summary>
public abstract class NotifierContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A notifier to which one has subscribed who hears everything, and nothing of other tests.</summary>
    protected abstract ValueTask<INotifier> OpenAsync();

    /// <summary>Waits for so many notifications and takes them, in any order, each as often as it was delivered.</summary>
    protected abstract ValueTask<IReadOnlyList<Notification>> TakeAsync(int count);

    [Theory]
    [InlineData(NotificationSeverity.Info)]
    [InlineData(NotificationSeverity.Warning)]
    [InlineData(NotificationSeverity.Critical)]
    [InlineData(NotificationSeverity.Emergency)]
    public async Task A_notification_arrives_with_its_severity(NotificationSeverity severity)
    {
        var notifier = await OpenAsync();
        var sent = new Notification("VaR of desk-1 over its limit", "1,234 over 1,000", severity);
        await notifier.PublishAsync(sent, Cancellation);
        Assert.Equal([sent], await TakeAsync(1));
    }

    [Theory]
    [InlineData("99 %: ₹1,234 & more\n+5 % = 𝄞\ttab \"quoted\" \\ <b>&amp;</b>")]
    [InlineData(" ")]
    [InlineData("{\"default\":\"no envelope\"}")]
    [InlineData("a=b&Action=Publish%20+;?#")]
    public async Task A_message_arrives_as_it_is(string message)
    {
        var notifier = await OpenAsync();
        await notifier.PublishAsync(new Notification("s", message, NotificationSeverity.Info), Cancellation);
        Assert.Equal(message, Assert.Single(await TakeAsync(1)).Message);
    }

    [Fact]
    public async Task A_subject_holds_every_character_that_it_may()
    {
        var notifier = await OpenAsync();
        var all = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)) + " end";
        Assert.Equal(Notification.MaxSubjectLength - 1, all.Length);
        await notifier.PublishAsync(new Notification(all, "m", NotificationSeverity.Info), Cancellation);
        Assert.Equal(all, Assert.Single(await TakeAsync(1)).Subject);
    }

    [Fact]
    public async Task The_largest_message_is_taken()
    {
        var notifier = await OpenAsync();
        var message = string.Concat(Enumerable.Repeat("₹", Notification.MaxMessageBytes / 3)) + new string('x', Notification.MaxMessageBytes % 3);
        await notifier.PublishAsync(new Notification(new string('s', Notification.MaxSubjectLength), message, NotificationSeverity.Emergency), Cancellation);
        Assert.Equal(message, Assert.Single(await TakeAsync(1)).Message);
    }

    [Fact]
    public async Task Many_at_once_all_arrive_and_equal_ones_stay_two()
    {
        var notifier = await OpenAsync();
        var sent = Enumerable.Range(0, 20).Select(i => new Notification("s", $"{i / 2}", NotificationSeverity.Warning)).ToList();
        await Task.WhenAll(sent.Select(x => notifier.PublishAsync(x, Cancellation)));
        var taken = await TakeAsync(sent.Count);
        Assert.Equal(sent.Select(x => x.Message).Order(StringComparer.Ordinal), taken.Select(x => x.Message).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_has_cancelled_publishes_nothing()
    {
        var notifier = await OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => notifier.PublishAsync(new Notification("s", "not this", NotificationSeverity.Info), new CancellationToken(canceled: true)));
        await notifier.PublishAsync(new Notification("s", "this", NotificationSeverity.Info), Cancellation);
        Assert.Equal("this", Assert.Single(await TakeAsync(1)).Message);
    }
}
