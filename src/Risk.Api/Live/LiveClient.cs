using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Risk.Application.Ports;

namespace Risk.Api.Live;

/// <summary>
/// One connection. What it has not been sent yet waits as the latest of each key: at most one message for each topic and type, however
/// slow it reads. One loop sends; anybody may offer.
/// </summary>
internal sealed class LiveClient(WebSocket socket) : IDisposable
{
    private readonly Lock guard = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly Dictionary<(string Topic, string Type), LiveMessage> waiting = [];
    private readonly List<LiveMessage> taken = [];
    private readonly ArrayBufferWriter<byte> frame = new(512);
    private byte[]? heartbeat;
    private long sequence;

    public WebSocket Socket => socket;

    /// <summary>What it wants to hear; changed under the hub's lock only.</summary>
    public HashSet<string> Topics { get; } = [];

    public void Offer(LiveMessage message)
    {
        lock (guard) waiting[(message.Topic, message.Type)] = message;
        Wake();
    }

    /// <summary>False when the heartbeat before this one has not gone out yet: nobody reads at the other end.</summary>
    public bool OfferHeartbeat(byte[] data)
    {
        lock (guard)
        {
            if (heartbeat is not null) return false;
            heartbeat = data;
        }
        Wake();
        return true;
    }

    /// <summary>Sends what waits, until cancelled or the connection breaks.</summary>
    public async Task SendAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await wake.WaitAsync(cancellation);
            if (Take() is { } beat)
            {
                await SendAsync("heartbeat", beat, cancellation);
                // Only now: a heartbeat that is stuck in the connection must be found stuck.
                lock (guard) heartbeat = null;
            }
            foreach (var message in taken) await SendAsync(message.Type, message.Data, cancellation);
        }
    }

    public void Dispose() => wake.Dispose();

    private void Wake()
    {
        lock (guard)
            if (wake.CurrentCount == 0) wake.Release();
    }

    private byte[]? Take()
    {
        lock (guard)
        {
            taken.Clear();
            taken.AddRange(waiting.Values);
            waiting.Clear();
            return heartbeat;
        }
    }

    private async ValueTask SendAsync(string type, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        frame.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(frame))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data.Span, skipInputValidation: true);
            json.WriteNumber("sequence"u8, ++sequence);
            json.WriteEndObject();
        }
        await socket.SendAsync(frame.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation);
    }
}
