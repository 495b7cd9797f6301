using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>
/// A file of <c>events/expected/</c>. Everything in it must be equal, numbers to the last digit, but for a text such as
/// <c>&lt;any time&gt;</c>: that stands for whatever has this form.
/// </summary>
internal static partial class ExpectedReply
{
    public const string RewriteVariable = "REWRITE_EXPECTED";

    private static readonly Dictionary<string, Func<JsonNode?, bool>> Forms = new()
    {
        ["<any number>"] = x => x?.GetValueKind() == JsonValueKind.Number,
        ["<any time>"] = x => TextOf(x) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        ["<any ticket>"] = x => TextOf(x) is { } text && Ticket().IsMatch(text),
        ["<any key>"] = x => TextOf(x) is { } text && Key().IsMatch(text),
        ["<any key id>"] = x => TextOf(x) is { } text && KeyId().IsMatch(text),
    };

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True where a person asked for the files to be written anew; in CI nobody may.</summary>
    public static bool IsRewriting()
    {
        if (Environment.GetEnvironmentVariable(RewriteVariable) != "1") return false;
        Assert.True(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), $"{RewriteVariable} is for people: in CI the files are compared.");
        return true;
    }

    /// <summary>What a function answered, for people: a body that holds JSON is shown as JSON; of an error all but where it was thrown.</summary>
    public static JsonNode Show(Answer answer)
    {
        if (answer.IsError)
        {
            return new JsonObject
            {
                ["error"] = new JsonObject { ["errorType"] = answer.Json.GetProperty("errorType").GetString(), ["errorMessage"] = answer.Json.GetProperty("errorMessage").GetString() },
            };
        }
        var reply = JsonNode.Parse(answer.Body)!;
        if (reply is JsonObject http && TextOf(http["body"]) is { Length: > 0 } body && body[0] is '{' or '[') http["body"] = JsonNode.Parse(body);
        return new JsonObject { ["reply"] = reply };
    }

    /// <summary>Where the two differ, each as a line.</summary>
    public static IEnumerable<string> Differences(JsonNode? expected, JsonNode? actual, string at = "")
    {
        if (TextOf(expected) is { } form && Forms.TryGetValue(form, out var hasForm))
            return hasForm(actual) ? [] : [$"{at}: {TextIn(actual)} is not {form}"];
        return (expected, actual) switch
        {
            (JsonObject wanted, JsonObject given) => wanted.Select(x => x.Key).Union(given.Select(x => x.Key)).SelectMany(name =>
                wanted.ContainsKey(name) && given.ContainsKey(name) ? Differences(wanted[name], given[name], $"{at}/{name}")
                : [$"{at}/{name}: {(given.ContainsKey(name) ? $"{TextIn(given[name])} is not expected" : "is missing")}"]),
            (JsonArray wanted, JsonArray given) when wanted.Count == given.Count => wanted.SelectMany((x, i) => Differences(x, given[i], $"{at}/{i}")),
            _ => TextIn(expected) == TextIn(actual) ? [] : [$"{at}: {TextIn(actual)} is not {TextIn(expected)}"],
        };
    }

    /// <summary>The actual one, with the forms of the former where they still fit.</summary>
    public static JsonNode? Rewrite(JsonNode? former, JsonNode? actual)
    {
        if (TextOf(former) is { } form && Forms.TryGetValue(form, out var hasForm) && hasForm(actual)) return former!.DeepClone();
        return actual switch
        {
            JsonObject given => new JsonObject(given.Select(x => KeyValuePair.Create(x.Key, Rewrite((former as JsonObject)?[x.Key], x.Value)))),
            JsonArray given => new JsonArray([.. given.Select((x, i) => Rewrite(former is JsonArray { } before && i < before.Count ? before[i] : null, x))]),
            _ => actual?.DeepClone(),
        };
    }

    public static string TextOfFile(JsonNode node) => node.ToJsonString(Readable) + "\n";

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string TextIn(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";

    [GeneratedRegex("^[0-9A-Za-z]{40}$")]
    private static partial Regex Ticket();

    [GeneratedRegex("^rk_[0-9a-z]{12}_[0-9A-Za-z]{40}$")]
    private static partial Regex Key();

    [GeneratedRegex("^[0-9a-z]{12}$")]
    private static partial Regex KeyId();
}
