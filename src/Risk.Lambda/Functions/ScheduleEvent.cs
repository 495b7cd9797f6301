using System.Globalization;
using System.Text.Json;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>An event of EventBridge Scheduler, or one sent by hand.</summary>
/// <param name="Time">When it was to fire; null in an event by hand that does not say.</param>
/// <param name="Schedule">The name of the schedule; null in an event by hand.</param>
/// <param name="Market">From <c>detail.market</c>; null where not given.</param>
/// <param name="AtOnce">From <c>detail.at_once</c>, by hand: do at once, as of <paramref name="Time"/>, what takes the schedule a minute.</param>
public sealed record ScheduleEvent(DateTimeOffset? Time, string? Schedule, string? Market, bool AtOnce)
{
    /// <exception cref="MalformedEventException">It is none.</exception>
    public static ScheduleEvent Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException("it is no object.");
            var time = TextOf(root, "time") is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : (DateTimeOffset?)null;
            var arn = root.TryGetProperty("resources"u8, out var resources) && resources.GetArrayLength() > 0 ? resources[0].GetString() : null;
            var (market, atOnce) = DetailOf(root);
            if (atOnce && time is null) throw new FormatException("detail.at_once needs a time.");
            return new ScheduleEvent(time, arn?[(arn.LastIndexOf('/') + 1)..], market, atOnce);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new MalformedEventException($"This is no event of a schedule: {fault.Message}", fault);
        }
    }

    /// <summary>The scheduler writes the detail as text that holds JSON.</summary>
    private static (string? Market, bool AtOnce) DetailOf(JsonElement root)
    {
        if (!root.TryGetProperty("detail"u8, out var detail)) return (null, false);
        if (detail.ValueKind != JsonValueKind.String) return Read(detail);
        using var inner = JsonDocument.Parse(detail.GetString()!);
        return Read(inner.RootElement);

        static (string?, bool) Read(JsonElement detail) => (TextOf(detail, "market"), detail.TryGetProperty("at_once"u8, out var atOnce) && atOnce.GetBoolean());
    }

    private static string? TextOf(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}
