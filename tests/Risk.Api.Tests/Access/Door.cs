using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Access;
using Risk.Api.Tests.Setup;
using Risk.Application.Access;
using Xunit;

namespace Risk.Api.Tests.Access;

/// <summary>A host that lets nobody in without credentials, and the credentials.</summary>
internal static class Door
{
    public static async Task<ApiHost> StartAsync(Action<IServiceCollection>? replace = null, JwtSettings? jwt = null) =>
        await ApiHost.StartAsync(replace, access: new AccessSettings { IsOpen = false, Jwt = jwt });

    /// <summary>With instruments, closes, and the accounts <c>default</c> and <c>desk-1</c>.</summary>
    public static async Task<ApiHost> StartWithMarketAsync()
    {
        var host = await StartAsync();
        var admin = await host.KeyAsync("*:admin");
        const string positions = """{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1}]}""";
        foreach (var (path, body, type) in ((string, string, string)[])[
            ("/api/v1/market/instruments", Market.Instruments, "text/csv"), ("/api/v1/market/history", Market.WideCsv(), "text/csv"),
            ("/api/v1/accounts/default/positions", positions, "application/json"), ("/api/v1/accounts/desk-1/positions", positions, "application/json")])
            Assert.True((await host.SendAsync(HttpMethod.Put, path, body, type, admin)).Status is 200 or 201);
        return host;
    }

    /// <summary>The header with a new key of these scopes.</summary>
    public static async Task<(string Name, string Value)> KeyAsync(this ApiHost host, string scopes, int days = 90) =>
        ("X-Api-Key", (await host.Get<IssueKey>().RunAsync("test", Scopes.Read(scopes), days, "test", TestContext.Current.CancellationToken))!.Text);
}
