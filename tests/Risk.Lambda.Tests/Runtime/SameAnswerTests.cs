using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

/// <summary>The same API on Kestrel and behind the gateway.</summary>
[Collection("one loop at a time, for the trace id is the process's")]
public sealed class SameAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 14, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_calculator_answers_the_same_bytes_through_the_function_as_on_Kestrel()
    {
        await using var function = await GatewayFunction.StartAsync(
            builder => Compose(builder.Services, new AccessSettings(LoopbackOnly: false)), app => app.MapRiskApi());
        await using var kestrel = await StartKestrelAsync();
        using var client = new HttpClient { BaseAddress = new Uri(kestrel.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var calculators = document["paths"]!.AsObject().Where(x => x.Key.Contains("/calculate", StringComparison.Ordinal)).ToArray();
        Assert.Contains(calculators, x => x.Key == "/api/v1/calculate/var");
        Assert.Contains(calculators, x => x.Key == "/var/calculate");
        foreach (var (path, route) in calculators)
            foreach (var body in (string[])[route!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!.ToJsonString(), """{"nothing":1}"""])
            {
                var here = await PostAsync(client, path, body);
                var there = await InvokeAsync(function, path, body);
                Assert.Equal(here, there);
                Assert.Equal(body.Length > 15 ? 200 : 400, here.Status);
            }
    }

    /// <summary>Both read the same stores, at a time that stands still.</summary>
    [Fact]
    public async Task The_risk_of_an_account_answers_the_same_bytes_through_the_function_as_on_Kestrel()
    {
        var stores = new Stores();
        await using var function = await GatewayFunction.StartAsync(
            builder => Compose(builder.Services, new AccessSettings(LoopbackOnly: false), stores), app => app.MapRiskApi());
        await using var kestrel = await StartKestrelAsync(stores);
        using var client = new HttpClient { BaseAddress = new Uri(kestrel.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        foreach (var (path, type, body) in Account())
            Assert.InRange((await AskAsync(client, new Asked("PUT", path, "", body, type))).Status, 200, 299);
        foreach (var asked in Questions())
        {
            var here = await AskAsync(client, asked);
            Assert.Equal(here, await InvokeAsync(function, asked));
            Assert.True(asked.Status == here.Status, $"{asked.Path}{asked.Query}: {here.Status} {Encoding.UTF8.GetString(Convert.FromBase64String(here.Body))}");
        }
    }

    /// <summary>Two years of three symbols, and an account that holds two of them.</summary>
    private static IEnumerable<(string Path, string Type, string Body)> Account()
    {
        yield return ("/api/v1/market/instruments", "text/csv", "symbol,name,asset_class,currency,sector\nAAA,A,equity,USD,Tech\nBBB,B,etf,USD,\nCCC,C,equity,USD,Energy\n");
        var closes = Enumerable.Range(0, 330).Select(day => FormattableString.Invariant(
            $"{new DateOnly(2025, 1, 6).AddDays(day):yyyy-MM-dd},{100 + 8 * Math.Sin(0.7 * day) + Math.Sin(2.3 * day):0.####},{50 + 3 * Math.Cos(0.4 * day):0.####},{20 + Math.Sin(1.9 * day) + Math.Cos(0.3 * day):0.####}"));
        yield return ("/api/v1/market/history", "text/csv", $"date,AAA,BBB,CCC\n{string.Join('\n', closes)}\n");
        yield return ("/api/v1/accounts/default/positions", "application/json",
            """{"base_currency":"USD","cash":500,"positions":[{"symbol":"AAA","quantity":10,"average_cost":90},{"symbol":"BBB","quantity":-4,"average_cost":50},{"symbol":"CCC","quantity":30,"average_cost":19}]}""");
    }

    private static IEnumerable<Asked> Questions()
    {
        string[] paths = ["/portfolio/var", "/portfolio/var/explain", "/portfolio/var/history", "/var/AAA", "/api/v1/risk/default/metrics", "/api/v1/risk/default/scenarios",
            "/api/v1/risk/default/backtest", "/api/v1/accounts/default/positions", "/symbols"];
        foreach (var path in paths) yield return new Asked("GET", path, "", null);
        yield return new Asked("GET", "/api/v1/risk/nobody/metrics", "", null, Status: 404);
        foreach (var method in (string[])["historical", "age_weighted", "volatility_scaled", "filtered_garch", "parametric_normal", "student_t", "delta_normal", "cornish_fisher", "monte_carlo_normal"])
            yield return new Asked("GET", "/api/v1/risk/default/backtest", $"method={method}&days=40&window_days=250&confidence=0.95", null);
        yield return new Asked("GET", "/api/v1/risk/default/backtest", "method=monte_carlo_t", null, Status: 400);
        yield return new Asked("GET", "/api/v1/risk/default/metrics", "format=csv", null);
        yield return new Asked("POST", "/api/v1/risk/default/scenarios/run", "",
            """{"custom":[{"name":"fall","symbols":{"AAA":-0.3},"sectors":{"Energy":-0.2},"asset_classes":{"etf":0.1},"currencies":{"EUR":-0.05}}],"stressed_var":{"window_days":100,"confidence":0.95}}""");
        foreach (var objective in (string[])["min_variance", "max_sharpe", "risk_parity", "hrp", "min_cvar"])
            yield return new Asked("POST", "/api/v1/risk/default/optimise", "", $$"""{"objective":"{{objective}}"}""");
        yield return new Asked("POST", "/api/v1/risk/default/optimise", "", """{"objective":"guess","more":1}""", Status: 400);
    }

    private static Task<(int Status, string? Type, string Body)> PostAsync(HttpClient client, string path, string body) => AskAsync(client, new Asked("POST", path, "", body));

    private static async Task<(int Status, string? Type, string Body)> AskAsync(HttpClient client, Asked asked)
    {
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Query.Length == 0 ? asked.Path : $"{asked.Path}?{asked.Query}");
        if (asked.Body is { } body) request.Content = new StringContent(body, Encoding.UTF8, asked.Type);
        using var reply = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)reply.StatusCode, reply.Content.Headers.ContentType?.ToString(), Convert.ToBase64String(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    private static Task<(int Status, string? Type, string Body)> InvokeAsync(RunningFunction function, string path, string body) =>
        InvokeAsync(function, new Asked("POST", path, "", body));

    private static async Task<(int Status, string? Type, string Body)> InvokeAsync(RunningFunction function, Asked asked)
    {
        var answer = await function.Platform.InvokeAsync(GatewayFunction.Event("http-api", x =>
        {
            (x["rawPath"], x["rawQueryString"], x["body"]) = (asked.Path, asked.Query, asked.Body);
            x["requestContext"]!["http"]!["method"] = asked.Method;
            x["requestContext"]!["authorizer"] = JsonNode.Parse("""{"lambda":{"risk_caller":"key:desk","risk_scopes":"*:risk_manager"}}""");
            x["headers"]!["content-type"] = asked.Type;
            x["headers"]!["accept"] = "*/*";
        }));
        Assert.False(answer.IsError, answer.Text);
        var text = answer.Json.GetProperty("body").GetString()!;
        var bytes = answer.Json.TryGetProperty("isBase64Encoded", out var isEncoded) && isEncoded.GetBoolean() ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
        return (answer.Json.GetProperty("statusCode").GetInt32(), answer.Json.GetProperty("headers").GetProperty("Content-Type").GetString(), Convert.ToBase64String(bytes));
    }

    private static async Task<WebApplication> StartKestrelAsync(Stores? stores = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Compose(builder.Services, new AccessSettings(), stores);
        var app = builder.Build();
        app.MapRiskApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static void Compose(IServiceCollection services, AccessSettings access, Stores? stores = null)
    {
        stores ??= new Stores();
        services
            .AddSingleton<TimeProvider>(stores.Clock)
            .AddSingleton(stores.Items)
            .AddSingleton(stores.Ticks)
            .AddSingleton(stores.Archive)
            .AddRiskApi(RiskSettings.Default, access: access);
    }

    private sealed class Stores
    {
        public FakeTimeProvider Clock { get; } = new(Now);

        public IItemTable Items { get; }

        public ITickStream Ticks { get; }

        public IArchive Archive { get; } = new FakeArchive(new Random(3));

        public Stores() => (Items, Ticks) = (new FakeItemTable(new Random(1), Clock), new FakeTickStream(new Random(2), Clock));
    }

    private sealed record Asked(string Method, string Path, string Query, string? Body, string Type = "application/json", int Status = 200);
}
