using System.Text.Json;

namespace Risk.Golden;

/// <summary>A golden file: what goes in, what should come out (may be missing: then the usual keys are written), and how close.</summary>
public sealed class GoldenCase
{
    private static readonly string[] UsualConfidences = ["95", "97.5", "99"];

    private GoldenCase(JsonElement root)
    {
        Name = root.GetProperty("name").GetString() ?? throw new FormatException("The case has no name.");
        Inputs = new Inputs(root.GetProperty("inputs"));
        Expected = root.TryGetProperty("expected", out var expected) ? expected : null;
        Tolerance = root.TryGetProperty("tolerance", out var tolerance) ? tolerance : null;
    }

    public string Name { get; }

    public Inputs Inputs { get; }

    public JsonElement? Expected { get; }

    public JsonElement? Tolerance { get; }

    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="KeyNotFoundException">Neither name nor inputs.</exception>
    public static GoldenCase Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new GoldenCase(document.RootElement.Clone());
    }

    /// <summary>The keys at a place in `expected`; the given ones when there is nothing to tell.</summary>
    public IReadOnlyList<string> KeysAt(IEnumerable<string> path, IReadOnlyList<string> usual)
    {
        var place = Expected;
        foreach (var key in path)
            place = place is { ValueKind: JsonValueKind.Object } here && here.TryGetProperty(key, out var inner) ? inner : null;
        return place is { ValueKind: JsonValueKind.Object } found ? [.. found.EnumerateObject().Select(x => x.Name)] : usual;
    }

    /// <summary>The confidence levels asked for at a place in `expected`, in percent as text.</summary>
    public IEnumerable<(string Key, decimal Confidence)> ConfidencesAt(params string[] path)
    {
        foreach (var key in KeysAt(path, UsualConfidences))
            if (Keys.TryConfidence(key, out var confidence)) yield return (key, confidence);
    }
}
