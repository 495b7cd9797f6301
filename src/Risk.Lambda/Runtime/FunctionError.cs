using System.Buffers;
using System.Text.Json;

namespace Risk.Lambda.Runtime;

/// <summary>An error as the platform takes it: its type is what alarms and retries are told apart by.</summary>
public sealed record FunctionError(string Type, string Message, IReadOnlyList<string> StackTrace)
{
    // Far below the 6 MB that are refused, and as much as anybody reads.
    private const int MaxMessageLength = 8 * 1024;
    private const int MaxLines = 100;

    public static FunctionError Of(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var lines = new List<string>();
        for (var cause = fault; cause is not null && lines.Count < MaxLines; cause = cause.InnerException)
        {
            if (cause != fault) lines.Add($"caused by {cause.GetType().Name}: {Cut(cause.Message)}");
            lines.AddRange((cause.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MaxLines - lines.Count));
        }
        return new FunctionError(fault.GetType().Name, Cut(fault.Message), lines);
    }

    /// <summary>The handler was cancelled because its time was up.</summary>
    public static FunctionError OfDeadline(Invocation invocation) =>
        new("DeadlineExceeded", FormattableString.Invariant($"The function was cancelled shortly before its deadline, {invocation.Deadline:O}."), []);

    /// <summary>The body that the Runtime API takes: <c>{"errorType":…,"errorMessage":…,"stackTrace":[…]}</c>.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTo(json);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>Writes the members into an object that is open.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("errorType", Type);
        json.WriteString("errorMessage", Message);
        json.WriteStartArray("stackTrace");
        foreach (var line in StackTrace) json.WriteStringValue(line);
        json.WriteEndArray();
    }

    private static string Cut(string message) => Secrets.Masked(message.Length <= MaxMessageLength ? message : message[..MaxMessageLength]);
}
