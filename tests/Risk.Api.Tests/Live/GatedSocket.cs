using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Risk.Api.Tests.Live;

/// <summary>A connection whose other end has asked for something and reads nothing until its gate is opened.</summary>
internal sealed class GatedSocket(string firstMessage) : WebSocket
{
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource sendBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<JsonElement> sent = Channel.CreateUnbounded<JsonElement>();
    private WebSocketState state = WebSocketState.Open;
    private bool hasAsked;

    public Task SendBegan => sendBegan.Task;

    public int SentButUnread => sent.Reader.Count;

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => state;

    public override string? SubProtocol => null;

    public void OpenGate() => gate.TrySetResult();

    public void EndByClient() => ended.TrySetResult();

    public ValueTask<JsonElement> NextSentAsync(CancellationToken cancellation) => sent.Reader.ReadAsync(cancellation);

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!hasAsked)
        {
            hasAsked = true;
            return new ValueWebSocketReceiveResult(Encoding.UTF8.GetBytes(firstMessage, buffer.Span), WebSocketMessageType.Text, true);
        }
        await ended.Task.WaitAsync(cancellationToken);
        return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, true);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var message = JsonDocument.Parse(buffer.ToArray()).RootElement;
        sendBegan.TrySetResult();
        await gate.Task.WaitAsync(cancellationToken);
        sent.Writer.TryWrite(message);
    }

    public override void Abort()
    {
        state = WebSocketState.Aborted;
        gate.TrySetException(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
        ended.TrySetException(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        state = WebSocketState.Closed;
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => throw new NotSupportedException();
}
