using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Api.Tests.Setup;
using Risk.Golden;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

/// <summary>Reference values of independent tools, through the whole pipeline; each case names its tools and its tolerance.</summary>
public sealed class CalculatorGoldenTests
{
    [Theory]
    [InlineData("01_volatility_annualised", "sample")]
    [InlineData("01_ewma_volatility", "ewma")]
    [InlineData("01_garch11_fit", "garch_fit")]
    public async Task Volatilities_of_a_series_agree(string name, string method)
    {
        var golden = GoldenBodies.Read(name);
        var body = GoldenBodies.Of(golden, ("method", method));
        if (method == "garch_fit") body.Renamed("returns_percent", "returns");
        await MustAgreeAsync(golden, "volatility", body, x => GoldenBodies.Lifted(x.GetProperty("results")[0], method));
    }

    [Fact]
    public async Task A_given_GARCH_filters_as_expected()
    {
        var golden = GoldenBodies.Read("01_garch11_filter");
        var body = GoldenBodies.Of(golden, ("method", "garch_filter")).Renamed("returns_percent", "returns");
        var garch = new JsonObject();
        foreach (var name in (string[])["mu", "omega", "alpha", "beta", "initial_variance"]) (garch[name], _) = (body[name]!.DeepClone(), body.Remove(name));
        body["garch"] = garch;
        await MustAgreeAsync(golden, "volatility", body, x => GoldenBodies.Lifted(x.GetProperty("results")[0], "garch_filter"));
    }

    [Theory]
    [InlineData("01_covariance_correlation", "correlation")]
    [InlineData("01_portfolio_volatility", "covariance")]
    public async Task Matrices_of_series_agree(string name, string method)
    {
        var golden = GoldenBodies.Read(name);
        await MustAgreeAsync(golden, "volatility", GoldenBodies.Of(golden, ("method", method)).ByAsset("prices"), x => GoldenBodies.Lifted(x, "matrix"));
    }

    [Fact]
    public async Task Performance_beside_a_benchmark_agrees()
    {
        var golden = GoldenBodies.Read("06_performance_jpm_vs_equal_weight_dow");
        await MustAgreeAsync(golden, "performance", GoldenBodies.Of(golden), x => GoldenBodies.Lifted(x));
    }

    [Fact]
    public async Task Concentration_agrees()
    {
        var golden = GoldenBodies.Read("06_concentration_active_share");
        var block = GoldenBodies.Of(golden);
        block.Remove("assets");
        await MustAgreeAsync(golden, "performance", new JsonObject { ["concentration"] = block }, x => GoldenBodies.Lifted(x, "concentration"));
    }

    [Theory]
    [InlineData("07_backtest_clustered_5_of_250")]
    [InlineData("07_backtest_single_on_last_day")]
    [InlineData("07_backtest_zero_exceedances_250")]
    public async Task Tests_of_a_sequence_agree(string name)
    {
        var golden = GoldenBodies.Read(name);
        await MustAgreeAsync(golden, "backtest", GoldenBodies.Of(golden), x => GoldenBodies.Lifted(x));
    }

    [Fact]
    public async Task Zones_and_multipliers_agree_for_every_count()
    {
        await using var host = await ApiHost.StartAsync();
        var golden = GoldenBodies.Read("07_basel_traffic_light_250d");
        var columns = new JsonObject();
        for (var count = 0; count <= 20; count++)
        {
            var days = string.Join(',', Enumerable.Range(0, 250).Select(day => day < count ? 1 : 0));
            var reply = await host.PostAsync("/api/v1/calculate/backtest", $$"""{"tail_probability":0.01,"exceedance_sequence":[{{days}}]}""");
            foreach (var (name, figure) in ((string, string)[])[("zone", "zone"), ("prob_x_or_more", "binomial_prob_x_or_more"), ("multiplier_1996_total", "multiplier_1996_total"), ("multiplier_mar99", "multiplier_mar99")])
                (columns[name] ??= new JsonArray()).AsArray().Add(JsonNode.Parse(reply.Json.GetProperty(figure).GetRawText()));
        }
        // The bare binomial columns are no figures of a backtest.
        Assert.Equal(["cdf_x_or_fewer: missing", "pmf: missing"], Comparison.Differences(golden, columns).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("08_bs_greeks_extreme")]
    [InlineData("08_bs_greeks_grid")]
    public async Task Options_agree(string name)
    {
        var golden = GoldenBodies.Read(name);
        await MustAgreeAsync(golden, "options", GoldenBodies.Of(golden), x => GoldenBodies.Lifted(x));
    }

    [Fact]
    public async Task Options_at_expiry_agree()
    {
        var golden = GoldenBodies.Read("08_bs_at_expiry");
        await MustAgreeAsync(golden, "options", GoldenBodies.Of(golden, ("columns", new JsonArray("K", "type"))), x => GoldenBodies.Lifted(x));
    }

    [Fact]
    public async Task A_book_of_options_agrees_by_expansion_and_by_full_revaluation()
    {
        var golden = GoldenBodies.Read("08_option_book_delta_gamma_vs_full_reval");
        await MustAgreeAsync(golden, "options", GoldenBodies.Of(golden), x => GoldenBodies.Lifted(x, "book") is var all ? all.ByConfidence(all["results"]!) : all);
    }

    [Fact]
    public async Task Implied_volatilities_agree()
    {
        var golden = GoldenBodies.Read("08_implied_volatility");
        await MustAgreeAsync(golden, "implied-volatility", GoldenBodies.Of(golden), x => GoldenBodies.Lifted(x));
    }

    [Fact]
    public async Task Prices_without_a_volatility_are_null_with_the_reason()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync("/api/v1/calculate/implied-volatility", GoldenBodies.Of(GoldenBodies.Read("08_implied_volatility_no_solution")).ToJsonString());
        Assert.Equal("[null,null,null,null]", reply.Json.GetProperty("implied_vol").GetRawText());
        Assert.Equal(
            ["below_intrinsic", "above_bound", "below_intrinsic", "above_bound"], reply.Json.GetProperty("unsolved").EnumerateArray().Select(x => x.GetProperty("detail").GetString()));
        Assert.Equal("not_applicable", reply.Json.GetProperty("reasons").GetProperty("implied_vol/2").GetString());
    }

    [Theory]
    [InlineData("09_min_variance_bounds_lpp2005", "min_variance")]
    [InlineData("09_min_variance_unconstrained_sp500_8", "min_variance")]
    [InlineData("09_max_sharpe_long_only_lpp2005", "max_sharpe")]
    [InlineData("09_efficient_frontier_long_only_lpp2005", "min_variance")]
    [InlineData("09_risk_parity_lpp2005", "risk_parity")]
    [InlineData("09_risk_budget_lpp2005", "risk_budget")]
    [InlineData("09_hrp_lpp2005", "hrp", "hrp")]
    [InlineData("09_black_litterman_absolute_relative_views", "black_litterman", "black_litterman")]
    [InlineData("09_black_litterman_he_litterman_1view", "black_litterman", "black_litterman")]
    public async Task Allocations_agree(string name, string objective, params string[] blocks)
    {
        var golden = GoldenBodies.Read(name);
        var body = GoldenBodies.Of(golden, ("objective", objective));
        if (name.Contains("unconstrained", StringComparison.Ordinal)) body["unconstrained"] = true;
        await MustAgreeAsync(golden, "allocation", body, x => GoldenBodies.Lifted(x, blocks));
    }

    [Fact]
    public async Task A_target_return_is_a_point_of_the_frontier()
    {
        await using var host = await ApiHost.StartAsync();
        var golden = GoldenBodies.Read("09_efficient_frontier_long_only_lpp2005");
        var point = golden.Expected!.Value.GetProperty("points")[1];
        var body = GoldenBodies.Of(golden, ("objective", "target_return"), ("target_return", point.GetProperty("target").GetDouble()));
        body.Remove("targets");
        var reply = await host.PostAsync("/api/v1/calculate/allocation", body.ToJsonString());
        Assert.Equal(point.GetProperty("variance").GetDouble(), reply.Json.GetProperty("variance").GetDouble(), 1e-6);
        Assert.Equal(point.GetProperty("target").GetDouble(), reply.Json.GetProperty("expected_return").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task The_least_CVaR_agrees()
    {
        var golden = GoldenBodies.Read("09_min_cvar_95_lpp2005");
        await MustAgreeAsync(golden, "allocation", GoldenBodies.Of(golden, ("objective", "min_cvar")).ByAsset("returns"), x => GoldenBodies.Lifted(x, "min_cvar"));
    }

    [Fact]
    public async Task Funds_looked_through_agree()
    {
        var golden = GoldenBodies.Read("10_fund_look_through");
        await MustAgreeAsync(golden, "look-through", GoldenBodies.Of(golden).Renamed("positions_value", "positions"), x =>
        {
            var all = GoldenBodies.Lifted(x);
            foreach (var name in (string[])["fund_overlap", "fund_overlap_common_count"]) all[name] = all["overlaps"]![0]![name]!.DeepClone();
            return all;
        });
    }

    [Fact]
    public async Task Positions_in_three_currencies_agree_with_and_without_FX_risk()
    {
        await using var host = await ApiHost.StartAsync();
        var golden = GoldenBodies.Read("10_fx_three_currency_portfolio");
        var (body, expected) = (GoldenBodies.Of(golden), golden.Expected!.Value);
        var json = (await host.PostAsync("/api/v1/calculate/fx", body.ToJsonString())).Json;
        foreach (var name in (string[])["total_value_base", "delta_normal_sd_with_fx"]) VarEndpointsTests.Near(expected.GetProperty(name).GetDouble(), json, name);
        foreach (var currency in expected.GetProperty("currency_exposure").EnumerateObject()) VarEndpointsTests.Near(currency.Value.GetDouble(), json.GetProperty("currency_exposure"), currency.Name);
        foreach (var (key, at) in ((string, int)[])[("95", 0), ("97.5", 1), ("99", 2)])
        {
            var result = json.GetProperty("results")[at];
            if (key != "97.5") VarEndpointsTests.Near(expected.GetProperty($"delta_normal_var_{key}_with_fx").GetDouble(), result, "delta_normal_var_with_fx");
            foreach (var block in (string[])["hs_with_fx", "hs_local_only", "hs_fx_only"])
            {
                VarEndpointsTests.Near(expected.GetProperty(block).GetProperty(key).GetProperty("var_type7").GetDouble(), result.GetProperty(block), "var");
                VarEndpointsTests.Near(expected.GetProperty(block).GetProperty(key).GetProperty("es_acerbi_tasche").GetDouble(), result.GetProperty(block), "es");
            }
        }
    }

    [Theory]
    [InlineData("all_ticks_accepted", null)]
    [InlineData("watermark_lateness_0ms", 0)]
    [InlineData("watermark_lateness_2000ms", 2000)]
    public async Task Windows_of_ticks_agree(string key, int? lateness)
    {
        await using var host = await ApiHost.StartAsync();
        var root = GoldenBodies.Read("11_vwap_5s_small").Inputs.Root;
        var body = new JsonObject
        {
            ["ticks"] = new JsonArray([.. root.GetProperty("ticks_in_arrival_order").EnumerateArray().Select(x => (JsonNode)new JsonObject
            {
                ["time"] = x[0].GetInt64(),
                ["symbol"] = x[1].GetString(),
                ["price"] = x[2].GetDecimal(),
                ["volume"] = x[3].GetDecimal(),
            })]),
        };
        if (lateness is not null) body["lateness_ms"] = lateness;
        var json = (await host.PostAsync("/api/v1/calculate/windows", body.ToJsonString())).Json;
        var expected = GoldenBodies.Read("11_vwap_5s_small").Expected!.Value.GetProperty(key);
        var windows = lateness is null ? expected : expected.GetProperty("windows");
        if (lateness is not null) Assert.Equal(expected.GetProperty("dropped_indices").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), json.GetProperty("dropped_indices").GetRawText());
        Assert.Equal(windows.GetArrayLength(), json.GetProperty("count").GetInt32());
        foreach (var (window, answer) in windows.EnumerateArray().Zip(json.GetProperty("windows").EnumerateArray()))
        {
            Assert.Equal(window.GetProperty("symbol").GetString(), answer.GetProperty("symbol").GetString());
            Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(window.GetProperty("window_start").GetInt64()), answer.GetProperty("window_start").GetDateTimeOffset());
            foreach (var name in (string[])["count", "volume", "vwap", "min", "max", "avg", "open", "close"]) VarEndpointsTests.Near(window.GetProperty(name).GetDouble(), answer, name);
        }
    }

    private static async Task MustAgreeAsync(GoldenCase golden, string route, JsonObject body, Func<JsonElement, JsonNode> shape)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync($"/api/v1/calculate/{route}", body.ToJsonString());
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Empty(Comparison.Differences(golden, shape(reply.Json)));
    }
}
