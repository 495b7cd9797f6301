using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class ApiGatewayServerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 14, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_API_answers_events_through_its_whole_pipeline()
    {
        await using var function = await StartApiAsync();
        var health = await CallAsync(function, "GET", "/health");
        Assert.Equal(200, health.GetProperty("statusCode").GetInt32());
        Assert.Equal("""{"status":"ok"}""", health.GetProperty("body").GetString());
        Assert.Equal("nosniff", health.GetProperty("headers").GetProperty("X-Content-Type-Options").GetString());

        var instruments = await CallAsync(function, "PUT", "/api/v1/market/instruments", "symbol,name,asset_class,currency\nTCS,Tata Consultancy,equity,INR\n", "text/csv");
        Assert.True(instruments.GetProperty("statusCode").GetInt32() == 200, instruments.GetRawText());
        var symbols = await CallAsync(function, "GET", "/symbols");
        Assert.Contains("Tata Consultancy", symbols.GetProperty("body").GetString(), StringComparison.Ordinal);

        var ticks = await CallAsync(function, "POST", "/api/v1/market/ticks", """{"ticks":[{"symbol":"TCS","time":"2026-01-05T14:29:59Z","price":4100.5}]}""", "application/json");
        Assert.True(ticks.GetProperty("statusCode").GetInt32() == 202, ticks.GetRawText());
        Assert.Equal(1, JsonDocument.Parse(ticks.GetProperty("body").GetString()!).RootElement.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task What_the_API_refuses_is_a_problem_in_the_reply()
    {
        await using var function = await StartApiAsync();
        foreach (var (method, path, status) in ((string, string, int)[])[("GET", "/nothing", 404), ("DELETE", "/status", 405), ("GET", "/var/NOBODY", 404), ("GET", "/var/a%2Fb", 404)])
        {
            var reply = await CallAsync(function, method, path);
            Assert.Equal(status, reply.GetProperty("statusCode").GetInt32());
            Assert.Equal("application/problem+json", reply.GetProperty("headers").GetProperty("Content-Type").GetString());
        }
        var ticks = await CallAsync(function, "POST", "/api/v1/market/ticks", "{", "application/json");
        Assert.Equal(400, ticks.GetProperty("statusCode").GetInt32());
    }

    [Fact]
    public async Task The_document_of_the_API_fits_a_reply()
    {
        await using var function = await StartApiAsync();
        Assert.StartsWith("{", (await CallAsync(function, "GET", "/openapi/v1.json")).GetProperty("body").GetString()!.TrimStart(), StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync(function, "GET", "/docs/index.html")).GetProperty("statusCode").GetInt32());
    }

    [Fact]
    public async Task The_application_has_started_and_stops_when_it_is_told()
    {
        WebApplication? app = null;
        await using var function = await GatewayFunction.StartAsync(_ => { }, x => x.Run(_ => Task.CompletedTask), x => app = x);
        await function.Platform.InvokeAsync(GatewayFunction.Event("http-api"));
        Assert.True(app!.Lifetime.ApplicationStarted.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        app.Lifetime.StopApplication();
        Assert.Equal(0, await function.ExitAsync());
    }

    [Fact]
    public async Task A_broken_platform_ends_the_application()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        function.Platform.Failures["request-1/response"] = 500;
        _ = function.Platform.InvokeAsync(GatewayFunction.Event("http-api"));
        Assert.Equal(1, await function.ExitAsync());
    }

    [Fact]
    public async Task What_fails_while_the_application_starts_is_an_init_error()
    {
        await using var function = await GatewayFunction.StartAsync(builder => builder.Services.AddHostedService<Broken>(), _ => { });
        Assert.Equal(1, await function.ExitAsync());
        (await function.Platform.Ended).MustBeError("FormatException");
        Assert.DoesNotContain("GET invocation/next", function.Platform.Calls);
    }

    private static Task<RunningFunction> StartApiAsync()
    {
        var clock = new FakeTimeProvider(Now);
        return GatewayFunction.StartAsync(
            builder => builder.Services
                .AddSingleton<TimeProvider>(clock)
                .AddSingleton<IItemTable>(new FakeItemTable(new Random(1), clock))
                .AddSingleton<ITickStream>(new FakeTickStream(new Random(2), clock))
                .AddSingleton<IArchive>(new FakeArchive(new Random(3)))
                .AddRiskApi(RiskSettings.Default, access: new AccessSettings(LoopbackOnly: false)),
            app => app.MapRiskApi());
    }

    private static async Task<JsonElement> CallAsync(RunningFunction function, string method, string path, string? body = null, string? type = null)
    {
        var answer = await function.Platform.InvokeAsync(GatewayFunction.Event("http-api", x =>
        {
            (x["rawPath"], x["rawQueryString"], x["body"]) = (path, "", body);
            x["requestContext"]!["http"]!["method"] = method;
            // What our authorizer says of an admin.
            x["requestContext"]!["authorizer"] = JsonNode.Parse("""{"lambda":{"risk_caller":"key:desk","risk_scopes":"*:admin"}}""");
            if (type is not null) x["headers"]!["content-type"] = type;
        }));
        Assert.False(answer.IsError, answer.Text);
        return answer.Json;
    }

    private sealed class Broken : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new FormatException("RISK_TABLE is not set.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
