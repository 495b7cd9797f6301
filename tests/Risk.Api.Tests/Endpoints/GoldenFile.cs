using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

/// <summary>A case of reference values of independent tools, which the tests of the mathematics read, too.</summary>
internal sealed class GoldenFile
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "cases");

    private readonly JsonElement root;

    public GoldenFile(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, $"{name}.json"));
        foreach (var data in Directory.GetFiles(Path.Combine(Folder, "data"), "*.json"))
            text = text.Replace($"\"@{Path.GetFileNameWithoutExtension(data)}\"", File.ReadAllText(data), StringComparison.Ordinal);
        root = JsonDocument.Parse(text).RootElement;
    }

    public JsonElement Inputs => root.GetProperty("inputs");

    /// <summary>A body of the calculator of VaR with the prices and positions of the case.</summary>
    public JsonObject Body(string options)
    {
        var body = JsonNode.Parse(options)!.AsObject();
        body["confidence"] = new JsonArray(0.95, 0.975, 0.99);
        var names = Inputs.TryGetProperty("assets", out var assets) ? assets.EnumerateArray().Select(x => x.GetString()!).ToArray() : ["ONE"];
        var values = Inputs.TryGetProperty("positions_value", out var held) ? held.EnumerateArray().Select(x => x.GetDouble()).ToArray()
            : Inputs.TryGetProperty("weights", out var weights) ? [.. weights.EnumerateArray().Select(x => x.GetDouble() * Inputs.GetProperty("portfolio_value").GetDouble())]
            : [(Inputs.TryGetProperty("position_value", out var one) ? one : Inputs.GetProperty("portfolio_value")).GetDouble()];
        body["positions"] = new JsonObject(names.Zip(values, (name, value) => KeyValuePair.Create(name, (JsonNode?)value)));
        if (Inputs.TryGetProperty("prices", out var prices))
            body["prices"] = new JsonObject(names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)new JsonArray([.. prices.EnumerateArray().Select(x =>
                (JsonNode?)(x.ValueKind == JsonValueKind.Array ? x[i] : x).GetDouble())]))));
        return body;
    }

    public JsonElement Expected(params string[] path)
    {
        var found = root.GetProperty("expected");
        foreach (var key in path) found = found.GetProperty(key);
        return found;
    }

    /// <summary>The key of a confidence in the expected values: 97.5 for 0.975.</summary>
    public static string KeyOf(JsonElement result) => (result.GetProperty("confidence").GetDecimal() * 100).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Fails unless the figure meets the expected value within the tolerance of the case.</summary>
    public void Meets(JsonElement actual, params string[] path)
    {
        var (expected, tolerance) = (Expected(path), root.GetProperty("tolerance"));
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
            foreach (var (e, a) in expected.EnumerateArray().Zip(actual.EnumerateArray())) Near(e, a);
        }
        else Near(expected, actual);

        void Near(JsonElement e, JsonElement a)
        {
            var allowed = tolerance.GetProperty("abs").GetDouble() + tolerance.GetProperty("rel").GetDouble() * Math.Abs(e.GetDouble());
            Assert.True(Math.Abs(a.GetDouble() - e.GetDouble()) <= allowed, $"{string.Join('.', path)}: {a}, expected {e}");
        }
    }
}
