namespace Risk.Lambda.Runtime;

/// <summary>The event is not what this function is triggered by.</summary>
public sealed class MalformedEventException(string message, Exception? inner = null) : Exception(message, inner);
