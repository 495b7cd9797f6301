using System.Text.Json;
using Risk.Api.Tests.Access;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class StressEndpointsTests
{
    private const string Path = "/api/v1/risk/default/scenarios";
    private const string Book =
        """{"base_currency":"USD","cash":1000,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90},{"symbol":"BBB","quantity":-5,"average_cost":80},{"symbol":"EEE","quantity":20,"average_cost":70,"currency":"EUR"}]}""";

    private static double Value(string symbol, double quantity) => quantity * Market.Closes(symbol)[^1] * (symbol == "EEE" ? Market.Closes("EURUSD")[^1] : 1);

    [Fact]
    public async Task Windows_that_the_history_does_not_reach_are_listed_with_the_reason()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var json = (await host.GetAsync(Path)).Json;
        Assert.Equal(["crisis_2008", "covid_2020", "rates_2022"], json.GetProperty("scenarios").EnumerateArray().Select(x => x.GetProperty("name").GetString()));
        foreach (var scenario in json.GetProperty("scenarios").EnumerateArray())
        {
            Assert.False(scenario.GetProperty("covered").GetBoolean());
            Assert.Equal("short_history", scenario.GetProperty("reasons").GetProperty("pnl").GetString());
            Assert.Contains("2025-01-01 to 2025-10-27", scenario.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_window_of_the_history_moves_every_price_and_rate()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        // Closes of the covid window: the ends, and a trough of AAA in between.
        await host.PutAsync("/api/v1/market/history", "date,AAA,BBB,EEE,EURUSD\n2020-02-19,100,100,100,1.1\n2020-03-02,10,200,100,1.1\n2020-03-23,70,80,60,1.21\n", "text/csv");
        var scenario = (await host.GetAsync(Path)).Json.GetProperty("scenarios")[1];
        var (aaa, bbb, eee) = (Value("AAA", 10), Value("BBB", -5), Value("EEE", 20));
        var expected = aaa * -0.3 + bbb * -0.2 + eee * (0.6 * 1.1 - 1);
        Assert.Equal(expected, scenario.GetProperty("pnl").GetDouble(), 1e-6);
        Assert.Equal(expected / (aaa + bbb + eee + 1000), scenario.GetProperty("nav_ratio").GetDouble(), 1e-12);
        Assert.Equal(aaa * -0.9 + bbb, scenario.GetProperty("worst_pnl").GetDouble(), 1e-6);
        Assert.Equal("2020-03-02", scenario.GetProperty("worst_date").GetString());
        Assert.Equal([aaa * -0.3, bbb * -0.2, eee * (0.6 * 1.1 - 1)], scenario.GetProperty("positions").EnumerateArray().Select(y => y.GetProperty("pnl").GetDouble()), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task Shocks_run_without_being_kept_and_are_kept_when_asked()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        const string shocks = "\"symbols\":{\"AAA\":-0.5},\"sectors\":{\"energy\":-0.1},\"currencies\":{\"EUR\":-0.2}";
        var expected = Value("AAA", 10) * -0.5 + Value("BBB", -5) * -0.1 + Value("EEE", 20) * (0.9 * 0.8 - 1);
        var run = await host.PostAsync($"{Path}/run", $"{{\"custom\":[{{\"name\":\"crash\",{shocks}}}]}}");
        var scenario = Assert.Single(run.Json.GetProperty("scenarios").EnumerateArray());
        Assert.Equal(("custom", false), (scenario.GetProperty("kind").GetString(), run.Json.TryGetProperty("stressed_var", out _)));
        Assert.Equal(expected, scenario.GetProperty("pnl").GetDouble(), 1e-6);
        Assert.Equal(3, (await host.GetAsync(Path)).Json.GetProperty("count").GetInt32());

        Assert.Equal(200, (await host.PostAsync($"{Path}/run", $"{{\"custom\":[{{\"name\":\"crash\",\"save\":true,{shocks}}}]}}")).Status);
        var stored = (await host.GetAsync(Path)).Json.GetProperty("scenarios")[3];
        Assert.Equal(("crash", "stored"), (stored.GetProperty("name").GetString(), stored.GetProperty("kind").GetString()));
        Assert.Equal(expected, stored.GetProperty("pnl").GetDouble(), 1e-6);
        Assert.Equal(-0.1, stored.GetProperty("shocks").GetProperty("sectors").GetProperty("energy").GetDouble());
        Assert.Equal(expected, (await host.PostAsync($"{Path}/run", """{"scenarios":["crash"]}""")).Json.GetProperty("scenarios")[0].GetProperty("pnl").GetDouble(), 1e-6);

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Delete, $"{Path}/crash", null, null)).Status);
        (await host.SendAsync(HttpMethod.Delete, $"{Path}/crash", null, null)).MustBeProblem(404);
        Assert.Equal(3, (await host.GetAsync(Path)).Json.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Stressed_var_is_the_worst_of_every_window_or_of_a_fixed_one()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var eur = Market.Returns("EURUSD");
        double[] pnl = [.. Enumerable.Range(0, 299).Select(t =>
            Market.Returns("AAA")[t] * Value("AAA", 10) + Market.Returns("BBB")[t] * Value("BBB", -5) + ((1 + Market.Returns("EEE")[t]) * (1 + eur[t]) - 1) * Value("EEE", 20))];
        var worst = (await host.PostAsync($"{Path}/run", """{"stressed_var":{"window_days":100,"confidence":0.95}}""")).Json.GetProperty("stressed_var");
        Assert.Equal(Enumerable.Range(0, 200).Max(s => Market.Var(pnl[s..(s + 100)], 0.95)), worst.GetProperty("var_95").GetDouble(), 1e-6);
        Assert.Equal(("worst", 200), (worst.GetProperty("search").GetString(), worst.GetProperty("windows_searched").GetInt32()));
        var @fixed = (await host.PostAsync($"{Path}/run", """{"stressed_var":{"from":"2025-02-01","to":"2025-05-01"}}""")).Json.GetProperty("stressed_var");
        Assert.Equal(Market.Var(pnl[30..120], 0.99), @fixed.GetProperty("var_99").GetDouble(), 1e-6);
        Assert.Equal(Market.Shortfall(pnl[30..120], 0.95), @fixed.GetProperty("es_95").GetDouble(), 1e-6);
        Assert.Equal((90, "fixed"), (@fixed.GetProperty("num_observations").GetInt32(), @fixed.GetProperty("search").GetString()));
        Assert.Equal("short_history", (await host.PostAsync($"{Path}/run", """{"stressed_var":{"window_days":300}}""")).Json.GetProperty("stressed_var").GetProperty("reasons").GetProperty("var_99").GetString());
    }

    [Fact]
    public async Task Every_fault_of_a_body_is_listed()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        const string body =
            """
            {"scenarios":[7],"custom":[{"name":"covid_2020","symbols":{"A~A":-0.1,"AAA":-1.5},"asset_classes":{"cash":-0.1},"currencies":{"EUR":-1}},
             {"name":"empty","save":"yes"}],"stressed_var":{"from":"2020-13-01","to":"2020-05-01","window_days":10},"extra":1}
            """;
        var reply = (await host.PostAsync($"{Path}/run?format=xml", body)).MustBeProblem(400);
        Assert.Equal(
            ["?format", "/extra", "/scenarios/0", "/custom/0/name", "/custom/0/symbols/AAA", "/custom/0/symbols/A~0A", "/custom/0/asset_classes/cash", "/custom/0/currencies/EUR",
             "/custom/1/save", "/custom/1/symbols", "/stressed_var/window_days", "/stressed_var/from", "/stressed_var/from"],
            reply.Pointers);
        Assert.Equal(["/scenarios/1"], (await host.PostAsync($"{Path}/run", """{"scenarios":["covid_2020","nothing"]}""")).MustBeProblem(400).Pointers);
        (await host.PostAsync($"{Path}/run", "{}")).MustBeProblem(400);
        (await host.PostAsync("/api/v1/risk/nobody/scenarios/run", """{"scenarios":["covid_2020"]}""")).MustBeProblem(404);
        (await host.PostAsync($"{Path}/run", "{}", "text/csv")).MustBeProblem(415);
    }

    [Fact]
    public async Task An_account_keeps_a_hundred_scenarios_and_no_more()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        string Body(int from, int count) =>
            JsonSerializer.Serialize(new { custom = Enumerable.Range(from, count).Select(i => new { name = $"s{i}", save = true, symbols = new { AAA = -0.1 } }) });
        for (var i = 0; i < 100; i += 20) Assert.Equal(200, (await host.PostAsync($"{Path}/run", Body(i, 20))).Status);
        (await host.PostAsync($"{Path}/run", Body(100, 1))).MustBeProblem(409);
        Assert.Equal(200, (await host.PostAsync($"{Path}/run", Body(99, 1))).Status);
        Assert.Equal(103, (await host.GetAsync(Path)).Json.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Only_a_risk_manager_runs_scenarios_and_csv_is_answered()
    {
        await using var host = await Door.StartWithMarketAsync();
        const string body = """{"custom":[{"name":"a","symbols":{"AAA":-0.1}}]}""";
        (await host.PostAsync($"{Path}/run", body, "application/json", await host.KeyAsync("default:trader"))).MustBeProblem(403);
        (await host.PostAsync($"{Path}/run", body, "application/json", await host.KeyAsync("desk-1:admin"))).MustBeProblem(404);
        var csv = await host.PostAsync($"{Path}/run?format=csv", body, "application/json", await host.KeyAsync("default:risk_manager"));
        Assert.Equal((200, "text/csv"), (csv.Status, csv.MediaType));
        Assert.StartsWith("scenario,kind,from,to,covered,pnl,nav_ratio,worst_pnl,worst_date,coverage\r\na,custom,,,true,-", csv.Text, StringComparison.Ordinal);
        Assert.StartsWith("scenario,kind", (await host.GetAsync($"{Path}?format=csv", await host.KeyAsync("default:viewer"))).Text, StringComparison.Ordinal);
    }
}
