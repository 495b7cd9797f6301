using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>Every route of the document with its own example, as the gateway hands it to a function: its role in the template is enough.</summary>
public sealed class RoutePermissionTests(Emulators emulators, PublishedBootstrap published)
{
    private static readonly string[] Methods = ["get", "post", "put", "delete"];

    [Fact]
    public async Task No_route_needs_more_than_the_role_of_its_function()
    {
        await using var house = await EventHouse.OpenAsync(await emulators.AddressesAsync(), "routes");
        await using var read = await house.StartAsync(await published.PathAsync(), "ReadApi");
        await using var command = await house.StartAsync(await published.PathAsync(), "CommandApi");
        var document = await AskAsync(read, "get", "/openapi/v1.json", null);
        var (failed, followed) = (new List<string>(), 0);
        foreach (var (method, path, operation) in Operations(document))
        {
            var answer = await InvokeAsync(method == "get" ? read : command, method, PathOf(path, operation), operation["requestBody"]);
            if ((int)answer["statusCode"]! < 300) followed++;
            if ((int)answer["statusCode"]! is not (< 300 or 404)) failed.Add($"{method} {path}: {answer}");
        }
        Assert.True(failed.Count == 0, string.Join("; ", failed));
        Assert.True(followed >= 30, $"Only {followed} routes did anything.");
        Assert.True(house.Denied.Count == 0, $"The roles in template.yaml do not allow {string.Join(", ", house.Denied)}.");
    }

    /// <summary>What takes things away comes last.</summary>
    private static List<(string Method, string Path, JsonNode Operation)> Operations(JsonNode document) =>
        [.. from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            where Methods.Contains(operation.Key)
            orderby operation.Key == "delete"
            select (operation.Key, path.Key, operation.Value!)];

    /// <summary>The small market's names in the place of parameters; with the query that must be there.</summary>
    private static string PathOf(string path, JsonNode operation)
    {
        var query = from parameter in operation["parameters"]?.AsArray() ?? []
                    where (string)parameter!["in"]! == "query" && parameter["required"]?.GetValue<bool>() == true
                    select $"{parameter["name"]}={Uri.EscapeDataString(parameter["example"]?.ToString() ?? "AAA")}";
        var named = path.Replace("{account_id}", "default", StringComparison.Ordinal).Replace("{symbol}", "AAA", StringComparison.Ordinal);
        return $"{System.Text.RegularExpressions.Regex.Replace(named, @"\{\w+\}", "000000000000")}?{string.Join('&', query)}";
    }

    /// <summary>About what the small market has.</summary>
    private static string TextOf(JsonNode example) =>
        (example.GetValueKind() == JsonValueKind.String ? (string)example! : example.ToJsonString())
            .Replace("AAPL", "AAA", StringComparison.Ordinal).Replace("MSFT", "BBB", StringComparison.Ordinal);

    private static async Task<JsonNode> AskAsync(RunningBootstrap api, string method, string path, JsonNode? body) =>
        JsonNode.Parse((string)(await InvokeAsync(api, method, path + "?", body))["body"]!)!;

    private static async Task<JsonNode> InvokeAsync(RunningBootstrap api, string method, string target, JsonNode? body)
    {
        var (path, query) = (target[..target.IndexOf('?', StringComparison.Ordinal)], target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var content = body?["content"]!.AsObject().First();
        var answer = await api.InvokeAsync(Doors.File("command-api-keys", request =>
        {
            (request["rawPath"], request["rawQueryString"]) = (path, query);
            (request["requestContext"]!["http"]!["method"], request["requestContext"]!["http"]!["path"]) = (method.ToUpperInvariant(), path);
            request["headers"]!["content-type"] = content?.Key;
            request["body"] = content is { Value: { } value } ? TextOf(value["example"]!) : null;
        }));
        return JsonNode.Parse(answer.Body)!;
    }
}
