using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Risk.Lambda.Runtime;

/// <summary>
/// Logs as lines of JSON, with the names and levels by which the platform filters: timestamp, level, requestId, traceId, category,
/// message, and of an exception errorType, errorMessage, stackTrace. Secrets are masked in all of it.
/// </summary>
public sealed class JsonLogs(LogLines lines, TimeProvider time, LogLevel least = LogLevel.Information) : ILoggerProvider
{
    private readonly TimeProvider time = time;
    private readonly LogLevel least = least;
    private volatile Invocation? current;

    /// <summary>The event that is handled; between two of them the last one.</summary>
    public Invocation? Current
    {
        get => current;
        set => current = value;
    }

    /// <summary>The level that the platform asks for by <c>AWS_LAMBDA_LOG_LEVEL</c>; INFO where it doesn't.</summary>
    public static LogLevel LevelOf(string? name) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // The lines are the runtime's.
    }

    /// <summary>Writes which event a line belongs to; nothing before the first.</summary>
    public void WriteIds(Utf8JsonWriter json)
    {
        if (Current is not { } invocation) return;
        json.WriteString("requestId", invocation.RequestId);
        if (invocation.TraceId is not null) json.WriteString("traceId", invocation.TraceId);
    }

    private void Write(Line entry) => lines.Write((Entry: entry, Logs: this), static (json, x) =>
    {
        json.WriteString("timestamp", x.Logs.time.GetUtcNow().UtcDateTime);
        json.WriteString("level", NameOf(x.Entry.Level));
        x.Logs.WriteIds(json);
        json.WriteString("category", x.Entry.Category);
        json.WriteString("message", Secrets.Masked(x.Entry.Message));
        if (x.Entry.Fault is { } fault) FunctionError.Of(fault).WriteTo(json);
    });

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private readonly record struct Line(string Category, LogLevel Level, string Message, Exception? Fault);

    private sealed class Logger(JsonLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= logs.least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) logs.Write(new Line(category, logLevel, formatter(state, exception), exception));
        }
    }
}
