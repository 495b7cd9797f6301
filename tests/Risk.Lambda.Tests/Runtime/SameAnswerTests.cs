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

    private static async Task<(int Status, string? Type, string Body)> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return ((int)reply.StatusCode, reply.Content.Headers.ContentType?.ToString(), Convert.ToBase64String(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    private static async Task<(int Status, string? Type, string Body)> InvokeAsync(RunningFunction function, string path, string body)
    {
        var answer = await function.Platform.InvokeAsync(GatewayFunction.Event("http-api", x =>
        {
            (x["rawPath"], x["rawQueryString"], x["body"]) = (path, "", body);
            x["requestContext"]!["http"]!["method"] = "POST";
            x["requestContext"]!["authorizer"] = JsonNode.Parse("""{"lambda":{"risk_caller":"key:desk","risk_scopes":"*:trader"}}""");
            x["headers"]!["content-type"] = "application/json";
        }));
        Assert.False(answer.IsError, answer.Text);
        var text = answer.Json.GetProperty("body").GetString()!;
        var bytes = answer.Json.TryGetProperty("isBase64Encoded", out var isEncoded) && isEncoded.GetBoolean() ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
        return (answer.Json.GetProperty("statusCode").GetInt32(), answer.Json.GetProperty("headers").GetProperty("Content-Type").GetString(), Convert.ToBase64String(bytes));
    }

    private static async Task<WebApplication> StartKestrelAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Compose(builder.Services, new AccessSettings());
        var app = builder.Build();
        app.MapRiskApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static void Compose(IServiceCollection services, AccessSettings access)
    {
        var clock = new FakeTimeProvider(Now);
        services
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IItemTable>(new FakeItemTable(new Random(1), clock))
            .AddSingleton<ITickStream>(new FakeTickStream(new Random(2), clock))
            .AddSingleton<IArchive>(new FakeArchive(new Random(3)))
            .AddRiskApi(RiskSettings.Default, access: access);
    }
}
