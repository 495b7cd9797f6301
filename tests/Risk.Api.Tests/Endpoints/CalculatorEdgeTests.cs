using System.Globalization;
using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;
using static Risk.Api.Tests.Setup.Calculator;

namespace Risk.Api.Tests.Endpoints;

/// <summary>Input that is allowed, and for which some figure has no value.</summary>
public sealed class CalculatorEdgeTests
{
    /// <summary>What a function may reply; quotes and backslashes of the answer take two bytes there.</summary>
    private const int MaxReply = 6_291_556;

    [Theory]
    [InlineData("filtered_garch", 1, 60, 60, "", "did_not_converge")]
    [InlineData("filtered_garch", 100, 300, 250, "", "did_not_converge")]
    [InlineData("student_t", 0, 260, 250, "", "did_not_converge")]
    [InlineData("volatility_scaled", 60, 400, 250, ",\"lambda\":0.01", "not_applicable")]
    public async Task A_walk_tests_the_days_that_have_a_forecast_and_counts_the_others(string method, int before, int still, int window, string more, string reason)
    {
        double[] returns = [.. Noise(before), .. new double[still], .. Noise(100)];
        var json = await CalculateAsync("backtest", Walk(returns, method, window, more));
        var var = json.GetProperty("forecasts").GetProperty("var").EnumerateArray().ToArray();
        var without = var.Count(x => x.ValueKind == JsonValueKind.Null);
        Assert.Equal(returns.Length - window, var.Length);
        Assert.InRange(without, 1, var.Length - 1);
        Assert.Equal((without, var.Length - without), (json.GetProperty("days_without_forecast").GetInt32(), json.GetProperty("T").GetInt32()));
        Assert.Contains("forecasts_missing", json.GetProperty("flags").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal(reason, json.GetProperty("reasons").GetProperty("forecasts").GetString());
        var exceeded = Enumerable.Range(window, var.Length).Where(day => var[day - window] is { ValueKind: JsonValueKind.Number } x && returns[day] < -x.GetDouble());
        Assert.Equal(exceeded, json.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task A_walk_without_any_forecast_has_no_figures_and_says_why()
    {
        double[] returns = [.. Enumerable.Range(0, 120).Select(i => i % 3 == 0 ? 0.01 * i : 0)];
        var json = await CalculateAsync("backtest", Walk(returns, "student_t", 100, ""));
        Assert.Equal((JsonValueKind.Null, 20), (json.GetProperty("T").ValueKind, json.GetProperty("days_without_forecast").GetInt32()));
        Assert.Equal("did_not_converge", json.GetProperty("reasons").GetProperty("T").GetString());
    }

    [Theory]
    [InlineData("historical")]
    [InlineData("age_weighted")]
    [InlineData("volatility_scaled")]
    [InlineData("filtered_garch")]
    [InlineData("parametric_normal")]
    [InlineData("student_t")]
    [InlineData("cornish_fisher")]
    [InlineData("monte_carlo_normal")]
    public async Task Returns_whose_squares_underflow_are_walked_through(string method)
    {
        foreach (var size in (double[])[1e-158, 1e-160, 1e-162, 1e-170])
            await CalculateAsync("backtest", Walk([.. Noise(150).Select(r => r * size)], method, 60, ""));
    }

    [Theory]
    [InlineData("student_t", "1e-08,1e-300,1e-08,1e-08,0,1e-300,-1,1e6,0,1e-300,0,-1,-1,1e-08,-1,1e6,0,1e-08,-1,1e6,-1,1e-08,1e6,1e6,1e-300,1e6,1e6,1e-08,1e-300,1e-300")]
    [InlineData("filtered_garch", "100 150")]
    public async Task A_fit_that_leads_nowhere_says_that_it_did_not_converge(string method, string returns)
    {
        if (returns == "100 150") returns = Text([.. Noise(100), .. new double[150]]);
        var result = (await CalculateAsync("var", $$$"""{"positions":{"A":1000},"method":"{{{method}}}","confidence":0.99,"returns":{"A":[{{{returns}}}]}}""")).GetProperty("results")[0];
        Assert.Equal((JsonValueKind.Null, "did_not_converge"), (result.GetProperty("var").ValueKind, result.GetProperty("reasons").GetProperty("var").GetString()));
    }

    [Fact]
    public async Task Funds_whose_opened_weights_are_beyond_all_bounds_are_refused_by_name()
    {
        await using var host = await ApiHost.StartAsync();
        var funds = string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""
            "F{{i}}":{"{{(i == 99 ? "X" : $"F{i + 1}")}}":1000}
            """));
        var reply = await host.PostAsync("/api/v1/calculate/look-through", $$$"""{"positions":{"F0":1e15},"funds":{{{{funds}}}}}""");
        Assert.Equal("/funds/F0", reply.MustBeProblem(400).Pointers[0]);
        Assert.Equal(95, reply.Pointers.Length);
    }

    [Fact]
    public async Task Weights_of_a_total_that_is_next_to_nothing_are_null()
    {
        var json = await CalculateAsync("look-through", """{"positions":{"A":1e15,"B":-1e15,"C":1e-300},"funds":{"F":{"A":1}}}""");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (json.GetProperty("stock_weight").ValueKind, json.GetProperty("sector_weight").ValueKind));
        Assert.Equal("not_applicable", json.GetProperty("reasons").GetProperty("stock_weight").GetString());
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(5, true)]
    public async Task Names_of_ticks_that_would_make_the_answer_too_large_are_refused(int letters, bool fits)
    {
        await using var host = await ApiHost.StartAsync();
        var random = new Random(8);
        var ticks = string.Join(',', Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant(
            $$"""{"symbol":"{{new string('\u00e9', letters)}}","time":{{253_000_000_000_000 + i * 5_000L}},"price":{{(fits ? 123_456_789 + random.NextDouble() : 1):0.########}},"volume":{{(fits ? 1e8 + random.NextDouble() : 1)}}}""")));
        await MustStayBelow(host, "windows", $$"""{"ticks":[{{ticks}}]}""", fits, "the limit is 600000.");
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(40, true)]
    public async Task Names_of_positions_that_would_make_the_answer_too_large_are_refused(int letters, bool fits)
    {
        await using var host = await ApiHost.StartAsync();
        var random = new Random(9);
        string[] names = [.. Enumerable.Range(0, 500).Select(i => $"{new string('\u00e9', letters)}{i}")];
        var positions = string.Join(',', names.Select(x => FormattableString.Invariant($"\"{x}\":{1e8 * random.NextDouble()}")));
        var returns = string.Join(',', names.Select(x => $"\"{x}\":[{Text([.. Enumerable.Range(0, 30).Select(_ => random.NextDouble() / 100 - 0.005)])}]"));
        var confidences = string.Join(',', Enumerable.Range(1, 20).Select(i => (0.95m + 0.001m * i).ToString(CultureInfo.InvariantCulture)));
        await MustStayBelow(
            host, "var", $$$"""{"components":true,"method":"cornish_fisher","confidence":[{{{confidences}}}],"positions":{{{{positions}}}},"returns":{{{{returns}}}}}""", fits, "the limit is 2500000.");
    }

    private static async Task MustStayBelow(ApiHost host, string route, string body, bool fits, string limit)
    {
        var reply = await host.PostAsync($"/api/v1/calculate/{route}", body);
        if (fits)
        {
            Assert.True(reply.Status == 200, reply.Text);
            Assert.InRange(reply.Text.Length + reply.Text.Count(x => x is '"' or '\\'), MaxReply / 2, MaxReply - 2_000);
        }
        else Assert.Contains(limit, reply.MustBeProblem(400).Json.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static string Walk(double[] returns, string method, int window, string more) =>
        $$$"""{"tail_probability":0.01,"walk_forward":{"returns":[{{{Text(returns)}}}],"method":"{{{method}}}","window":{{{window}}}{{{more}}}}}""";

    private static double[] Noise(int days)
    {
        var random = new Random(days);
        return [.. Enumerable.Range(0, days).Select(_ => 0.01 * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6))];
    }

    private static string Text(double[] x) => string.Join(',', x.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
