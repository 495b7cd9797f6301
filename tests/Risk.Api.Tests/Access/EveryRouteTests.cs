using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Tests.Setup;
using Risk.Application.Access;
using Xunit;

namespace Risk.Api.Tests.Access;

public sealed class EveryRouteTests
{
    private static readonly string[] Columns = ["anonymous", "ingest", "viewer", "trader", "risk_manager", "admin"];

    /// <summary>The method and pattern of each route, and the status of a request without a body from each of <see cref="Columns"/>.</summary>
    private static readonly Dictionary<string, int[]> Expected = new()
    {
        ["GET /health"] = [200, 200, 200, 200, 200, 200],
        ["GET /openapi/{documentName}.json"] = [200, 200, 200, 200, 200, 200],
        ["GET /health/detailed"] = [401, 403, 200, 200, 200, 200],
        ["GET /status"] = [401, 403, 200, 200, 200, 200],
        ["GET /api/v1/system/performance"] = [401, 403, 200, 200, 200, 200],
        ["GET /symbols"] = [401, 403, 200, 200, 200, 200],
        ["GET /api/v1/market/{symbol}/windows"] = [401, 403, 200, 200, 200, 200],
        ["GET /api/v1/market/{symbol}/history"] = [401, 403, 200, 200, 200, 200],
        ["POST /api/v1/market/ticks"] = [401, 415, 403, 403, 403, 415],
        ["PUT /api/v1/market/history"] = [401, 403, 403, 403, 403, 415],
        ["PUT /api/v1/market/instruments"] = [401, 403, 403, 403, 403, 415],
        ["GET /var/{symbol}"] = [401, 403, 200, 200, 200, 200],
        ["GET /portfolio/var"] = [401, 403, 200, 200, 200, 200],
        ["GET /portfolio/var/explain"] = [401, 403, 200, 200, 200, 200],
        ["GET /portfolio/var/history"] = [401, 403, 200, 200, 200, 200],
        ["POST /var/calculate"] = [401, 403, 403, 415, 415, 415],
        ["GET /api/v1/risk/{account_id}/metrics"] = [401, 403, 200, 200, 200, 200],
        ["POST /api/v1/calculate/volatility"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/performance"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/backtest"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/options"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/implied-volatility"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/allocation"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/look-through"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/windows"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/fx"] = [401, 403, 403, 415, 415, 415],
        ["POST /api/v1/calculate/var"] = [401, 403, 403, 415, 415, 415],
        ["GET /api/v1/accounts/{account_id}/positions"] = [401, 403, 200, 200, 200, 200],
        ["PUT /api/v1/accounts/{account_id}/positions"] = [401, 403, 403, 415, 415, 415],
        ["GET /api/v1/risk/{account_id}/scenarios"] = [401, 403, 200, 200, 200, 200],
        ["POST /api/v1/risk/{account_id}/scenarios/run"] = [401, 403, 403, 403, 415, 415],
        ["DELETE /api/v1/risk/{account_id}/scenarios/{scenario}"] = [401, 403, 403, 403, 404, 404],
        ["GET /api/v1/risk/{account_id}/backtest"] = [401, 403, 200, 200, 200, 200],
        ["POST /api/v1/risk/{account_id}/optimise"] = [401, 403, 403, 415, 415, 415],
        ["GET /api/v1/keys"] = [401, 403, 403, 403, 403, 200],
        ["POST /api/v1/keys"] = [401, 403, 403, 403, 403, 415],
        ["DELETE /api/v1/keys/{key_id}"] = [401, 403, 403, 403, 403, 404],
        ["POST /api/v1/ws-ticket"] = [401, 403, 201, 201, 201, 201],
        // A socket takes a ticket and nothing else.
        ["* /ws"] = [401, 401, 401, 401, 401, 401],
        ["* /ws/market-data"] = [401, 401, 401, 401, 401, 401],
    };

    [Fact]
    public async Task Every_route_lets_in_whom_the_table_says_and_nobody_else()
    {
        await using var host = await Door.StartWithMarketAsync();
        var keys = new List<(string, string)[]> { Array.Empty<(string, string)>() };
        foreach (var role in Columns[1..]) keys.Add([await host.KeyAsync($"*:{role}")]);
        var routes = Routes(host);
        Assert.Equal(Expected.Keys.Order(), routes.Order());
        foreach (var route in routes)
        {
            var statuses = new List<int>();
            foreach (var key in keys) statuses.Add((await CallAsync(host, route, "default", key)).Status);
            Assert.True(Expected[route].SequenceEqual(statuses), $"{route}: {string.Join(", ", statuses)} in the place of {string.Join(", ", Expected[route])}");
        }
    }

    [Fact]
    public async Task An_account_of_others_does_not_exist_for_any_route()
    {
        await using var host = await Door.StartWithMarketAsync();
        var stranger = await host.KeyAsync("desk-1:admin");
        var everywhere = await host.KeyAsync("*:admin");
        string[] ofAccounts = [.. Routes(host).Where(x => x.Contains("{account_id}", StringComparison.Ordinal) || x.Contains("/portfolio/", StringComparison.Ordinal))];
        Assert.Equal(11, ofAccounts.Length);
        foreach (var route in ofAccounts)
        {
            var foreign = (await CallAsync(host, route, "default", stranger)).MustBeProblem(404);
            if (route.StartsWith("GET", StringComparison.Ordinal))
                Assert.Equal((await CallAsync(host, route, "nobody", everywhere)).MustBeProblem(404).Text.Replace("nobody", "default", StringComparison.Ordinal), foreign.Text);
            // A deletion finds nothing to delete there.
            if (!route.StartsWith("DELETE", StringComparison.Ordinal)) Assert.NotEqual(404, (await CallAsync(host, route, "desk-1", stranger)).Status);
        }
        // What is left out is the default account; what is said twice is the first.
        (await host.GetAsync("/portfolio/var", stranger)).MustBeProblem(404);
        (await host.GetAsync("/portfolio/var?account_id=%20default%20", stranger)).MustBeProblem(404);
        (await host.GetAsync("/portfolio/var?account_id=default&account_id=desk-1", stranger)).MustBeProblem(404);
        (await host.GetAsync("/portfolio/var?account_id=desk-1&account_id=default", stranger)).MustBeProblem(400);
        (await host.GetAsync("/portfolio/var?account_id=a%20b", stranger)).MustBeProblem(404);
        (await host.GetAsync("/portfolio/var?ACCOUNT_ID=desk-1", await host.KeyAsync("default:viewer"))).MustBeProblem(404);
    }

    [Fact]
    public async Task A_role_on_one_account_is_none_on_another_or_on_the_whole_house()
    {
        await using var host = await Door.StartWithMarketAsync();
        var key = await host.KeyAsync("*:viewer desk-1:admin");
        Assert.Equal(200, (await host.GetAsync("/portfolio/var", key)).Status);
        (await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/default/positions", "{}", "application/json", key)).MustBeProblem(403);
        (await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/desk-1/positions", "{}", "application/json", key)).MustBeProblem(400);
        (await host.GetAsync("/api/v1/keys", key)).MustBeProblem(403);
        (await host.SendAsync(HttpMethod.Put, "/api/v1/market/history", "{}", "text/csv", key)).MustBeProblem(403);
    }

    [Fact]
    public async Task Nobody_is_told_how_to_come_in_by_name()
    {
        await using var host = await Door.StartAsync();
        var reply = (await host.GetAsync("/status")).MustBeProblem(401);
        Assert.Contains("Bearer realm=\"risk\"", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("ApiKey realm=\"risk\"", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        (await host.GetAsync("/nothing")).MustBeProblem(404);
        (await host.SendAsync(HttpMethod.Delete, "/status", null, null)).MustBeProblem(405);
    }

    [Fact]
    public async Task Who_sits_at_the_machine_is_admin_but_a_wrong_key_is_still_wrong()
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(200, (await host.GetAsync("/api/v1/keys")).Status);
        (await host.GetAsync("/api/v1/keys", ("X-Api-Key", "rk_nonsense"))).MustBeProblem(401);
        (await host.GetAsync("/api/v1/keys", await host.KeyAsync("*:viewer"))).MustBeProblem(403);
    }

    [Fact]
    public async Task A_host_with_a_route_that_declares_nothing_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiHost.StartAsync(routes: app => app.MapGet("/silent", () => "x")));
        Assert.Contains("/silent", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_others_reach_is_never_open()
    {
        Assert.False(new AccessSettings(LoopbackOnly: false).IsOpen);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ApiHost.StartAsync(access: new AccessSettings(LoopbackOnly: false) { IsOpen = true }));
    }

    [Theory]
    [InlineData("viewer", "viewer", true)]
    [InlineData("viewer", "trader", false)]
    [InlineData("trader", "viewer", true)]
    [InlineData("risk_manager", "trader", true)]
    [InlineData("risk_manager", "admin", false)]
    [InlineData("risk_manager", "ingest", false)]
    [InlineData("admin", "ingest", true)]
    [InlineData("ingest", "viewer", false)]
    [InlineData("ingest", "ingest", true)]
    public void A_role_covers_those_below_it_and_a_feed_stands_apart(string held, string needed, bool isCovered)
    {
        Assert.True(Roles.TryParse(held, out var mine) & Roles.TryParse(needed, out var other));
        Assert.Equal(isCovered, mine.Covers(other));
    }

    private static List<string> Routes(ApiHost host) =>
        [.. from route in host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]
            select $"{method} {route.RoutePattern.RawText!.TrimEnd('/')}"];

    private static Task<Reply> CallAsync(ApiHost host, string route, string account, params (string, string)[] headers)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        path = path.Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{symbol}", "AAA", StringComparison.Ordinal)
            .Replace("{account_id}", account, StringComparison.Ordinal).Replace("{key_id}", "0000000000aa", StringComparison.Ordinal);
        return host.SendAsync(new HttpMethod(method == "*" ? "GET" : method), path.Contains("/portfolio/", StringComparison.Ordinal) ? $"{path}?account_id={account}" : path, null, null, headers);
    }
}
