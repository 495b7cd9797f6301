using System.Text.Json;
using Risk.Api.Tests.Setup;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class VarEndpointsTests
{
    private const string Book =
        """{"base_currency":"USD","cash":1000,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90},{"symbol":"BBB","quantity":-5,"average_cost":80},{"symbol":"EEE","quantity":20,"average_cost":70,"currency":"EUR"}]}""";

    /// <summary>The grid of exact scenario P&amp;L is 2·10⁻⁶ of a large book away from plain doubles, far less of this one.</summary>
    private const double Tolerance = 1e-8;

    [Fact]
    public async Task Var_of_a_symbol_is_that_of_one_share_at_its_last_price()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PostTicksAsync(("AAA", 150m, 0));
        var json = (await host.GetAsync("/var/aaa")).Json;
        var pnl = Market.Returns("AAA").Select(x => x * 150).ToArray();
        Near(Market.Var(pnl, 0.95), json, "var_95");
        Near(Market.Var(pnl, 0.99), json, "var_99");
        Near(Market.Shortfall(pnl, 0.95), json, "es_95");
        Near(Market.Shortfall(pnl, 0.99), json, "es_99");
        Assert.Equal(150, json.GetProperty("current_price").GetDouble());
        Assert.Equal(("AAA", "USD", "per share"), (Text(json, "symbol"), Text(json, "currency"), Text(json, "unit")));
        Assert.Equal(("historical", "type7", "acerbi_tasche"), (Text(json, "method"), Text(json, "quantile"), Text(json, "es_convention")));
        Assert.Equal((299, 500, 1, 1), (Whole(json, "num_observations"), Whole(json, "window_days"), Whole(json, "horizon_days"), Whole(json, "history_version")));
        Assert.Equal(("2026-01-05T14:30:00Z", "2026-01-05T14:30:00Z"), (Text(json, "as_of"), Text(json, "timestamp")));
        NearInterval(Market.Interval(pnl, 0.95), json, "interval_95");
        NearInterval(Market.Interval(pnl, 0.99), json, "interval_99");
        Near(Market.ShortfallError(pnl, 0.95), json, "es_95_standard_error");
        // 299 days leave the upper end of the interval at 99 % open.
        Assert.Equal(["interval_99/high"], json.GetProperty("reasons").EnumerateObject().Select(x => x.Name));
    }

    [Fact]
    public async Task A_symbol_without_history_has_nulls_with_reasons()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        Assert.Equal("missing_price", (await host.GetAsync("/var/NEW")).Json.GetProperty("reasons").GetProperty("current_price").GetString());
        await host.PostTicksAsync(("NEW", 20m, 0));
        var json = (await host.GetAsync("/var/NEW")).Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("var_95").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("interval_95").ValueKind);
        foreach (var name in (string[])["var_95", "interval_95", "interval_99", "es_99_standard_error"]) Assert.Equal("short_history", json.GetProperty("reasons").GetProperty(name).GetString());
        Assert.Equal(20, json.GetProperty("current_price").GetDouble());
        Assert.Equal(0, json.GetProperty("coverage").GetDouble());
    }

    [Theory]
    [InlineData("/var/NOPE")]
    [InlineData("/var/%22")]
    [InlineData("/portfolio/var?account_id=nobody")]
    [InlineData("/portfolio/var")]
    [InlineData("/portfolio/var/explain")]
    [InlineData("/portfolio/var/history")]
    public async Task What_is_not_known_is_not_found(string path)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        (await host.GetAsync(path)).MustBeProblem(404);
    }

    [Fact]
    public async Task Portfolio_var_equals_a_plain_computation_across_currencies()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        await host.PostTicksAsync(("AAA", 150m, 0), ("BBB", 90m, 0), ("EEE", 60m, 0), ("EURUSD", 1.2m, 0));
        var json = (await host.GetAsync("/portfolio/var")).Json;
        var (a, b, e, fx) = (Market.Returns("AAA"), Market.Returns("BBB"), Market.Returns("EEE"), Market.Returns("EURUSD"));
        double[][] parts = [[.. a.Select(x => 1500 * x)], [.. b.Select(x => -450 * x)], [.. e.Zip(fx, (x, y) => 1440 * ((1 + x) * (1 + y) - 1))]];
        var pnl = Enumerable.Range(0, a.Length).Select(i => parts.Sum(part => part[i])).ToArray();
        var portfolio = json.GetProperty("portfolio");
        Near(Market.Var(pnl, 0.95), portfolio, "var_95");
        Near(Market.Var(pnl, 0.99), portfolio, "var_99");
        Near(Market.Shortfall(pnl, 0.95), portfolio, "es_95");
        Near(Market.Shortfall(pnl, 0.99), portfolio, "es_99");
        Near(1500 - 450 + 1440, portfolio, "market_value");
        Near(1500 - 450 + 1440 + 1000, portfolio, "nav");
        Near(Market.Var(pnl, 0.95) / 3490, portfolio, "var_95_ratio");
        Near(parts.Sum(part => Market.Var(part, 0.95)) - Market.Var(pnl, 0.95), portfolio, "diversification_benefit_95");
        Near((1500.0 * 1500 + 450.0 * 450 + 1440.0 * 1440) / (3390.0 * 3390), portfolio, "hhi");
        Assert.Equal(1, portfolio.GetProperty("coverage").GetDouble());
        var rows = json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(["AAA", "BBB", "EEE"], rows.Select(row => Text(row, "symbol")));
        foreach (var (row, part) in rows.Zip(parts))
        {
            Near(Market.Var(part, 0.95), row, "position_var_95");
            NearInterval(Market.Interval(part, 0.95), row, "position_interval_95");
        }
        Near(portfolio.GetProperty("var_95").GetDouble(), rows.Sum(row => row.GetProperty("component_var_95").GetDouble()));
        Near(portfolio.GetProperty("es_95").GetDouble(), rows.Sum(row => row.GetProperty("component_es_95").GetDouble()));
        Near(Market.Var(pnl, 0.95) - Market.Var(pnl.Select((x, i) => x - parts[1][i]), 0.95), rows[1], "incremental_var_95");
        Near(Market.Var(e.Select(x => 60 * x), 0.95), rows[2], "var_95");
        Assert.Equal("EUR", Text(rows[2], "currency"));
        Assert.Equal((3, "USD"), (Whole(json, "count"), Text(json, "currency")));
    }

    [Fact]
    public async Task Portfolio_var_is_the_stored_snapshot_bit_for_bit_at_the_same_versions()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        await host.PostTicksAsync(("AAA", 151.37m, 0), ("BBB", 91.01m, 0), ("EURUSD", 1.2345m, 0));
        var snapshot = (await host.Get<SnapshotStore>().FindLatestAsync(AccountId.Default, TestContext.Current.CancellationToken))!.Value;
        var portfolio = (await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio");
        Assert.Equal($"{snapshot.Version.Positions}.{snapshot.Version.History}.{snapshot.Version.SymbolSum}", Text(portfolio, "epoch"));
        Assert.Equal(snapshot.At95.Var.Value, portfolio.GetProperty("var_95").GetDouble());
        Assert.Equal(snapshot.At99.Var.Value, portfolio.GetProperty("var_99").GetDouble());
        Assert.Equal(snapshot.At95.Es.Value, portfolio.GetProperty("es_95").GetDouble());
        Assert.Equal(snapshot.At99.Es.Value, portfolio.GetProperty("es_99").GetDouble());
        Assert.Equal(snapshot.Nav, portfolio.GetProperty("nav").GetDouble());
    }

    [Fact]
    public async Task An_empty_portfolio_has_no_risk_and_says_which_ratios_do_not_apply()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[]}""");
        var json = (await host.GetAsync("/portfolio/var")).Json;
        Assert.Equal(0, json.GetProperty("count").GetInt32());
        Assert.Equal("0", json.GetProperty("portfolio").GetProperty("var_95").GetRawText());
        Assert.Equal("not_applicable", json.GetProperty("portfolio").GetProperty("reasons").GetProperty("var_95_ratio").GetString());
        Assert.Empty((await host.GetAsync("/portfolio/var/explain")).Json.GetProperty("scenarios").EnumerateArray());
    }

    [Fact]
    public async Task What_has_no_history_is_left_out_and_named()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1},{"symbol":"NEW","quantity":1,"average_cost":1}]}""");
        await host.PostTicksAsync(("AAA", 75m, 0), ("NEW", 25m, 0));
        var json = (await host.GetAsync("/portfolio/var")).Json;
        var portfolio = json.GetProperty("portfolio");
        Assert.Equal(0.75, portfolio.GetProperty("coverage").GetDouble());
        Assert.Equal("""[{"symbol":"NEW","reason":"short_history"}]""", portfolio.GetProperty("left_out").GetRawText());
        Near(Market.Var(Market.Returns("AAA").Select(x => 75 * x), 0.95), portfolio, "var_95");
        Assert.Equal("short_history", json.GetProperty("results")[1].GetProperty("reasons").GetProperty("component_var_95").GetString());
    }

    [Fact]
    public async Task A_symbol_grows_stale_after_sixty_seconds_of_silence()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1},{"symbol":"BBB","quantity":1,"average_cost":1}]}""");
        await host.PostTicksAsync(("AAA", 75m, 0));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.PostTicksAsync(("BBB", 75m, 1));
        host.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("[]", (await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio").GetProperty("stale_symbols").GetRawText());
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var json = (await host.GetAsync("/portfolio/var")).Json;
        Assert.Equal("""["AAA"]""", json.GetProperty("portfolio").GetProperty("stale_symbols").GetRawText());
        Assert.True(json.GetProperty("results")[0].GetProperty("is_stale").GetBoolean());
        Assert.Equal("""["AAA"]""", (await host.GetAsync("/var/AAA")).Json.GetProperty("stale_symbols").GetRawText());
    }

    [Fact]
    public async Task Explain_names_the_days_that_set_the_var_and_their_parts_add_up()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var json = (await host.GetAsync("/portfolio/var/explain?confidence=0.975")).Json;
        var scenarios = json.GetProperty("scenarios").EnumerateArray().ToArray();
        Near(json.GetProperty("var").GetDouble(), -scenarios.Sum(x => x.GetProperty("weight").GetDouble() * x.GetProperty("pnl").GetDouble()));
        foreach (var scenario in scenarios)
        {
            Near(scenario.GetProperty("pnl").GetDouble(), scenario.GetProperty("positions").EnumerateArray().Sum(x => x.GetProperty("pnl").GetDouble()));
            var day = DateOnly.Parse(scenario.GetProperty("date").GetString()!, System.Globalization.CultureInfo.InvariantCulture).DayNumber - new DateOnly(2025, 1, 1).DayNumber;
            Near(10 * Market.Closes("AAA")[^1] * Market.Returns("AAA")[day - 1], scenario.GetProperty("positions")[0], "pnl");
        }
    }

    [Fact]
    public async Task History_shows_each_minute_and_day_with_its_profit()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":10,"average_cost":1}]}""");
        foreach (var (price, hours) in ((decimal, int)[])[(100m, 0), (101m, 1), (60m, 24), (61m, 48)])
        {
            host.Clock.Advance(ApiHost.Start.AddHours(hours) - host.Clock.GetUtcNow());
            await host.PostTicksAsync(("AAA", price, hours * 3600));
        }
        var minutes = (await host.GetAsync("/portfolio/var/history?from=2026-01-05&to=2026-01-08")).Json;
        Assert.Equal([1000, 1010, 600, 610], minutes.GetProperty("points").EnumerateArray().Select(x => x.GetProperty("nav").GetDouble()));
        Assert.Equal(JsonValueKind.Null, minutes.GetProperty("points")[1].GetProperty("breach_95").ValueKind);
        Near(10, minutes.GetProperty("points")[1], "pnl");
        double[] pnl = [.. Market.Returns("AAA").Select(r => 1010 * r)];
        NearInterval(Market.Interval(pnl, 0.95), minutes.GetProperty("points")[1], "interval_95");
        Near(Market.ShortfallError(pnl, 0.99), minutes.GetProperty("points")[1], "es_99_standard_error");
        Assert.Equal("thin_tail_99", Assert.Single(minutes.GetProperty("points")[1].GetProperty("flags").EnumerateArray()).GetString());
        var days = (await host.GetAsync("/portfolio/var/history?interval=day")).Json.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal([1010, 600, 610], days.Select(x => x.GetProperty("nav").GetDouble()));
        Assert.Equal(["null", "true", "false"], days.Select(x => x.GetProperty("breach_99").GetRawText()));
        Near(-410, days[1], "pnl");
    }

    // Monday to Tuesday, Friday and the Monday after; NEW gets its first price on that Tuesday.
    [Fact]
    public async Task Days_that_cannot_be_compared_have_no_profit_and_no_breach()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":10,"average_cost":1},{"symbol":"NEW","quantity":1,"average_cost":1}]}""");
        foreach (var (price, day) in ((decimal, int)[])[(100m, 0), (60m, 1), (30m, 4), (20m, 7), (10m, 8)])
        {
            host.Clock.Advance(ApiHost.Start.AddDays(day) - host.Clock.GetUtcNow());
            await host.PostTicksAsync(("AAA", price, day * 86_400));
            if (day == 8) await host.PostTicksAsync(("NEW", 500m, day * 86_400 + 1));
        }
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.PostTicksAsync(("AAA", 10m, 9 * 86_400));
        var days = (await host.GetAsync("/portfolio/var/history?interval=day")).Json.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(["null", "-400", "null", "-100", "null", "0"], days.Select(x => x.GetProperty("pnl").GetRawText()));
        Assert.Equal(["null", "true", "null", "true", "null", "false"], days.Select(x => x.GetProperty("breach_95").GetRawText()));
        // Two days in a row with an exceedance, but not one after the other.
        var published = (await host.GetAsync("/api/v1/risk/default/backtest?confidence=0.95")).Json.GetProperty("published");
        Assert.Equal([1, 1], published.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("run").GetInt32()));
    }

    [Fact]
    public async Task Bad_parameters_are_all_named_at_once()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var reply = await host.GetAsync("/portfolio/var/history?format=xml&account_id=a%20b&from=yesterday&to=1890-01-01&interval=week");
        Assert.Equal(["?format", "?account_id", "?from", "?to", "?interval"], reply.MustBeProblem(400).Pointers);
        Assert.Equal(["?confidence"], (await host.GetAsync("/portfolio/var/explain?confidence=1")).MustBeProblem(400).Pointers);
        Assert.Equal(["?confidence"], (await host.GetAsync("/portfolio/var/explain?confidence=0.95&confidence=0.99")).MustBeProblem(400).Pointers);
        Assert.Equal(["?from"], (await host.GetAsync("/portfolio/var/history?from=2026-01-02&to=2026-01-01")).MustBeProblem(400).Pointers);
    }

    [Fact]
    public async Task Tables_come_as_csv_when_asked_for()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        await host.PostTicksAsync(("AAA", 150m, 0));
        foreach (var path in (string[])["/portfolio/var", "/portfolio/var/history"])
        {
            var byParameter = await host.GetAsync($"{path}?format=csv");
            var byHeader = await host.GetAsync(path, ("Accept", "text/csv"));
            Assert.Equal(("text/csv", byParameter.Text), (byHeader.MediaType, byHeader.Text));
            var lines = byHeader.Text.TrimEnd().Split("\r\n");
            Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
            Assert.Contains("var_95", lines[0], StringComparison.Ordinal);
        }
        Assert.Equal("application/json", (await host.GetAsync("/portfolio/var?format=json", ("Accept", "text/csv"))).MediaType);
        Assert.Equal("application/json", (await host.GetAsync("/portfolio/var", ("Accept", "application/json, text/csv;q=0.5"))).MediaType);
    }

    internal static void Near(double expected, JsonElement parent, string name) => Near(expected, parent.GetProperty(name).GetDouble());

    private static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * Math.Max(1, Math.Abs(expected)), $"{actual} where {expected} is expected");

    internal static void NearInterval((double Low, double? High) expected, JsonElement parent, string name)
    {
        Near(expected.Low, parent.GetProperty(name), "low");
        if (expected.High is { } high) Near(high, parent.GetProperty(name), "high");
        else Assert.Equal(JsonValueKind.Null, parent.GetProperty(name).GetProperty("high").ValueKind);
    }

    private static string? Text(JsonElement parent, string name) => parent.GetProperty(name).GetString();

    private static int Whole(JsonElement parent, string name) => parent.GetProperty(name).GetInt32();
}
