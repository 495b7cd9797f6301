using System.Buffers;
using System.Text.Json;
using Amazon.Runtime;
using Risk.Application.Ports;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Runtime;
using Metric = Risk.Lambda.Runtime.Metric;

namespace Risk.Lambda.Aws;

/// <summary>
/// Posts messages to the WebSocket connections that listen to their topics. Of several messages of one topic and type only the latest goes
/// out. A connection that is gone is forgotten; one whose API key has ended is forgotten and ended, within <see cref="KeyWatch.Freshness"/>.
/// One that can't be reached misses the messages, which <see cref="Metric.MessagesMissed"/> counts: its next ones bring it up to date, and the others must
/// not wait for it.
/// </summary>
/// <param name="retry">With the bounds of pushes: <see cref="RetryBounds.OfPushes"/>.</param>
public sealed class ConnectionPush(ConnectionsClient client, ConnectionTable connections, KeyWatch keys, EmbeddedMetrics metrics, TimeProvider clock, AwsRetry retry) : ILivePush
{
    private const int ConnectionsAtOnce = 32;
    private const int TopicsAtOnce = 8;
    private const string NoTopic = "";

    private long lastSequence;

    /// <summary>Whether anybody listens is known only by asking for each topic, which <see cref="PushAsync"/> does.</summary>
    public bool HasListeners => true;

    /// <exception cref="StoreUnavailableException">The listeners, or the keys behind them, could not be read.</exception>
    public async Task PushAsync(IReadOnlyList<LiveMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var latest = new Dictionary<(string Topic, string Type), LiveMessage>();
        foreach (var message in messages)
            latest[(message.Topic, message.Type)] = message;
        var byTopic = latest.Values.GroupBy(message => message.Topic).ToArray();
        var listeners = new IReadOnlyList<Listener>[byTopic.Length];
        await Parallel.ForAsync(0, byTopic.Length, Bounded(TopicsAtOnce, cancellation), async (i, running) =>
            listeners[i] = await connections.ListenersAsync(byTopic[i].Key, running));
        var byConnection = byTopic
            .SelectMany((topic, i) => listeners[i].SelectMany(listener => topic.Select(message => (Listener: listener, Message: message))))
            .GroupBy(pair => pair.Listener, pair => pair.Message);
        await Parallel.ForEachAsync(byConnection, Bounded(ConnectionsAtOnce, cancellation), async (group, running) =>
        {
            if (group.Key.KeyId is { } key && !await keys.IsGoodAsync(key, running)) await EndAsync(group.Key.Connection, [.. group], running);
            else await SendAsync(group.Key.Connection, [.. group], running);
        });
    }

    /// <summary>One message to one connection, whatever it listens to; if it is gone, it is forgotten.</summary>
    public Task AnswerAsync(string connection, string type, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        SendAsync(connection, [new LiveMessage(NoTopic, type, data)], cancellation);

    /// <summary>It is forgotten first: where it can't be ended, it hears nothing more all the same, until the gateway ends it for its silence.</summary>
    private async Task EndAsync(string connection, LiveMessage[] messages, CancellationToken cancellation)
    {
        await connections.ForgetAsync(connection, messages.Select(message => message.Topic), cancellation);
        try
        {
            await retry.RunAsync("Ending a connection", tried => client.EndAsync(connection, tried), cancellation);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or AmazonServiceException)
        {
            metrics.Record(Metric.MessagesMissed, messages.Length);
        }
    }

    private async Task SendAsync(string connection, LiveMessage[] messages, CancellationToken cancellation)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            try
            {
                var frame = Frame(messages[i]);
                if (await retry.RunAsync("Pushing to a connection", tried => client.PostAsync(connection, frame, tried), cancellation))
                    continue;
                await connections.ForgetAsync(connection, messages.Select(message => message.Topic).Where(topic => topic != NoTopic), cancellation);
                return;
            }
            catch (Exception fault) when (fault is StoreUnavailableException or AmazonServiceException)
            {
                metrics.Record(Metric.MessagesMissed, messages.Length - i);
                return;
            }
        }
    }

    private byte[] Frame(LiveMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Data.Length + 96);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, message.Type);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(message.Data.Span, skipInputValidation: true);
        json.WriteNumber("sequence"u8, NextSequence());
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>No function remembers what a connection was sent last, so sequences are times in microseconds: they rise, with gaps.</summary>
    private long NextSequence()
    {
        var now = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;
        long last, next;
        do
        {
            last = Interlocked.Read(ref lastSequence);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref lastSequence, next, last) != last);
        return next;
    }

    private static ParallelOptions Bounded(int atOnce, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
}
