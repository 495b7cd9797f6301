using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>
/// Notifications as lines of JSON in one file, for people and for programs that follow it: <c>tail -f</c>. A line is on the disk before its
/// notification counts as taken; one that a crash tore stays, and the next begins on a line of its own.
/// </summary>
/// <param name="path">Made with the first notification.</param>
public sealed class OutboxNotifier(string path, TimeProvider time) : INotifier, IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);

    public async Task PublishAsync(Notification notification, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var line = new OutboxLine(time.GetUtcNow(), notification.SeverityWord, notification.Subject, notification.Message);
        byte[] written = [.. JsonSerializer.SerializeToUtf8Bytes(line, OutboxJson.Default.OutboxLine), (byte)'\n'];
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            await AppendAsync(written);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The notification can't be written to {path}: {fault.Message} Check the disk's free space and the file's permissions.", fault);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    /// <summary>Not cancelled half-way.</summary>
    private async Task AppendAsync(byte[] line)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n') file.WriteByte((byte)'\n');
        }
        await file.WriteAsync(line);
        file.Flush(flushToDisk: true);
    }
}

/// <summary>One line of the outbox.</summary>
/// <param name="Severity">info, warning, critical or emergency.</param>
public sealed record OutboxLine(DateTimeOffset Time, string Severity, string Subject, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OutboxLine))]
public sealed partial class OutboxJson : JsonSerializerContext;
