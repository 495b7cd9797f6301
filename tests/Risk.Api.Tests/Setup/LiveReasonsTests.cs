using System.Text.Json;
using Xunit;

namespace Risk.Api.Tests.Setup;

/// <summary>What an account's figures do not know they do not leave unsaid: every null of them has a reason, and every loss says how far it may be off.</summary>
public sealed class LiveReasonsTests
{
    private const string Instruments =
        "symbol,name,asset_class,currency,sector,multiplier,underlying,strike,expiry,right\nYYY,Yen Co,equity,JPY,,1,,,,\nOPT,Call on Alpha,option,USD,,100,AAA,100,2026-06-19,call\nOLD,Call on nothing,option,USD,,100,NEW,100,2026-06-19,call\n";

    private static readonly string[] Asked =
    [
        "/portfolio/var", "/portfolio/var/explain", "/portfolio/var/history", "/portfolio/var/history?interval=day", "/api/v1/risk/default/metrics",
        "/api/v1/risk/default/scenarios", "/api/v1/risk/default/backtest?days=150&window_days=100", "/api/v1/risk/default/backtest?method=filtered_garch&confidence=0.95",
        "/var/AAA", "/var/NEW", "/var/YYY", "/var/OPT", "/var/OLD",
    ];

    private static readonly (string Path, string Body)[] Posted =
    [
        ("/api/v1/risk/default/scenarios/run", """{"scenarios":["crisis_2008"],"custom":[{"name":"x","symbols":{"AAA":-0.5},"asset_classes":{"option":0.1}}],"stressed_var":{"window_days":100}}"""),
        ("/api/v1/risk/default/scenarios/run", """{"scenarios":["covid_2020"],"stressed_var":{"from":"2020-02-01","to":"2020-05-01"}}"""),
        ("/api/v1/risk/default/optimise", """{"objective":"min_variance"}"""),
        ("/api/v1/risk/default/optimise", """{"objective":"target_return","target_return":90}"""),
        ("/api/v1/risk/default/optimise", """{"objective":"min_cvar"}"""),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(true, "AAA", "BBB")]
    [InlineData(true, "AAA", "NEW", "EEE")]
    [InlineData(true, "NEW")]
    [InlineData(true, "YYY", "OPT")]
    [InlineData(true, "AAA", "YYY", "OPT", "OLD")]
    [InlineData(false)]
    [InlineData(false, "AAA", "YYY", "OPT", "OLD")]
    public async Task Every_null_has_a_reason_and_every_loss_an_error(bool hasHistory, params string[] held)
    {
        await using var host = hasHistory ? await ApiHost.StartWithMarketAsync() : await ApiHost.StartAsync();
        if (!hasHistory) await host.PutAsync("/api/v1/market/instruments", Market.Instruments, "text/csv");
        await host.PutAsync("/api/v1/market/instruments", Instruments, "text/csv");
        await host.PutAsync(
            "/api/v1/accounts/default/positions",
            JsonSerializer.Serialize(new { cash = 100, positions = held.Select(x => new { symbol = x, quantity = 10, average_cost = 90, currency = x switch { "YYY" => "JPY", "EEE" => "EUR", _ => "USD" } }) }), "application/json");
        var faults = await FaultsOf(host);
        // The first price of something held, and another hour of it.
        await host.PostTicksAsync(("AAA", 100m, 0), ("YYY", 100m, 0));
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.PostTicksAsync(("AAA", 101m, 3_600));
        faults.AddRange(await FaultsOf(host));
        Assert.Empty(faults.Distinct());
    }

    [Fact]
    public async Task The_examples_keep_to_it()
    {
        await using var host = await ApiHost.StartAsync();
        var paths = (await host.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        string[] routes = ["/var/{symbol}", "/portfolio/var", "/portfolio/var/explain", "/portfolio/var/history", "/api/v1/risk/{account_id}/metrics", "/api/v1/risk/{account_id}/scenarios",
            "/api/v1/risk/{account_id}/scenarios/run", "/api/v1/risk/{account_id}/backtest", "/api/v1/risk/{account_id}/optimise"];
        Assert.Empty(
            from route in routes
            from operation in paths.GetProperty(route).EnumerateObject()
            let example = operation.Value.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example")
            from fault in FaultsOf(example)
            select $"{route} {fault}");
    }

    [Theory]
    [InlineData("""{"a":[{"var_95":1,"es_95":1}]}""", "/a/0/var_95 has no interval", "/a/0/es_95 has no error")]
    [InlineData("""{"var":1,"interval":null,"es_99":null,"es_99_standard_error":null,"reasons":{"interval":"x","es_99":"x","es_99_standard_error":"x"}}""")]
    [InlineData("""{"var_95_without_fx":1,"interval_95_without_fx":{"low":0,"high":2},"var_95_ratio":1,"component_var_95":1}""")]
    public void A_loss_without_an_error_is_found(string answer, params string[] faults) => Assert.Equal(faults, FaultsOf(JsonDocument.Parse(answer).RootElement));

    private static async Task<List<string>> FaultsOf(ApiHost host)
    {
        var faults = new List<string>();
        foreach (var path in Asked) faults.AddRange(FaultsOf((await host.GetAsync(path)).Json).Select(x => $"{path} {x}"));
        foreach (var (path, body) in Posted) faults.AddRange(FaultsOf((await host.PostAsync(path, body)).Json).Select(x => $"{path} {x}"));
        return faults;
    }

    private static IReadOnlyList<string> FaultsOf(JsonElement answer) => [.. WithoutError(answer, ""), .. NullCheck.FaultsOf(answer).Select(x => $"{x} is null without a reason")];

    /// <summary>VaRs and shortfalls by their names; not their parts, differences and ratios, nor those of single days of a timeline, which say what was forecast.</summary>
    private static IEnumerable<string> WithoutError(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array) return value.EnumerateArray().SelectMany((x, i) => WithoutError(x, $"{path}/{i}"));
        if (value.ValueKind != JsonValueKind.Object || path.Contains("timeline", StringComparison.Ordinal)) return [];
        return value.EnumerateObject().SelectMany(x => x.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? WithoutError(x.Value, $"{path}/{x.Name}")
            : x.Name switch
            {
                _ when x.Name.EndsWith("_ratio", StringComparison.Ordinal) || x.Name.EndsWith("_part", StringComparison.Ordinal) || x.Name.EndsWith("_error", StringComparison.Ordinal) => [],
                "var" or "var_95" or "var_99" or "var_95_without_fx" or "position_var_95" or "position_var_99" or "liquidity_adjusted_var_95" or "liquidity_adjusted_var_99" =>
                    value.TryGetProperty(x.Name.Replace("var", "interval", StringComparison.Ordinal), out _) ? [] : [$"{path}/{x.Name} has no interval"],
                "es" or "es_95" or "es_99" or "es_95_without_fx" => value.TryGetProperty($"{x.Name}_standard_error", out _) ? [] : [$"{path}/{x.Name} has no error"],
                _ => (string[])[],
            });
    }
}
