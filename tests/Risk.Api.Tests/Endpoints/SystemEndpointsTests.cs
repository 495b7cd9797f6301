using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Tests.Setup;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class SystemEndpointsTests
{
    [Fact]
    public async Task Health_is_one_word()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.GetAsync("/health");
        Assert.Equal((200, """{"status":"ok"}"""), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Detailed_health_names_each_dependency_with_its_latency()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.GetAsync("/health/detailed");
        Assert.Equal(200, reply.Status);
        foreach (var name in (string[])["store", "stream", "archive"])
        {
            var dependency = reply.Json.GetProperty("dependencies").GetProperty(name);
            Assert.Equal("ok", dependency.GetProperty("status").GetString());
            Assert.True(dependency.GetProperty("latency_ms").GetDouble() >= 0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Detailed_health_is_degraded_while_the_archive_is_out_of_reach_or_refuses(bool isTransient)
    {
        Exception fault = isTransient ? new StoreUnavailableException("secret") : new UnauthorizedAccessException("secret");
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<IArchive>(new BrokenArchive(fault)));
        var reply = await host.GetAsync("/health/detailed");
        Assert.Equal(503, reply.Status);
        Assert.Equal("degraded", reply.Json.GetProperty("status").GetString());
        Assert.Equal("unavailable", reply.Json.GetProperty("dependencies").GetProperty("archive").GetProperty("status").GetString());
        Assert.Equal("ok", reply.Json.GetProperty("dependencies").GetProperty("store").GetProperty("status").GetString());
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_accounts_for_every_tick()
    {
        await using var host = await ApiHost.StartWithMarketAsync("""{"positions":[{"symbol":"AAA","quantity":1,"average_cost":1}]}""");
        await host.PostTicksAsync(("AAA", 101m, 0), ("AAA", 103m, 1), ("BBB", 50m, 2));
        var again = """{"ticks":[{"symbol":"AAA","price":5,"time":"2026-01-05T14:30:00Z","source":"feed","sequence":1}]}""";
        await host.PostAsync("/api/v1/market/ticks", again);
        await host.PostAsync("/api/v1/market/ticks", again);
        await host.IngestAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        var status = (await host.GetAsync("/status")).Json;
        var stream = status.GetProperty("stream");
        Assert.Equal(5, stream.GetProperty("ticks_produced").GetInt64());
        Assert.Equal(5, stream.GetProperty("ticks_received").GetInt64());
        Assert.Equal(4, stream.GetProperty("ticks_counted").GetInt64());
        Assert.Equal(1, stream.GetProperty("ticks_duplicate").GetInt64());
        Assert.Equal(0, stream.GetProperty("ticks_late").GetInt64());
        Assert.Equal(0, stream.GetProperty("ticks_quarantined").GetInt64());
        Assert.Equal(0.5, stream.GetProperty("ticks_per_second").GetDouble());
        var totals = status.GetProperty("totals");
        Assert.Equal(2, totals.GetProperty("unique_symbols").GetInt32());
        Assert.Equal(5m, totals.GetProperty("price_min").GetDecimal());
        Assert.Equal(103m, totals.GetProperty("price_max").GetDecimal());
        Assert.Equal(30m, totals.GetProperty("volume").GetDecimal());
        Assert.Equal(10, status.GetProperty("uptime_seconds").GetDouble());
        Assert.Equal("2026-01-05T14:30:00Z", status.GetProperty("started_at").GetString());
        Assert.Equal(5, status.GetProperty("symbols").GetInt32());
        Assert.Equal(1, status.GetProperty("accounts").GetInt32());
        Assert.Equal("2026-01-05T14:30:01Z", status.GetProperty("last_snapshot_at").GetString());
        Assert.Equal(1, status.GetProperty("history_version").GetInt64());
    }

    [Fact]
    public async Task Status_of_an_empty_house_has_nulls_and_zeros()
    {
        await using var host = await ApiHost.StartAsync();
        var status = (await host.GetAsync("/status")).Json;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, status.GetProperty("last_snapshot_at").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, status.GetProperty("totals").GetProperty("price_min").ValueKind);
        Assert.Equal(1, status.GetProperty("stream").GetProperty("completeness_ratio").GetDouble());
    }

    [Fact]
    public async Task Completeness_counts_what_the_hosts_own_producers_published()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        host.Get<TickProducers>().Add("replay", _ => Task.FromResult(3L));
        await host.PostTicksAsync(("AAA", 101m, 0));
        var stream = (await host.GetAsync("/status")).Json.GetProperty("stream");
        Assert.Equal(4, stream.GetProperty("ticks_produced").GetInt64());
        Assert.Equal(0.25, stream.GetProperty("completeness_ratio").GetDouble());
    }

    [Fact]
    public async Task Performance_counts_every_request_but_not_itself()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        await host.PostTicksAsync(("AAA", 101m, 0));
        var json = (await host.GetAsync("/api/v1/system/performance")).Json;
        Assert.Equal(3, json.GetProperty("api_ms").GetProperty("count").GetInt64());
        foreach (var name in (string[])["decode", "ingest", "measure", "store", "end_to_end_ms", "api_ms"])
            foreach (var figure in (string[])["count", "p50", "p95", "p99"]) Assert.True(json.GetProperty(name).TryGetProperty(figure, out _), $"{name}.{figure}");
        Assert.True(json.GetProperty("memory_bytes").GetInt64() > 0);
        Assert.True(json.GetProperty("cpu_percent").GetDouble() >= 0);
    }

    private sealed class BrokenArchive(Exception fault) : IArchive
    {
        public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => throw fault;

        public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => throw fault;

        public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) => throw fault;
    }
}
