using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class MarketEndpointsTests
{
    [Fact]
    public async Task Symbols_are_listed_with_their_last_price()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PostAsync("/api/v1/market/ticks", """{"ticks":[{"symbol":"AAA","price":10.5,"bid":10.4,"ask":10.6,"time":"2026-01-05T14:30:00.5Z"}]}""");
        await host.IngestAsync();
        var json = (await host.GetAsync("/symbols")).Json;
        Assert.Equal(5, json.GetProperty("count").GetInt32());
        Assert.Equal(
            """{"symbol":"AAA","name":"Alpha Corp","asset_class":"equity","currency":"USD","sector":"Technology","last_price":10.5,"bid":10.4,"ask":10.6,"last_tick_at":"2026-01-05T14:30:00.5Z","ticks":1}""",
            json.GetProperty("symbols")[0].GetRawText());
        Assert.Equal(
            """{"symbol":"NEW","name":"Newcomer","asset_class":"equity","currency":"USD","sector":"Energy","last_price":null,"bid":null,"ask":null,"last_tick_at":null,"ticks":0}""",
            json.GetProperty("symbols")[4].GetRawText());
    }

    [Fact]
    public async Task Symbols_come_in_pages()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var (names, cursor) = (new List<string>(), "");
        do
        {
            var page = (await host.GetAsync($"/symbols?limit=2&cursor={cursor}")).Json;
            names.AddRange(page.GetProperty("symbols").EnumerateArray().Select(x => x.GetProperty("symbol").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(["AAA", "BBB", "EEE", "EURUSD", "NEW"], names);
    }

    [Fact]
    public async Task Csv_defuses_what_a_spreadsheet_would_run()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await host.GetAsync("/symbols?format=csv");
        Assert.Equal("text/csv", reply.MediaType);
        Assert.Contains("BBB,'=Beta,equity,USD,Energy,,,,,0\r\n", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_show_the_closed_and_the_open_ones()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PostAsync("/api/v1/market/ticks", """
            {"ticks":[
              {"symbol":"AAA","price":10,"volume":1,"time":"2026-01-05T14:29:50Z"},
              {"symbol":"AAA","price":14,"volume":3,"time":"2026-01-05T14:29:51Z"},
              {"symbol":"AAA","price":9,"volume":0,"time":"2026-01-05T14:29:54.999999Z"},
              {"symbol":"AAA","price":20,"volume":2,"time":"2026-01-05T14:30:00Z"}]}
            """);
        await host.IngestAsync();
        var json = (await host.GetAsync("/api/v1/market/AAA/windows")).Json;
        Assert.Equal(2, json.GetProperty("count").GetInt32());
        Assert.Equal(
            """{"window_start":"2026-01-05T14:29:50Z","open":10,"high":14,"low":9,"close":9,"avg":11,"vwap":13,"volume":4,"count":3,"closed":true}""",
            json.GetProperty("windows")[0].GetRawText());
        Assert.Equal(
            """{"window_start":"2026-01-05T14:30:00Z","open":20,"high":20,"low":20,"close":20,"avg":20,"vwap":20,"volume":2,"count":1,"closed":false}""",
            json.GetProperty("windows")[1].GetRawText());
        Assert.Equal(1, (await host.GetAsync("/api/v1/market/AAA/windows?limit=1")).Json.GetProperty("windows").GetArrayLength());
        Assert.False((await host.GetAsync("/api/v1/market/AAA/windows?limit=1")).Json.GetProperty("windows")[0].GetProperty("closed").GetBoolean());
        Assert.Equal(0, (await host.GetAsync("/api/v1/market/AAA/windows?from=2026-01-05T14:30:01Z")).Json.GetProperty("count").GetInt32());
        Assert.Equal(1, (await host.GetAsync("/api/v1/market/AAA/windows?from=2026-01-05&to=2026-01-05T14:29:59Z")).Json.GetProperty("count").GetInt32());
        Assert.StartsWith("window_start,open,", (await host.GetAsync("/api/v1/market/AAA/windows?format=csv")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_has_a_null_where_a_close_is_missing()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PutAsync("/api/v1/market/history", "date,symbol,close\n2026-01-01,AAA,77.5\n", "text/csv");
        var json = (await host.GetAsync("/api/v1/market/BBB/history?days=2")).Json;
        Assert.Equal((2, 2), (json.GetProperty("history_version").GetInt32(), json.GetProperty("count").GetInt32()));
        Assert.Equal(Market.Closes("BBB")[^1], json.GetProperty("days")[0].GetProperty("close").GetDouble());
        Assert.Equal("""{"date":"2026-01-01","close":null}""", json.GetProperty("days")[1].GetRawText());
        Assert.Equal("date,close\r\n2026-01-01,\r\n", (await host.GetAsync("/api/v1/market/BBB/history?days=1&format=csv")).Text);
        Assert.Equal(0, (await host.GetAsync("/api/v1/market/NEW/history")).Json.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("/api/v1/market/NOPE/windows")]
    [InlineData("/api/v1/market/NOPE/history")]
    public async Task An_unknown_symbol_is_not_found(string path)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        (await host.GetAsync(path)).MustBeProblem(404);
    }

    [Fact]
    public async Task Bad_ranges_and_limits_are_named()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        Assert.Equal(["?from", "?limit"], (await host.GetAsync("/api/v1/market/AAA/windows?from=x&limit=0")).MustBeProblem(400).Pointers);
        Assert.Equal(["?from"], (await host.GetAsync("/api/v1/market/AAA/windows?from=2026-01-01&to=2026-03-01")).MustBeProblem(400).Pointers);
        Assert.Equal(["?days"], (await host.GetAsync("/api/v1/market/AAA/history?days=-1")).MustBeProblem(400).Pointers);
        Assert.Equal(["?limit"], (await host.GetAsync("/symbols?limit=1e3")).MustBeProblem(400).Pointers);
    }

    [Fact]
    public async Task An_imported_history_answers_what_is_now_in_use()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await host.SendAsync(HttpMethod.Put, "/api/v1/market/history", "date,ZZZ\n2024-12-31,5\n", "text/csv; charset=utf-8");
        Assert.Equal((200, 2, 5, Market.Days + 1), (reply.Status, reply.Json.GetProperty("history_version").GetInt32(), reply.Json.GetProperty("symbols").GetInt32(), reply.Json.GetProperty("days").GetInt32()));
        Assert.Equal("2024-12-31", reply.Json.GetProperty("from").GetString());
        Assert.Contains(reply.Json.GetProperty("warnings").EnumerateArray(), x => x.GetString()!.Contains("ZZZ", StringComparison.Ordinal));
        var again = await host.SendAsync(HttpMethod.Put, "/api/v1/market/history", "date,ZZZ\n2024-12-31,5\n", "text/csv");
        Assert.Equal(2, again.Json.GetProperty("history_version").GetInt32());
    }

    [Fact]
    public async Task A_history_with_faults_names_them_all_and_changes_nothing()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await host.SendAsync(HttpMethod.Put, "/api/v1/market/history", "date,AAA,BBB\n2026-01-01,-5,1\n2026-13-01,2,x\n", "text/csv");
        Assert.Equal(["line 2, column AAA", "line 3, column date", "line 3, column BBB"], reply.MustBeProblem(400).Pointers);
        Assert.Equal(1, (await host.GetAsync("/status")).Json.GetProperty("history_version").GetInt32());
    }

    [Fact]
    public async Task Instruments_are_added_by_json_and_their_holders_measured_anew()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1}]}""");
        var reply = await host.SendAsync(
            HttpMethod.Put, "/api/v1/market/instruments",
            """{"instruments":[{"symbol":"AAA","asset_class":"equity","currency":"USD","multiplier":2},{"symbol":"FUT1","asset_class":"future","currency":"USD","multiplier":50}]}""", "application/json");
        Assert.Equal((200, 2), (reply.Status, reply.Json.GetProperty("instruments").GetInt32()));
        Assert.Equal("""["AAA","FUT1"]""", reply.Json.GetProperty("changed").GetRawText());
        Assert.Equal(2, (await host.GetAsync("/api/v1/accounts/default/positions")).Json.GetProperty("version").GetInt32());
        VarEndpointsTests.Near(2 * Market.Closes("AAA")[^1], (await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio"), "market_value");
        Assert.Equal("per contract", (await host.GetAsync("/var/FUT1")).Json.GetProperty("unit").GetString());
        Assert.Equal(1, (await host.PostAsync("/api/v1/market/ticks", """{"ticks":[{"symbol":"FUT1","price":1,"time":"2026-01-05T14:30:00Z"}]}""")).Json.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Instruments_with_faults_are_named_by_pointer()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await host.SendAsync(
            HttpMethod.Put, "/api/v1/market/instruments",
            """{"instruments":[{"symbol":"A B","asset_class":"equity","currency":"USD"},{"symbol":"OK","asset_class":"share","currency":"dollars","colour":"red"}]}""", "application/json");
        Assert.Equal(
            ["/instruments/1/colour", "/instruments/0/symbol", "/instruments/1/asset_class", "/instruments/1/currency"], reply.MustBeProblem(400).Pointers);
        (await host.SendAsync(HttpMethod.Put, "/api/v1/market/instruments", """{"instruments":[""", "application/json")).MustBeProblem(400);
    }

    [Fact]
    public async Task A_symbol_with_a_slash_is_reached_escaped()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PutAsync("/api/v1/market/instruments", "symbol,asset_class,currency\nBRK/B,equity,USD\n", "text/csv");
        Assert.Equal(200, (await host.GetAsync("/var/BRK%2FB")).Status);
        Assert.Equal(JsonValueKind.Array, (await host.GetAsync("/api/v1/market/BRK%2FB/windows")).Json.GetProperty("windows").ValueKind);
    }
}
