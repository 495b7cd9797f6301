using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Golden;

namespace Risk.Api.Tests.Endpoints;

/// <summary>The golden cases of the domain's tests, their inputs as bodies of the calculators.</summary>
internal static class GoldenBodies
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "cases");

    public static GoldenCase Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, $"{name}.json"));
        foreach (var data in Directory.GetFiles(Path.Combine(Folder, "data"), "*.json"))
            text = text.Replace($"\"@{Path.GetFileNameWithoutExtension(data)}\"", File.ReadAllText(data), StringComparison.Ordinal);
        return GoldenCase.Parse(text);
    }

    /// <summary>The inputs without what a case notes for its reader, and without what is null.</summary>
    public static JsonObject Of(GoldenCase golden, params (string Name, JsonNode Value)[] more)
    {
        var body = JsonNode.Parse(golden.Inputs.Root.GetRawText())!.AsObject();
        foreach (var name in body.Where(x => x.Value is null || x.Key == "note").Select(x => x.Key).ToArray()) body.Remove(name);
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    /// <summary>The member under another name.</summary>
    public static JsonObject Renamed(this JsonObject body, string name, string other)
    {
        var value = body[name];
        body.Remove(name);
        body[other] = value;
        return body;
    }

    /// <summary>Rows of days become a series for each asset; one series stays as it is.</summary>
    public static JsonObject ByAsset(this JsonObject body, string name)
    {
        if (body["assets"] is not JsonArray assets || body[name] is not JsonArray rows) return body;
        body.Remove("assets");
        body[name] = new JsonObject(assets.Select((asset, i) => KeyValuePair.Create(asset!.GetValue<string>(), (JsonNode?)new JsonArray([.. rows.Select(row => row![i]!.DeepClone())]))));
        return body;
    }

    /// <summary>An answer with a block of it lifted to the top, where a case expects its figures.</summary>
    public static JsonNode Lifted(JsonElement answer, params string[] blocks)
    {
        var all = JsonNode.Parse(answer.GetRawText())!.AsObject();
        foreach (var block in blocks)
            foreach (var (name, value) in all[block]!.AsObject().ToArray()) all[name] = value?.DeepClone();
        return all;
    }

    /// <summary>A list of results with a confidence each, under that confidence in percent, as cases write it.</summary>
    public static JsonNode ByConfidence(this JsonNode answer, JsonNode results)
    {
        foreach (var result in results.AsArray())
            answer[FormattableString.Invariant($"{(double)(100 * (decimal)result!["confidence"]!):0.##}")] = result.DeepClone();
        return answer;
    }
}
