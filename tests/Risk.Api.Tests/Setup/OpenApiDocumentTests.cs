using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Risk.Api.Tests.Access;
using Xunit;

namespace Risk.Api.Tests.Setup;

public sealed partial class OpenApiDocumentTests
{
    private static readonly string[] Routes =
    [
        "get /health", "get /health/detailed", "get /status", "get /api/v1/system/performance",
        "get /symbols", "get /api/v1/market/{symbol}/windows", "post /api/v1/market/ticks", "put /api/v1/market/history",
        "get /api/v1/market/{symbol}/history", "put /api/v1/market/instruments",
        "get /api/v1/risk/{account_id}/metrics",
        "get /var/{symbol}", "get /portfolio/var", "get /portfolio/var/explain", "get /portfolio/var/history", "post /var/calculate",
        "post /api/v1/calculate/volatility", "post /api/v1/calculate/performance", "post /api/v1/calculate/backtest", "post /api/v1/calculate/options",
        "post /api/v1/calculate/implied-volatility", "post /api/v1/calculate/allocation", "post /api/v1/calculate/look-through",
        "post /api/v1/calculate/windows", "post /api/v1/calculate/fx",
        "post /api/v1/calculate/var",
        "get /api/v1/accounts/{account_id}/positions", "put /api/v1/accounts/{account_id}/positions",
        "get /api/v1/risk/{account_id}/scenarios", "post /api/v1/risk/{account_id}/scenarios/run", "delete /api/v1/risk/{account_id}/scenarios/{scenario}",
        "get /api/v1/risk/{account_id}/backtest", "post /api/v1/risk/{account_id}/optimise",
        "get /api/v1/keys", "post /api/v1/keys", "delete /api/v1/keys/{key_id}", "post /api/v1/ws-ticket",
    ];

    [Fact]
    public async Task Is_a_valid_document_of_version_3_1_with_every_route()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.GetAsync("/openapi/v1.json");
        Assert.StartsWith("3.1", reply.Json.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var parsed = OpenApiDocument.Parse(reply.Text, OpenApiConstants.Json);
        Assert.Empty(parsed.Diagnostic!.Errors);
        Assert.Empty(parsed.Diagnostic.Warnings);
        Assert.Equal(Routes.Order(), Operations(reply.Json).Select(x => x.Name).Order());
    }

    [Fact]
    public async Task Every_route_has_words_problems_and_an_example()
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var (name, operation) in Operations((await host.GetAsync("/openapi/v1.json")).Json))
        {
            Assert.True(operation.GetProperty("summary").GetString()!.Length > 0, name);
            Assert.True(operation.GetProperty("description").GetString()!.Length > 0, name);
            var responses = operation.GetProperty("responses");
            var answers = responses.EnumerateObject().Where(x => x.Name.StartsWith('2')).ToArray();
            Assert.True(answers.All(x => x.Value.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _)), name);
            Assert.True(answers.All(x => x.Value.GetProperty("content").GetProperty("application/json").TryGetProperty("schema", out _)), name);
            foreach (var status in (string[])["403", "500", "503"]) Assert.True(responses.TryGetProperty(status, out _), $"{name} {status}");
            Assert.True(responses.GetProperty("403").GetProperty("content").TryGetProperty("application/problem+json", out _), name);
            if (operation.TryGetProperty("parameters", out var parameters))
                foreach (var parameter in parameters.EnumerateArray()) Assert.True(parameter.GetProperty("description").GetString()!.Length > 0, $"{name} {parameter}");
            if (operation.TryGetProperty("requestBody", out var body))
                Assert.Contains(body.GetProperty("content").EnumerateObject(), x => x.Value.TryGetProperty("example", out _));
        }
    }

    [Fact]
    public async Task Examples_have_exactly_the_properties_of_the_real_answers()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1},{"symbol":"BBB","quantity":1,"average_cost":1}]}""");
        // Without a quote there is no liquidity-adjusted interval.
        await host.PostAsync("/api/v1/market/ticks", """{"ticks":[{"symbol":"AAA","time":"2026-01-05T14:30:00Z","price":100,"bid":99.9,"ask":100.1}]}""");
        await host.IngestAsync();
        await host.KeyAsync("*:viewer");
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        foreach (var (name, operation) in Operations(document).Where(x => x.Name.StartsWith("get", StringComparison.Ordinal)))
        {
            var path = name[4..].Replace("{symbol}", "AAA", StringComparison.Ordinal).Replace("{account_id}", "default", StringComparison.Ordinal);
            var example = operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
            var real = (await host.GetAsync(path)).Json;
            Assert.Equal(Shape(real), Shape(example));
        }
    }

    [Theory]
    [InlineData("/api/v1/risk/{account_id}/scenarios/run")]
    [InlineData("/api/v1/risk/{account_id}/optimise")]
    public async Task A_posted_example_is_answered_with_the_shape_of_its_answer(string route)
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1},{"symbol":"BBB","quantity":1,"average_cost":1}]}""");
        var post = Operations((await host.GetAsync("/openapi/v1.json")).Json).Single(x => x.Name == $"post {route}").Operation;
        var body = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();
        // The market of the tests has other names; who runs in it moves as the example does.
        var reply = await host.PostAsync(route.Replace("{account_id}", "default", StringComparison.Ordinal), body.Replace("AAPL", "AAA", StringComparison.Ordinal));
        var example = post.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal(Shape(JsonDocument.Parse(example.Replace("AAPL", "AAA", StringComparison.Ordinal)).RootElement), Shape(reply.Json.Clone()), ignoreCase: false);
    }

    [Fact]
    public async Task The_page_and_all_it_loads_come_from_this_program()
    {
        await using var host = await ApiHost.StartAsync();
        var page = await host.GetAsync("/docs/index.html");
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
        Assert.Empty(InlineScript().Matches(page.Text));
        var files = Source().Matches(page.Text).Select(x => x.Groups[1].Value).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.DoesNotContain("//", file, StringComparison.Ordinal);
            var reply = await host.GetAsync($"/docs/{file.TrimStart('.', '/')}");
            Assert.True(reply.Status == 200 && reply.Text.Length > 0, file);
            if (file.EndsWith(".css", StringComparison.Ordinal)) Assert.Empty(ForeignUrl().Matches(reply.Text));
        }
        var script = (await host.GetAsync("/docs/index.js")).Text;
        Assert.Contains("/openapi/v1.json", script, StringComparison.Ordinal);
        Assert.DoesNotContain("validator.swagger.io", script, StringComparison.Ordinal);
        Assert.Contains("configObject.validatorUrl = null", script, StringComparison.Ordinal);
        Assert.Equal(301, (await host.GetAsync("/docs")).Status);
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    /// <summary>The properties of an object, also of the first element of an array, in ordinal order.</summary>
    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(",", value.EnumerateObject().Where(x => x.Name is not ("reasons" or "interval_99" or "interval_95")).OrderBy(x => x.Name, StringComparer.Ordinal).Select(x => $"{x.Name}{Shape(x.Value)}"))}}}",
        JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object => $"[{Shape(value[0])}]",
        _ => "",
    };

    [GeneratedRegex("""<script(?![^>]*\bsrc=)""")]
    private static partial Regex InlineScript();

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Source();

    [GeneratedRegex("""(?:url\(|@import)\s*["']?(?:https?:)?//""")]
    private static partial Regex ForeignUrl();
}
