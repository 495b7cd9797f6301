using System.Text.Json.Nodes;

namespace Risk.Golden;

/// <summary>Figures as JSON; a figure that does not exist is null.</summary>
internal static class Json
{
    public static JsonArray Of(IEnumerable<double> values) => [.. values.Select(value => (JsonNode?)value)];

    public static JsonArray Of(IEnumerable<double?> values) => [.. values.Select(value => (JsonNode?)value)];

    public static JsonArray Of(IEnumerable<IEnumerable<double>> rows) => [.. rows.Select(row => (JsonNode?)Of(row))];

    public static JsonArray Of(IEnumerable<IEnumerable<double?>> rows) => [.. rows.Select(row => (JsonNode?)Of(row))];

    public static JsonObject Of<T>(IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode?> value) =>
        new(items.Select(item => KeyValuePair.Create(key(item), value(item))));
}
