using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Access;

public sealed class HostAndOriginCheckTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:9000")]
    public async Task Loopback_by_any_name_and_port_is_served(string name)
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(200, (await host.GetAsync("/health", ("Host", name))).Status);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.nip.io:8080")]
    [InlineData("10.0.0.1")]
    public async Task A_foreign_name_is_refused_on_every_path(string name)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var path in (string[])["/health", "/docs/index.html", "/nothing", "/openapi/v1.json"]) (await host.GetAsync(path, ("Host", name))).MustBeProblem(403);
    }

    [Theory]
    [InlineData("http://localhost:8080", 200)]
    [InlineData("http://127.0.0.1:8080", 200)]
    [InlineData("http://localhost:8081", 403)]
    [InlineData("http://localhost", 403)]
    [InlineData("http://evil.example:8080", 403)]
    [InlineData("null", 403)]
    [InlineData("file://", 403)]
    public async Task An_origin_must_be_this_programs_own_page(string origin, int status)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.GetAsync("/health", ("Host", "localhost:8080"), ("Origin", origin));
        Assert.Equal(status, reply.Status);
        if (status == 403) reply.MustBeProblem(403);
    }

    [Fact]
    public async Task A_socket_of_a_foreign_page_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        (await host.GetAsync("/ws", ("Origin", "http://evil.example"), ("Connection", "Upgrade"), ("Upgrade", "websocket"))).MustBeProblem(403);
    }
}
