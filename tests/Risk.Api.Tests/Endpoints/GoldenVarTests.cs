using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

/// <summary>Reference values of independent tools, asked for through the route.</summary>
public sealed class GoldenVarTests
{
    private static readonly (string Quantile, string Var, string Shortfall, string Es)[] Conventions =
    [
        ("type1", "var_type1", "mean_worst_floor", "es_mean_worst_m"),
        ("type6", "var_type6", "mean_worst_k", "es_mean_worst_k"),
        ("type7", "var_type7", "beyond_var", "es_beyond_type7"),
        ("kth_worst", "var_kth_worst", "acerbi_tasche", "es_acerbi_tasche"),
    ];

    [Theory]
    [InlineData("02_hs_single_asset_n252", """{"method":"historical"}""", "")]
    [InlineData("02_hs_single_asset_n500", """{"method":"historical"}""", "")]
    [InlineData("02_hs_single_asset_n1000", """{"method":"historical"}""", "")]
    [InlineData("02_hs_portfolio_current_weights", """{"method":"historical"}""", "")]
    [InlineData("02_hs_horizon_10d", """{"horizon_days":10,"horizon_method":"overlapping"}""", "overlapping")]
    [InlineData("02_hs_volatility_scaled_hull_white", """{"method":"volatility_scaled","lambda":0.94,"scaling":"portfolio"}""", "portfolio_level")]
    [InlineData("02_hs_volatility_scaled_hull_white", """{"method":"volatility_scaled","scaling":"asset"}""", "asset_level")]
    [InlineData("02_hs_filtered_garch", """{"method":"filtered_garch","garch":{"mu":0,"omega":2.649e-06,"alpha":0.08,"beta":0.87,"initial_variance":5.29711e-05}}""", "")]
    public async Task Scenarios_give_the_reference_under_every_convention(string name, string options, string block)
    {
        var golden = new GoldenFile(name);
        string[] path = block.Length > 0 ? [block] : [];
        await using var host = await ApiHost.StartAsync();
        foreach (var (quantile, var, shortfall, es) in Conventions)
        {
            var body = golden.Body(options);
            (body["quantile"], body["es"], body["components"]) = (quantile, shortfall, true);
            foreach (var result in await ResultsAsync(host, body))
            {
                string[] at = [.. path, GoldenFile.KeyOf(result)];
                golden.Meets(result.GetProperty("var"), [.. at, var]);
                golden.Meets(result.GetProperty("es"), [.. at, es]);
                CalculateVarTests.PartsAddUp(result);
            }
        }
    }

    [Fact]
    public async Task Ten_days_by_the_root_of_time_are_the_reference()
    {
        var golden = new GoldenFile("02_hs_horizon_10d");
        await using var host = await ApiHost.StartAsync();
        foreach (var result in await ResultsAsync(host, golden.Body("""{"horizon_days":10,"components":true}""")))
        {
            golden.Meets(result.GetProperty("var"), "sqrt_time", GoldenFile.KeyOf(result), "var_type7");
            golden.Meets(result.GetProperty("es"), "sqrt_time", GoldenFile.KeyOf(result), "es_acerbi_tasche");
            CalculateVarTests.PartsAddUp(result);
        }
    }

    [Theory]
    [InlineData("02_hs_age_weighted_brw", """{"method":"age_weighted","lambda":0.98,"quantile":"type4"}""", "var_interpolated", "es_weighted")]
    [InlineData("02_hs_age_weighted_brw", """{"method":"age_weighted","lambda":0.98}""", "var_discrete", "es_weighted")]
    [InlineData("03_delta_normal_portfolio", """{"method":"delta_normal"}""", "var", "es")]
    [InlineData("03_delta_normal_portfolio", """{"method":"delta_normal","horizon_days":10}""", "var_10d", null)]
    [InlineData("03_parametric_normal", """{"method":"parametric_normal"}""", "var_sample_sd_zero_mean", "es_sample_sd_zero_mean")]
    [InlineData("03_parametric_normal", """{"method":"parametric_normal","mean":"sample"}""", "var_sample_sd_with_mean", "es_sample_sd_with_mean")]
    [InlineData("03_parametric_normal", """{"method":"parametric_normal","mean":"sample","standard_deviation":"population"}""", "var_population_sd_with_mean", "es_population_sd_with_mean")]
    [InlineData("03_parametric_normal", """{"method":"parametric_normal","horizon_days":10}""", "var_10d_sqrt_zero_mean", null)]
    [InlineData("03_cornish_fisher_modified_portfolio", """{"method":"cornish_fisher"}""", "var_modified", "es_modified_operational")]
    [InlineData("03_cornish_fisher_modified_portfolio", """{"method":"cornish_fisher","es":"modified"}""", "var_modified", "es_modified_boudt")]
    [InlineData("03_cornish_fisher_modified_portfolio", """{"method":"cornish_fisher","es":"quantile_mean"}""", "var_modified", "es_cornish_fisher_quantile_mean")]
    [InlineData("03_cornish_fisher_modified_single_asset", """{"method":"cornish_fisher"}""", "var_modified", "es_modified_operational")]
    public async Task Weights_and_closed_forms_give_the_reference(string name, string options, string var, string? es)
    {
        var golden = new GoldenFile(name);
        await using var host = await ApiHost.StartAsync();
        var body = golden.Body(options);
        body["components"] = true;
        foreach (var result in await ResultsAsync(host, body))
        {
            golden.Meets(result.GetProperty("var"), GoldenFile.KeyOf(result), var);
            if (es is not null) golden.Meets(result.GetProperty("es"), GoldenFile.KeyOf(result), es);
            CalculateVarTests.PartsAddUp(result);
        }
    }

    [Theory]
    [InlineData(4, "zero")]
    [InlineData(6, "sample")]
    public async Task Student_t_with_given_degrees_of_freedom_gives_the_reference(int nu, string mean)
    {
        // The case gives moments only; they are those of the portfolio of another.
        var (golden, portfolio) = (new GoldenFile("03_parametric_student_t_given_nu"), new GoldenFile("03_parametric_normal"));
        await using var host = await ApiHost.StartAsync();
        var suffix = mean == "zero" ? "zero_mean" : "with_mean";
        foreach (var result in await ResultsAsync(host, portfolio.Body($$"""{"method":"student_t","degrees_of_freedom":{{nu}},"mean":"{{mean}}","components":true}""")))
        {
            golden.Meets(result.GetProperty("var"), $"nu_{nu}", GoldenFile.KeyOf(result), $"var_{suffix}");
            golden.Meets(result.GetProperty("es"), $"nu_{nu}", GoldenFile.KeyOf(result), $"es_{suffix}");
            CalculateVarTests.PartsAddUp(result);
        }
    }

    [Fact]
    public async Task Student_t_without_is_the_reference_fit()
    {
        var golden = new GoldenFile("03_student_t_mle_fit");
        await using var host = await ApiHost.StartAsync();
        var body = JsonNode.Parse("""{"method":"student_t","positions":{"P":1},"confidence":0.99,"components":true}""")!.AsObject();
        body["returns"] = new JsonObject { ["P"] = JsonNode.Parse(golden.Inputs.GetProperty("returns_percent").GetRawText()) };
        var reply = await host.PostAsync("/api/v1/calculate/var", body.ToJsonString());
        golden.Meets(reply.Json.GetProperty("degrees_of_freedom"), "nu");
        golden.Meets(reply.Json.GetProperty("results")[0].GetProperty("var"), "var_99_percent");
        CalculateVarTests.PartsAddUp(reply.Json.GetProperty("results")[0]);
    }

    [Theory]
    [InlineData("kth_worst", "component_var_at_kth_scenario", "incremental_var_kth_worst", "mean_worst_floor", "component_es_mean_worst_m")]
    [InlineData("kth_worst", "component_var_at_kth_scenario", "incremental_var_kth_worst", "mean_worst_k", "component_es_mean_worst_k")]
    [InlineData("kth_worst", "component_var_at_kth_scenario", "incremental_var_kth_worst", "acerbi_tasche", "component_es_acerbi_tasche")]
    public async Task Historical_components_are_the_reference(string quantile, string var, string incremental, string shortfall, string es)
    {
        var golden = new GoldenFile("04_component_var_historical_tce");
        await using var host = await ApiHost.StartAsync();
        foreach (var result in await ResultsAsync(host, golden.Body($$"""{"quantile":"{{quantile}}","es":"{{shortfall}}","components":true}""")))
        {
            var key = GoldenFile.KeyOf(result);
            golden.Meets(Column(result, "component_var"), key, var);
            golden.Meets(Column(result, "incremental_var"), key, incremental);
            golden.Meets(Column(result, "component_es"), key, es);
            Assert.Equal(golden.Expected(key, "scenario_index_kth_worst").GetInt32(), result.GetProperty("scenarios")[0].GetProperty("index").GetInt32());
        }
    }

    [Fact]
    public async Task Components_by_Eulers_theorem_are_the_reference()
    {
        var golden = new GoldenFile("04_component_var_parametric_euler");
        await using var host = await ApiHost.StartAsync();
        foreach (var result in await ResultsAsync(host, golden.Body("""{"method":"delta_normal","components":true}""")))
            foreach (var (column, key) in ((string, string)[])[("component_var", "component_var"), ("marginal_var", "marginal_var"), ("incremental_var", "incremental_var"), ("component_es", "component_es")])
                golden.Meets(Column(result, column), GoldenFile.KeyOf(result), key);
        foreach (var result in await ResultsAsync(host, golden.Body("""{"method":"parametric_normal","mean":"sample","components":true}""")))
            golden.Meets(Column(result, "component_var"), GoldenFile.KeyOf(result), "component_var_with_mean");
    }

    [Fact]
    public async Task Modified_components_are_the_reference()
    {
        var golden = new GoldenFile("04_component_var_modified_99");
        await using var host = await ApiHost.StartAsync();
        var result = (await ResultsAsync(host, golden.Body("""{"method":"cornish_fisher","standard_deviation":"sample","components":true}""")))[2];
        golden.Meets(result.GetProperty("var"), "var_total");
        golden.Meets(Column(result, "component_var"), "component_var");
    }

    [Theory]
    [InlineData("05_monte_carlo_gaussian", """{"method":"monte_carlo_normal","paths":100000,"seed":7,"components":true}""")]
    [InlineData("05_monte_carlo_t5", """{"method":"monte_carlo_t","degrees_of_freedom":5,"seed":7,"components":true}""")]
    public async Task Simulated_figures_lie_in_the_reference_interval(string name, string options)
    {
        var golden = new GoldenFile(name);
        await using var host = await ApiHost.StartAsync();
        var body = golden.Body(options);
        body["covariance"] = JsonNode.Parse(golden.Inputs.GetProperty("covariance_daily").GetRawText());
        foreach (var result in await ResultsAsync(host, body))
        {
            var expected = golden.Expected(GoldenFile.KeyOf(result));
            foreach (var figure in (string[])["var", "es"])
            {
                Assert.InRange(result.GetProperty(figure).GetDouble(), expected.GetProperty($"{figure}_low").GetDouble(), expected.GetProperty($"{figure}_high").GetDouble());
                var error = expected.GetProperty($"{figure}_std_error").GetDouble();
                Assert.InRange(result.GetProperty($"{figure}_standard_error").GetDouble(), 0.7 * error, 1.4 * error);
            }
            CalculateVarTests.PartsAddUp(result);
        }
    }

    private static async Task<JsonElement[]> ResultsAsync(ApiHost host, JsonObject body)
    {
        var reply = await host.PostAsync("/api/v1/calculate/var", body.ToJsonString());
        Assert.True(reply.Status == 200, reply.Text);
        return [.. reply.Json.GetProperty("results").EnumerateArray()];
    }

    private static JsonElement Column(JsonElement result, string name) =>
        JsonSerializer.SerializeToElement(result.GetProperty("components").EnumerateArray().Select(x => x.GetProperty(name).GetDouble()));
}
