using System.Buffers;
using System.Text;

namespace Risk.Application.Ports;

/// <summary>Tells people outside the house: by e-mail, by SMS, on a console. Delivery is at least once; there is no acknowledgement.</summary>
public interface INotifier
{
    /// <summary>Returns when the notification was taken for delivery.</summary>
    /// <exception cref="StoreUnavailableException">Not known to be taken; publishing it again may deliver it twice.</exception>
    Task PublishAsync(Notification notification, CancellationToken cancellation);
}

/// <summary>Subscribers filter by it: an SMS, say, only from <see cref="Critical"/> on. In ascending order.</summary>
public enum NotificationSeverity
{
    Info,
    Warning,
    Critical,
    Emergency,
}

/// <summary>What is published: bounded as the narrowest of the channels wants it.</summary>
public sealed record Notification
{
    public const int MaxSubjectLength = 99;

    /// <summary>Of the message and its attributes together.</summary>
    public const int MaxBytes = 262_144;

    /// <summary>Kept free for the attributes' names, types and values.</summary>
    public const int MaxMessageBytes = MaxBytes - 256;

    private static readonly SearchValues<char> Printable = SearchValues.Create(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).ToArray());

    /// <param name="subject">1 to <see cref="MaxSubjectLength"/> printable ASCII characters, not beginning with a space.</param>
    /// <param name="message">Text of at most <see cref="MaxMessageBytes"/> bytes of UTF-8, not empty.</param>
    /// <exception cref="ArgumentException">The subject or the message is outside these rules.</exception>
    public Notification(string subject, string message, NotificationSeverity severity)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentException.ThrowIfNullOrEmpty(message);
        if (subject.Length > MaxSubjectLength || subject[0] == ' ' || subject.AsSpan().ContainsAnyExcept(Printable))
            throw new ArgumentException($"A subject has at most {MaxSubjectLength} printable ASCII characters and does not begin with a space.", nameof(subject));
        if (Encoding.UTF8.GetByteCount(message) is var bytes and > MaxMessageBytes)
            throw new ArgumentException($"The message has {bytes} bytes; {MaxMessageBytes} are allowed.", nameof(message));
        (Subject, Message, Severity) = (subject, message, severity);
    }

    public string Subject { get; }

    public string Message { get; }

    public NotificationSeverity Severity { get; }

    /// <summary>The severity as subscribers filter by it, in lower case.</summary>
    public string SeverityWord => Severity switch
    {
        NotificationSeverity.Info => "info",
        NotificationSeverity.Warning => "warning",
        NotificationSeverity.Critical => "critical",
        _ => "emergency",
    };
}
