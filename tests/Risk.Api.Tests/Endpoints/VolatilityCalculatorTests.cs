using System.Text.Json;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

/// <summary>The standard errors beside volatilities, covariances and correlations.</summary>
public sealed class VolatilityCalculatorTests
{
    private static readonly double[] Returns = Market.Returns("AAA");

    [Theory]
    [InlineData("""{"method":"sample","prices":{"A":@}}""", "sample")]
    [InlineData("""{"method":"ewma","returns":{"A":@}}""", "ewma")]
    public async Task Every_figure_of_a_series_has_its_own(string body, string group)
    {
        var result = (await CalculateAsync(body.Replace("@", Text([.. Returns.Select((_, t) => 100 * Math.Exp(Returns[..(t + 1)].Sum()))]), StringComparison.Ordinal))).GetProperty("results")[0];
        var (figures, errors) = (result.GetProperty(group), result.GetProperty(group).GetProperty("standard_errors"));
        Assert.Equal(figures.EnumerateObject().Select(x => x.Name).Where(x => x != "standard_errors"), errors.EnumerateObject().Select(x => x.Name));
        Assert.All(errors.EnumerateObject(), x => Assert.NotEqual(JsonValueKind.Null, x.Value.ValueKind));
        Assert.Equal("{}", result.GetProperty("reasons").GetRawText());
    }

    [Fact]
    public async Task Errors_of_a_year_are_those_of_a_day_by_the_root_and_of_a_root_half_of_the_square()
    {
        var sample = (await ErrorsAsync("""{"method":"sample","returns":@,"periods_per_year":100}""", "sample")).Errors;
        Assert.Equal(10 * Number(sample, "daily_vol_simple"), Number(sample, "annual_vol_simple"), 1e-12);
        var errors = (await ErrorsAsync("""{"method":"ewma","returns":@,"periods_per_year":100}""", "ewma")).Errors;
        Assert.Equal(10 * Number(errors, "vol_recursive_last"), Number(errors, "annual_vol_recursive_last"), 1e-12);
        var level = Returns.Average(r => r * r);
        foreach (var (variance, volatility) in (ReadOnlySpan<(string, string)>)[("variance_recursive_last", "vol_recursive_last"), ("variance_normalised_weights", "vol_normalised_weights")])
            Assert.Equal(Number(errors, variance) / level / 2, Number(errors, volatility) / Math.Sqrt(level), 1e-12);
        // The first forecast rests on one return alone, at the level of all.
        double[] first = [.. errors.GetProperty("variance_recursive_first5").EnumerateArray().Select(x => x.GetDouble())];
        double[] squares = [.. Returns.Select(r => r * r)];
        var spread = Math.Sqrt(squares.Average(x => x * x) / Math.Pow(squares.Average(), 2) - 1);
        Assert.Equal(spread * level, first[0], 1e-12);
        Assert.Equal(spread * level * Math.Sqrt(0.06 / 1.94), Number(errors, "variance_recursive_last"), 1e-3 * Number(errors, "variance_recursive_last"));
    }

    [Fact]
    public async Task The_benchmark_has_its_published_errors()
    {
        var golden = GoldenBodies.Read("01_garch11_fit");
        var json = await CalculateAsync(GoldenBodies.Of(golden, ("method", "garch_fit")).Renamed("returns_percent", "returns").ToJsonString());
        var fit = json.GetProperty("results")[0].GetProperty("garch_fit");
        var errors = fit.GetProperty("standard_errors");
        // Brooks, Burke and Persand (2001); to more digits in the benchmarks of TSP.
        foreach (var (name, published) in (ReadOnlySpan<(string, double)>)[("mu", 0.00918935), ("omega", 0.00649319), ("alpha", 0.0535317), ("beta", 0.0724614)])
            Assert.Equal(published, Number(errors, name), 1e-4 * published);
        Assert.Equal(Math.Sqrt(252) * Number(errors, "next_day_sigma"), Number(errors, "annual_sigma"), 1e-12);
        Assert.InRange(Number(errors, "next_day_sigma") / Number(fit, "next_day_sigma"), 0.01, 0.2);
        Assert.Equal("[]", json.GetProperty("results")[0].GetProperty("flags").GetRawText());
    }

    [Fact]
    public async Task A_fit_at_the_boundary_is_flagged_and_has_none()
    {
        // Alternating moves of one size: no shock tells anything of the next.
        var body = $$"""{"method":"garch_fit","returns":{{Text([.. Enumerable.Range(0, 200).Select(t => (t % 2 == 0 ? 1 : -1) * (1 + t % 7 * 0.1))])}}}""";
        var result = (await CalculateAsync(body)).GetProperty("results")[0];
        Assert.Equal("""["at_boundary"]""", result.GetProperty("flags").GetRawText());
        Assert.NotEqual(JsonValueKind.Null, result.GetProperty("garch_fit").GetProperty("alpha").ValueKind);
        MustBeMissing(result, "garch_fit", "mu", "omega", "alpha", "beta", "next_day_sigma", "annual_sigma");
    }

    [Fact]
    public async Task Given_parameters_have_none()
    {
        var json = await CalculateAsync($$$"""{"method":"garch_filter","returns":{{{Text(Returns)}}},"garch":{"omega":1e-6,"alpha":0.1,"beta":0.85}}""");
        Assert.Contains("known", json.GetProperty("conventions").GetProperty("standard_errors").GetString(), StringComparison.Ordinal);
        MustBeMissing(json.GetProperty("results")[0], "garch_filter", "variance_first5_h1_to_h5", "variance_next_h_n_plus_1", "sigma_next", "annual_sigma");
    }

    [Fact]
    public async Task A_matrix_of_one_and_its_portfolio_have_those_of_the_series()
    {
        var sample = (await ErrorsAsync("""{"method":"sample","returns":@}""", "sample")).Errors;
        var matrix = (await CalculateAsync($$$"""{"method":"covariance","returns":{"A":{{{Text(Returns)}}},"B":{{{Text(Market.Returns("BBB"))}}}},"weights":[-2,0]}""")).GetProperty("matrix");
        var errors = matrix.GetProperty("standard_errors");
        var (own, volatility) = (Number(sample, "daily_vol_simple"), Number(matrix, "daily_vol") / 2);
        Assert.Equal(2 * own, Number(errors, "daily_vol"), 1e-12);
        Assert.Equal(2 * own * Math.Sqrt(252), Number(errors, "annual_vol"), 1e-12);
        Assert.Equal(2 * own * volatility, errors.GetProperty("covariance_daily")[0][0].GetDouble(), 0.01 * own * volatility);
        Assert.Equal((0, 0), (errors.GetProperty("correlation")[1][1].GetDouble(), errors.GetProperty("vol_contribution")[1].GetDouble()));
        Assert.Equal(2 * own, errors.GetProperty("vol_contribution")[0].GetDouble(), 0.01 * own);
        Assert.Equal("{}", matrix.GetProperty("reasons").GetRawText());
        var bare = (await CalculateAsync($$$"""{"method":"correlation","returns":{"A":{{{Text(Returns)}}},"B":{{{Text([.. Returns.Select(_ => 0.01)])}}}}}""")).GetProperty("matrix");
        Assert.Equal("[[0,null],[null,null]]", bare.GetProperty("standard_errors").GetProperty("correlation").GetRawText());
        foreach (var name in (string[])["correlation", "daily_vol", "annual_vol", "vol_contribution"])
            Assert.Equal("not_applicable", bare.GetProperty("reasons").GetProperty($"standard_errors/{name}").GetString());
    }

    private static void MustBeMissing(JsonElement result, string group, params string[] names)
    {
        Assert.Equal(names, result.GetProperty(group).GetProperty("standard_errors").EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Null).Select(x => x.Name));
        Assert.All(names, name => Assert.Equal("not_applicable", result.GetProperty("reasons").GetProperty($"{group}/standard_errors/{name}").GetString()));
    }

    private static async Task<(JsonElement Figures, JsonElement Errors)> ErrorsAsync(string body, string group)
    {
        var figures = (await CalculateAsync(body.Replace("@", Text(Returns), StringComparison.Ordinal))).GetProperty("results")[0].GetProperty(group);
        return (figures, figures.GetProperty("standard_errors"));
    }

    private static double Number(JsonElement block, string name) => block.GetProperty(name).GetDouble();

    private static string Text(double[] values) => $"[{string.Join(',', values.Select(x => x.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]";

    private static Task<JsonElement> CalculateAsync(string body) => Calculator.CalculateAsync("volatility", body);
}
