using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;
using static Risk.Api.Tests.Setup.Calculator;

namespace Risk.Api.Tests.Endpoints;

/// <summary>Errors of a standard deviation are flagged wherever they stand, and what optimisation does not know has the right reason.</summary>
public sealed class FlaggedErrorTests
{
    private const string Optimise = "/api/v1/risk/default/optimise";
    private const string Book = """{"cash":100,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90},{"symbol":"BBB","quantity":5,"average_cost":80}]}""";

    /// <summary>Every tenth day moves twenty times as far.</summary>
    private static string Wild(int seed) => Text(Calm(seed).Select((r, i) => i % 10 == 0 ? 20 * r : r));

    [Theory]
    [InlineData("volatility", """{"method":"sample","returns":{"A":#,"B":@} }""", "results/0/flags", "results/1/flags")]
    [InlineData("volatility", """{"method":"covariance","returns":{"A":#} }""", "matrix/flags", "")]
    [InlineData("volatility", """{"method":"covariance","returns":{"A":@} }""", "", "matrix/flags")]
    [InlineData("volatility", """{"method":"correlation","returns":{"A":@,"B":#} }""", "matrix/flags", "")]
    [InlineData("volatility", """{"method":"covariance","returns":{"A":[0.01,0.02,0.9],"B":[0.01,0.02,0.9]} }""", "", "matrix/flags")]
    [InlineData("volatility", """{"method":"ewma","returns":{"A":#} }""", "", "results/0/flags")]
    [InlineData("performance", """{"returns":#}""", "flags", "")]
    [InlineData("performance", """{"returns":@}""", "", "flags")]
    [InlineData("allocation", """{"objective":"min_variance","returns":{"A":#,"B":#},"points":1}""", "flags points/0/flags", "")]
    [InlineData("allocation", """{"objective":"min_variance","returns":{"A":@,"B":@} }""", "", "flags")]
    [InlineData("allocation", """{"objective":"black_litterman","returns":{"A":#,"B":@},"market_weights":[0.5,0.5],"delta":2.5,"tau":0.05}""", "", "flags")]
    public async Task Tails_that_spoil_an_error_of_a_standard_deviation_are_flagged(string route, string body, string flagged, string others)
    {
        await using var host = await ApiHost.StartAsync();
        var second = body.LastIndexOf('#');
        if (second != body.IndexOf('#')) body = string.Concat(body.AsSpan(0, second), Wild(2), body.AsSpan(second + 1));
        second = body.LastIndexOf('@');
        if (second != body.IndexOf('@')) body = string.Concat(body.AsSpan(0, second), Text(Calm(4)), body.AsSpan(second + 1));
        var reply = await host.PostAsync(
            $"/api/v1/calculate/{route}", body.Replace("#", Wild(1), StringComparison.Ordinal).Replace("@", Text(Calm(3)), StringComparison.Ordinal));
        Assert.True(reply.Status == 200, reply.Text);
        foreach (var path in Paths(flagged)) Assert.Contains("heavy_tails", FlagsAt(reply.Json, path));
        foreach (var path in Paths(others)) Assert.DoesNotContain("heavy_tails", FlagsAt(reply.Json, path));
    }

    [Fact]
    public async Task Optimised_weights_are_flagged_for_a_thin_tail_that_they_were_searched_on_and_for_heavy_ones()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        async Task<string[]> After(string body) => FlagsAt((await host.PostAsync(Optimise, body)).Json, "after/flags");
        Assert.Equal(["in_sample", "thin_tail"], await After("""{"objective":"min_cvar","confidence":0.999}"""));
        Assert.Equal(["in_sample"], await After("""{"objective":"min_cvar","confidence":0.9}"""));
        await using var wild = await StartAsync(Closes(100, wild: true));
        var json = (await wild.PostAsync(Optimise, """{"objective":"min_variance"}""")).Json;
        Assert.Equal(["heavy_tails"], FlagsAt(json, "before/flags"));
        Assert.Equal(["in_sample", "heavy_tails"], FlagsAt(json, "after/flags"));
    }

    [Fact]
    public async Task Todays_weights_have_their_figures_where_no_others_are_found()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        async Task<JsonElement> Before(string body) => (await host.PostAsync(Optimise, body)).Json.GetProperty("before");
        var known = await Before("""{"objective":"min_variance"}""");
        foreach (var body in (string[])["""{"objective":"min_variance","bounds":{"lower":0,"upper":0.1}}""", """{"objective":"target_return","target_return":50}"""])
            Assert.Equal(known.GetRawText(), (await Before(body)).GetRawText());
        Assert.True(known.GetProperty("volatility_annual").GetDouble() > 0);
    }

    [Fact]
    public async Task A_history_too_short_to_divide_by_is_the_reason_where_there_is_one()
    {
        await using var host = await StartAsync(Closes(20, wild: false));
        var json = (await host.PostAsync(Optimise, """{"objective":"hrp"}""")).Json;
        foreach (var name in (string[])["capital", "cash_change", "risk_free_annual", "after"])
            Assert.Equal("short_history", json.GetProperty("reasons").GetProperty(name).GetString());
        foreach (var name in (string[])["expected_return_annual", "expected_return_annual_standard_error", "volatility_annual", "volatility_annual_standard_error"])
            Assert.Equal("short_history", json.GetProperty("before").GetProperty("reasons").GetProperty(name).GetString());
    }

    private static async Task<ApiHost> StartAsync(string history)
    {
        var host = await ApiHost.StartAsync();
        await host.PutAsync("/api/v1/market/instruments", Market.Instruments, "text/csv");
        await host.PutAsync("/api/v1/market/history", history, "text/csv");
        await host.PutAsync("/api/v1/accounts/default/positions", Book, "application/json");
        return host;
    }

    private static string[] Paths(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] FlagsAt(JsonElement json, string path) =>
        [.. path.Split('/').Aggregate(json, (at, part) => int.TryParse(part, out var i) ? at[i] : at.GetProperty(part)).EnumerateArray().Select(x => x.GetString()!)];

    private static double[] Calm(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 100).Select(_ => 0.02 * (random.NextDouble() - 0.5))];
    }

    /// <summary>So many days of prices of both.</summary>
    private static string Closes(int days, bool wild)
    {
        var (a, b, prices) = (Calm(5), Calm(6), (A: 100.0, B: 80.0));
        var lines = Enumerable.Range(0, days).Select(day =>
        {
            var far = wild && day % 10 == 0 ? 15 : 1;
            prices = (prices.A * (1 + far * a[day]), prices.B * (1 + far * b[day]));
            return FormattableString.Invariant($"{new DateOnly(2025, 1, 1).AddDays(day):yyyy-MM-dd},{prices.A:R},{prices.B:R}");
        });
        return string.Join('\n', lines.Prepend("date,AAA,BBB")) + "\n";
    }
}
