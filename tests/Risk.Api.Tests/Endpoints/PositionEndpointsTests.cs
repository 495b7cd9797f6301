using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class PositionEndpointsTests
{
    private const string Route = "/api/v1/accounts/desk-1/positions";
    private const string Body = """{"base_currency":"EUR","cash":12.5,"positions":[{"symbol":"BBB","quantity":-2.5,"average_cost":90},{"symbol":"aaa","quantity":10,"average_cost":80.25}]}""";

    [Fact]
    public async Task An_account_is_made_by_putting_its_positions()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        (await host.GetAsync(Route)).MustBeProblem(404);
        var made = await PutAsync(host, Body);
        Assert.Equal((201, "\"1\""), (made.Status, made.Headers["ETag"]));
        var read = await host.GetAsync(Route);
        Assert.Equal((200, "\"1\""), (read.Status, read.Headers["ETag"]));
        Assert.Equal(
            """{"account_id":"desk-1","base_currency":"EUR","cash":12.5,"version":1,"positions":[{"symbol":"AAA","quantity":10,"average_cost":80.25,"currency":"USD"},{"symbol":"BBB","quantity":-2.5,"average_cost":90,"currency":"USD"}],"count":2,"warnings":[]}""",
            read.Text);
    }

    [Fact]
    public async Task Csv_replaces_the_positions_and_keeps_cash_and_currency()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await PutAsync(host, Body);
        var reply = await host.SendAsync(HttpMethod.Put, Route, "symbol,quantity,average_cost\nEEE,3,7\n", "text/csv");
        Assert.Equal((200, "\"2\""), (reply.Status, reply.Headers["ETag"]));
        Assert.Equal(("EUR", 12.5m), (reply.Json.GetProperty("base_currency").GetString(), reply.Json.GetProperty("cash").GetDecimal()));
        Assert.Equal("symbol,quantity,average_cost,currency\r\nEEE,3,7,EUR\r\n", (await host.GetAsync($"{Route}?format=csv")).Text);
    }

    [Fact]
    public async Task A_new_account_is_in_dollars_without_cash_unless_told_otherwise()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var json = (await host.SendAsync(HttpMethod.Put, Route, "symbol,quantity,average_cost\nAAA,3,7\n", "text/csv")).Json;
        Assert.Equal(("USD", 0m), (json.GetProperty("base_currency").GetString(), json.GetProperty("cash").GetDecimal()));
    }

    [Fact]
    public async Task A_stale_version_is_refused()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await PutAsync(host, Body);
        Assert.Equal(200, (await PutAsync(host, Body, ("If-Match", "\"1\""))).Status);
        (await PutAsync(host, Body, ("If-Match", "\"1\""))).MustBeProblem(412);
        (await PutAsync(host, Body, ("If-Match", "W/\"2\""))).MustBeProblem(412);
        (await PutAsync(host, Body, ("If-Match", "x"))).MustBeProblem(412);
        (await PutAsync(host, Body, ("If-None-Match", "*"))).MustBeProblem(412);
        Assert.Equal(200, (await PutAsync(host, Body, ("If-Match", "*"))).Status);
        (await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/other/positions", Body, "application/json", ("If-Match", "*"))).MustBeProblem(412);
        (await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/other/positions", Body, "application/json", ("If-Match", "\"1\""))).MustBeProblem(412);
    }

    [Fact]
    public async Task Every_fault_of_a_body_is_named_and_nothing_changes()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await PutAsync(host, """{"base_currency":"dollars","cash":"much","owner":"me","positions":[{"symbol":"NOPE","quantity":1,"average_cost":1},{"symbol":"AAA","quantity":"x","average_cost":-1,"currency":"EUR"},{"symbol":"AAA"}]}""");
        Assert.Equal(
            ["/owner", "/base_currency", "/cash", "/positions/0/symbol", "/positions/1/quantity", "/positions/1/average_cost", "/positions/1/currency", "/positions/2/quantity", "/positions/2/average_cost", "/positions/2/symbol"],
            reply.MustBeProblem(400).Pointers);
        Assert.Equal(["/positions/0/symbol"], (await PutAsync(host, """{"positions":[{"symbol":"NOPE","quantity":1,"average_cost":1}]}""")).MustBeProblem(400).Pointers);
        Assert.Equal(["line 2, column symbol"], (await host.SendAsync(HttpMethod.Put, Route, "symbol,quantity,average_cost\nNOPE,3,7\n", "text/csv")).MustBeProblem(400).Pointers);
        Assert.Equal(["/positions"], (await PutAsync(host, "{}")).MustBeProblem(400).Pointers);
        Assert.Equal([""], (await PutAsync(host, "[]")).MustBeProblem(400).Pointers);
        (await host.GetAsync(Route)).MustBeProblem(404);
    }

    [Fact]
    public async Task A_bad_account_id_is_named()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        Assert.Equal(["account_id"], (await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/a%20b/positions", Body, "application/json")).MustBeProblem(400).Pointers);
        (await host.GetAsync("/api/v1/accounts/a%20b/positions")).MustBeProblem(404);
    }

    private static Task<Reply> PutAsync(ApiHost host, string body, params (string, string)[] headers) => host.SendAsync(HttpMethod.Put, Route, body, "application/json", headers);
}
