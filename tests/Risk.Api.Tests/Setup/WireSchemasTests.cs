using System.Text.Json;
using Risk.Api.Tests.Access;
using Xunit;

namespace Risk.Api.Tests.Setup;

/// <summary>What the document says of a body or an answer is what goes over the wire.</summary>
public sealed class WireSchemasTests
{
    private const string Holdings = """{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1},{"symbol":"BBB","quantity":1,"average_cost":1}]}""";

    [Fact]
    public async Task Every_example_is_of_its_own_schema()
    {
        await using var host = await ApiHost.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var check = new SchemaCheck(document);
        var shown = (from route in Operations(document)
                     from media in Bodies(route.Operation).Concat(Answers(route.Operation))
                     where media.TryGetProperty("example", out _)
                     select (route.Name, Faults: check.FaultsOf(media.GetProperty("example"), media.GetProperty("schema")))).ToList();
        Assert.True(shown.Count > 45, $"{shown.Count} examples");
        Assert.Empty(shown.SelectMany(x => x.Faults.Select(fault => $"{x.Name} {fault}")));
    }

    [Fact]
    public async Task Every_answer_to_a_question_or_an_example_of_a_body_is_of_its_schema()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Holdings);
        await host.PostTicksAsync(("AAA", 100m, 0));
        await host.KeyAsync("*:viewer");
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var (check, faults, asked) = (new SchemaCheck(document), new List<string>(), 0);
        foreach (var (name, operation) in Operations(document).Where(x => !x.Name.StartsWith("delete", StringComparison.Ordinal)))
        {
            var path = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..].Replace("{symbol}", "AAA", StringComparison.Ordinal).Replace("{account_id}", "default", StringComparison.Ordinal);
            var isCalculated = path.Contains("calculate", StringComparison.Ordinal) || path.EndsWith("/run", StringComparison.Ordinal) || path.EndsWith("/optimise", StringComparison.Ordinal);
            if (!name.StartsWith("get", StringComparison.Ordinal) && !isCalculated) continue;
            // The market of the tests has other names.
            var reply = isCalculated
                ? await host.PostAsync(path, Bodies(operation).First().GetProperty("example").GetRawText().Replace("AAPL", "AAA", StringComparison.Ordinal))
                : await host.GetAsync(path);
            Assert.True(reply.Status == 200, $"{name} {reply.Text}");
            asked++;
            faults.AddRange(check.FaultsOf(reply.Json, Answers(operation).First().GetProperty("schema")).Select(x => $"{name} {x}"));
        }
        Assert.True(asked > 28, $"{asked} routes");
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("/api/v1/calculate/volatility", """{"method":"sample","returns":[0.01,-0.02,0.03]}""")]
    [InlineData("/api/v1/calculate/volatility", """{"method":"ewma","prices":[1,2,3]}""")]
    [InlineData("/api/v1/calculate/volatility", """{"method":"garch_filter","returns":{"A":[0.01,-0.02]},"garch":{"omega":1e-6,"alpha":0.1,"beta":0.8}}""")]
    [InlineData("/api/v1/calculate/backtest", """{"tail_probability":0.01,"exceedance_sequence":[true,0,false,1]}""")]
    [InlineData("/api/v1/calculate/var", """{"positions":{"A":1},"returns":{"A":[0.01,-0.02]},"confidence":0.99,"components":true}""")]
    [InlineData("/api/v1/calculate/var", """{"positions":{"CUSTOM":1},"returns":[0.01,-0.02],"method":"monte_carlo_t","degrees_of_freedom":5,"paths":1000}""")]
    [InlineData("/var/calculate", """{"prices":[1,2,3],"confidence":0.9}""")]
    [InlineData("/api/v1/calculate/fx", """{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":1}],"local_prices":{"A":[1,2]},"confidence":0.9}""")]
    [InlineData("/api/v1/calculate/options", """{"columns":["type","quantity"],"options":[["C",1]],"K":100,"T_years":1,"vol":0.2,"spot":100,"rate":0.01,"dividend_yield":0,"confidence":0.9}""")]
    [InlineData("/api/v1/calculate/options", """{"columns":["type"],"rows":[["P"]],"K":100,"T":1,"vol":0.2,"spot":100,"r":0.01,"q":0}""")]
    [InlineData("/api/v1/calculate/implied-volatility", """{"columns":["type"],"rows":[["P"]],"K":100,"T":1,"price":8,"spot":100,"rate":0.01,"q":0}""")]
    [InlineData("/api/v1/calculate/implied-volatility", """{"columns":["type"],"rows":[["P"]],"K":100,"T_years":1,"price":8,"spot":100,"r":0.01,"dividend_yield":0}""")]
    [InlineData("/api/v1/calculate/allocation", """{"objective":"min_variance","covariance":[[1,0],[0,1]],"lower":0.1,"upper":[0.6,0.7]}""")]
    [InlineData("/api/v1/calculate/allocation", """{"objective":"hrp","returns":[0.01,-0.02]}""")]
    [InlineData("/api/v1/calculate/windows", """{"ticks":[{"symbol":"A","time":1767623402500,"price":1}]}""")]
    public async Task A_body_that_is_taken_is_of_the_schema_and_so_is_the_answer(string route, string body)
    {
        await using var host = await ApiHost.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var (check, operation) = (new SchemaCheck(document), document.GetProperty("paths").GetProperty(route).GetProperty("post"));
        var reply = await host.PostAsync(route, body);
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Empty(check.FaultsOf(JsonDocument.Parse(body).RootElement, Bodies(operation).First().GetProperty("schema")));
        Assert.Empty(check.FaultsOf(reply.Json, Answers(operation).First().GetProperty("schema")));
    }

    [Fact]
    public async Task What_the_schema_forbids_is_found()
    {
        await using var host = await ApiHost.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var schema = Bodies(document.GetProperty("paths").GetProperty("/api/v1/calculate/windows").GetProperty("post")).First().GetProperty("schema");
        var body = JsonDocument.Parse("""{"ticks":[{"symbol":1,"time":true,"colour":2}],"window_ms":1.5}""").RootElement;
        Assert.Equal(
            ["/ticks/0", "/ticks/0/symbol", "/ticks/0/time", "/ticks/0/colour", "/window_ms"],
            new SchemaCheck(document).FaultsOf(body, schema).Select(x => x.Split(':')[0]));
    }

    [Fact]
    public async Task Descriptions_are_text_and_not_the_markup_of_a_comment()
    {
        await using var host = await ApiHost.StartAsync();
        var text = (await host.GetAsync("/openapi/v1.json")).Text;
        Assert.DoesNotContain("&amp;", text.Replace("\\u0026", "&", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("&lt;", text.Replace("\\u0026", "&", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    private static IEnumerable<JsonElement> Bodies(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var media) ? [media] : [];

    private static IEnumerable<JsonElement> Answers(JsonElement operation) =>
        from response in operation.GetProperty("responses").EnumerateObject()
        where response.Name.StartsWith('2')
        select response.Value.GetProperty("content").GetProperty("application/json");
}
