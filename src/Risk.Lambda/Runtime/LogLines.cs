using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Risk.Lambda.Runtime;

/// <summary>
/// Lines of JSON on the standard output, each written whole at once and not kept back: a process that is frozen or killed has lost none.
/// </summary>
public sealed class LogLines : IDisposable
{
    private readonly Lock guard = new();
    private readonly Stream output;
    private readonly ArrayBufferWriter<byte> line = new(1024);
    private readonly Utf8JsonWriter json;

    public LogLines(Stream output)
    {
        this.output = output;
        json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Writes an object whose members are filled in by the caller.</summary>
    public void Write<T>(T state, Action<Utf8JsonWriter, T> fill)
    {
        lock (guard)
        {
            line.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            fill(json, state);
            json.WriteEndObject();
            json.Flush();
            line.Write("\n"u8);
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    public void Dispose() => json.Dispose();
}
