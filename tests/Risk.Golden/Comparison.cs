using System.Text.Json;
using System.Text.Json.Nodes;

namespace Risk.Golden;

/// <summary>
/// Whether a result agrees with `expected`: a number passes if |x − e| ≤ abs + rel·|e| under the nearest named override of the
/// tolerance; texts, truth values and null exactly; lists element by element; keys beside the expected ones are ignored. Simulated figures
/// are expected between `x_low` and `x_high`; `x` beside them is the exact value, which they need not meet.
/// </summary>
public static class Comparison
{
    /// <summary>What stands beside the exact value of a simulated figure.</summary>
    private static readonly string[] Simulated = ["_low", "_high", "_std_error"];

    /// <summary>One line per difference; none when the case passes.</summary>
    public static IReadOnlyList<string> Differences(GoldenCase golden, JsonNode? result)
    {
        var differences = new List<string>();
        if (golden.Expected is { } expected)
            Compare(expected, JsonSerializer.SerializeToElement(result), golden.Tolerance, [], differences);
        return differences;
    }

    private static void Compare(JsonElement expected, JsonElement? actual, JsonElement? tolerance, string[] path, List<string> differences)
    {
        if (actual is not { } got)
        {
            differences.Add($"{string.Join('.', path)}: missing");
            return;
        }
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in expected.EnumerateObject())
                    if (Member(expected, $"{member.Name}_low") is { } low && Member(expected, $"{member.Name}_high") is { } high)
                        Within(low.GetDouble(), high.GetDouble(), Member(got, member.Name), [.. path, member.Name], differences);
                    else if (!Simulated.Any(end => member.Name.EndsWith(end, StringComparison.Ordinal) && Member(expected, $"{member.Name[..^end.Length]}_low") is not null))
                        Compare(member.Value, Member(got, member.Name), tolerance, [.. path, member.Name], differences);
                break;
            case JsonValueKind.Array when got.ValueKind == JsonValueKind.Array && got.GetArrayLength() == expected.GetArrayLength():
                for (var i = 0; i < expected.GetArrayLength(); i++)
                    Compare(expected[i], got[i], tolerance, [.. path, $"{i}"], differences);
                break;
            case JsonValueKind.Number when got.ValueKind == JsonValueKind.Number && IsNear(expected.GetDouble(), got.GetDouble(), Bounds(tolerance, path)):
                break;
            case JsonValueKind.String when got.ValueKind == JsonValueKind.String && got.GetString() == expected.GetString():
                break;
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null when got.ValueKind == expected.ValueKind:
                break;
            default:
                differences.Add($"{string.Join('.', path)}: {Short(got)}, expected {Short(expected)}");
                break;
        }
    }

    private static void Within(double low, double high, JsonElement? actual, string[] path, List<string> differences)
    {
        if (actual is not { ValueKind: JsonValueKind.Number } got) differences.Add($"{string.Join('.', path)}: missing");
        else if (!(low <= got.GetDouble() && got.GetDouble() <= high)) differences.Add($"{string.Join('.', path)}: {Short(got)}, expected {low} … {high}");
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    private static bool IsNear(double expected, double actual, (double Abs, double Rel) bounds) =>
        Math.Abs(actual - expected) <= bounds.Abs + bounds.Rel * Math.Abs(expected);

    private static (double Abs, double Rel) Bounds(JsonElement? tolerance, string[] path)
    {
        if (tolerance is not { } bounds) return (0, 0);
        if (Member(bounds, "overrides") is { } overrides)
            foreach (var key in path.Reverse())
                if (Member(overrides, key) is { } own) return Pair(own);
        return Pair(bounds);
    }

    private static (double Abs, double Rel) Pair(JsonElement bounds) => (Member(bounds, "abs")?.GetDouble() ?? 0, Member(bounds, "rel")?.GetDouble() ?? 0);

    private static string Short(JsonElement json) => json.ToString() is { Length: > 60 } text ? $"{text[..60]}…" : json.ToString();
}
