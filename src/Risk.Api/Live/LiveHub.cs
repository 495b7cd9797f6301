using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Risk.Api.Wire;
using Risk.Application.Ports;
using Risk.Domain.Prices;

namespace Risk.Api.Live;

/// <summary>
/// The connections of one host. A push costs a look-up for each message and a slot for each of its listeners, never a wait: a slow client
/// gets the latest of each key, one that stops reading is cut off at the second heartbeat it misses. A message that can't be followed
/// changes nothing and is answered by one of the type <see cref="LiveProblem.Type"/>; of several answers that wait, the latest goes out.
/// </summary>
public sealed class LiveHub : ILivePush, IDisposable
{
    public const int MaxClients = 500;
    public const int MaxTopics = 1_000;

    /// <summary>Of a message from a client: room for its topics, thrice over.</summary>
    public const int MaxMessageBytes = 128 * 1024;

    public static readonly string TooManyTopics = $"At most {MaxTopics} topics a connection.";

    public static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly Lock guard = new();
    private readonly HashSet<LiveClient> clients = [];
    private readonly Dictionary<string, HashSet<LiveClient>> listeners = [];
    private readonly TimeProvider time;
    private readonly ITimer heart;

    public LiveHub(TimeProvider time)
    {
        this.time = time;
        heart = time.CreateTimer(_ => Beat(), null, HeartbeatEvery, HeartbeatEvery);
    }

    public bool HasListeners
    {
        get
        {
            lock (guard) return listeners.Count > 0;
        }
    }

    public bool IsFull
    {
        get
        {
            lock (guard) return clients.Count >= MaxClients;
        }
    }

    public Task PushAsync(IReadOnlyList<LiveMessage> messages, CancellationToken cancellation)
    {
        lock (guard)
        {
            foreach (var message in messages)
                if (listeners.TryGetValue(message.Topic, out var interested))
                    foreach (var client in interested) client.Offer(message);
        }
        return Task.CompletedTask;
    }

    /// <summary>Serves one connection until either side ends it. A stopping host says goodbye.</summary>
    /// <param name="mayHear">Which topics the caller may hear.</param>
    public async Task RunAsync(WebSocket socket, Predicate<string> mayHear, CancellationToken stopping)
    {
        using var client = new LiveClient(socket);
        if (!TryAdd(client))
        {
            await CloseAsync(socket, WebSocketCloseStatus.InternalServerError, "Too many connections.");
            return;
        }
        // To cancel a receive breaks the connection, and with it the closing handshake: that comes last.
        using var lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var receiving = ReceiveAllAsync(client, mayHear, lost.Token);
        var sending = client.SendAllAsync(ending.Token);
        await Task.WhenAny(receiving, sending);
        Remove(client);
        await ending.CancelAsync();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var (status, reason) = receiving.IsCompletedSuccessfully
            ? await receiving
            : (WebSocketCloseStatus.EndpointUnavailable, "The host is stopping.");
        await CloseAsync(socket, status, reason);
        lost.CancelAfter(ClosePatience);
        await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => heart.Dispose();

    private async Task<(WebSocketCloseStatus Status, string Reason)> ReceiveAllAsync(LiveClient client, Predicate<string> mayHear, CancellationToken cancellation)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var part = await client.Socket.ReceiveAsync(message.GetMemory(4096), cancellation);
            if (part.MessageType == WebSocketMessageType.Close) return (WebSocketCloseStatus.NormalClosure, "");
            message.Advance(part.Count);
            if (message.WrittenCount > MaxMessageBytes) return (WebSocketCloseStatus.MessageTooBig, $"A message may have {MaxMessageBytes} bytes.");
            if (!part.EndOfMessage) continue;
            var faults = new List<Fault>();
            if (LiveRequest.Read(message.WrittenMemory, mayHear, faults) is { } request) Follow(client, request, faults);
            if (faults.Count > 0) client.Offer(new LiveMessage("", LiveProblem.Type, LiveProblem.Invalid(faults)));
            message.ResetWrittenCount();
        }
    }

    /// <summary>All of it or, beyond the bound, nothing.</summary>
    private void Follow(LiveClient client, LiveRequest request, List<Fault> faults)
    {
        lock (guard)
        {
            if (client.Topics.Except(request.Unsubscribe).Union(request.Subscribe).Count() > MaxTopics)
            {
                faults.Add(new Fault("/subscribe", TooManyTopics));
                return;
            }
            foreach (var topic in request.Unsubscribe) Forget(client, topic);
            foreach (var topic in request.Subscribe)
            {
                if (!client.Topics.Add(topic)) continue;
                if (!listeners.TryGetValue(topic, out var interested)) listeners[topic] = interested = [];
                interested.Add(client);
            }
        }
    }

    private bool TryAdd(LiveClient client)
    {
        lock (guard) return clients.Count < MaxClients && clients.Add(client);
    }

    private void Remove(LiveClient client)
    {
        lock (guard)
        {
            if (!clients.Remove(client)) return;
            foreach (var topic in client.Topics.ToArray()) Forget(client, topic);
        }
    }

    private void Forget(LiveClient client, string topic)
    {
        if (!client.Topics.Remove(topic) || !listeners.TryGetValue(topic, out var interested)) return;
        interested.Remove(client);
        if (interested.Count == 0) listeners.Remove(topic);
    }

    private void Beat()
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, EventTime.From(time.GetUtcNow()).ToString());
            json.WriteEndObject();
        }
        var data = buffer.WrittenSpan.ToArray();
        LiveClient[] all;
        lock (guard) all = [.. clients];
        foreach (var client in all)
            if (!client.OfferHeartbeat(data)) client.Socket.Abort();
    }

    private async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, string reason)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using var patience = new CancellationTokenSource(ClosePatience, time);
        try
        {
            await socket.CloseOutputAsync(status, reason, patience.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            // The other end is gone already, or does not listen: there is nobody to say goodbye to.
            socket.Abort();
        }
    }
}
