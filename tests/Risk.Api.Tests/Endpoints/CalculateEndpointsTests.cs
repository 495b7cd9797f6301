using System.Globalization;
using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class CalculateEndpointsTests
{
    private static readonly string Prices = $"[{string.Join(',', Market.Closes("AAA").Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";

    [Fact]
    public async Task Figures_equal_a_plain_computation()
    {
        var json = await CalculateAsync($$"""{"symbol":"CUSTOM","prices":{{Prices}}}""");
        var pnl = Market.Returns("AAA").Select(x => x * Market.Closes("AAA")[^1]).ToArray();
        VarEndpointsTests.Near(Market.Var(pnl, 0.95), json, "var_95");
        VarEndpointsTests.Near(Market.Var(pnl, 0.99), json, "var_99");
        VarEndpointsTests.Near(Market.Shortfall(pnl, 0.95), json, "es_95");
        VarEndpointsTests.Near(Market.Shortfall(pnl, 0.99), json, "es_99");
        Assert.Equal((299, "CUSTOM", "per share"), (json.GetProperty("num_observations").GetInt32(), json.GetProperty("symbol").GetString(), json.GetProperty("unit").GetString()));
        Assert.Equal([0.95m, 0.99m], json.GetProperty("results").EnumerateArray().Select(x => x.GetProperty("confidence").GetDecimal()));
        Assert.True(json.GetProperty("results")[1].GetProperty("es_standard_error").GetDouble() > 0);
    }

    [Fact]
    public async Task Conventions_confidences_and_horizon_are_chosen_by_the_caller()
    {
        var json = await CalculateAsync($$"""{"prices":{{Prices}},"confidence":[0.9,0.975],"quantile":"kth_worst","es":"mean_worst_floor","horizon_days":4,"method":"historical"}""");
        var losses = Market.Returns("AAA").Select(x => -x * Market.Closes("AAA")[^1]).OrderDescending().ToArray();
        // 299 · 5 % = 14.95: the 15th worst; its shortfall averages the 14 worst. Four days double one.
        VarEndpointsTests.Near(2 * losses[14], json, "var_95");
        VarEndpointsTests.Near(2 * losses.Take(14).Average(), json, "es_95");
        Assert.Equal([0.9m, 0.975m], json.GetProperty("results").EnumerateArray().Select(x => x.GetProperty("confidence").GetDecimal()));
        VarEndpointsTests.Near(2 * losses[29], json.GetProperty("results")[0], "var");
        VarEndpointsTests.Near(2 * losses[7], json.GetProperty("results")[1], "var");
        Assert.Equal("kth_worst mean_worst_floor sqrt_time", $"{json.GetProperty("quantile")} {json.GetProperty("es_convention")} {json.GetProperty("horizon_method")}");
    }

    [Fact]
    public async Task Overlapping_returns_make_no_interval()
    {
        var json = await CalculateAsync($$"""{"prices":{{Prices}},"confidence":0.95,"horizon_days":10,"horizon_method":"overlapping"}""");
        var closes = Market.Closes("AAA");
        var pnl = closes.Zip(closes.Skip(10), (a, b) => (b / a - 1) * closes[^1]).ToArray();
        VarEndpointsTests.Near(Market.Var(pnl, 0.95), json, "var_95");
        Assert.Equal(290, json.GetProperty("num_observations").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("interval_95").ValueKind);
    }

    [Theory]
    [InlineData("[100]", 0)]
    [InlineData("[100,101,102]", 2)]
    public async Task Too_few_prices_give_nulls_with_the_reason(string prices, int observations)
    {
        var json = await CalculateAsync($$"""{"prices":{{prices}}}""");
        Assert.Equal(observations, json.GetProperty("num_observations").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("var_95").ValueKind);
        Assert.Equal("short_history", json.GetProperty("reasons").GetProperty("es_99").GetString());
    }

    [Fact]
    public async Task Equal_prices_have_no_risk()
    {
        var json = await CalculateAsync($$"""{"prices":[{{string.Join(',', Enumerable.Repeat("42", 100))}}]}""");
        foreach (var name in (string[])["var_95", "var_99", "es_95", "es_99"]) Assert.Equal("0", json.GetProperty(name).GetRawText());
        Assert.Equal("""{"low":0,"high":0}""", json.GetProperty("interval_95").GetRawText());
    }

    [Theory]
    [InlineData(""" "method":"student_t","degrees_of_freedom":5 """)]
    [InlineData(""" "method":"filtered_garch" """)]
    [InlineData(""" "method":"monte_carlo_normal","paths":2000,"seed":5 """)]
    [InlineData(""" "method":"age_weighted","lambda":0.97,"components":true """)]
    public async Task Any_method_is_that_of_one_position_at_the_last_price(string options)
    {
        await using var host = await ApiHost.StartAsync();
        var one = (await host.PostAsync("/var/calculate", $$"""{"prices":{{Prices}},"confidence":[0.95,0.99],{{options}}}""")).Json;
        var price = Market.Closes("AAA")[^1].ToString("R", CultureInfo.InvariantCulture);
        var same = (await host.PostAsync("/api/v1/calculate/var", $$"""{"prices":{"CUSTOM":{{Prices}}},"positions":{"CUSTOM":{{price}}},"confidence":[0.95,0.99],{{options}}}""")).Json;
        Assert.Equal(same.GetProperty("results").GetRawText(), one.GetProperty("results").GetRawText());
        Assert.Equal(same.GetProperty("results")[1].GetProperty("var").GetDouble(), one.GetProperty("var_99").GetDouble());
        // All that a calculation declares stands in both, but for the figures of a unit.
        foreach (var said in same.EnumerateObject().Where(x => x.Name is not ("observations" or "results" or "reasons")))
            Assert.Equal(said.Value.GetRawText(), one.GetProperty(said.Name).GetRawText());
    }

    [Fact]
    public async Task What_a_method_fell_back_on_is_said()
    {
        var garch = (await CalculateAsync($$"""{"prices":{{Prices}},"method":"filtered_garch"}""")).GetProperty("garch");
        Assert.Equal(Market.Returns("AAA").Select(x => x - Market.Returns("AAA").Average()).Average(x => x * x), garch.GetProperty("initial_variance").GetDouble(), 1e-15);
        Assert.Equal(1e-4, (await CalculateAsync($$"""{"prices":{{Prices}},"method":"filtered_garch","garch":{"omega":1e-6,"alpha":0.1,"beta":0.8,"initial_variance":1e-4} }"""))
            .GetProperty("garch").GetProperty("initial_variance").GetDouble());
        var scaled = await CalculateAsync($$"""{"prices":{{Prices}},"method":"volatility_scaled"}""");
        Assert.Equal("0.94 mean_square portfolio", $"{scaled.GetProperty("lambda")} {scaled.GetProperty("ewma_seed")} {scaled.GetProperty("scaling")}");
        var simulated = await CalculateAsync($$"""{"prices":{{Prices}},"method":"monte_carlo_normal","components":true}""");
        Assert.Equal("100000 1", $"{simulated.GetProperty("paths")} {simulated.GetProperty("seed")}");
        Assert.Equal(2, simulated.GetProperty("results").EnumerateArray().Count(x => x.GetProperty("components")[0].GetProperty("component_var").GetDouble() > 0));
    }

    [Fact]
    public async Task Every_fault_is_named_with_what_is_available()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync("/var/calculate", """{"prices":[1,-2,"3",0,1e999],"method":"jump","quantile":"type10","es":"x","confidence":[0.5,0.95],"horizon_days":0,"horizon_method":"jump","covariance":[[1]],"paths":5}""");
        Assert.Equal(
            ["/covariance", "/prices/1", "/prices/2", "/prices/3", "/prices/4", "/method", "/quantile", "/es", "/confidence/0", "/horizon_days", "/horizon_method", "/paths"], reply.MustBeProblem(400).Pointers);
        Assert.Contains("Available: historical, age_weighted", reply.Text, StringComparison.Ordinal);
        Assert.Equal(["/prices"], (await host.PostAsync("/var/calculate", """{"prices":[]}""")).MustBeProblem(400).Pointers);
        Assert.Equal(["/prices"], (await host.PostAsync("/var/calculate", """{}""")).MustBeProblem(400).Pointers);
    }

    private static async Task<JsonElement> CalculateAsync(string body)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync("/var/calculate", body);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json;
    }
}
