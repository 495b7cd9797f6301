using System.Globalization;
using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class CalculateVarTests
{
    private const string Route = "/api/v1/calculate/var";
    private const string Positions = """ "positions":{"AAA":60000,"BBB":-25000} """;

    public static TheoryData<string> Methods =>
    [
        """ "method":"historical" """, """ "method":"age_weighted" """, """ "method":"volatility_scaled" """, """ "method":"volatility_scaled","scaling":"asset" """,
        """ "method":"filtered_garch" """, """ "method":"parametric_normal","mean":"sample" """, """ "method":"student_t" """,
        """ "method":"student_t","degrees_of_freedom":5 """, """ "method":"delta_normal" """, """ "method":"cornish_fisher" """,
        """ "method":"cornish_fisher","es":"modified" """, """ "method":"cornish_fisher","es":"quantile_mean" """,
        """ "method":"monte_carlo_normal","paths":20000 """, """ "method":"monte_carlo_t","degrees_of_freedom":4,"paths":20000 """,
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Components_add_up_to_the_figure_and_doubled_positions_to_the_double(string method)
    {
        await using var host = await ApiHost.StartAsync();
        var one = await ResultsAsync(host, method, Positions);
        var two = await ResultsAsync(host, method, """ "positions":{"AAA":120000,"BBB":-50000} """);
        foreach (var (a, b) in one.Zip(two))
        {
            PartsAddUp(a);
            foreach (var name in (string[])["var", "es"])
                Assert.Equal(2 * a.GetProperty(name).GetDouble(), b.GetProperty(name).GetDouble(), 1e-6 * Math.Abs(a.GetProperty(name).GetDouble()));
            Assert.True(a.GetProperty("es").GetDouble() >= a.GetProperty("var").GetDouble() || method.Contains("modified", StringComparison.Ordinal));
        }
        Assert.True(one[1].GetProperty("var").GetDouble() > one[0].GetProperty("var").GetDouble());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_figure_says_how_sure_it_is(string method)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var result in await ResultsAsync(host, method, Positions))
        {
            var var = result.GetProperty("var").GetDouble();
            // Returns that look normal tell no degrees of freedom.
            if (result.GetProperty("flags").EnumerateArray().Any(x => x.ValueEquals("at_boundary"))) continue;
            if (result.GetProperty("interval") is { ValueKind: JsonValueKind.Object } interval) Assert.InRange(interval.GetProperty("low").GetDouble(), 0, var);
            else Assert.InRange(result.GetProperty("var_standard_error").GetDouble(), 1e-4 * var, var);
            Assert.InRange(result.GetProperty("es_standard_error").GetDouble(), 1e-4 * var, var);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_position_of_nothing_adds_nothing_and_the_only_one_adds_all(string method)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var result in await ResultsAsync(host, method, """ "positions":{"AAA":60000,"BBB":0} """))
        {
            var (all, none) = (result.GetProperty("components")[0], result.GetProperty("components")[1]);
            foreach (var figure in (string[])["var", "es"])
            {
                var total = result.GetProperty(figure).GetDouble();
                Assert.Equal(0, none.GetProperty($"component_{figure}").GetDouble());
                Assert.Equal(0, none.GetProperty($"incremental_{figure}").GetDouble(), 1e-9 * total);
                Assert.Equal(total, all.GetProperty($"component_{figure}").GetDouble(), 1e-6 * total);
                Assert.Equal(total, all.GetProperty($"incremental_{figure}").GetDouble(), 1e-6 * total);
            }
        }
    }

    /// <summary>Where the figure is a smooth function of the positions the marginal one is its slope.</summary>
    [Theory]
    [InlineData(""" "method":"parametric_normal","mean":"sample" """, 1e-6)]
    [InlineData(""" "method":"student_t","degrees_of_freedom":5 """, 1e-6)]
    [InlineData(""" "method":"student_t" """, 1e-5)]
    [InlineData(""" "method":"cornish_fisher" """, 1e-6)]
    [InlineData(""" "method":"cornish_fisher","es":"modified","standard_deviation":"sample" """, 1e-6)]
    [InlineData(""" "method":"cornish_fisher","es":"quantile_mean" """, 1e-6)]
    [InlineData(""" "method":"historical" """, 1e-6)]
    public async Task Marginal_figures_are_slopes(string method, double tolerance)
    {
        await using var host = await ApiHost.StartAsync();
        var at = await ResultsAsync(host, method, Positions);
        var below = await ResultsAsync(host, method, """ "positions":{"AAA":59999.5,"BBB":-25000} """);
        var above = await ResultsAsync(host, method, """ "positions":{"AAA":60000.5,"BBB":-25000} """);
        for (var i = 0; i < at.Length; i++)
            foreach (var figure in (string[])["var", "es"])
                Assert.Equal(
                    above[i].GetProperty(figure).GetDouble() - below[i].GetProperty(figure).GetDouble(),
                    at[i].GetProperty("components")[0].GetProperty($"marginal_{figure}").GetDouble(), tolerance);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_incremental_figure_is_the_figure_minus_that_of_the_rest_alone(string method)
    {
        // A GARCH holds its parameters, a simulation draws other numbers for the rest: those are asked for with given ones or loosely.
        if (method.Contains("garch", StringComparison.Ordinal)) method += ""","garch":{"omega":2e-6,"alpha":0.08,"beta":0.9,"mu":0.0001,"initial_variance":0.0001}""";
        var tolerance = method.Contains("monte_carlo", StringComparison.Ordinal) ? 0.05 : 1e-9;
        await using var host = await ApiHost.StartAsync();
        var both = await ResultsAsync(host, method, """ "positions":{"AAA":60000,"BBB":25000} """);
        // Cash in the place of the position keeps the value on which returns of the portfolio are measured, so GARCH is asked for shares of it,
        // and for the level of the variances that the rest has by itself.
        var garch = method.Contains("garch", StringComparison.Ordinal);
        var (value, level) = garch ? (60000.0 / 85000, MeanSquareAbout(60000, 0) / MeanSquareAbout(60000, 25000)) : (1, 1);
        var alone = await ResultsAsync(host, Scaled(method, level / value / value), """ "positions":{"AAA":60000,"BBB":0} """);
        foreach (var (a, b) in both.Zip(alone))
            foreach (var figure in (string[])["var", "es"])
            {
                var expected = a.GetProperty(figure).GetDouble() - b.GetProperty(figure).GetDouble();
                Assert.Equal(expected, a.GetProperty("components")[1].GetProperty($"incremental_{figure}").GetDouble(), tolerance * a.GetProperty(figure).GetDouble());
            }

        // Returns on a smaller value are larger: variances by the square.
        static string Scaled(string method, double by) => by == 1 ? method : method
            .Replace("2e-6", (2e-6 * by).ToString("R", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("\"initial_variance\":0.0001", FormattableString.Invariant($"\"initial_variance\":{0.0001 * by}"), StringComparison.Ordinal);

        static double MeanSquareAbout(double a, double b) =>
            Market.Returns("AAA").Zip(Market.Returns("BBB"), (x, y) => Math.Pow(a * x + b * y - 0.0001 * (a + b), 2)).Average();
    }

    /// <summary>What is left hardly moves: a constant of the variance meant for the whole would blow its first scenario up.</summary>
    [Fact]
    public async Task A_filtered_rest_that_hardly_moves_adds_hardly_anything()
    {
        await using var host = await ApiHost.StartAsync();
        var calm = string.Join(',', Enumerable.Repeat("0.0001", 299));
        var results = (await AskAsync(host, $$"""{"returns":{"AAA":{{Series("AAA", 299)}},"C":[{{calm}}]},"positions":{"AAA":1000,"C":1000},"method":"filtered_garch","components":true}"""))
            .GetProperty("results");
        foreach (var result in results.EnumerateArray())
            foreach (var figure in (string[])["var", "es"])
                Assert.Equal(1, result.GetProperty("components")[0].GetProperty($"incremental_{figure}").GetDouble() / result.GetProperty(figure).GetDouble(), 0.05);
    }

    /// <summary>A price that stands still on 30 of 100 days has a t with hardly any degrees of freedom, whose quantiles lie far out.</summary>
    [Fact]
    public async Task An_illiquid_price_has_every_confidence_of_a_fitted_t()
    {
        await using var host = await ApiHost.StartAsync();
        var resting = string.Join(',', Enumerable.Range(0, 30).Select(k => FormattableString.Invariant($"{1e-6 * Math.Pow(1.6, k):R},{-1e-6 * Math.Pow(1.6, k):R}")));
        var results = (await AskAsync(host, $$"""{"positions":{"A":1},"returns":{"A":[{{resting}}]},"method":"student_t","confidence":[0.95,0.99,0.999999]}""")).GetProperty("results");
        double[] vars = [.. results.EnumerateArray().Select(x => x.GetProperty("var").GetDouble())];
        Assert.Equal(vars.Order(), vars);
        Assert.Equal("at_boundary", results[0].GetProperty("flags").EnumerateArray().Last().GetString());
        Assert.Equal("not_applicable", results[0].GetProperty("reasons").GetProperty("var_standard_error").GetString());
    }

    [Fact]
    public async Task Figures_that_cannot_be_computed_say_why_and_the_others_survive()
    {
        await using var host = await ApiHost.StartAsync();
        var few = await AskAsync(host, """{"positions":{"A":1},"returns":{"A":[0.01,-0.01]},"components":true}""");
        Assert.Equal(2, few.GetProperty("observations").GetInt32());
        var first = few.GetProperty("results")[0];
        foreach (var name in (string[])["var", "es", "interval", "var_standard_error", "components/component_var", "components/incremental_es"])
            Assert.Equal("short_history", first.GetProperty("reasons").GetProperty(name).GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("components")[0].GetProperty("component_var").ValueKind);

        // 40 scenarios have nothing in a tail of one percent, yet they have a quantile.
        var empty = (await AskAsync(host, $$"""{"positions":{"AAA":1},"returns":{"AAA":{{Series("AAA", 40)}}},"confidence":0.99,"es":"mean_worst_floor"}""")).GetProperty("results")[0];
        Assert.True(empty.GetProperty("var").GetDouble() > 0);
        Assert.Equal("not_applicable", empty.GetProperty("reasons").GetProperty("es").GetString());
        Assert.Equal("thin_tail", empty.GetProperty("flags")[0].GetString());

        // Half of the days the price stood still: no t is the likeliest.
        var resting = string.Join(',', Enumerable.Range(1, 60).Select(i => i % 2 == 0 ? "0" : FormattableString.Invariant($"{0.01 * Math.Sin(i):0.#####}")));
        var unfitted = (await AskAsync(host, $$"""{"positions":{"A":1},"returns":{"A":[{{resting}}]},"method":"student_t"}""")).GetProperty("results")[0];
        Assert.Equal("did_not_converge", unfitted.GetProperty("reasons").GetProperty("var").GetString());

        // Few weights make the tail of aged scenarios, however many there are.
        var aged = (await AskAsync(host, $$"""{"positions":{"AAA":1},"returns":{"AAA":{{Series("AAA", 500)}}},"method":"age_weighted","confidence":0.99}""")).GetProperty("results")[0];
        Assert.Equal("thin_tail", aged.GetProperty("flags")[0].GetString());

        // Forecasts of zero before the first move scale nothing.
        var still = string.Join(',', Enumerable.Repeat("0", 400));
        var vanished = (await AskAsync(host, $$"""{"positions":{"A":1},"returns":{"A":[{{still}},0.01]},"method":"volatility_scaled","lambda":0.1}""")).GetProperty("results")[0];
        Assert.Equal("not_applicable", vanished.GetProperty("reasons").GetProperty("var").GetString());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_never_moves_has_no_risk_or_a_reason(string method)
    {
        await using var host = await ApiHost.StartAsync();
        var zeros = $"[{string.Join(',', Enumerable.Repeat("0", 60))}]";
        var answer = await AskAsync(host, $$"""{"positions":{"A":100,"B":5},"returns":{"A":{{zeros}},"B":{{zeros}}},"components":true,{{method}}}""");
        foreach (var result in answer.GetProperty("results").EnumerateArray())
        {
            if (result.GetProperty("var").ValueKind == JsonValueKind.Null) Assert.Equal("not_applicable", result.GetProperty("reasons").GetProperty("var").GetString());
            else Assert.Equal("0 0 0", $"{result.GetProperty("var")} {result.GetProperty("es")} {result.GetProperty("components")[0].GetProperty("incremental_var")}");
        }
    }

    [Fact]
    public async Task Options_and_conventions_are_declared_with_the_figures()
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(("type1", "acerbi_tasche", 0.98), Declared(await AskAsync(host, Body(""" "method":"age_weighted" """, Positions)), "lambda"));
        Assert.Equal(("closed_form", "closed_form", 6.0), Declared(await AskAsync(host, Body(""" "method":"student_t","degrees_of_freedom":6 """, Positions)), "degrees_of_freedom"));
        Assert.Equal(("type7", "acerbi_tasche", 1000.0), Declared(await AskAsync(host, Body(""" "method":"monte_carlo_normal","paths":1000 """, Positions)), "paths"));
        var garch = await AskAsync(host, Body(""" "method":"filtered_garch" """, Positions));
        Assert.InRange(garch.GetProperty("garch").GetProperty("beta").GetDouble(), 0, 1);
        var tenDays = (await AskAsync(host, Body(""" "method":"cornish_fisher","horizon_days":10 """, Positions))).GetProperty("results")[0];
        Assert.Contains("sqrt_time_with_mean", tenDays.GetProperty("flags").EnumerateArray().Select(x => x.GetString()));
        var overlapping = await AskAsync(host, Body(""" "method":"delta_normal","horizon_days":10,"horizon_method":"overlapping" """, Positions));
        Assert.Equal((290, "overlapping"), (overlapping.GetProperty("observations").GetInt32(), overlapping.GetProperty("horizon_method").GetString()));

        static (string?, string?, double) Declared(JsonElement answer, string option) =>
            (answer.GetProperty("quantile").GetString(), answer.GetProperty("es_convention").GetString(), answer.GetProperty(option).GetDouble());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_answer_and_another_another()
    {
        await using var host = await ApiHost.StartAsync();
        string Ask(int seed) => Body($$""" "method":"monte_carlo_t","degrees_of_freedom":4,"paths":3000,"seed":{{seed}} """, Positions);
        var first = await AskAsync(host, Ask(3));
        Assert.Equal(first.GetRawText(), (await AskAsync(host, Ask(3))).GetRawText());
        Assert.NotEqual(first.GetProperty("results").GetRawText(), (await AskAsync(host, Ask(4))).GetProperty("results").GetRawText());
    }

    /// <summary>What components there are add up to their figures.</summary>
    internal static void PartsAddUp(JsonElement result)
    {
        foreach (var figure in (string[])["var", "es"])
        {
            var total = result.GetProperty(figure).GetDouble();
            Assert.Equal(total, result.GetProperty("components").EnumerateArray().Sum(x => x.GetProperty($"component_{figure}").GetDouble()), 1e-9 * Math.Abs(total) + 1e-9);
        }
    }

    internal static string Body(string options, string positions) =>
        $$"""{"prices":{"AAA":{{Series("AAA")}},"BBB":{{Series("BBB")}}},{{positions}},{{options}}}""";

    internal static string Series(string symbol, int? returns = null) => returns is { } count
        ? $"[{string.Join(',', Market.Returns(symbol).Take(count).Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]"
        : $"[{string.Join(',', Market.Closes(symbol).Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";

    private static async Task<JsonElement[]> ResultsAsync(ApiHost host, string method, string positions) =>
        [.. (await AskAsync(host, Body($$""" "components":true,"confidence":[0.95,0.99],{{method}} """, positions))).GetProperty("results").EnumerateArray()];

    private static async Task<JsonElement> AskAsync(ApiHost host, string body)
    {
        var reply = await host.PostAsync(Route, body);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json;
    }
}
