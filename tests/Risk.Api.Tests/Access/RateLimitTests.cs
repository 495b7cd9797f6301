using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Access;

public sealed class RateLimitTests
{
    [Fact]
    public async Task A_caller_has_a_burst_of_100_and_then_50_a_second()
    {
        await using var host = await Door.StartAsync();
        var (one, other) = (await host.KeyAsync("*:viewer"), await host.KeyAsync("*:viewer"));
        for (var i = 0; i < 100; i++) Assert.Equal(200, (await host.GetAsync("/status", one)).Status);
        var refused = (await host.GetAsync("/status", one)).MustBeProblem(429);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal(200, (await host.GetAsync("/status", other)).Status);
        Assert.Equal(200, (await host.GetAsync("/health", one)).Status);
        host.Clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(200, (await host.GetAsync("/status", one)).Status);
        (await host.GetAsync("/status", one)).MustBeProblem(429);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 50; i++) Assert.Equal(200, (await host.GetAsync("/status", one)).Status);
        (await host.GetAsync("/status", one)).MustBeProblem(429);
    }

    [Fact]
    public async Task A_feed_may_send_more_and_who_sits_at_the_machine_as_much_as_they_like()
    {
        await using var host = await Door.StartAsync();
        var feed = await host.KeyAsync("*:ingest");
        for (var i = 0; i < 1_000; i++) Assert.Equal(415, (await host.SendAsync(HttpMethod.Post, "/api/v1/market/ticks", null, null, feed)).Status);
        (await host.SendAsync(HttpMethod.Post, "/api/v1/market/ticks", null, null, feed)).MustBeProblem(429);
        await using var open = await ApiHost.StartAsync();
        for (var i = 0; i < 200; i++) Assert.Equal(200, (await open.GetAsync("/symbols")).Status);
    }
}
