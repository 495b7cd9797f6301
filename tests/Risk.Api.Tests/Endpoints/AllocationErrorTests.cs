using System.Text.Json;
using Risk.Api.Tests.Setup;
using Risk.Domain.Measures;
using Xunit;
using static Risk.Api.Tests.Setup.Calculator;

namespace Risk.Api.Tests.Endpoints;

/// <summary>How far the figures of an allocation are off, and what it does not know.</summary>
public sealed class AllocationErrorTests
{
    private static readonly double[] A = Market.Returns("AAA");
    private static readonly double[] B = Market.Returns("BBB");

    private static string Series => $$"""{"A":{{Text(A)}},"B":{{Text(B)}} }""";

    [Theory]
    [InlineData("min_variance", "")]
    [InlineData("max_sharpe", ",\"risk_free\":-0.01")]
    [InlineData("risk_parity", "")]
    [InlineData("hrp", "")]
    [InlineData("min_cvar", "")]
    public async Task Errors_are_those_of_the_series_that_the_weights_make(string objective, string more)
    {
        var json = await CalculateAsync($$"""{"objective":"{{objective}}","returns":{{Series}}{{more}}}""");
        double[] mix = MixOf(json);
        var (errors, riskFree) = (json.GetProperty("standard_errors"), objective == "max_sharpe" ? -0.01 : 0);
        Assert.Equal(["in_sample"], FlagsOf(json));
        Near(VolatilityErrors.Sample(mix), errors, "volatility");
        Near(2 * Volatility.Sample(mix) * VolatilityErrors.Sample(mix), errors, "variance");
        Near(Volatility.Sample(mix) / Math.Sqrt(mix.Length), errors, "expected_return");
        Near(PerformanceErrors.Of(mix, riskFree, 1).Sharpe!.Value, errors, "sharpe");
        Assert.Equal("{}", json.GetProperty("reasons").GetRawText());
        if (objective != "min_cvar") return;
        var cvar = json.GetProperty("min_cvar").GetProperty("standard_errors");
        Near(new TailReading().ShortfallError(new SortedPnl(mix), 0.95m)!.Value, cvar, "cvar");
        Near(Volatility.Sample(mix) / Math.Sqrt(mix.Length), cvar, "portfolio_mean");
    }

    [Fact]
    public async Task Points_of_the_frontier_have_theirs_alike()
    {
        var points = (await CalculateAsync($$"""{"objective":"min_variance","returns":{{Series}},"points":3}""")).GetProperty("points");
        foreach (var point in points.EnumerateArray())
        {
            Assert.Equal(["in_sample"], FlagsOf(point));
            Near(VolatilityErrors.Sample(MixOf(point)), point.GetProperty("standard_errors"), "volatility");
            Near(Volatility.Sample(MixOf(point)) / Math.Sqrt(A.Length), point.GetProperty("standard_errors"), "expected_return");
        }
        Assert.Equal(3, points.GetArrayLength());
    }

    [Fact]
    public async Task Expected_returns_that_were_given_have_none_and_leave_a_ratio_that_of_its_volatility()
    {
        var json = await CalculateAsync($$"""{"objective":"max_sharpe","returns":{{Series}},"expected_returns":[0.001,0.0008],"points":1}""");
        var errors = json.GetProperty("standard_errors");
        Assert.Equal(JsonValueKind.Null, errors.GetProperty("expected_return").ValueKind);
        Near(
            json.GetProperty("sharpe").GetDouble() * errors.GetProperty("volatility").GetDouble() / json.GetProperty("volatility").GetDouble(), errors, "sharpe");
        Assert.Equal(["standard_errors/expected_return"], json.GetProperty("reasons").EnumerateObject().Select(x => x.Name));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("points")[0].GetProperty("standard_errors").GetProperty("expected_return").ValueKind);
    }

    [Theory]
    [InlineData("""{"objective":"black_litterman","returns":@,"market_weights":[0.5,0.5],"delta":2.5,"tau":0.05,"P":[[1,-1]],"Q":[0.01]}""", "posterior", "in_sample")]
    [InlineData("""{"objective":"min_variance","covariance":[[1,0],[0,1]],"expected_returns":[1,2]}""", "given", "")]
    public async Task A_posterior_and_what_is_given_are_taken_as_known(string body, string word, string flags)
    {
        var json = await CalculateAsync(body.Replace("@", Series, StringComparison.Ordinal));
        Assert.All(json.GetProperty("standard_errors").EnumerateObject(), x => Assert.Equal(JsonValueKind.Null, x.Value.ValueKind));
        foreach (var name in (string[])["variance", "volatility", "expected_return", "sharpe"])
            Assert.Equal("not_applicable", json.GetProperty("reasons").GetProperty($"standard_errors/{name}").GetString());
        Assert.Contains(word, json.GetProperty("conventions").GetProperty("standard_errors").GetString(), StringComparison.Ordinal);
        Assert.Equal(flags, string.Join(' ', FlagsOf(json)));
        Assert.Equal(1, json.GetProperty("coverage").GetDouble());
    }

    [Theory]
    [InlineData("hrp", "", "hrp", "leaf_order merge_heights")]
    [InlineData("min_cvar", "", "min_cvar", "cvar portfolio_mean standard_errors/cvar standard_errors/portfolio_mean")]
    [InlineData("black_litterman", ",\"market_weights\":[1,0],\"delta\":1,\"tau\":1", "black_litterman", "equilibrium_returns posterior_returns posterior_covariance optimal_weights")]
    public async Task A_block_that_was_asked_for_says_that_the_history_is_short_and_another_is_left_out(string objective, string more, string block, string names)
    {
        var json = await CalculateAsync($$$"""{"objective":"{{{objective}}}","returns":{"A":[0.01,0.02,-0.01],"B":[0.02,-0.03,0.04]}{{{more}}}}""");
        foreach (var name in names.Split(' '))
        {
            Assert.Equal(JsonValueKind.Null, name.Split('/').Aggregate(json.GetProperty(block), (at, part) => at.GetProperty(part)).ValueKind);
            Assert.Equal("short_history", json.GetProperty("reasons").GetProperty($"{block}/{name}").GetString());
        }
        Assert.Equal(0, json.GetProperty("coverage").GetDouble());
        Assert.Equal([block], json.EnumerateObject().Select(x => x.Name).Intersect(["hrp", "min_cvar", "black_litterman", "points"]));
    }

    [Fact]
    public async Task Each_target_of_a_short_history_says_so_and_so_does_the_one_point_of_a_frontier()
    {
        const string few = """{"A":[0.01,0.02,-0.01],"B":[0.02,-0.03,0.04]}""";
        var targets = (await CalculateAsync($$"""{"objective":"min_variance","returns":{{few}},"targets":[0.01,0.02]}""")).GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal([0.01, 0.02], targets.Select(x => x.GetProperty("target").GetDouble()));
        var points = (await CalculateAsync($$"""{"objective":"min_variance","returns":{{few}},"points":5}""")).GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal("not_applicable", Assert.Single(points).GetProperty("reasons").GetProperty("target").GetString());
        foreach (var point in targets.Concat(points))
        {
            Assert.Equal((JsonValueKind.Null, "short_history"), (point.GetProperty("weights").ValueKind, point.GetProperty("reasons").GetProperty("weights").GetString()));
            Assert.Empty(FlagsOf(point));
        }
    }

    private static void Near(double expected, JsonElement block, string name) => Assert.Equal(expected, block.GetProperty(name).GetDouble(), 1e-9 * expected);

    private static double[] MixOf(JsonElement json)
    {
        var weights = json.GetProperty("weights").EnumerateArray().Select(x => x.GetDouble()).ToArray();
        return [.. A.Zip(B, (a, b) => weights[0] * a + weights[1] * b)];
    }

    private static IEnumerable<string?> FlagsOf(JsonElement json) => json.GetProperty("flags").EnumerateArray().Select(x => x.GetString());

    private static Task<JsonElement> CalculateAsync(string body) => Calculator.CalculateAsync("allocation", body);
}
