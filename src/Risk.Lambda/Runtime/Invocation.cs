namespace Risk.Lambda.Runtime;

/// <summary>One event to handle.</summary>
/// <param name="Deadline">When the platform ends the function.</param>
/// <param name="TraceId">The X-Ray header; null where tracing is off.</param>
/// <param name="ClientContext">JSON of a mobile client; null nearly always.</param>
/// <param name="Event">UTF-8 JSON. The memory is reused: it is this event's until its handler returns.</param>
public sealed record Invocation(string RequestId, string FunctionArn, DateTimeOffset Deadline, string? TraceId, string? ClientContext, ReadOnlyMemory<byte> Event);

/// <summary>
/// Handles one event at a time. The reply is UTF-8 JSON, or empty for none; its memory must stand until the next event. The token is
/// cancelled shortly before the deadline, so that an error can still be reported. What it throws becomes the function's error.
/// </summary>
public delegate Task<ReadOnlyMemory<byte>> FunctionHandler(Invocation invocation, CancellationToken cancellation);

/// <summary>Builds what a function needs and serves with it, by <see cref="LambdaRuntime.ServeAsync"/>, until it is stopped.</summary>
public delegate Task Function(LambdaRuntime runtime);

/// <summary>The functions of this program by name, in the case in which the template writes them.</summary>
public sealed class FunctionTable() : Dictionary<string, Function>(StringComparer.Ordinal);
