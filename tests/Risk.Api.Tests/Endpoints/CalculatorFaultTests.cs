using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class CalculatorFaultTests
{
    [Theory]
    [InlineData("volatility", """{"method":"jump","returns":{"A":[1,"x"],"B/C":[1,2,1e999]},"lambda":0,"colour":1}""", "/colour /method /returns/A/1 /returns/B~1C/2 /returns/B~1C /lambda")]
    [InlineData("volatility", """{"method":"garch_filter","prices":[1,-2],"returns":[1],"weights":[1],"garch":{"omega":-1,"gamma":2}}""", "/returns /prices/1 /garch/gamma /garch/alpha /garch/beta /garch/omega /weights")]
    [InlineData("volatility", """{"method":"sample","garch":{"omega":1,"alpha":0,"beta":0}}""", "/returns /garch")]
    [InlineData("performance", """{"returns":[0.1,-1.5],"benchmark_returns":[1],"dates":["2026-01-02","2026-01-02"],"risk_free_annual":"six"}""", "/returns/1 /benchmark_returns /risk_free_annual /dates/1")]
    [InlineData("performance", """{"concentration":{"weights":[1,null],"benchmark_weights":[1],"covariance_daily":[[1,2],[3,4],[5,6]],"top":[1.5]}}""", "/concentration/weights/1 /concentration/covariance_daily/0 /concentration/covariance_daily/1 /concentration/covariance_daily/2 /concentration/covariance_daily /concentration/benchmark_weights /concentration/top/0")]
    [InlineData("performance", "{}", "/returns")]
    [InlineData("backtest", """{"exceedance_sequence":[0,2,"x"],"pnl":[1],"es":[0]}""", "/tail_probability /pnl /exceedance_sequence/1 /exceedance_sequence/2 /var /es/0")]
    [InlineData("backtest", """{"tail_probability":0.6,"walk_forward":{"returns":[0.1],"method":"oracle","window":5,"paths":1}}""", "/tail_probability /walk_forward/paths /walk_forward/method /walk_forward/window /walk_forward/returns")]
    [InlineData("backtest", """{"tail_probability":0.01,"var":[1],"walk_forward":{"returns":[0.1,0.2],"method":"monte_carlo_t","lambda":0.9}}""", "/var /walk_forward/returns /walk_forward/degrees_of_freedom /walk_forward/lambda")]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":[0.1],"method":"filtered_garch","window":49,"degrees_of_freedom":1,"es":"operational"}}""", "/walk_forward/window /walk_forward/returns /walk_forward/degrees_of_freedom /walk_forward/es /walk_forward/degrees_of_freedom")]
    [InlineData("options", """{"columns":["K","T","vol","type","delta","K"],"rows":[[100,-1,0.2,"X",1,1],[0,1,0.2,"C"]],"r":200}""", "/columns/4 /columns/5 /rows/1 /rows/1/0 /rows/0/1 /spot /r /rows/0/3")]
    [InlineData("options", """{"spot":100,"columns":["K","T","vol","type","quantity","r"],"rows":[[100,1,0.2,"C",1,0]],"T":1}""", "/T /columns")]
    [InlineData("options", """{"spot":100,"columns":["K","T","vol","type"],"rows":[[100,1,0.2,"C"]],"daily_vol_underlying":0.01}""", "/daily_vol_underlying")]
    [InlineData("implied-volatility", """{"spot":100,"vol":0.2,"columns":["K","type"],"rows":[[100,"C"]],"T":500,"r":1}""", "/vol /price /rows/0")]
    [InlineData("allocation", """{"objective":"risk_parity","covariance":[[1,0.5],[0.4,1]],"lower":0}""", "/lower /covariance/1/0")]
    [InlineData("allocation", """{"objective":"max_sharpe","covariance":[[1]],"returns":{"A":[1]},"points":0,"targets":[1]}""", "/returns /points /expected_returns")]
    [InlineData("allocation", """{"objective":"min_cvar","covariance":[[1]],"confidence":2,"unconstrained":true,"upper":1}""", "/covariance /upper /confidence")]
    [InlineData("allocation", """{"objective":"black_litterman","volatility":[0.1,0.2],"delta":0,"P":[[1]],"Q":[0.1,0.2],"omega_diag":[-1]}""", "/correlation /market_weights /tau /P/0 /Q /omega_diag/0 /delta")]
    [InlineData("allocation", """{"objective":"risk_budget","covariance":[[1,0],[0,1]],"assets":["A"]}""", "/risk_budget /assets")]
    [InlineData("allocation", """{"objective":"hrp","covariance":[[1,0,0],[0,1,0],[0,0,1]],"assets":["A","B","A"]}""", "/assets/2")]
    [InlineData("allocation", """{"objective":"luck"}""", "/objective /covariance")]
    [InlineData("look-through", """{"positions":{"A B":1,"tcs":1,"TCS":2},"funds":{"F":{"A":"x"},"G":[]},"sectors":{"A":1}}""", "/positions/A B /positions/TCS /funds/F/A /funds/G /sectors/A")]
    [InlineData("look-through", """{"positions":{"F":1},"funds":{"F":{"G":0.5},"G":{"F":0.5}}}""", "/funds/F")]
    [InlineData("windows", """{"ticks":[{"symbol":"A","time":"noon","price":0,"volume":-1,"bid":1},{"price":1e999},7],"window_ms":0,"lateness_ms":-1}""", "/window_ms /lateness_ms /ticks/0/bid /ticks/0/price /ticks/0/volume /ticks/0/time /ticks/1/symbol /ticks/1/time /ticks/1/price /ticks/2")]
    [InlineData("fx", """{"base":"dollar","positions":[{"symbol":"A","currency":"EUR"},{"symbol":"B","currency":"CHF","quantity":1}],"local_prices":{"A":[1,0]},"fx_base_per_unit":{"EUR":[1],"EURO":[1,2]},"confidence":[0.3]}""", "/base /local_prices/A/1 /fx_base_per_unit/EURO /positions/0/quantity /positions/1/symbol /positions/1/currency /fx_base_per_unit/EUR /confidence/0")]
    [InlineData("fx", """{"base":"usd","positions":[{"symbol":"A","currency":"EUR","quantity":1}],"local_prices":{"A":[1,2],"B/C":[1,2]},"fx_base_per_unit":{"EUR":[1,2],"usd":[1,2],"CHF":[1,2]}}""", "/local_prices/B~1C /fx_base_per_unit/usd /fx_base_per_unit/CHF")]
    public async Task Every_fault_of_a_body_is_named(string route, string body, string pointers)
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(pointers, string.Join(' ', (await host.PostAsync($"/api/v1/calculate/{route}", body)).MustBeProblem(400).Pointers));
    }

    [Theory]
    [InlineData("volatility", """{"method":"sample","returns":[#20001:0.01#]}""", "/returns", "20000")]
    [InlineData("volatility", """{"method":"garch_fit","returns":[#10001:0.01#]}""", "/returns", "10000")]
    [InlineData("performance", """{"returns":[#20001:0.01#]}""", "/returns", "20000")]
    [InlineData("performance", """{"concentration":{"weights":[#10001:1#]}}""", "/concentration/weights", "10000")]
    [InlineData("backtest", """{"tail_probability":0.01,"exceedance_sequence":[#20001:0#]}""", "/exceedance_sequence", "20000")]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":[#5001:0.01#]}}""", "/walk_forward/returns", "5000")]
    [InlineData("backtest", """{"tail_probability":0.01,"walk_forward":{"returns":[#5000:0.01#],"method":"student_t","window":1000}}""", "/walk_forward/returns", "500000")]
    [InlineData("options", """{"spot":1,"T":1,"vol":0.2,"columns":["K","type"],"rows":[#20001:[1,"C"]#]}""", "/rows", "20000")]
    [InlineData("options", """{"spot":1,"T":1,"vol":0.2,"columns":["K","type","quantity"],"rows":[#201:[1,"C",1]#]}""", "/rows", "200")]
    [InlineData("options", """{"spot":1,"T":1,"vol":0.2,"columns":["K","type","quantity"],"rows":[[1,"C",1]],"underlying_prices_history":[#5001:1#]}""", "/underlying_prices_history", "5000")]
    [InlineData("options", """{"spot":1,"T":1,"vol":0.2,"columns":["K","type","quantity"],"rows":[[1,"C",1]],"confidence":[#21:0.95#]}""", "/confidence", "20")]
    [InlineData("implied-volatility", """{"spot":1,"T":1,"price":0.5,"columns":["K","type"],"rows":[#20001:[1,"C"]#]}""", "/rows", "20000")]
    [InlineData("allocation", """{"objective":"hrp","covariance":[#101:[1]#]}""", "/covariance", "100")]
    [InlineData("allocation", """{"objective":"min_variance","covariance":[[1]],"expected_returns":[1],"targets":[#51:1#]}""", "/targets", "50")]
    [InlineData("allocation", """{"objective":"min_cvar","returns":{"A":[#20000:0#],"B":[#20000:0#],"C":[#20000:0#],"D":[#20000:0#],"E":[#20000:0#],"F":[#20000:0#],"G":[#20000:0#],"H":[#20000:0#],"I":[#20000:0#],"J":[#20000:0#],"K":[#20000:0#],"L":[#20000:0#],"M":[#20000:0#],"N":[#20000:0#],"O":[#20000:0#],"P":[#20000:0#]}}""", "/returns", "5000000")]
    [InlineData("windows", """{"ticks":[#20001:1#]}""", "/ticks", "20000")]
    [InlineData("fx", """{"base":"USD","positions":[#501:1#],"local_prices":{"A":[1]}}""", "/positions", "500")]
    public async Task What_goes_beyond_a_limit_is_refused_with_the_limit_named(string route, string pattern, string place, string limit)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = (await host.PostAsync($"/api/v1/calculate/{route}", Repeated(pattern))).MustBeProblem(400);
        var fault = reply.Json.GetProperty("errors").EnumerateArray().First(x => x.GetProperty("pointer").GetString() == place);
        Assert.Contains($"the limit is {limit}.", fault.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_series_funds_and_holdings_are_refused_with_the_limit_named()
    {
        await using var host = await ApiHost.StartAsync();
        static string Map(int count, Func<int, string> of) => $$"""{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"S{i}\":{of(i)}"))}}}""";
        foreach (var (route, body, said) in ((string, string, string)[])[
            ("volatility", $$"""{"method":"sample","returns":{{Map(201, _ => "[1]")}}}""", "201 series are given; the limit is 200."),
            ("look-through", $$"""{"positions":{"A":1},"funds":{{Map(101, _ => "{}")}}}""", "101 funds are given; the limit is 100."),
            ("look-through", $$"""{"positions":{"A":1},"funds":{{Map(99, i => i == 0 ? Map(800, _ => "0.001") : """{"X":1}""")}}}""", "79299 funds × distinct holdings are given; the limit is 75000.")])
            Assert.Contains(said, (await host.PostAsync($"/api/v1/calculate/{route}", body)).MustBeProblem(400).Json.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_very_many_faults_the_first_are_listed_and_all_are_counted()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = (await host.PostAsync("/api/v1/calculate/performance", Repeated("""{"returns":[#2000:"x"#]}"""))).MustBeProblem(400);
        Assert.Equal(1_000, reply.Pointers.Length);
        Assert.Contains("2000 faults", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    public async Task What_is_no_object_is_refused(string body, int status)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var route in (string[])["volatility", "performance", "backtest", "options", "implied-volatility", "allocation", "look-through", "windows", "fx"])
            Assert.Equal([""], (await host.PostAsync($"/api/v1/calculate/{route}", body)).MustBeProblem(status).Pointers);
    }

    [Fact]
    public async Task A_body_above_4_MB_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        (await host.PostAsync("/api/v1/calculate/fx", new string(' ', 4 * 1024 * 1024 + 1))).MustBeProblem(413);
    }

    /// <summary>Writes <c>#3:x#</c> as <c>x,x,x</c>.</summary>
    private static string Repeated(string pattern)
    {
        var parts = pattern.Split('#');
        for (var i = 1; i < parts.Length; i += 2)
            if (parts[i].Split(':', 2) is [var count, var text]) parts[i] = string.Join(',', Enumerable.Repeat(text, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)));
        return string.Concat(parts);
    }
}
