using System.Text.Json;

namespace Risk.Api.Tests.Setup;

/// <summary>
/// Holds that what is null has a reason: the nearest object around it that has <c>reasons</c> names it there by its path, or something that it is
/// a part of. A name may leave out the places in arrays, and has <c>/</c> or <c>.</c> between its parts.
/// </summary>
internal static class NullCheck
{
    /// <summary>The paths of nulls without a reason.</summary>
    public static IReadOnlyList<string> FaultsOf(JsonElement answer) => [.. FaultsOf(answer, "", [], [])];

    /// <param name="names">From the nearest object with reasons to here, places in arrays among them.</param>
    private static IEnumerable<string> FaultsOf(JsonElement value, string path, IReadOnlyCollection<string> reasons, IReadOnlyList<string> names)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return IsExplained(reasons, names) ? [] : [path];
            case JsonValueKind.Array:
                return value.EnumerateArray().SelectMany((x, i) => FaultsOf(x, $"{path}/{i}", reasons, [.. names, $"{i}"]));
            case JsonValueKind.Object:
                var hasOwn = value.TryGetProperty("reasons", out var own) && own.ValueKind == JsonValueKind.Object;
                var (known, above) = hasOwn ? ([.. own.EnumerateObject().Select(x => x.Name.Replace('.', '/'))], []) : (reasons, names);
                return value.EnumerateObject().SelectMany(x => FaultsOf(x.Value, $"{path}/{x.Name}", known, [.. above, x.Name]));
            default:
                return [];
        }
    }

    private static bool IsExplained(IReadOnlyCollection<string> reasons, IReadOnlyList<string> names) =>
        Enumerable.Range(1, names.Count).Any(count => reasons.Contains(Text(names.Take(count))) || reasons.Contains(Text(names.Take(count).Where(x => !int.TryParse(x, out _)))));

    private static string Text(IEnumerable<string> names) => string.Join('/', names).Replace('.', '/');
}
