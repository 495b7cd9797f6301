using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;
using static Risk.Api.Tests.Setup.Calculator;

namespace Risk.Api.Tests.Endpoints;

/// <summary>What share of what was given the figures of a calculator contain, and what a walk does with days that have no forecast.</summary>
public sealed class CalculatorCoverageTests
{
    private const string Few = "[0.01,-0.02,0.03]";
    private static readonly string Moves = Text(Market.Returns("AAA"));

    [Theory]
    [InlineData("volatility", """{"method":"sample","returns":@}""", 1)]
    [InlineData("volatility", """{"method":"sample","returns":#}""", 0)]
    [InlineData("volatility", """{"method":"ewma","returns":@}""", 1)]
    [InlineData("volatility", """{"method":"garch_fit","returns":#}""", 0)]
    [InlineData("volatility", """{"method":"garch_filter","returns":@,"garch":{"omega":1e-6,"alpha":0.1,"beta":0.8}}""", 1)]
    [InlineData("volatility", """{"method":"covariance","returns":{"A":@,"B":@}}""", 1)]
    [InlineData("volatility", """{"method":"correlation","returns":{"A":#,"B":#}}""", 0)]
    [InlineData("performance", """{"returns":@}""", 1)]
    [InlineData("performance", """{"returns":#}""", 0)]
    [InlineData("performance", """{"concentration":{"weights":[1]}}""", 1)]
    [InlineData("backtest", """{"tail_probability":0.01,"exceedance_sequence":[0,1]}""", 1)]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":@,"window":100}}""", 1)]
    [InlineData("implied-volatility", """{"spot":100,"r":0,"T":1,"columns":["K","type","price"],"rows":[[100,"C",8],[100,"C",9],[100,"C",101],[100,"C",7]]}""", 0.75)]
    [InlineData("options", """{"spot":100,"r":0,"T":1,"vol":0.2,"columns":["K","type"],"rows":[[100,"C"]]}""", 1)]
    [InlineData("allocation", """{"objective":"min_variance","covariance":[[1,0],[0,1]],"lower":0.6}""", 0)]
    [InlineData("allocation", """{"objective":"min_variance","covariance":[[1,0],[0,1]],"lower":0.3}""", 1)]
    [InlineData("look-through", """{"positions":{"F":300,"X":100},"funds":{"F":{"A":0.5,"G":0.4},"G":{"A":0.5}}}""", 0.775)]
    [InlineData("windows", """{"ticks":[{"symbol":"A","time":20000,"price":1},{"symbol":"A","time":1,"price":1}],"lateness_ms":0}""", 0.5)]
    public async Task The_share_of_what_was_given_is_stated(string route, string body, double coverage)
    {
        var json = await CalculateAsync(route, body.Replace("@", Moves, StringComparison.Ordinal).Replace("#", Few, StringComparison.Ordinal));
        Assert.Equal(coverage, json.GetProperty("coverage").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Funds_without_weights_have_no_share()
    {
        var json = await CalculateAsync("look-through", """{"positions":{"F":100,"X":-100},"funds":{"F":{"A":0.5}}}""");
        Assert.Equal((JsonValueKind.Null, "not_applicable"), (json.GetProperty("coverage").ValueKind, json.GetProperty("reasons").GetProperty("coverage").GetString()));
    }

    [Fact]
    public async Task Days_on_both_sides_of_one_without_a_forecast_do_not_follow_each_other()
    {
        // Windows of 50 of which more than a third are the 30 days of rest have no t.
        var returns = Market.Returns("AAA");
        var json = await CalculateAsync("backtest", $$$"""
            {"tail_probability":0.1,"walk_forward":{"returns":{{{Text([.. returns[..80], .. new double[30], .. returns[80..200]])}}},"method":"student_t","window":50}}
            """);
        var known = json.GetProperty("forecasts").GetProperty("var").EnumerateArray().Select(x => x.ValueKind != JsonValueKind.Null).ToArray();
        var (tested, pairs) = (known.Count(x => x), known.Zip(known[1..], (a, b) => a && b).Count(x => x));
        Assert.InRange(json.GetProperty("days_without_forecast").GetInt32(), 10, 100);
        Assert.Equal(tested - 2, pairs);
        Assert.Equal((tested, pairs), (json.GetProperty("T").GetInt32(), ((string[])["n00", "n01", "n10", "n11"]).Sum(x => json.GetProperty(x).GetInt32())));
        Assert.Equal((double)tested / known.Length, json.GetProperty("coverage").GetDouble(), 1e-15);
        Assert.Equal("did_not_converge", json.GetProperty("reasons").GetProperty("forecasts").GetString());
    }

    [Fact]
    public async Task A_backtest_says_how_far_its_rates_and_its_shortfall_are_off()
    {
        var json = await CalculateAsync("backtest", """{"tail_probability":0.05,"pnl":[1,-3,-4,1,1,-3,1,1],"var":[2,2,2,2,2,2,2,2],"es":[2.5,2.5,2.5,2.5,2.5,2.5,2.5,2.5]}""");
        double[] terms = [0, 1.2, 1.6, 0, 0, 1.2, 0, 0];
        VarEndpointsTests.Near(Math.Sqrt(terms.Sum(x => Math.Pow(x - 0.5, 2)) / 7 / 8) / 0.05, json, "z2_standard_error");
        // Two of four days without an exceedance had one after them, one of three days with one. Limits: the beta quantiles of R's qbeta.
        var (after0, after1) = (json.GetProperty("pi01_interval"), json.GetProperty("pi11_interval"));
        Assert.Equal((0.067586, 0.932414), (Math.Round(after0.GetProperty("low").GetDouble(), 6), Math.Round(after0.GetProperty("high").GetDouble(), 6)));
        Assert.Equal((0.008404, 0.905701), (Math.Round(after1.GetProperty("low").GetDouble(), 6), Math.Round(after1.GetProperty("high").GetDouble(), 6)));
    }
}
