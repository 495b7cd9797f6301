using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.Distributions;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class RiskEndpointsTests
{
    private const string Path = "/api/v1/risk/default/metrics";

    private const string Book =
        """{"base_currency":"USD","cash":1000,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90},{"symbol":"BBB","quantity":-5,"average_cost":80},{"symbol":"EEE","quantity":20,"average_cost":70,"currency":"EUR"}]}""";

    private const double Tolerance = 1e-8;

    [Fact]
    public async Task Exposures_and_risk_by_group_are_those_of_the_positions()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        await host.PostTicksAsync(("AAA", 150m, 0), ("BBB", 60m, 1), ("EEE", 40m, 2), ("EURUSD", 1.25m, 3));
        var json = (await host.GetAsync(Path)).Json;
        Assert.Equal(("default", "2026-01-05T14:30:00Z", 3), (Text(json, "account_id"), Text(json, "timestamp"), json.GetProperty("instrument_count").GetInt32()));
        // 10·150, −5·60 and 20·40·1.25.
        Near(2_800, json, "gross_exposure");
        Near(2_800, json, "total_exposure");
        Near(2_200, json, "net_exposure");
        Near(2_800 / 3_200d, json, "current_leverage");
        Near(0.02 * 2_800 / 3_200, json, "margin_utilization");
        Near(2_500, json, "exposure_by", "asset_class", "equity", "long");
        Near(-300, json, "exposure_by", "sector", "Energy", "short");
        Near(1_000, json, "exposure_by", "sector", "Energy", "long");
        Near(1_500, json, "exposure_by", "sector", "Technology", "long");
        Near(1_000, json, "exposure_by", "currency", "EUR", "long");
        var (a, b, e, fx) = (Market.Returns("AAA"), Market.Returns("BBB"), Market.Returns("EEE"), Market.Returns("EURUSD"));
        double[] energy = [.. b.Select((r, i) => -300 * r + 1_000 * ((1 + e[i]) * (1 + fx[i]) - 1))];
        Near(Market.Var(energy, 0.95), json, "var_by", "sector", "Energy", "var_95");
        Near(Market.Shortfall(energy, 0.99), json, "var_by", "sector", "Energy", "es_99");
        Near(Market.Var(a.Select(r => 1_500 * r), 0.99), json, "var_by", "sector", "Technology", "var_99");
        double[] still = [.. a.Select((r, i) => 1_500 * r - 300 * b[i] + 1_000 * e[i])];
        Near(Market.Var(still, 0.95), json, "var_95_without_fx");
        Near(Market.Var(energy.Zip(a, (x, r) => x + 1_500 * r), 0.95), json, "var_95");
        VarEndpointsTests.NearInterval(Market.Interval(energy, 0.99), json.GetProperty("var_by").GetProperty("sector").GetProperty("Energy"), "interval_99");
        Near(Market.ShortfallError(energy, 0.95), json, "var_by", "sector", "Energy", "es_95_standard_error");
        VarEndpointsTests.NearInterval(Market.Interval(still, 0.95), json, "interval_95_without_fx");
        Near(Market.ShortfallError(still, 0.95), json, "es_95_without_fx_standard_error");
        Near(Market.ShortfallError([.. energy.Zip(a, (x, r) => x + 1_500 * r)], 0.99), json, "es_99_standard_error");
        Assert.Equal(Number(json, "var_95") - Number(json, "var_95_without_fx"), Number(json, "var_95_fx_part"), Tolerance);
        foreach (var (component, total) in new[] { ("component_var_95", "var_95"), ("component_var_99", "var_99"), ("component_es_95", "es_95"), ("component_es_99", "es_99") })
            foreach (var grouping in json.GetProperty("var_by").EnumerateObject())
                Assert.Equal(Number(json, total), grouping.Value.EnumerateObject().Sum(x => x.Value.GetProperty(component).GetDouble()), Tolerance);
    }

    [Fact]
    public async Task The_score_weighs_its_known_parts_and_says_why_others_are_missing()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        await host.PostTicksAsync(("AAA", 150m, 0), ("BBB", 60m, 1), ("EEE", 40m, 2), ("EURUSD", 1.25m, 3));
        var json = (await host.GetAsync(Path)).Json;
        var parts = json.GetProperty("score_parts");
        Assert.Equal([25, 20, 15, 10, 10, 20], parts.EnumerateObject().Select(x => x.Value.GetProperty("weight").GetInt32()));
        // 2,800 on 3,200; the five largest are all; nobody knows a volume; 20·30·1.25 was lost since purchase, 10·60 and 5·20 gained.
        Near(100 * 0.875 / 30, parts, "leverage", "score");
        Near(100, parts, "concentration", "score");
        Assert.Equal("liquidity short_history", $"liquidity {json.GetProperty("reasons").GetProperty("score_parts.liquidity").GetString()}");
        Assert.Equal(JsonValueKind.Null, parts.GetProperty("liquidity").GetProperty("score").ValueKind);
        Near(10 * 60 + 5 * 20 - 20 * 30 * 1.25, json, "unrealized_pl");
        var daily = 1_500 - 10 * Last("AAA") - 5 * (60 - Last("BBB")) + 1_000 - 20 * Last("EEE") * Last("EURUSD");
        Near(daily, json, "daily_pl");
        Near(Math.Max(Math.Max(0, -daily) / 1_000, 50 / 5_000d) * 100, parts, "pl", "score");
        var known = parts.EnumerateObject().Where(x => x.Name != "liquidity").ToList();
        Near(known.Sum(x => Weighted(x.Value)) / 90, json, "risk_score");
        Assert.Equal((0.9, "low"), (Math.Round(Number(json, "score_coverage"), 12), Text(json, "risk_level")));
        var breaches = json.GetProperty("risk_limit_breaches").EnumerateArray().Select(x => $"{Text(x, "metric")} {Text(x, "severity")}").ToList();
        Assert.Contains("top_five_weight critical", breaches);
        Assert.DoesNotContain("leverage critical", breaches);
    }

    [Fact]
    public async Task Liquidity_stands_on_the_volumes_of_the_history_and_the_newest_spread()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"cash":0,"positions":[{"symbol":"AAA","quantity":500,"average_cost":90},{"symbol":"BBB","quantity":-40,"average_cost":80}]}""");
        var volumes = string.Concat(Enumerable.Range(0, 30).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{new DateOnly(2025, 1, 1).AddDays(Market.Days - 30 + i):yyyy-MM-dd},AAA,{Market.Closes("AAA")[Market.Days - 30 + i]},{3_000 + 100 * i}\n")));
        await host.PutAsync("/api/v1/market/history", "date,symbol,close,volume\n" + volumes, "text/csv");
        var ticks = """{"ticks":[{"symbol":"AAA","time":"2026-01-05T14:30:00Z","price":100,"bid":99.9,"ask":100.1},{"symbol":"BBB","time":"2026-01-05T14:30:01Z","price":50}]}""";
        Assert.Equal(202, (await host.PostAsync("/api/v1/market/ticks", ticks)).Status);
        await host.IngestAsync();
        var json = (await host.GetAsync(Path)).Json;
        var liquidity = json.GetProperty("liquidity");
        // The mean of 3,000, 3,100 … 5,900 is 4,450; the spread is 0.2 % of 50,000, half of which is lost.
        Near(500 / 445d, liquidity, "days_to_liquidate");
        Near(500 / 4_450d, liquidity, "largest_share_of_volume");
        Near(0, liquidity, "liquid_share");
        Near(50_000 / 52_000d, liquidity, "known_volume_share");
        Near(50, liquidity, "liquidity_cost");
        Near(Number(json, "var_95") + 50, liquidity, "liquidity_adjusted_var_95");
        Near(Number(json.GetProperty("interval_95"), "low") + 50, liquidity, "liquidity_adjusted_interval_95", "low");
        Assert.Equal("short_history", json.GetProperty("reasons").GetProperty("liquidity.liquidity_adjusted_interval_99/high").GetString());
        Near(100 * (500 / 4_450d) / 0.25, json, "score_parts", "liquidity", "score");
        var rows = json.GetProperty("positions").EnumerateArray().ToList();
        Near(4_450, rows[0], "average_volume_30d");
        Assert.Equal("short_history", rows[1].GetProperty("reasons").GetProperty("average_volume_30d").GetString());
        Assert.Contains(json.GetProperty("risk_limit_breaches").EnumerateArray(), x => Text(x, "metric") == "liquid_share" && Text(x, "direction") == "below");
    }

    [Fact]
    public async Task An_option_is_revalued_at_live_prices_and_shows_its_sensitivities()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PutAsync(
            "/api/v1/market/instruments",
            "symbol,name,asset_class,currency,multiplier,underlying,strike,expiry,right\nAAA.C,Call,option,USD,100,AAA,110,2027-01-05,call\nAAA.P,Put,option,USD,100,AAA,90,2027-01-05,put\n",
            "text/csv");
        await host.PutAsync(
            "/api/v1/accounts/default/positions",
            """{"cash":0,"positions":[{"symbol":"AAA.C","quantity":2,"average_cost":5},{"symbol":"AAA.P","quantity":-1,"average_cost":5}]}""", "application/json");
        await host.PostTicksAsync(("AAA", 100m, 0), ("AAA.C", (decimal)Call(100, 110, 0.25), 1));
        var (json, volatility) = ((await host.GetAsync(Path)).Json, Deviation(Market.Returns("AAA")) * Math.Sqrt(252));
        var rows = json.GetProperty("positions").EnumerateArray().ToList();
        Assert.Equal(("implied", "history"), (Text(rows[0].GetProperty("option"), "volatility_source"), Text(rows[1].GetProperty("option"), "volatility_source")));
        Assert.Equal(0.25, Number(rows[0].GetProperty("option"), "volatility"), 1e-8);
        Near(volatility, rows[1], "option", "volatility");
        double Value(double spot) => 200 * Call(spot, 110, 0.25) - 100 * (Call(spot, 90, volatility) - spot + 90);
        double[] pnl = [.. Market.Returns("AAA").Select(r => Value(100 * (1 + r)) - Value(100))];
        Assert.Equal(Market.Var(pnl, 0.95), Number(json, "var_95"), 1e-5);
        Assert.Equal(Market.Shortfall(pnl, 0.99), Number(json, "es_99"), 1e-5);
        Assert.Equal((Value(100.01) - Value(99.99)) / 0.02 * 100, Number(json, "delta"), 1e-2);
        Assert.Equal(Number(rows[0], "delta") + Number(rows[1], "delta"), Number(json, "delta"), Tolerance);
        Assert.Equal(Number(rows[0], "vega") + Number(rows[1], "vega"), Number(json, "vega"), Tolerance);
        Assert.Equal(200 * (Call(100, 110, 0.2501) - Call(100, 110, 0.2499)) / 0.0002, Number(rows[0], "vega"), 1e-2);
        Assert.Contains(json.GetProperty("flags").EnumerateArray(), x => x.GetString() == "fallback_volatility");
        Assert.Equal(0, json.GetProperty("left_out").GetArrayLength());
        // Another price of the share alone moves them all, and the risk of one contract is told by its symbol, too.
        await host.PostTicksAsync(("AAA", 104m, 2));
        Assert.True(Number((await host.GetAsync(Path)).Json, "delta") > Number(json, "delta"));
        Assert.True(Number((await host.GetAsync("/var/AAA.C")).Json, "var_95") > 0);
        var snapshot = await host.Get<Application.Stores.SnapshotStore>().FindLatestAsync(Domain.Portfolios.AccountId.Default, TestContext.Current.CancellationToken);
        Assert.Equal(snapshot!.Value.At95.Var.Value, Number((await host.GetAsync(Path)).Json, "var_95"));
    }

    [Fact]
    public async Task An_empty_account_has_no_risk_and_an_unknown_one_is_not_found()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"cash":500,"positions":[]}""");
        var json = (await host.GetAsync(Path)).Json;
        Near(0, json, "risk_score");
        Assert.Equal(("low", 0), (Text(json, "risk_level"), json.GetProperty("risk_limit_breaches").GetArrayLength()));
        Assert.Equal("not_applicable", json.GetProperty("reasons").GetProperty("correlation_risk").GetString());
        (await host.GetAsync("/api/v1/risk/nobody/metrics")).MustBeProblem(404);
    }

    /// <summary>Black and Scholes 1973 as printed: without interest, a year to go.</summary>
    private static double Call(double spot, double strike, double volatility)
    {
        var d1 = Math.Log(spot / strike) / volatility + volatility / 2;
        return spot * Normal.CDF(0, 1, d1) - strike * Normal.CDF(0, 1, d1 - volatility);
    }

    private static double Deviation(double[] x) => Math.Sqrt(x.Sum(r => (r - x.Average()) * (r - x.Average())) / (x.Length - 1));

    private static double Last(string symbol) => Market.Closes(symbol)[^1];

    private static double Weighted(JsonElement part) => part.GetProperty("weight").GetDouble() * part.GetProperty("score").GetDouble();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    private static void Near(double expected, JsonElement json, params string[] path)
    {
        foreach (var name in path) json = json.GetProperty(name);
        Assert.Equal(expected, json.GetDouble(), Tolerance);
    }
}
