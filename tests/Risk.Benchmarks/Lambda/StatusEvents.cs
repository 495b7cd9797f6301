using System.Globalization;
using System.Text.Json;
using Risk.Testing.Cloud;

namespace Risk.Benchmarks.Lambda;

/// <summary>GET /status, of many callers in turn: each of them may ask some times a second only.</summary>
internal sealed class StatusEvents
{
    private const int Callers = 500;

    private readonly string[] events = [.. Enumerable.Range(0, Callers).Select(i => Package.Event("read-api-status").Replace("demo00000001", i.ToString("D12", CultureInfo.InvariantCulture), StringComparison.Ordinal))];
    private int next;

    public string Next() => events[next++ % Callers];
}

internal static class Answers
{
    /// <summary>Fails unless the function, and the route behind it, did what was asked: a refusal is quick.</summary>
    public static void MustBeWell(this Answer answer)
    {
        if (answer.IsError || (answer.Json.TryGetProperty("statusCode", out var status) && status.GetInt32() != 200) || HasFailures(answer.Json)) throw new InvalidOperationException(answer.Text);
    }

    private static bool HasFailures(JsonElement reply) => reply.TryGetProperty("batchItemFailures", out var failures) && failures.GetArrayLength() > 0;
}
