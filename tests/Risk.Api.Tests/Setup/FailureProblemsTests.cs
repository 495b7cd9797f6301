using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Access;
using Risk.Application.Ports;
using Xunit;

namespace Risk.Api.Tests.Setup;

public sealed class FailureProblemsTests
{
    [Fact]
    public async Task An_unknown_route_and_a_wrong_method_are_problems()
    {
        await using var host = await ApiHost.StartAsync();
        (await host.GetAsync("/nothing/here")).MustBeProblem(404);
        var reply = (await host.SendAsync(HttpMethod.Delete, "/status", null, null)).MustBeProblem(405);
        Assert.Equal("GET", reply.Headers["Allow"]);
    }

    [Theory]
    [InlineData("/api/v1/market/ticks", "POST", "text/plain")]
    [InlineData("/api/v1/market/ticks", "POST", "text/csv")]
    [InlineData("/api/v1/market/ticks", "POST", null)]
    [InlineData("/api/v1/market/history", "PUT", "application/json")]
    [InlineData("/api/v1/market/instruments", "PUT", "application/xml")]
    [InlineData("/api/v1/accounts/default/positions", "PUT", "text/html")]
    [InlineData("/var/calculate", "POST", "application/x-www-form-urlencoded")]
    public async Task A_wrong_content_type_is_unsupported(string path, string method, string? type)
    {
        await using var host = await ApiHost.StartAsync();
        (await host.SendAsync(new HttpMethod(method), path, "{}", type)).MustBeProblem(415);
    }

    [Theory]
    [InlineData("/api/v1/market/ticks", "POST", "application/json", true)]
    [InlineData("/api/v1/market/history", "PUT", "text/csv", true)]
    [InlineData("/api/v1/market/instruments", "PUT", "text/csv", false)]
    [InlineData("/api/v1/accounts/default/positions", "PUT", "application/json", false)]
    [InlineData("/var/calculate", "POST", "application/json", false)]
    public async Task Ten_megabytes_are_too_large_whether_announced_or_not(string path, string method, string type, bool isAnnounced)
    {
        await using var host = await ApiHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(new byte[10_000_000]) };
        request.Content.Headers.ContentType = new(type);
        if (!isAnnounced) request.Headers.TransferEncodingChunked = true;
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/api/v1/market/ticks", "POST")]
    [InlineData("/api/v1/market/instruments", "PUT")]
    [InlineData("/api/v1/accounts/default/positions", "PUT")]
    [InlineData("/var/calculate", "POST")]
    public async Task Ten_thousand_levels_are_too_deep(string path, string method)
    {
        await using var host = await ApiHost.StartAsync();
        var body = $$"""{"ticks":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""";
        (await host.SendAsync(new HttpMethod(method), path, body, "application/json")).MustBeProblem(400);
    }

    [Fact]
    public async Task A_store_out_of_reach_is_unavailable_and_says_when_to_come_back()
    {
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<IItemTable>(new BrokenTable()));
        foreach (var path in (string[])["/status", "/symbols", "/portfolio/var", "/api/v1/accounts/default/positions"])
        {
            var reply = (await host.GetAsync(path)).MustBeProblem(503);
            Assert.Equal("2", reply.Headers["Retry-After"]);
            Assert.DoesNotContain("disk", reply.Text, StringComparison.Ordinal);
        }
        Assert.Equal(200, (await host.GetAsync("/health")).Status);
    }

    [Fact]
    public async Task What_fails_inside_stays_inside()
    {
        await using var host = await ApiHost.StartAsync(routes: app => app.Map("/broken", _ => throw new InvalidOperationException("password at line 12")).Anyone());
        var reply = (await host.GetAsync("/broken")).MustBeProblem(500);
        Assert.DoesNotContain("password", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", reply.Text, StringComparison.Ordinal);
    }

    private sealed class BrokenTable : IItemTable
    {
        public Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation) => throw Fault();

        public Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation) => throw Fault();

        public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation) => throw Fault();

        public Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => throw Fault();

        public Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => throw Fault();

        private static StoreUnavailableException Fault() => new("the disk at /home/someone is gone");
    }
}
