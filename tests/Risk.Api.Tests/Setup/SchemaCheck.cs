using System.Text.Json;

namespace Risk.Api.Tests.Setup;

/// <summary>Holds values against the schemas of the document: the part of JSON Schema that it uses, and no keyword beyond that.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly string[] Known =
        ["type", "properties", "required", "additionalProperties", "items", "oneOf", "$ref", "description", "format"];

    /// <summary>Where the value is not of the schema, and why.</summary>
    public IReadOnlyList<string> FaultsOf(JsonElement value, JsonElement schema, string path = "")
    {
        if (schema.EnumerateObject().Select(x => x.Name).Except(Known).FirstOrDefault() is { } unknown) throw new NotSupportedException($"{path}: the keyword {unknown}");
        if (schema.TryGetProperty("$ref", out var reference)) return FaultsOf(value, Resolved(reference.GetString()!), path);
        if (schema.TryGetProperty("oneOf", out var forms))
        {
            var found = forms.EnumerateArray().Select(x => FaultsOf(value, x, path)).ToArray();
            return found.Count(x => x.Count == 0) == 1 ? [] : [$"{path}: not one of its forms", .. found[^1]];
        }
        if (schema.TryGetProperty("type", out var type) && !TypesOf(type).Any(x => Is(value, x!))) return [$"{path}: {value.ValueKind}, not {type}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => [.. FaultsOfMembers(value, schema, path)],
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => [.. value.EnumerateArray().SelectMany((x, i) => FaultsOf(x, items, $"{path}/{i}"))],
            _ => [],
        };
    }

    private IEnumerable<string> FaultsOfMembers(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Where(x => !value.TryGetProperty(x.GetString()!, out _))) yield return $"{path}: {name} is missing";
        foreach (var member in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var own))
                foreach (var fault in FaultsOf(member.Value, own, $"{path}/{member.Name}")) yield return fault;
            else if (schema.TryGetProperty("additionalProperties", out var others))
                foreach (var fault in others.ValueKind == JsonValueKind.False ? [$"{path}/{member.Name}: is unknown"] : FaultsOf(member.Value, others, $"{path}/{member.Name}")) yield return fault;
        }
    }

    private JsonElement Resolved(string reference) => reference.Split('/')[1..].Aggregate(document, (at, name) => at.GetProperty(name));

    private static IEnumerable<string?> TypesOf(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(x => x.GetString()) : [type.GetString()];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new NotSupportedException($"The type {type}"),
    };
}
