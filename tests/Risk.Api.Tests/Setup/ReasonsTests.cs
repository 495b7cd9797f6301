using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Risk.Api.Tests.Setup;

/// <summary>What an answer does not know it does not leave unsaid: every null has a reason.</summary>
public sealed class ReasonsTests
{
    /// <summary>Words in the bodies that stand for series: of 60 moves, of five, and of 60 that stand still; prices of the first two.</summary>
    private static readonly Dictionary<string, string> Series = new()
    {
        ["MOVES"] = Moves(60, 0.01, 1),
        ["OTHERS"] = Moves(60, 0.02, 2),
        ["FEW"] = Moves(5, 0.01, 3),
        ["STILL"] = Moves(60, 0, 4),
        ["PRICES"] = Prices(60),
        ["FEWPRICES"] = Prices(5),
        ["FLATPRICES"] = $"[{string.Join(',', Enumerable.Repeat("100", 60))}]",
    };

    [Fact]
    public async Task Every_null_in_the_example_of_a_calculator_and_in_its_answer_has_a_reason()
    {
        await using var host = await ApiHost.StartAsync();
        var paths = (await host.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        var (faults, asked) = (new List<string>(), 0);
        foreach (var path in paths.EnumerateObject().Where(x => x.Name.Contains("calculate", StringComparison.Ordinal)))
        {
            var operation = path.Value.GetProperty("post");
            var reply = await host.PostAsync(path.Name, Media(operation.GetProperty("requestBody")).GetProperty("example").GetRawText());
            Assert.True(reply.Status == 200, $"{path.Name} {reply.Text}");
            asked++;
            faults.AddRange(NullCheck.FaultsOf(reply.Json).Select(x => $"{path.Name} {x}"));
            faults.AddRange(NullCheck.FaultsOf(Media(operation.GetProperty("responses").GetProperty("200")).GetProperty("example")).Select(x => $"{path.Name} example {x}"));
        }
        Assert.Equal(11, asked);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("volatility", """{"method":"sample","returns":MOVES}""")]
    [InlineData("volatility", """{"method":"sample","returns":FEW}""")]
    [InlineData("volatility", """{"method":"ewma","returns":FEW}""")]
    [InlineData("volatility", """{"method":"ewma","returns":STILL}""")]
    [InlineData("volatility", """{"method":"garch_fit","returns":FEW}""")]
    [InlineData("volatility", """{"method":"garch_fit","returns":MOVES}""")]
    [InlineData("volatility", """{"method":"garch_fit","returns":STILL}""")]
    [InlineData("volatility", """{"method":"garch_filter","returns":STILL,"garch":{"omega":1e-6,"alpha":0.1,"beta":0.8}}""")]
    [InlineData("volatility", """{"method":"garch_filter","returns":FEW,"garch":{"omega":1e-6,"alpha":0.5,"beta":0.8}}""")]
    [InlineData("volatility", """{"method":"covariance","returns":{"A":MOVES,"B":STILL}}""")]
    [InlineData("volatility", """{"method":"correlation","returns":{"A":FEW,"B":FEW},"weights":[1,1]}""")]
    [InlineData("performance", """{"returns":FEW,"benchmark_returns":FEW,"concentration":{"weights":[1]}}""")]
    [InlineData("performance", """{"returns":STILL,"benchmark_returns":STILL}""")]
    [InlineData("performance", """{"returns":MOVES}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"exceedance_sequence":[0,1,1,0,0]}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"exceedance_sequence":[1]}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"exceedance_sequence":[1,1]}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"pnl":[1,2,3],"var":[1,1,1]}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"pnl":[1,2,3],"var":[1,1,1],"es":[2,2,2]}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"pnl":[-4],"var":[1],"es":[2]}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":MOVES,"window":30}}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":MOVES,"window":30,"es":"beyond_var","quantile":"kth_worst"}}""")]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":STILL,"window":30}}""")]
    [InlineData("backtest", """{"tail_probability":0.05,"walk_forward":{"returns":MOVES,"window":50,"method":"filtered_garch"}}""")]
    [InlineData("options", """{"spot":100,"r":0.05,"columns":["K","T","vol","type","quantity"],"rows":[[105,0.25,0.2,"C",1]],"underlying_prices_history":FEWPRICES}""")]
    [InlineData("options", """{"spot":100,"r":0.05,"columns":["K","T","vol","type","quantity"],"rows":[[105,0.25,0.2,"C",1]],"underlying_prices_history":FLATPRICES,"daily_vol_underlying":0.01}""")]
    [InlineData("options", """{"spot":100,"r":0.05,"columns":["K","T","vol","type","quantity"],"rows":[[105,0,0.2,"C",1]],"underlying_prices_history":PRICES}""")]
    [InlineData("implied-volatility", """{"spot":100,"r":0.05,"columns":["K","T","type","price"],"rows":[[105,0.25,"C",101],[105,0.25,"P",0.01],[105,0,"C",1],[100,1,"C",9]]}""")]
    [InlineData("look-through", """{"positions":{"F":100,"X":-100},"funds":{"F":{"A":0.5}}}""")]
    [InlineData("windows", """{"ticks":[{"symbol":"A","time":1767623402500,"price":1}]}""")]
    [InlineData("fx", """{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":1}],"local_prices":{"A":FEWPRICES},"confidence":0.9}""")]
    [InlineData("fx", """{"base":"USD","positions":[{"symbol":"A","currency":"USD","quantity":1}],"local_prices":{"A":FLATPRICES},"confidence":[0.99,0.9999]}""")]
    public Task Every_null_of_a_calculator_has_a_reason(string route, string body) => MustBeExplained($"/api/v1/calculate/{route}", body);

    [Theory]
    [InlineData("""{"objective":"min_variance","returns":{"A":FEW,"B":FEW},"points":3}""")]
    [InlineData("""{"objective":"max_sharpe","returns":{"A":FEW,"B":FEW},"targets":[0.01,0.02]}""")]
    [InlineData("""{"objective":"hrp","returns":{"A":FEW,"B":FEW}}""")]
    [InlineData("""{"objective":"hrp","returns":{"A":STILL,"B":MOVES}}""")]
    [InlineData("""{"objective":"min_cvar","returns":{"A":FEW,"B":FEW}}""")]
    [InlineData("""{"objective":"min_cvar","returns":{"A":MOVES,"B":OTHERS},"target_mean_return":1}""")]
    [InlineData("""{"objective":"min_cvar","returns":{"A":MOVES,"B":OTHERS},"confidence":0.99}""")]
    [InlineData("""{"objective":"min_cvar","returns":{"A":STILL,"B":STILL}}""")]
    [InlineData("""{"objective":"black_litterman","returns":{"A":FEW,"B":FEW},"market_weights":[0.5,0.5],"delta":2.5,"tau":0.05}""")]
    [InlineData("""{"objective":"black_litterman","returns":{"A":MOVES,"B":OTHERS},"market_weights":[0.5,0.5],"delta":2.5,"tau":0.05,"P":[[1,-1]],"Q":[0.01]}""")]
    [InlineData("""{"objective":"black_litterman","covariance":[[1,0],[0,1]],"market_weights":[0.5,0.5],"delta":2.5,"tau":0.05,"P":[[1,0],[1,0]],"Q":[0.1,0.2],"omega_diag":[0,0]}""")]
    [InlineData("""{"objective":"min_variance","covariance":[[1,0],[0,1]]}""")]
    [InlineData("""{"objective":"min_variance","covariance":[[1,0],[0,1]],"lower":0.9,"upper":0.95,"expected_returns":[0.1,0.2],"points":4}""")]
    [InlineData("""{"objective":"target_return","covariance":[[1,0],[0,1]],"expected_returns":[0.1,0.2],"target_return":9,"targets":[0.15,7]}""")]
    [InlineData("""{"objective":"max_sharpe","covariance":[[1,0],[0,1]],"expected_returns":[0.1,0.2],"risk_free":1}""")]
    [InlineData("""{"objective":"risk_parity","returns":{"A":MOVES,"B":OTHERS}}""")]
    [InlineData("""{"objective":"max_sharpe","returns":{"A":MOVES,"B":OTHERS},"expected_returns":[0.1,0.2],"points":2}""")]
    [InlineData("""{"objective":"min_variance","returns":{"A":STILL,"B":STILL},"points":2}""")]
    public Task Every_null_of_an_allocation_has_a_reason(string body) => MustBeExplained("/api/v1/calculate/allocation", body);

    [Theory]
    [InlineData("""{"positions":{"A":1},"returns":{"A":FEW},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"returns":{"A":STILL,"B":STILL},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"returns":{"A":MOVES,"B":OTHERS},"confidence":0.9999,"es":"beyond_var","components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"delta_normal","covariance":[[1,0],[0,1]],"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"monte_carlo_normal","covariance":[[1,0],[0,1]],"paths":1000}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"parametric_normal","returns":{"A":STILL,"B":STILL},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"student_t","returns":{"A":STILL,"B":STILL},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"student_t","degrees_of_freedom":3,"returns":{"A":MOVES,"B":OTHERS},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"cornish_fisher","returns":{"A":STILL,"B":STILL},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"filtered_garch","returns":{"A":STILL,"B":STILL},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"filtered_garch","returns":{"A":MOVES,"B":OTHERS},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"volatility_scaled","returns":{"A":STILL,"B":MOVES},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"method":"age_weighted","returns":{"A":MOVES,"B":OTHERS},"components":true}""")]
    [InlineData("""{"positions":{"A":1,"B":2},"horizon_days":5,"horizon_method":"overlapping","returns":{"A":MOVES,"B":OTHERS},"components":true}""")]
    public Task Every_null_of_a_var_has_a_reason(string body) => MustBeExplained("/api/v1/calculate/var", body);

    [Theory]
    [InlineData("""{"prices":FEWPRICES}""")]
    [InlineData("""{"prices":FLATPRICES,"components":true}""")]
    [InlineData("""{"prices":PRICES,"method":"parametric_normal","confidence":0.9,"components":true}""")]
    [InlineData("""{"prices":PRICES,"confidence":0.9999}""")]
    public Task Every_null_of_the_var_of_prices_has_a_reason(string body) => MustBeExplained("/var/calculate", body);

    [Theory]
    [InlineData("""{"a":null}""", "/a")]
    [InlineData("""{"a":null,"reasons":{}}""", "/a")]
    [InlineData("""{"a":null,"reasons":{"a":"x"}}""")]
    [InlineData("""{"a":[{"b":null},{"b":null}],"reasons":{"a/b":"x"}}""")]
    [InlineData("""{"a":[{"b":null},{"b":null}],"reasons":{"a/1/b":"x"}}""", "/a/0/b")]
    [InlineData("""{"a":[null],"c":{"d":null},"reasons":{"a":"x","c.d":"y"}}""")]
    [InlineData("""{"a":{"b":null,"reasons":{}},"reasons":{"a":"x","a/b":"x","b":"x"}}""", "/a/b")]
    [InlineData("""{"ab":null,"reasons":{"a":"x"}}""", "/ab")]
    public void A_null_without_a_reason_is_found(string answer, params string[] faults) => Assert.Equal(faults, NullCheck.FaultsOf(JsonDocument.Parse(answer).RootElement));

    private static async Task MustBeExplained(string route, string body)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var (word, numbers) in Series.OrderByDescending(x => x.Key.Length)) body = body.Replace(word, numbers, StringComparison.Ordinal);
        var reply = await host.PostAsync(route, body);
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Empty(NullCheck.FaultsOf(reply.Json));
    }

    private static JsonElement Media(JsonElement body) => body.GetProperty("content").GetProperty("application/json");

    private static string Moves(int count, double size, int seed)
    {
        var random = new Random(seed);
        return $"[{string.Join(',', Enumerable.Range(0, count).Select(_ => (size * (random.NextDouble() - 0.5)).ToString("R", CultureInfo.InvariantCulture)))}]";
    }

    private static string Prices(int count)
    {
        var random = new Random(count);
        return $"[{string.Join(',', Enumerable.Range(0, count).Select(_ => (100 + random.NextDouble()).ToString("R", CultureInfo.InvariantCulture)))}]";
    }
}
