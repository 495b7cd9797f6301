using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Api.Tests.Setup;
using Risk.Golden;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

/// <summary>What the document shows of a calculator is what it answers.</summary>
public sealed class CalculatorExamplesTests
{
    [Theory]
    [InlineData("volatility")]
    [InlineData("performance")]
    [InlineData("backtest")]
    [InlineData("options")]
    [InlineData("implied-volatility")]
    [InlineData("allocation")]
    [InlineData("look-through")]
    [InlineData("windows")]
    [InlineData("fx")]
    public async Task The_example_of_an_answer_is_the_answer_to_the_example_of_a_body(string route)
    {
        await using var host = await ApiHost.StartAsync();
        var operation = (await host.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").GetProperty($"/api/v1/calculate/{route}").GetProperty("post");
        var body = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
        var example = operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
        var reply = await host.PostAsync($"/api/v1/calculate/{route}", body.GetRawText());
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Empty(Differences(example, reply.Json));
        Assert.Empty(Differences(reply.Json, example));
    }

    /// <summary>Figures are shown with five digits.</summary>
    private static IReadOnlyList<string> Differences(JsonElement expected, JsonElement actual) => Comparison.Differences(
        GoldenCase.Parse($$$"""{"name":"example","inputs":{},"expected":{{{expected.GetRawText()}}},"tolerance":{"rel":1e-4,"abs":1e-12}}"""), JsonNode.Parse(actual.GetRawText()));
}
