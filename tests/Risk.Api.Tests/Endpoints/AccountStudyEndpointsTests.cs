using System.Text.Json;
using Risk.Api.Tests.Setup;
using Risk.Application.Stores;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class AccountStudyEndpointsTests
{
    private const string Backtest = "/api/v1/risk/default/backtest";
    private const string Optimise = "/api/v1/risk/default/optimise";
    private const string Book = """{"cash":100,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90},{"symbol":"BBB","quantity":5,"average_cost":80}]}""";

    private static double[] Pnl =>
        [.. Market.Returns("AAA").Zip(Market.Returns("BBB"), (a, b) => a * 10 * Market.Closes("AAA")[^1] + b * 5 * Market.Closes("BBB")[^1])];

    [Fact]
    public async Task A_walk_sees_only_the_days_before_and_counts_what_a_plain_sort_counts()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var json = (await host.GetAsync($"{Backtest}?days=150&window_days=100&confidence=0.95")).Json;
        var walk = json.GetProperty("walk_forward");
        var pnl = Pnl[49..];
        var exceeded = Enumerable.Range(100, 150).Select(t => pnl[t] < -Market.Var(pnl[(t - 100)..t], 0.95)).ToArray();
        Assert.Equal((150, exceeded.Count(x => x), 7.5), (walk.GetProperty("days").GetInt32(), walk.GetProperty("exceedances").GetInt32(), Math.Round(walk.GetProperty("expected_exceedances").GetDouble(), 9)));
        Assert.Equal(exceeded, walk.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("exceeded").GetBoolean()));
        Assert.Equal(("2025-05-31", "2025-10-27"), (walk.GetProperty("from").GetString(), walk.GetProperty("to").GetString()));
        Assert.Equal(Market.Var(pnl[100..200], 0.95), walk.GetProperty("timeline")[100].GetProperty("var").GetDouble(), 1e-6);
        var (x, n, p) = ((double)exceeded.Count(y => y), 150.0, 0.05);
        Assert.Equal(2 * (x * Math.Log(x / n / p) + (n - x) * Math.Log((1 - x / n) / (1 - p))), walk.GetProperty("kupiec").GetProperty("ratio").GetDouble(), 1e-9);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("published").ValueKind);
        Assert.Equal("short_history", json.GetProperty("reasons").GetProperty("published").GetString());
    }

    [Theory]
    [InlineData("historical", "quantile=type7 es_convention=acerbi_tasche")]
    [InlineData("age_weighted", "quantile=type1 es_convention=acerbi_tasche lambda=0.98")]
    [InlineData("parametric_normal", "quantile=closed_form es_convention=closed_form mean=zero")]
    [InlineData("student_t", "quantile=closed_form es_convention=closed_form refit_days=21")]
    [InlineData("monte_carlo_t&degrees_of_freedom=5", "quantile=type7 es_convention=acerbi_tasche degrees_of_freedom=5 mean=zero paths=100000 seed=1")]
    public async Task A_walk_states_what_its_method_was_told_as_the_calculator_does(string method, string words)
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var said = (await host.GetAsync($"{Backtest}?days=1&window_days=60&method={method}")).Json.GetProperty("conventions");
        Assert.Equal(
            $"exceedance exceedance_rate_interval independence pi_interval z2_standard_error rejection_level timeline_lookback_days window=60 {words}",
            string.Join(' ', said.EnumerateObject().Select((x, i) => i < 7 ? x.Name : $"{x.Name}={x.Value}")));
    }

    [Theory]
    [InlineData("historical", 100, "thin_tail")]
    [InlineData("historical", 200, "")]
    [InlineData("student_t", 100, "")]
    public async Task A_walk_has_an_interval_of_its_rate_and_is_flagged_where_its_tail_is_thin(string method, int window, string flag)
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var walk = (await host.GetAsync($"{Backtest}?days=99&window_days={window}&confidence=0.975&method={method}")).Json.GetProperty("walk_forward");
        Assert.Equal(flag, string.Join(' ', walk.GetProperty("flags").EnumerateArray().Select(x => x.GetString())));
        var (rate, interval) = (walk.GetProperty("exceedances").GetInt32() / 99.0, walk.GetProperty("exceedance_rate_interval"));
        Assert.Equal(rate, walk.GetProperty("exceedance_rate").GetDouble(), 1e-15);
        Assert.InRange(rate, interval.GetProperty("low").GetDouble(), interval.GetProperty("high").GetDouble());
    }

    [Fact]
    public async Task A_walk_over_days_on_which_nothing_moved_says_so()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"cash":100,"positions":[]}""");
        var json = (await host.GetAsync($"{Backtest}?days=20&window_days=50&method=student_t")).Json;
        Assert.Equal(["short_history", "constant_window"], json.GetProperty("walk_forward").GetProperty("flags").EnumerateArray().Select(x => x.GetString()));
    }

    [Fact]
    public async Task A_walk_tests_the_days_for_which_the_method_has_a_forecast_and_counts_the_others()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var closes = Market.Closes("AAA");
        var csv = string.Concat(Enumerable.Range(0, Market.Days).Select(i => FormattableString.Invariant($"{new DateOnly(2025, 1, 1).AddDays(i):yyyy-MM-dd},{(i < 110 ? closes[110] : closes[i])}\n")));
        await host.PutAsync("/api/v1/market/history", $"date,AAA\n{csv}", "text/csv");
        await host.PutAsync("/api/v1/accounts/default/positions", """{"cash":0,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90}]}""", "application/json");
        var walk = (await host.GetAsync($"{Backtest}?days=199&window_days=100&method=student_t")).Json.GetProperty("walk_forward");
        // The first 11 windows never move; 67 days of 100 must, before fewer than a third are equal.
        Assert.Equal((199 - 66, 66), (walk.GetProperty("days").GetInt32(), walk.GetProperty("days_without_forecast").GetInt32()));
        var dates = walk.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("date").GetString()).ToArray();
        Assert.Equal((133, "2025-06-28"), (dates.Length, dates[11]));
        Assert.Equal("did_not_converge", walk.GetProperty("reasons").GetProperty("days_without_forecast").GetString());
        Assert.Contains("forecasts_missing", walk.GetProperty("flags").EnumerateArray().Select(x => x.GetString()));
    }

    [Theory]
    [InlineData("age_weighted", "type1 acerbi_tasche", "")]
    [InlineData("volatility_scaled", "type7 acerbi_tasche", "")]
    [InlineData("filtered_garch", "type7 acerbi_tasche", "")]
    [InlineData("parametric_normal", "closed_form closed_form", "")]
    [InlineData("student_t", "closed_form closed_form", "")]
    [InlineData("student_t", "closed_form closed_form", "&degrees_of_freedom=5")]
    [InlineData("delta_normal", "closed_form closed_form", "")]
    [InlineData("cornish_fisher", "cornish_fisher operational", "")]
    [InlineData("monte_carlo_normal", "type7 acerbi_tasche", "")]
    [InlineData("monte_carlo_t", "type7 acerbi_tasche", "&degrees_of_freedom=4.5")]
    public async Task Each_method_walks_and_says_its_conventions(string method, string conventions, string more)
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var json = (await host.GetAsync($"{Backtest}?days=150&window_days=100&method={method}{more}")).Json;
        Assert.Equal((method, 150), (json.GetProperty("method").GetString(), json.GetProperty("walk_forward").GetProperty("days").GetInt32()));
        Assert.Equal(conventions, $"{json.GetProperty("quantile").GetString()} {json.GetProperty("es_convention").GetString()}");
        Assert.NotEqual(
            (await host.GetAsync($"{Backtest}?days=150&window_days=100")).Json.GetProperty("walk_forward").GetProperty("timeline")[0].GetProperty("var").GetDouble(),
            json.GetProperty("walk_forward").GetProperty("timeline")[0].GetProperty("var").GetDouble());
    }

    [Fact]
    public async Task The_published_var_is_held_against_the_change_of_nav_of_unchanged_positions()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        (double Nav, long Positions)[] days = [(1_000, 1), (940, 1), (930, 1), (700, 2), (690, 2), (500, 2)];
        foreach (var (i, (nav, positions)) in days.Index())
        {
            var figures = new LossFigures(Figure.Of(50), Figure.Of(60), new LossInterval(40, 70), Figure.Of(5), HasThinTail: i == 0);
            var at = ApiHost.Start.AddDays(i - days.Length);
            var snapshot = (await host.Get<SnapshotStore>().FindLatestAsync(AccountId.Default, TestContext.Current.CancellationToken) ?? Example()) with
            {
                AsOf = EventTime.From(at),
                Nav = nav,
                At95 = figures,
                At99 = figures,
                Version = new SnapshotVersion(positions, 1, i),
            };
            await host.Get<SnapshotStore>().SaveAsync([snapshot], at, TestContext.Current.CancellationToken);
        }
        var published = (await host.GetAsync(Backtest)).Json.GetProperty("published");
        Assert.Equal([-60, -10, -10, -190], published.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("pnl").GetDouble()));
        Assert.Equal([true, false, false, true], published.GetProperty("timeline").EnumerateArray().Select(x => x.GetProperty("exceeded").GetBoolean()));
        // Z2 by hand: (-60/60 - 190/60)/(4 * 0.01) + 1.
        Assert.Equal((-1 - 190 / 60.0) / 0.04 + 1, published.GetProperty("z2").GetDouble(), 1e-9);
        // The day on which positions changed parts the two days before it from the two after it: one with and one without an exceedance each.
        Assert.Equal(4 * Math.Log(2), published.GetProperty("independence").GetProperty("ratio").GetDouble(), 1e-9);
        double[] terms = [100, 0, 0, 19_000 / 60.0];
        Assert.Equal(Math.Sqrt(terms.Sum(x => Math.Pow(x - terms.Average(), 2)) / 12), published.GetProperty("z2_standard_error").GetDouble(), 1e-9);
        Assert.Equal("red", published.GetProperty("zone").GetString());
        Assert.Equal(["short_history", "thin_tail"], published.GetProperty("flags").EnumerateArray().Select(x => x.GetString()));
        Assert.Contains("published,2026-01-04,-190,50,60,true,140,", (await host.GetAsync($"{Backtest}?format=csv")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_a_backtest_are_listed_and_a_short_history_has_a_reason()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        Assert.Equal(["?days", "?confidence", "?method"], (await host.GetAsync($"{Backtest}?days=0&confidence=2&method=guess")).MustBeProblem(400).Pointers);
        Assert.Equal(["?window_days"], (await host.GetAsync($"{Backtest}?days=2000&window_days=501")).MustBeProblem(400).Pointers);
        Assert.Equal(
            ["?degrees_of_freedom"],
            (await host.GetAsync($"{Backtest}?method=historical&degrees_of_freedom=5")).MustBeProblem(400).Pointers);
        Assert.Equal(["?degrees_of_freedom"], (await host.GetAsync($"{Backtest}?method=monte_carlo_t")).MustBeProblem(400).Pointers);
        Assert.Equal(["?window_days"], (await host.GetAsync($"{Backtest}?method=filtered_garch&window_days=49")).MustBeProblem(400).Pointers);
        Assert.Equal(["?days"], (await host.GetAsync($"{Backtest}?method=student_t&days=1001&window_days=500")).MustBeProblem(400).Pointers);
        var json = (await host.GetAsync($"{Backtest}?window_days=299&days=10")).Json;
        Assert.Equal("short_history", json.GetProperty("reasons").GetProperty("walk_forward").GetString());
    }

    [Fact]
    public async Task The_least_variance_of_two_is_that_of_the_closed_formula_and_its_trades_lead_there()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var json = (await host.PostAsync(Optimise, """{"objective":"min_variance","lot_size":0.001}""")).Json;
        var (a, b) = (Market.Returns("AAA"), Market.Returns("BBB"));
        double Cov(double[] x, double[] y) => x.Zip(y, (p, q) => (p - x.Average()) * (q - y.Average())).Sum() / (x.Length - 1);
        var weight = (Cov(b, b) - Cov(a, b)) / (Cov(a, a) + Cov(b, b) - 2 * Cov(a, b));
        var (valueA, valueB) = (10 * Market.Closes("AAA")[^1], 5 * Market.Closes("BBB")[^1]);
        var trade = json.GetProperty("trades")[0];
        Assert.Equal("solved", json.GetProperty("outcome").GetString());
        Assert.Equal(weight, trade.GetProperty("weight").GetDouble(), 1e-6);
        var exact = (weight * (valueA + valueB) - valueA) / Market.Closes("AAA")[^1];
        Assert.Equal(exact > 0 ? "buy" : "sell", trade.GetProperty("side").GetString());
        Assert.Equal(Math.Abs(exact), trade.GetProperty("quantity").GetDouble(), 0.0011);
        Assert.True(trade.GetProperty("quantity").GetDouble() <= Math.Abs(exact) + 1e-6);
        var (bought, sold) = (10 + Math.Sign(exact) * trade.GetProperty("quantity").GetDouble(), 5 - Math.Sign(exact) * json.GetProperty("trades")[1].GetProperty("quantity").GetDouble());
        Assert.Equal(Market.Var(a.Zip(b, (x, y) => x * bought * Market.Closes("AAA")[^1] + y * sold * Market.Closes("BBB")[^1]), 0.95), json.GetProperty("after").GetProperty("var_95").GetDouble(), 1e-6);
        Assert.Equal(Market.Var(Pnl, 0.99), json.GetProperty("before").GetProperty("var_99").GetDouble(), 1e-6);
        Assert.Equal(json.GetProperty("before").GetProperty("nav").GetDouble(), json.GetProperty("after").GetProperty("nav").GetDouble(), 1e-6);
        Assert.Equal(10, (await host.GetAsync("/api/v1/accounts/default/positions")).Json.GetProperty("positions")[0].GetProperty("quantity").GetDouble());
    }

    [Fact]
    public async Task Figures_before_and_after_say_how_far_they_are_off_and_which_were_fitted_to_their_days()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var json = (await host.PostAsync(Optimise, """{"objective":"min_variance"}""")).Json;
        var (before, portfolio) = (json.GetProperty("before"), (await host.GetAsync("/portfolio/var")).Json.GetProperty("portfolio"));
        foreach (var name in (string[])["var_95", "interval_95", "interval_99", "es_95_standard_error", "es_99_standard_error"])
            Assert.Equal(portfolio.GetProperty(name).GetRawText(), before.GetProperty(name).GetRawText());
        Assert.Equal(("[]", """["in_sample"]"""), (before.GetProperty("flags").GetRawText(), json.GetProperty("after").GetProperty("flags").GetRawText()));
        foreach (var (side, weight) in ((string, string)[])[("before", "weight_before"), ("after", "reached_weight")])
        {
            var weights = json.GetProperty("trades").EnumerateArray().Select(x => x.GetProperty(weight).GetDouble()).ToArray();
            double[] mix = [.. Market.Returns("AAA").Zip(Market.Returns("BBB"), (a, b) => weights[0] * a + weights[1] * b)];
            Assert.Equal(VolatilityErrors.Sample(mix) * Math.Sqrt(252), json.GetProperty(side).GetProperty("volatility_annual_standard_error").GetDouble(), 1e-12);
            Assert.Equal(Volatility.Sample(mix) * 252 / Math.Sqrt(mix.Length), json.GetProperty(side).GetProperty("expected_return_annual_standard_error").GetDouble(), 1e-12);
        }
        foreach (var body in (string[])["""{"objective":"max_sharpe","expected_returns":{"AAA":0.1}}""", """{"objective":"black_litterman","views":[{"positions":{"AAA":1},"return":0.1}]}"""])
        {
            var after = (await host.PostAsync(Optimise, body)).Json.GetProperty("after");
            Assert.Equal("not_applicable", after.GetProperty("reasons").GetProperty("expected_return_annual_standard_error").GetString());
            Assert.True(after.GetProperty("volatility_annual_standard_error").GetDouble() > 0);
        }
    }

    [Theory]
    [InlineData("""{"objective":"risk_parity"}""", "solved")]
    [InlineData("""{"objective":"hrp"}""", "solved")]
    [InlineData("""{"objective":"risk_budget","budgets":{"AAA":3,"BBB":1}}""", "solved")]
    [InlineData("""{"objective":"min_cvar","confidence":0.9,"bounds":{"upper":0.8}}""", "solved")]
    [InlineData("""{"objective":"max_sharpe","expected_returns":{"AAA":0.1,"BBB":0.05}}""", "solved")]
    [InlineData("""{"objective":"target_return","target_return":0.08,"expected_returns":{"AAA":0.1,"BBB":0.05}}""", "solved")]
    [InlineData("""{"objective":"target_return","target_return":0.5,"expected_returns":{"AAA":0.1,"BBB":0.05}}""", "target_out_of_reach")]
    [InlineData("""{"objective":"black_litterman","views":[{"positions":{"AAA":1,"BBB":-1},"return":0.02}]}""", "solved")]
    [InlineData("""{"objective":"min_variance","bounds":{"upper":0.3}}""", "bounds_exclude_all")]
    [InlineData("""{"objective":"max_sharpe","expected_returns":{"AAA":-0.1,"BBB":-0.05}}""", "no_excess_return")]
    public async Task Every_objective_answers(string body, string outcome)
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        var reply = await host.PostAsync(Optimise, body);
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal(outcome, reply.Json.GetProperty("outcome").GetString());
        if (outcome == "solved") Assert.Equal(1, reply.Json.GetProperty("trades").EnumerateArray().Sum(x => x.GetProperty("weight").GetDouble()), 1e-9);
        else Assert.Equal("not_applicable", reply.Json.GetProperty("reasons").GetProperty("after").GetString());
        if (body.Contains("target_return\":0.08", StringComparison.Ordinal)) Assert.Equal(0.6, reply.Json.GetProperty("trades")[0].GetProperty("weight").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Faults_of_an_optimisation_are_listed()
    {
        await using var host = await ApiHost.StartWithMarketAsync(Book);
        Assert.Equal(
            ["/bounds/upper", "/bounds/symbols/AAA/lower", "/views", "/budgets", "/views"],
            (await host.PostAsync(Optimise, """{"objective":"risk_budget","bounds":{"upper":11,"symbols":{"AAA":{"lower":1,"upper":0}}},"views":[]}""")).MustBeProblem(400).Pointers.Where(x => x != "/bounds"));
        Assert.Equal(["/objective"], (await host.PostAsync(Optimise, "{}")).MustBeProblem(400).Pointers);
        Assert.Equal(["/target_return"], (await host.PostAsync(Optimise, """{"objective":"target_return"}""")).MustBeProblem(400).Pointers);
        Assert.Equal(["/symbols", "/bounds/symbols/ZZZ"], (await host.PostAsync(Optimise, """{"objective":"min_variance","symbols":["AAA","EEE"],"bounds":{"symbols":{"ZZZ":{"lower":0}}}}""")).MustBeProblem(400).Pointers);
        (await host.PostAsync("/api/v1/risk/nobody/optimise", """{"objective":"hrp"}""")).MustBeProblem(404);
    }

    [Fact]
    public async Task An_account_with_nothing_to_divide_says_so()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"cash":100,"positions":[]}""");
        var json = (await host.PostAsync(Optimise, """{"objective":"hrp"}""")).Json;
        Assert.Equal("nothing_to_optimise", json.GetProperty("outcome").GetString());
        foreach (var name in (string[])["capital", "cash_change", "risk_free_annual", "after"])
            Assert.Equal((JsonValueKind.Null, "not_applicable"), (json.GetProperty(name).ValueKind, json.GetProperty("reasons").GetProperty(name).GetString()));
        await host.PutAsync("/api/v1/accounts/default/positions", """{"positions":[{"symbol":"AAA","quantity":-5,"average_cost":1}]}""", "application/json");
        Assert.Equal("no_capital", (await host.PostAsync(Optimise, """{"objective":"hrp"}""")).Json.GetProperty("outcome").GetString());
    }

    private static RiskSnapshot Example() => new()
    {
        Account = AccountId.Default,
        AsOf = EventTime.Min,
        Version = default,
        BaseCurrency = Risk.Domain.Amounts.Currency.Usd,
        Conventions = RiskConventions.Default,
        MarketValue = 0,
        Nav = 0,
        GrossExposure = 0,
        At95 = LossFigures.Zero,
        At99 = LossFigures.Zero,
        Observations = 299,
        CoverageRatio = Figure.Of(1),
        LeftOut = [],
        Flags = RiskFlags.None,
    };
}
