using System.Text.Json;
using Risk.Api.Tests.Setup;
using Risk.Domain.Measures;
using Xunit;
using static Risk.Api.Tests.Setup.Calculator;

namespace Risk.Api.Tests.Endpoints;

/// <summary>What calculators say of the errors of their figures, and of figures that are not there.</summary>
public sealed class CalculatorErrorTests
{
    private static readonly double[] Prices = Market.Closes("AAA");
    private const string Book = "\"spot\":100,\"T\":0.5,\"vol\":0.2,\"columns\":[\"K\",\"type\",\"quantity\"],\"rows\":[[100,\"call\",10]]";

    public static TheoryData<string, string> Bodies()
    {
        var (a, b, still) = (Text(Market.Returns("AAA")), Text(Market.Returns("BBB")), Text(Enumerable.Repeat(0.01, 60)));
        string tiny = Text(Market.Returns("AAA").Select(x => x * 1e-198)), fx = Text(Prices.Select(x => x / 90));
        string Fx(string prices, string rates) =>
            $$$"""{"base":"USD","positions":[{"symbol":"A","currency":"EUR","quantity":-3}],"local_prices":{"A":{{{prices}}} },"fx_base_per_unit":{"EUR":{{{rates}}} },"es":"beyond_var"}""";
        string Walk(string returns, string method) => $$$"""{"tail_probability":0.01,"walk_forward":{"returns":{{{returns}}},"method":"{{{method}}}","window":50} }""";
        return new()
        {
            { "performance", $$"""{"returns":{{a}},"benchmark_returns":{{b}},"concentration":{"weights":[1]} }""" },
            { "performance", $$"""{"returns":{{a}}}""" },
            { "performance", $$"""{"returns":{{tiny}},"benchmark_returns":{{tiny}}}""" },
            { "performance", $$"""{"returns":{{still}},"benchmark_returns":{{still}}}""" },
            { "performance", $$"""{"returns":[-1,{{a[1..]}},"benchmark_returns":[-1,{{b[1..]}}}""" },
            { "performance", """{"returns":[0.01,0.02],"benchmark_returns":[0.01,0.02]}""" },
            { "fx", Fx(Text(Prices), fx) },
            { "fx", Fx(Text(Enumerable.Repeat(7.0, 60)), Text(Enumerable.Repeat(7.0, 60))) },
            { "fx", Fx("[1,2]", "[1,2]") },
            { "options", $$"""{{{Book}}}""" },
            { "options", $$"""{{{Book}},"daily_vol_underlying":0.01,"underlying_prices_history":{{Text(Prices)}}}""" },
            { "options", $$"""{{{Book}},"underlying_prices_history":[1,2,3]}""" },
            { "options", $$"""{{{Book.Replace("100", "1e15", StringComparison.Ordinal)}},"daily_vol_underlying":0.01,"underlying_prices_history":{{Text(Prices)}}}""" },
            { "backtest", """{"tail_probability":0.05,"exceedance_sequence":[0,1,0]}""" },
            { "backtest", Walk(a, "historical") },
            { "backtest", Walk(still, "student_t") },
            { "backtest", Walk(Text(Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? 0.001 * i : 0)), "student_t") },
        };
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Every_null_has_a_reason_and_every_reason_is_of_a_null(string route, string body) => MustExplain(await CalculateAsync(route, body));

    [Fact]
    public async Task Each_figure_of_a_performance_has_its_standard_error_under_its_name()
    {
        var json = await CalculateAsync("performance", Bodies().First().Data.Item2);
        var errors = json.GetProperty("standard_errors");
        string[] none = ["calmar", "max_drawdown", "up_capture_cumulative", "down_capture_cumulative", "up_capture_annualised", "down_capture_annualised"];
        Assert.Equal(none.Order(StringComparer.Ordinal), errors.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Null).Select(x => x.Name).Order(StringComparer.Ordinal));
        string[] noFigures = ["observations", "coverage", "periods_per_year", "risk_free_annual", "peak_index", "trough_index", "recovery_index"];
        Assert.Equal(
            json.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Number && !noFigures.Contains(x.Name)).Select(x => x.Name), errors.EnumerateObject().Select(x => x.Name));
        var (own, besides) = (PerformanceErrors.Of(Market.Returns("AAA"), 0), ComparisonErrors.Of(Market.Returns("AAA"), Market.Returns("BBB"), 0));
        foreach (var (name, error) in ((string, double?)[])[
            ("annual_return_geometric", own.AnnualReturn), ("annual_volatility", own.AnnualVolatility), ("sharpe_arithmetic", own.Sharpe), ("sharpe_geometric_pa", own.SharpeGeometric),
            ("sortino", own.Sortino), ("downside_deviation_daily_full_n", own.DownsideDeviation), ("downside_deviation_annual_full_n", own.DownsideDeviation * Math.Sqrt(252)),
            ("downside_deviation_daily_subset_n", own.DownsideDeviationOfShortfalls), ("beta", besides.Beta), ("alpha_daily", besides.AlphaPerPeriod),
            ("alpha_annual_arithmetic", 252 * besides.AlphaPerPeriod), ("alpha_annual_compounded", besides.AlphaAnnualCompounded), ("r_squared", besides.RSquared),
            ("tracking_error_annual", besides.TrackingErrorAnnual), ("information_ratio_arithmetic", besides.InformationRatio), ("information_ratio_geometric_pa", besides.InformationRatioGeometric),
            ("up_capture_mean", besides.UpMean), ("down_capture_mean", besides.DownMean)])
            Assert.Equal(error!.Value, errors.GetProperty(name).GetDouble(), 1e-12 * error.Value);
    }

    [Fact]
    public async Task Positions_in_currencies_have_errors_and_cover_all()
    {
        var json = await CalculateAsync("fx", """{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":3}],"local_prices":{"A":#},"confidence":[0.95]}""".Replace("#", Text(Prices), StringComparison.Ordinal));
        Assert.Equal(1, json.GetProperty("coverage").GetDouble());
        double[] pnl = [.. Market.Returns("AAA").Select(r => 3 * Prices[^1] * r)];
        var result = json.GetProperty("results")[0];
        VarEndpointsTests.Near(VolatilityErrors.Sample(pnl), json, "delta_normal_sd_with_fx_standard_error");
        VarEndpointsTests.Near(1.6448536269514722 * VolatilityErrors.Sample(pnl), result, "delta_normal_var_with_fx_standard_error");
        VarEndpointsTests.Near(new TailReading().ShortfallError(new SortedPnl(pnl), 0.95m)!.Value, result.GetProperty("hs_with_fx"), "es_standard_error");
        Assert.Equal(["fx_only"], result.GetProperty("hs_fx_only").GetProperty("reasons").EnumerateObject().Select(x => x.Name == "es_standard_error" ? "fx_only" : x.Name));
    }

    /// <summary>Prices that jump every other day, or up and down once in ten.</summary>
    [Theory]
    [InlineData(2, "")]
    [InlineData(10, "heavy_tails")]
    public async Task Heavy_tails_of_positions_in_currencies_are_flagged(int every, string flag)
    {
        var prices = Text(Enumerable.Range(0, 101).Select(i => i % every == 1 ? 110.0 : 100));
        var json = await CalculateAsync("fx", $$$"""{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":3}],"local_prices":{"A":{{{prices}}}} }""");
        Assert.Equal(flag, string.Join(' ', json.GetProperty("flags").EnumerateArray().Select(x => x.GetString())));
    }

    [Fact]
    public async Task A_shortfall_beyond_the_VaR_lies_beyond_the_VaR_that_was_asked_for()
    {
        var json = await CalculateAsync("fx", """{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":1}],"local_prices":{"A":#},"confidence":[0.95],"quantile":"type1","es":"beyond_var"}""".Replace("#", Text(Prices), StringComparison.Ordinal));
        var tail = json.GetProperty("results")[0].GetProperty("hs_with_fx");
        VarEndpointsTests.Near(Market.Returns("AAA").Select(r => -r * Prices[^1]).Where(loss => loss > tail.GetProperty("var").GetDouble() + 1e-9).Average(), tail, "es");
    }

    [Fact]
    public async Task A_book_of_options_has_an_interval_of_each_historical_VaR_and_says_what_is_taken_as_known()
    {
        var book = (await CalculateAsync("options", $$"""{{{Book}},"daily_vol_underlying":0.01,"underlying_prices_history":{{Text(Prices)}},"confidence":[0.95]}""")).GetProperty("book");
        var result = book.GetProperty("results")[0];
        foreach (var (var, interval) in ((string, string)[])[
            ("historical_full_revaluation_var_type7", "historical_full_revaluation_interval"), ("historical_delta_gamma_var_type7", "historical_delta_gamma_interval")])
            Assert.InRange(result.GetProperty(var).GetDouble(), result.GetProperty(interval).GetProperty("low").GetDouble(), result.GetProperty(interval).GetProperty("high").GetDouble());
        Assert.InRange(result.GetProperty("historical_full_revaluation_es_standard_error").GetDouble(), 0.01, 0.3 * result.GetProperty("historical_full_revaluation_es").GetDouble());
        Assert.Equal(("type7", "acerbi_tasche"), (book.GetProperty("conventions").GetProperty("quantile").GetString(), book.GetProperty("conventions").GetProperty("es_convention").GetString()));
        Assert.StartsWith("taken as known", book.GetProperty("conventions").GetProperty("daily_volatility").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("historical", 99, 0.05, "thin_tail")]
    [InlineData("historical", 100, 0.05, "")]
    [InlineData("volatility_scaled", 99, 0.05, "thin_tail")]
    [InlineData("filtered_garch", 99, 0.05, "thin_tail")]
    [InlineData("age_weighted", 200, 0.05, "thin_tail")]
    [InlineData("age_weighted", 200, 0.1, "")]
    [InlineData("parametric_normal", 99, 0.05, "")]
    [InlineData("monte_carlo_normal", 99, 0.00004, "thin_tail")]
    [InlineData("monte_carlo_normal", 99, 0.05, "")]
    public async Task Forecasts_read_off_fewer_than_five_scenarios_are_flagged(string method, int window, double tail, string flag)
    {
        var json = await CalculateAsync("backtest", FormattableString.Invariant(
            $$$"""{"tail_probability":{{{(decimal)tail}}},"walk_forward":{"returns":{{{Text(Market.Returns("AAA"))}}},"method":"{{{method}}}","window":{{{window}}} }}"""));
        Assert.Equal(flag, string.Join(' ', json.GetProperty("flags").EnumerateArray().Select(x => x.GetString())));
    }

    [Theory]
    [InlineData("student_t")]
    [InlineData("filtered_garch")]
    public async Task A_walk_over_windows_in_which_nothing_moves_takes_their_figure_and_says_so(string method)
    {
        var json = await CalculateAsync("backtest", $$$"""{"tail_probability":0.05,"walk_forward":{"returns":[{{{string.Join(',', Enumerable.Repeat("-0.01", 150))}}}],"method":"{{{method}}}","window":100}}""");
        Assert.Equal(["constant_window"], json.GetProperty("flags").EnumerateArray().Select(x => x.GetString()));
        Assert.All(json.GetProperty("forecasts").GetProperty("var").EnumerateArray(), x => Assert.Equal(0.01, x.GetDouble()));
    }

    /// <summary>Clopper and Pearson of 1 in 20: 0.001265 … 0.248733, as in tables of the binomial.</summary>
    [Fact]
    public async Task The_rate_of_exceedances_has_its_interval()
    {
        var json = await CalculateAsync("backtest", $$"""{"tail_probability":0.05,"exceedance_sequence":[1,{{string.Join(',', Enumerable.Repeat("0", 19))}}]}""");
        Assert.Equal(0.05, json.GetProperty("exceedance_rate").GetDouble(), 1e-15);
        Assert.Equal(0.001265, json.GetProperty("exceedance_rate_interval").GetProperty("low").GetDouble(), 1e-6);
        Assert.Equal(0.248733, json.GetProperty("exceedance_rate_interval").GetProperty("high").GetDouble(), 1e-6);
    }

    [Theory]
    [InlineData("""{"F":{"A":0.9,"B":0.5}}""", "weights_above_one")]
    [InlineData("""{"F":{"A":0.9},"G":{"A":1.4}}""", "undisclosed_holdings weights_above_one")]
    [InlineData("""{"F":{"A":1.3,"B":-0.3}}""", "")]
    public async Task Weights_of_a_fund_that_do_not_sum_to_one_are_flagged_by_their_side(string funds, string flags)
    {
        var json = await CalculateAsync("look-through", $$"""{"positions":{"F":100},"funds":{{funds}}}""");
        Assert.Equal(flags, string.Join(' ', json.GetProperty("flags").EnumerateArray().Select(x => x.GetString())));
    }

    /// <summary>In every block with reasons, also for the figures of a block within it that has none of its own; an interval may be open at one end.</summary>
    private static void MustExplain(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray()) MustExplain(item);
        if (json.ValueKind != JsonValueKind.Object) return;
        if (json.TryGetProperty("reasons", out var reasons)) Assert.Equal(Nulls(json).Distinct().Order(StringComparer.Ordinal), reasons.EnumerateObject().Select(x => x.Name).Order(StringComparer.Ordinal));
        foreach (var member in json.EnumerateObject()) MustExplain(member.Value);
    }

    private static IEnumerable<string> Nulls(JsonElement block)
    {
        foreach (var member in block.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) yield return member.Name;
            if (member.Value.ValueKind == JsonValueKind.Array)
                foreach (var name in member.Value.EnumerateArray().Where(x => x.ValueKind == JsonValueKind.Object && !x.TryGetProperty("reasons", out _)).SelectMany(Nulls)) yield return $"{member.Name}/{name}";
            if (member.Value.ValueKind != JsonValueKind.Object || member.Value.TryGetProperty("reasons", out _)) continue;
            foreach (var name in Nulls(member.Value)) yield return $"{member.Name}/{name}";
        }
    }
}
