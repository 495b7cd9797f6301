namespace Risk.Application.Ports;

/// <summary>Pushes the latest of each key to whoever subscribed to its topic. A slow client gets the latest of each key, never a growing queue.</summary>
public interface ILivePush
{
    /// <summary>False when nobody listens: the caller may skip the work of building messages.</summary>
    bool HasListeners { get; }

    Task PushAsync(IReadOnlyList<LiveMessage> messages, CancellationToken cancellation);
}

/// <param name="Topic">A symbol, <c>account:{id}</c> or <c>alerts</c>.</param>
/// <param name="Type"><c>tick</c>, <c>window</c>, <c>snapshot</c>, <c>alert</c>.</param>
/// <param name="Data">A UTF-8 JSON object.</param>
public sealed record LiveMessage(string Topic, string Type, ReadOnlyMemory<byte> Data);
