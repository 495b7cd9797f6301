using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Tests.Setup;
using Risk.Application.Calculators;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class CalculateVarLimitTests
{
    private const string Route = "/api/v1/calculate/var";

    [Fact]
    public async Task Every_fault_of_a_body_has_its_pointer()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync(Route, """
            {"prices":{"A":[1,-2,"3",1e999],"B/C":[1,2,3]},"positions":{"A":1e99,"X":2,"A":1},"method":"historical","lambda":0.9,"paths":5,"quantile":"type10","es":"x",
             "confidence":[0.5,0.95],"horizon_days":0,"horizon_method":"jump","garch":{"omega":-1,"gamma":1},"seed":-1,"components":1,"colour":"red"}
            """);
        Assert.Equal(
            ["/colour", "/components", "/confidence/0", "/es", "/garch", "/garch/alpha", "/garch/beta", "/garch/gamma", "/garch/omega", "/horizon_days", "/horizon_method", "/lambda",
             "/paths", "/paths", "/positions/A", "/positions/A", "/positions/X", "/prices", "/prices/A/1", "/prices/A/2", "/prices/A/3", "/prices/B~1C", "/quantile", "/seed", "/seed"],
            reply.MustBeProblem(400).Pointers.Order(StringComparer.Ordinal));
        foreach (var (body, pointers) in ((string, string[])[])[("[]", [""]), ("{}", ["/positions", "/returns"]), ("""{"method":"no"}""", ["/method", "/positions", "/returns"])])
            Assert.Equal(pointers, (await host.PostAsync(Route, body)).MustBeProblem(400).Pointers.Order(StringComparer.Ordinal));
        (await host.PostAsync(Route, """{"returns":{"A":[NaN]} }""")).MustBeProblem(400);
    }

    [Theory]
    [InlineData(""" "method":"volatility_scaled","horizon_days":10,"horizon_method":"overlapping" """, "/horizon_method", "not defined for volatility_scaled")]
    [InlineData(""" "method":"filtered_garch","horizon_days":10,"horizon_method":"overlapping" """, "/horizon_method", "not defined for filtered_garch")]
    [InlineData(""" "method":"age_weighted","quantile":"type7" """, "/quantile", "Available: type1, type4")]
    [InlineData(""" "method":"monte_carlo_t" """, "/degrees_of_freedom", "Is missing")]
    [InlineData(""" "method":"student_t","mean":"sample" """, "/mean", "given degrees_of_freedom")]
    [InlineData(""" "method":"monte_carlo_normal","paths":1000001 """, "/paths", "1000000")]
    [InlineData(""" "method":"delta_normal","covariance":[[1]] """, "/returns", "not both")]
    [InlineData(""" "horizon_days":251 """, "/horizon_days", "250")]
    public async Task What_is_not_defined_is_refused_by_name(string options, string place, string words)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = (await host.PostAsync(Route, $$"""{"positions":{"A":1},"returns":{"A":[0.01]},{{options}}}""")).MustBeProblem(400);
        Assert.Equal([place], reply.Pointers);
        Assert.Contains(words, reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[1,0.5],[0.4,1]]", "/covariance/1/0")]
    [InlineData("[[1,2],[2,1]]", "/covariance")]
    [InlineData("[[1,2,3],[2,1,3],[3,3,9]]", "/covariance")]
    [InlineData("[[1,2],[2]]", "/covariance/1")]
    [InlineData("[[-1,0],[0,1]]", "/covariance")]
    public async Task A_matrix_that_is_no_covariance_is_refused(string covariance, string place)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = (await host.PostAsync(Route, $$"""{"positions":{"A":1,"B":1},"covariance":{{covariance}},"method":"delta_normal"}""")).MustBeProblem(400);
        Assert.Equal([place], reply.Pointers);
    }

    [Fact]
    public async Task Limits_are_named_and_nothing_is_computed_beyond_them()
    {
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton(new CalculateVar(new NoTime())));
        Assert.Equal(500, (await host.PostAsync(Route, """{"positions":{"A":1},"returns":{"A":[0.01]}}""")).Status);
        var wide = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"S{i}\":[0.01]"));
        var held = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"S{i}\":1"));
        await RefusesAsync($$"""{"positions":{ {{held}} },"returns":{ {{wide}} },"method":"monte_carlo_normal"}""", "/positions", "101 positions to simulate are given; the limit is 100.");
        var hundred = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"S{i}\":1"));
        var series = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"S{i}\":[0.01]"));
        await RefusesAsync(
            $$"""{"positions":{ {{hundred}} },"returns":{ {{series}} },"method":"monte_carlo_normal","paths":1000000,"components":true,"confidence":[0.6,0.7]}""",
            "/paths", "1000000 paths of 100 positions draw 170000000 shocks with the tails whose components are asked for; the limit is 125000000.");
        var many = string.Join(',', Enumerable.Repeat("0.01", 5_001));
        await RefusesAsync($$"""{"positions":{"A":1},"returns":{"A":[{{many}}]},"method":"student_t"}""", "/returns", "5001 returns are given; the limit is 5000 where student_t is fitted to them.");
        await RefusesAsync($$"""{"positions":{"A":1},"returns":{"A":[{{string.Join(',', Enumerable.Repeat("0.01", 20_001))}}]} }""", "/returns/A", "20001 numbers are given; the limit is 20000.");
        var lots = string.Join(',', Enumerable.Range(0, 501).Select(i => $"\"S{i}\":1"));
        await RefusesAsync($$"""{"positions":{ {{lots}} },"covariance":[[1]],"method":"delta_normal"}""", "/positions", "501 positions are given; the limit is 500.");
        await RefusesAsync($$"""{"positions":{"A":1},"returns":{"A":[0.01]},"confidence":[{{string.Join(',', Enumerable.Repeat("0.95", 21))}}]}""", "/confidence", "the limit is 20.");

        async Task RefusesAsync(string body, string place, string words)
        {
            var reply = (await host.PostAsync(Route, body)).MustBeProblem(400);
            Assert.Contains(reply.Json.GetProperty("errors").EnumerateArray(), x => x.GetProperty("pointer").GetString() == place && x.GetProperty("detail").GetString()!.Contains(words, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_long_list_of_faults_is_cut_and_counted()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = (await host.PostAsync(Route, $$"""{"positions":{"A":1},"returns":{"A":[{{string.Join(',', Enumerable.Repeat("null", 1_500))}}]} }""")).MustBeProblem(400);
        Assert.Equal(1_000, reply.Pointers.Length);
        Assert.Contains("1500 faults", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_simulation_is_answered()
    {
        await using var host = await ApiHost.StartAsync();
        var held = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"S{i}\":{i + 1}"));
        var rows = string.Join(',', Enumerable.Range(0, 100).Select(i => $"[{string.Join(',', Enumerable.Range(0, 100).Select(j => i == j ? "0.0004" : "0.0001"))}]"));
        var reply = await host.PostAsync(Route, $$"""{"positions":{ {{held}} },"covariance":[{{rows}}],"method":"monte_carlo_t","degrees_of_freedom":4,"paths":1000000,"components":true}""");
        Assert.True(reply.Status == 200, reply.Text);
        CalculateVarTests.PartsAddUp(reply.Json.GetProperty("results")[2]);
    }

    [Fact]
    public async Task Beyond_its_time_a_calculation_is_stopped_with_a_problem()
    {
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton(new CalculateVar(new HastyTime())));
        var reply = await host.PostAsync(Route, CalculateVarTests.Body(""" "method":"monte_carlo_normal" """, """ "positions":{"AAA":1,"BBB":1} """));
        Assert.Contains("8 s", reply.MustBeProblem(503).Text, StringComparison.Ordinal);
        (await host.PostAsync("/var/calculate", $$"""{"prices":{{CalculateVarTests.Series("AAA")}}}""")).MustBeProblem(503);
    }

    /// <summary>Each timer is due at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Whoever begins to compute asks it for a deadline, and fails.</summary>
    private sealed class NoTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("There is no time.");
    }

    [Fact]
    public async Task The_example_bodies_give_the_example_answers()
    {
        await using var host = await ApiHost.StartAsync();
        var paths = (await host.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        foreach (var path in (string[])[Route, "/var/calculate"])
        {
            var operation = paths.GetProperty(path).GetProperty("post");
            var body = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
            var example = operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
            Assert.Equal(Plain(example), Plain((await host.PostAsync(path, body.GetRawText())).Json));
        }
    }

    /// <summary>Members in ordinal order, numbers to nine digits: what another processor may compute differently is beyond.</summary>
    private static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(x => x.Name, StringComparer.Ordinal).Select(x => $"{x.Name}:{Plain(x.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Plain))}]",
        JsonValueKind.Number => FormattableString.Invariant($"{value.GetDouble():G9}"),
        _ => value.ToString(),
    };
}
