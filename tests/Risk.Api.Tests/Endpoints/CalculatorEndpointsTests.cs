using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;
using static Risk.Api.Tests.Setup.Calculator;

namespace Risk.Api.Tests.Endpoints;

/// <summary>What calculators answer beside the golden figures: edges, reasons and flags.</summary>
public sealed class CalculatorEndpointsTests
{
    private static readonly string Returns = $"[{string.Join(',', Market.Returns("AAA").Select(Text))}]";

    [Theory]
    [InlineData("volatility", """{"method":"sample","returns":[0.01,0.02]}""", "results/0")]
    [InlineData("volatility", """{"method":"ewma","prices":{"A":[1]}}""", "results/0")]
    [InlineData("volatility", """{"method":"garch_fit","returns":[0.01,-0.01]}""", "results/0")]
    [InlineData("volatility", """{"method":"covariance","returns":{"A":[0.01],"B":[0.02]},"weights":[1,1]}""", "matrix")]
    [InlineData("performance", """{"returns":[0.01,0.02],"benchmark_returns":[0.01,0.02]}""", "")]
    [InlineData("allocation", """{"objective":"min_cvar","returns":{"A":[0.01,0.02],"B":[0.02,0.01]}}""", "")]
    [InlineData("fx", """{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":3}],"local_prices":{"A":[2]}}""", "results/0/hs_with_fx")]
    public async Task A_short_history_gives_null_figures_with_the_reason(string route, string body, string path)
    {
        var json = await CalculateAsync(route, body);
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries)) json = int.TryParse(step, out var i) ? json[i] : json.GetProperty(step);
        var reasons = json.GetProperty("reasons").EnumerateObject().ToArray();
        Assert.NotEmpty(reasons);
        Assert.All(reasons, x => Assert.Equal("short_history", x.Value.GetString()));
        // Every reason is that of a null: beside it, in the block of the method, or under the path that it says.
        JsonElement[] blocks = [json, .. json.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Object && x.Name != "reasons").Select(x => x.Value)];
        Assert.All(reasons, x => Assert.Contains(blocks, y => At(y, x.Name)?.ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task What_needs_no_history_survives_a_short_one()
    {
        var fx = await CalculateAsync("fx", """{"base":"USD","positions":[{"symbol":"A","currency":"EUR","quantity":3}],"local_prices":{"A":[2]},"fx_base_per_unit":{"eur":[1.5]}}""");
        Assert.Equal((9, 9), (fx.GetProperty("total_value_base").GetDouble(), fx.GetProperty("currency_exposure").GetProperty("EUR").GetDouble()));
        var performance = await CalculateAsync("performance", """{"returns":[0.1],"concentration":{"weights":[0.5,0.3,0.2],"top":[2]}}""");
        Assert.Equal(0.8, performance.GetProperty("concentration").GetProperty("top")[0].GetProperty("weight").GetDouble(), 1e-12);
        Assert.Equal("not_applicable", performance.GetProperty("concentration").GetProperty("reasons").GetProperty("active_share").GetString());
    }

    [Fact]
    public async Task Series_that_never_move_have_no_correlation_and_no_ratio_but_a_volatility()
    {
        var still = $"[{string.Join(',', Enumerable.Repeat("0.01", 40))}]";
        var matrix = (await CalculateAsync("volatility", $$$"""{"method":"covariance","returns":{"A":{{{still}}},"B":{{{still}}}}}""")).GetProperty("matrix");
        Assert.Equal("[[null,null],[null,null]]", matrix.GetProperty("correlation").GetRawText());
        Assert.Equal("[[0,0],[0,0]]", matrix.GetProperty("covariance_daily").GetRawText());
        Assert.Equal("not_applicable", matrix.GetProperty("reasons").GetProperty("correlation").GetString());
        var performance = await CalculateAsync("performance", $$"""{"returns":{{still}},"benchmark_returns":{{still}}}""");
        foreach (var name in (string[])["sharpe_arithmetic", "sortino", "calmar", "beta", "down_capture_mean", "trough_date"])
            Assert.Equal((JsonValueKind.Null, "not_applicable"), (performance.GetProperty(name).ValueKind, performance.GetProperty("reasons").GetProperty(name).GetString()));
        Assert.Equal((0, 0), (performance.GetProperty("annual_volatility").GetDouble(), performance.GetProperty("max_drawdown").GetDouble()));
        Assert.Equal("did_not_converge", (await CalculateAsync("volatility", $$"""{"method":"garch_fit","returns":[{{string.Join(',', Enumerable.Repeat("0.01", 60))}}]}"""))
            .GetProperty("results")[0].GetProperty("reasons").GetProperty("garch_fit/mu").GetString());
    }

    [Fact]
    public async Task A_given_VaR_and_shortfall_are_tested_and_exceedances_are_listed_with_their_dates()
    {
        var json = await CalculateAsync("backtest", """
            {"tail_probability":0.025,"pnl":[1,-5,2,-9],"var":[4,4,4,4],"es":[5,5,5,6],"dates":["2026-01-02","2026-01-05","2026-01-06","2026-01-07"]}
            """);
        // Z2 = (−5/5 − 9/6)/(4 · 0.025) + 1.
        VarEndpointsTests.Near(-24, json, "z2");
        Assert.Equal("red", json.GetProperty("z2_zone").GetString());
        var rows = json.GetProperty("timeline");
        Assert.Equal("""{"index":3,"date":"2026-01-07","pnl":-9,"var":4,"excess":5,"run":1,"recent":2,"zone":"red"}""", rows[1].GetRawText());
        Assert.Equal((2, "2026-01-05"), (rows.GetArrayLength(), rows[0].GetProperty("date").GetString()));
        Assert.Equal("short_history", json.GetProperty("flags")[0].GetString());
    }

    [Theory]
    [InlineData("historical", "")]
    [InlineData("age_weighted", ",\"lambda\":0.97")]
    [InlineData("age_weighted", ",\"quantile\":\"type4\"")]
    [InlineData("volatility_scaled", ",\"lambda\":0.9,\"quantile\":\"type6\"")]
    [InlineData("filtered_garch", "")]
    [InlineData("parametric_normal", "")]
    [InlineData("student_t", "")]
    [InlineData("student_t", ",\"degrees_of_freedom\":5")]
    [InlineData("delta_normal", "")]
    [InlineData("cornish_fisher", "")]
    [InlineData("monte_carlo_normal", "")]
    [InlineData("monte_carlo_t", ",\"degrees_of_freedom\":5")]
    public async Task Returns_are_walked_through_by_a_method_that_sees_only_the_days_before(string method, string more)
    {
        var json = await CalculateAsync("backtest", $$$"""{"tail_probability":0.05,"walk_forward":{"returns":{{{Returns}}},"method":"{{{method}}}","window":100{{{more}}}}}""");
        var (returns, forecasts) = (Market.Returns("AAA"), json.GetProperty("forecasts"));
        Assert.Equal((100, returns.Length - 100), (forecasts.GetProperty("first_day").GetInt32(), json.GetProperty("T").GetInt32()));
        double[] var = [.. forecasts.GetProperty("var").EnumerateArray().Select(x => x.GetDouble())];
        var hits = returns.Skip(100).Zip(var, (r, v) => r < -v).ToArray();
        Assert.Equal(hits.Count(x => x), json.GetProperty("exceedances").GetInt32());
        Assert.Equal(hits.Index().Where(x => x.Item).Select(x => x.Index + 100), json.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("index").GetInt32()));
        Assert.Equal(JsonValueKind.Number, json.GetProperty("z2").ValueKind);
        var conventions = json.GetProperty("conventions");
        Assert.Equal(method is "filtered_garch" || method == "student_t" && more.Length == 0, conventions.TryGetProperty("refit_days", out _));
        Assert.Equal(method.StartsWith("monte", StringComparison.Ordinal), conventions.TryGetProperty("seed", out _));
        if (method == "historical") Assert.Equal(Market.Var(returns[..100], 0.95), var[0], 1e-12);
        if (method == "parametric_normal") Assert.Equal(1.6448536269514722 * Deviation(returns[..100]), var[0], 1e-12);
    }

    [Fact]
    public async Task A_book_has_only_the_figures_that_its_shocks_allow()
    {
        const string rows = "\"spot\":100,\"T\":0.5,\"vol\":0.2,\"columns\":[\"K\",\"type\",\"quantity\"],\"rows\":[[100,\"call\",10]]";
        var bare = (await CalculateAsync("options", $$"""{{{rows}}}""")).GetProperty("book").GetProperty("results")[0];
        Assert.All(bare.EnumerateObject().Where(x => x.Name.EndsWith("_var", StringComparison.Ordinal)), x => Assert.Equal(JsonValueKind.Null, x.Value.ValueKind));
        Assert.Equal("not_applicable", bare.GetProperty("reasons").GetProperty("delta_normal_var").GetString());
        var few = (await CalculateAsync("options", $$"""{{{rows}},"daily_vol_underlying":0.01,"underlying_prices_history":[1,2,3]}""")).GetProperty("book").GetProperty("results")[0];
        Assert.Equal("short_history", few.GetProperty("reasons").GetProperty("historical_full_revaluation_es").GetString());
        Assert.True(few.GetProperty("delta_gamma_exact_var").GetDouble() > 0);
        // Beyond what the formula takes there is no figure, but no failure either.
        var far = (await CalculateAsync("options", $$"""{{{rows.Replace("100", "1e15", StringComparison.Ordinal)}},"daily_vol_underlying":0.01}""")).GetProperty("book").GetProperty("results")[0];
        Assert.Equal("not_applicable", far.GetProperty("reasons").GetProperty("full_revaluation_normal_shock_var").GetString());
    }

    [Theory]
    [InlineData("""{"objective":"min_variance","covariance":[[1,0],[0,1]],"lower":0.8}""", "not_applicable", "limits_exclude_all")]
    [InlineData("""{"objective":"target_return","covariance":[[1,0],[0,1]],"expected_returns":[0.1,0.2],"target_return":0.3}""", "not_applicable", "target_out_of_reach")]
    [InlineData("""{"objective":"max_sharpe","covariance":[[1,0],[0,1]],"expected_returns":[0.1,0.2],"risk_free":0.5}""", "not_applicable", "no_excess_return")]
    [InlineData("""{"objective":"risk_parity","covariance":[[1,0],[0,0]]}""", "not_applicable", "singular_covariance")]
    [InlineData("""{"objective":"min_variance","covariance":[[1,2],[2,1]]}""", "not_applicable", "indefinite_covariance")]
    [InlineData("""{"objective":"black_litterman","covariance":[[1,0],[0,1]],"market_weights":[0.5,0.5],"delta":2,"tau":0.1,"P":[[1,0],[1,0]],"Q":[0.1,0.2],"omega_diag":[0,0]}""", "not_applicable", "dependent_views")]
    public async Task Where_there_is_no_allocation_the_weights_are_null_and_a_flag_says_why(string body, string reason, string flag)
    {
        var json = await CalculateAsync("allocation", body);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("weights").ValueKind);
        Assert.Equal((reason, flag), (json.GetProperty("reasons").GetProperty("weights").GetString(), json.GetProperty("flags")[0].GetString()));
    }

    [Fact]
    public async Task Points_of_the_frontier_go_from_the_least_variance_to_the_highest_return()
    {
        var json = await CalculateAsync("allocation", """{"objective":"max_sharpe","covariance":[[0.04,0],[0,0.01]],"expected_returns":[0.1,0.05],"risk_free":0.02,"points":5}""");
        double[] returns = [.. json.GetProperty("points").EnumerateArray().Select(x => x.GetProperty("expected_return").GetDouble())];
        Assert.Equal([0.06, 0.07, 0.08, 0.09, 0.1], returns, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(0.2, json.GetProperty("points")[4].GetProperty("volatility").GetDouble(), 1e-9);
        Assert.Equal(1, json.GetProperty("risk_share").EnumerateArray().Sum(x => x.GetDouble()), 1e-12);
    }

    [Fact]
    public async Task A_fund_of_funds_is_opened_to_its_holdings_and_what_it_hides_is_flagged()
    {
        var json = await CalculateAsync("look-through", """{"positions":{"F":100},"funds":{"F":{"G":0.5,"X":0.5},"G":{"x":0.6}},"sectors":{"X":"IT"}}""");
        Assert.Equal("""{"OTHER":20,"X":80}""", json.GetProperty("stock_value").GetRawText());
        Assert.Equal("""{"IT":0.8,"Other":0.2}""", json.GetProperty("sector_weight").GetRawText());
        Assert.Equal("undisclosed_holdings", json.GetProperty("flags")[0].GetString());
        var owing = await CalculateAsync("look-through", """{"positions":{"X":-5},"funds":{"F":{"X":1}}}""");
        Assert.Equal("not_applicable", owing.GetProperty("reasons").GetProperty("stock_weight").GetString());
    }

    private static JsonElement? At(JsonElement block, string path)
    {
        foreach (var step in path.Split('/'))
            if (!block.TryGetProperty(step, out block)) return null;
        return block;
    }

    private static double Deviation(double[] x) => Math.Sqrt(x.Sum(r => Math.Pow(r - x.Average(), 2)) / (x.Length - 1));

    private static string Text(double x) => x.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
