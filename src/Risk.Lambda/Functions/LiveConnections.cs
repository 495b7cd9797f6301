using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Live;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>
/// The routes of the WebSocket API: who is connected is noted at the handshake, what they want to hear with their messages. A message that
/// can't be followed is answered by one of the type <see cref="LiveProblem.Type"/> and changes nothing; the connection goes on.
/// </summary>
public sealed partial class LiveConnections(ConnectionTable connections, CheckKey keys, ConnectionPush push, TimeProvider time, ILogger<LiveConnections> log)
{
    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE", "RISK_WEBSOCKET_URL");
        await using var services = new ServiceCollection().AddCloud(settings, runtime).AddSingleton<LiveConnections>().BuildServiceProvider();
        await runtime.ServeAsync(services.GetRequiredService<LiveConnections>().HandleAsync);
    }

    /// <summary>Replies with a status. At the handshake any but 200 refuses the connection; later nobody but the gateway's log hears it.</summary>
    /// <exception cref="MalformedEventException">The event is not one of a WebSocket API.</exception>
    /// <exception cref="StoreUnavailableException">The connection can't be noted: the gateway refuses it.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var socket = SocketEvent.Parse(invocation.Event);
        return Reply(socket.Kind switch
        {
            SocketEventKind.Connect => await ConnectAsync(socket, cancellation),
            SocketEventKind.Disconnect => await DisconnectAsync(socket.Connection, cancellation),
            _ => await HearAsync(socket, cancellation),
        });
    }

    /// <summary>Nothing is sent from here: to the gateway the connection does not exist before this has answered.</summary>
    private async Task<int> ConnectAsync(SocketEvent socket, CancellationToken cancellation)
    {
        if (socket.Caller is not { } caller || caller.ValidUntil <= time.GetUtcNow()) return 401;
        await connections.OpenAsync(socket.Connection, caller, socket.ConnectedAt, cancellation);
        return 200;
    }

    /// <summary>As well as can be: the gateway does not always tell, and what is left expires or is found gone.</summary>
    private async Task<int> DisconnectAsync(string connection, CancellationToken cancellation)
    {
        try
        {
            await connections.ForgetAsync(connection, cancellation);
        }
        catch (StoreUnavailableException fault)
        {
            LogLeft(log, fault, connection);
        }
        return 200;
    }

    private async Task<int> HearAsync(SocketEvent socket, CancellationToken cancellation)
    {
        try
        {
            if (await ProblemOfAsync(socket, cancellation) is not { } problem) return 200;
            await push.AnswerAsync(socket.Connection, LiveProblem.Type, problem.Data, cancellation);
            return problem.Status;
        }
        catch (StoreUnavailableException fault)
        {
            LogUnheard(log, fault, socket.Connection);
            await push.AnswerAsync(
                socket.Connection, LiveProblem.Type, LiveProblem.Of(503, "unavailable", "The topics are not known to be changed. Send the same again in a while."), cancellation);
            return 503;
        }
    }

    /// <summary>Null when the message has been followed.</summary>
    private async Task<(int Status, byte[] Data)?> ProblemOfAsync(SocketEvent socket, CancellationToken cancellation)
    {
        var connection = await connections.FindAsync(socket.Connection, cancellation);
        if (connection?.Caller.KeyId is { } key && !await keys.IsStillValidAsync(key, cancellation))
        {
            await connections.ForgetAsync(connection.Id, cancellation);
            connection = null;
        }
        if (connection is null) return (401, LiveProblem.Of(401, "bad-credentials", "The credentials behind this connection have ended. Connect again with a new ticket."));
        var faults = new List<Fault>();
        if (socket.Message.Length > LiveHub.MaxMessageBytes) faults.Add(new Fault("", $"A message may have {LiveHub.MaxMessageBytes} bytes."));
        else if (LiveRequest.Read(socket.Message, topic => LiveRequest.MayHear(connection.Caller.Scopes, topic), faults) is { } request)
            await FollowAsync(connection, request, faults, cancellation);
        return faults.Count == 0 ? null : (400, LiveProblem.Invalid(faults));
    }

    private async Task FollowAsync(Connection connection, LiveRequest request, List<Fault> faults, CancellationToken cancellation)
    {
        var after = (await connections.TopicsAsync(connection.Id, cancellation)).Except(request.Unsubscribe).Union(request.Subscribe);
        if (after.Count() > LiveHub.MaxTopics)
        {
            faults.Add(new Fault("/subscribe", LiveHub.TooManyTopics));
            return;
        }
        await connections.UnsubscribeAsync(connection.Id, request.Unsubscribe.Except(request.Subscribe), cancellation);
        await connections.SubscribeAsync(connection, request.Subscribe, cancellation);
    }

    private static ReadOnlyMemory<byte> Reply(int status) => Encoding.ASCII.GetBytes($$"""{"statusCode":{{status.ToString(CultureInfo.InvariantCulture)}}}""");

    [LoggerMessage(LogLevel.Warning, "What the connection {Connection} has left could not be removed; it expires.")]
    private static partial void LogLeft(ILogger log, Exception fault, string connection);

    [LoggerMessage(LogLevel.Error, "A message of the connection {Connection} could not be followed.")]
    private static partial void LogUnheard(ILogger log, Exception fault, string connection);
}
