using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

/// <summary>NEW has no price, YYY has one in a currency without a rate: what they are worth is not known, nor what share of the whole that is.</summary>
public sealed class CoverageTests
{
    private const string Scenarios = "/api/v1/risk/default/scenarios/run";
    private const string Instruments = "symbol,name,asset_class,currency,sector,multiplier\nYYY,Yen Co,equity,JPY,Energy,1\n";
    private const string Options =
        "symbol,name,asset_class,currency,sector,multiplier,underlying,strike,expiry,right\nOPT,Call on Alpha,option,USD,,100,AAA,100,2026-06-19,call\n";

    private static string Held(params string[] symbols) =>
        JsonSerializer.Serialize(new { cash = 100, positions = symbols.Select(x => new { symbol = x, quantity = 10, average_cost = 90, currency = x == "YYY" ? "JPY" : "USD" }) });

    [Theory]
    [InlineData("NEW", "missing_price", """{"stressed_var":{"window_days":100}}""")]
    [InlineData("NEW", "missing_price", """{"stressed_var":{"from":"2025-02-01","to":"2025-05-01"}}""")]
    [InlineData("YYY", "missing_fx", """{"stressed_var":{"window_days":100}}""")]
    [InlineData("YYY", "missing_fx", """{"stressed_var":{"from":"2025-02-01","to":"2025-05-01"}}""")]
    public async Task Stressed_var_of_what_has_no_value_is_missing_with_the_reason(string symbol, string reason, string body)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PutAsync("/api/v1/market/instruments", Instruments, "text/csv");
        await host.PutAsync("/api/v1/accounts/default/positions", Held(symbol), "application/json");
        await host.PostTicksAsync(("YYY", 150m, 0));
        var json = (await host.PostAsync(Scenarios, body)).Json.GetProperty("stressed_var");
        foreach (var name in (string[])["var_95", "var_99", "es_95", "es_99", "interval_95", "es_95_standard_error", "es_99_standard_error"])
            Assert.Equal((JsonValueKind.Null, reason), (json.GetProperty(name).ValueKind, ReasonOf(json, name)));
        Assert.Equal($$"""[{"symbol":"{{symbol}}","reason":"{{reason}}"}]""", json.GetProperty("left_out").GetRawText());
        Assert.Equal("0", json.GetProperty("coverage").GetRawText());
        Assert.Equal(["partial_coverage"], FlagsOf(json));
        Assert.Equal(reason, ReasonOf((await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio"), "var_95"));
    }

    [Fact]
    public async Task A_book_without_a_rate_has_no_sensitivities_and_no_leverage_but_each_unit_its_own_risk()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        // EEE in euro for an account in yen: no pair leads there.
        await host.PutAsync("/api/v1/accounts/default/positions", """{"base_currency":"JPY","cash":10,"positions":[{"symbol":"EEE","quantity":10,"average_cost":90,"currency":"EUR"}]}""", "application/json");
        var metrics = (await host.GetAsync("/api/v1/risk/default/metrics")).Json;
        foreach (var name in (string[])["delta", "gamma", "vega", "current_leverage", "margin_utilization"])
            Assert.Equal((JsonValueKind.Null, "missing_fx"), (metrics.GetProperty(name).ValueKind, ReasonOf(metrics, name)));
        Assert.Equal("missing_fx", ReasonOf((await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio"), "hhi"));
        var row = (await host.GetAsync("/portfolio/var")).Json.GetProperty("results")[0];
        Assert.Equal("missing_fx", ReasonOf(row, "position_var_95"));
        Assert.Equal((await host.GetAsync("/var/EEE")).Json.GetProperty("var_95").GetDouble(), row.GetProperty("var_95").GetDouble());
    }

    [Fact]
    public async Task Figures_that_a_short_history_leaves_out_cover_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        await host.PutAsync("/api/v1/market/instruments", Market.Instruments, "text/csv");
        await host.PutAsync("/api/v1/market/history", $"date,AAA\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"2025-01-{i + 1:00},{100 + i}\n"))}", "text/csv");
        await host.PutAsync("/api/v1/accounts/default/positions", Held("AAA"), "application/json");
        foreach (var answer in (JsonElement[])[(await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio"), (await host.GetAsync("/api/v1/risk/default/metrics")).Json, (await host.GetAsync("/var/AAA")).Json])
            Assert.Equal((0.0, "short_history"), (answer.GetProperty("coverage").GetDouble(), ReasonOf(answer, "var_95")));
    }

    [Theory]
    [InlineData("NEW", "missing_price")]
    [InlineData("YYY", "missing_fx")]
    public async Task The_share_of_what_has_no_value_is_not_known_in_any_answer(string symbol, string reason)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PutAsync("/api/v1/market/instruments", Instruments, "text/csv");
        await host.PutAsync("/api/v1/accounts/default/positions", Held("AAA", "BBB", symbol), "application/json");
        await host.PostTicksAsync(("YYY", 150m, 0));
        var run = (await host.PostAsync(Scenarios, $$$"""{"custom":[{"name":"x","symbols":{"{{{symbol}}}":-0.9}},{"name":"y","symbols":{"AAA":-0.5}}],"stressed_var":{"window_days":100}}""")).Json;
        var (alone, other) = (run.GetProperty("scenarios")[0], run.GetProperty("scenarios")[1]);
        JsonElement[] answers =
        [
            (await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio"),
            (await host.GetAsync("/api/v1/risk/default/metrics")).Json,
            (await host.GetAsync("/portfolio/var/explain")).Json,
            (await host.GetAsync("/api/v1/risk/default/backtest?days=150&window_days=100")).Json,
            (await host.PostAsync("/api/v1/risk/default/optimise", """{"objective":"min_variance"}""")).Json,
            run.GetProperty("stressed_var"),
            alone,
            other,
        ];
        foreach (var answer in answers)
        {
            Assert.Equal((JsonValueKind.Null, reason), (answer.GetProperty("coverage").ValueKind, ReasonOf(answer, "coverage")));
            Assert.Equal($$"""[{"symbol":"{{symbol}}","reason":"{{reason}}"}]""", answer.GetProperty("left_out").GetRawText());
        }
        foreach (var answer in answers[..6].Append(run)) Assert.Contains("partial_coverage", FlagsOf(answer));
        Assert.Equal((JsonValueKind.Null, reason, false), (alone.GetProperty("pnl").ValueKind, ReasonOf(alone, "pnl"), alone.GetProperty("covered").GetBoolean()));
        Assert.Equal((-5 * Market.Closes("AAA")[^1], true), (Math.Round(other.GetProperty("pnl").GetDouble(), 6), other.GetProperty("covered").GetBoolean()));
    }

    [Fact]
    public async Task An_explanation_is_flagged_where_its_tail_is_thin()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Held("AAA"));
        await host.PostTicksAsync(("AAA", 150m, 0));
        Assert.Equal(["thin_tail"], FlagsOf((await host.GetAsync("/portfolio/var/explain?confidence=0.999")).Json));
        Assert.Empty(FlagsOf((await host.GetAsync("/portfolio/var/explain?confidence=0.95")).Json));
    }

    [Fact]
    public async Task An_option_without_a_price_is_valued_by_the_model_and_flagged_wherever_it_counts()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PutAsync("/api/v1/market/instruments", Options, "text/csv");
        await host.PutAsync("/api/v1/accounts/default/positions", Held("AAA", "OPT"), "application/json");
        var symbol = (await host.GetAsync("/var/OPT")).Json;
        Assert.True(symbol.GetProperty("current_price").GetDouble() > 0);
        Assert.Contains("fallback_volatility", FlagsOf(symbol));
        var run = (await host.PostAsync(Scenarios, """{"custom":[{"name":"x","symbols":{"AAA":-0.5}}],"stressed_var":{"window_days":100}}""")).Json;
        foreach (var path in (string[])["/portfolio/var/explain", "/api/v1/risk/default/backtest?days=150&window_days=100"])
            Assert.Contains("fallback_volatility", FlagsOf((await host.GetAsync(path)).Json));
        Assert.Contains("fallback_volatility", FlagsOf(run));
        Assert.Contains("fallback_volatility", FlagsOf(run.GetProperty("stressed_var")));
        Assert.Contains("fallback_volatility", FlagsOf((await host.PostAsync("/api/v1/risk/default/optimise", """{"objective":"min_variance"}""")).Json));
    }

    [Fact]
    public async Task What_has_no_close_has_no_observation_and_a_short_window_says_how_many_it_has()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Held("AAA", "NEW"));
        Assert.Equal(0, (await host.GetAsync("/var/NEW")).Json.GetProperty("num_observations").GetInt32());
        var rows = (await host.GetAsync("/portfolio/var")).Json.GetProperty("results");
        Assert.Equal([299, 0], rows.EnumerateArray().Select(x => x.GetProperty("num_observations").GetInt32()));
        Assert.Equal("missing_price", ReasonOf(rows[1], "es_95_standard_error"));
        var stressed = (await host.PostAsync(Scenarios, """{"stressed_var":{"from":"2025-02-01","to":"2025-02-13"}}""")).Json.GetProperty("stressed_var");
        Assert.Equal((13, "short_history"), (stressed.GetProperty("num_observations").GetInt32(), ReasonOf(stressed, "es_99_standard_error")));
    }

    private static string? ReasonOf(JsonElement answer, string name) =>
        answer.GetProperty("reasons").TryGetProperty(name, out var reason) ? reason.GetString() : null;

    private static IEnumerable<string?> FlagsOf(JsonElement answer) => answer.GetProperty("flags").EnumerateArray().Select(x => x.GetString());
}
