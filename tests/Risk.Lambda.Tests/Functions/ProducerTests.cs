using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Risk.Api.Access;
using Risk.Application.Feeds;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class ProducerTests
{
    private const string Scheduled = """{"version":"0","detail-type":"Scheduled Event","source":"aws.scheduler","time":"2026-01-05T15:00:00Z","resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/risk/producer-us"],"detail":"{}"}""";

    [Fact]
    public async Task It_publishes_until_the_next_minute()
    {
        await using var house = await FakeHouse.OpenAsync();
        Assert.Equal("""{"published":400,"reason":null}""", await RunAsync(house, Scheduled));
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 15, 1, 0, TimeSpan.Zero), house.Clock.GetUtcNow());
        var cursor = await new ProducerCursors(house.Table).LoadAsync(HistoricalMarket.Source, FakeHouse.Cancel);
        Assert.Equal(400, cursor!.Position);
    }

    [Fact]
    public async Task A_schedule_that_fires_twice_works_once_but_an_attempt_may_be_repeated()
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Stream.Faults = new StreamFaults(Outage: 1);
        await Assert.ThrowsAsync<Risk.Application.Ports.StoreUnavailableException>(() => RunAsync(house, Scheduled, requestId: "first"));
        house.Stream.Faults = new StreamFaults();
        Assert.Equal("""{"published":0,"reason":"already_run"}""", await RunAsync(house, Scheduled, requestId: "second"));
        Assert.DoesNotContain("already_run", await RunAsync(house, Scheduled, requestId: "first"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NSE", "market_closed")]
    [InlineData("US", null)]
    public async Task The_calendar_of_the_market_decides(string market, string? reason)
    {
        await using var house = await FakeHouse.OpenAsync();
        foreach (var detail in new[] { $$"""{"market":"{{market}}"}""", $$""" "{\"market\":\"{{market}}\"}" """ })
        {
            var reply = await RunAsync(house, Scheduled.Replace("\"{}\"", detail, StringComparison.Ordinal).Replace("producer-us", $"producer-{detail.Length}", StringComparison.Ordinal));
            Assert.Equal(reason is null, !reply.Contains("market_closed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task By_hand_it_publishes_the_minute_of_the_events_time_at_once()
    {
        await using var house = await FakeHouse.OpenAsync();
        var before = house.Clock.GetUtcNow();
        var friday = Scheduled.Replace("2026-01-05T15:00:00Z", "2026-01-02T20:59:40Z", StringComparison.Ordinal);
        Assert.Equal("""{"published":200,"reason":null}""", await RunAsync(house, friday.Replace("\"{}\"", """{"market":"US","at_once":true}""", StringComparison.Ordinal)));
        Assert.Equal(before, house.Clock.GetUtcNow());
        var cursor = await new ProducerCursors(house.Table).LoadAsync(HistoricalMarket.Source, FakeHouse.Cancel);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 20, 59, 59, 900, TimeSpan.Zero), cursor!.LastTime.ToDateTimeOffset());
        var sunday = Scheduled.Replace("2026-01-05T", "2026-01-04T", StringComparison.Ordinal);
        Assert.Contains("market_closed", await RunAsync(house, sunday.Replace("\"{}\"", """{"market":"US","at_once":true}""", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_before_its_deadline()
    {
        await using var house = await FakeHouse.OpenAsync();
        await RunAsync(house, "{}", FakeHouse.Start.AddSeconds(13));
        Assert.Equal(FakeHouse.Start.AddSeconds(10), house.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Without_history_there_is_nothing_to_simulate()
    {
        await using var house = new FakeHouse();
        Assert.Equal("""{"published":0,"reason":"no_history"}""", await RunAsync(house, Scheduled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"time":"tomorrow"}""")]
    [InlineData("""{"time":5}""")]
    [InlineData("""{"detail":"{"}""")]
    [InlineData("""{"detail":"5"}""")]
    [InlineData("""{"detail":{"market":"MOON"}}""")]
    [InlineData("""{"detail":{"at_once":true}}""")]
    [InlineData("""{"time":"2026-01-05T15:00:00Z","detail":{"at_once":"yes"}}""")]
    [InlineData("""{"resources":"none"}""")]
    public async Task Anything_else_is_malformed(string payload)
    {
        await using var house = new FakeHouse();
        await Assert.ThrowsAsync<MalformedEventException>(() => RunAsync(house, payload));
    }

    private static async Task<string> RunAsync(FakeHouse house, string payload, DateTimeOffset? deadline = null, string requestId = "request-1")
    {
        var settings = new CloudSettings("", "", "", "", new AccessSettings(LoopbackOnly: false), Market.Sim, 10, 1, FakeHouse.Settings);
        var producer = new Producer(
            house.Get<HistoricalMarket>(), house.Get<Universe>(), house.Stream, house.Get<ProducerCursors>(), house.Get<JobLock>(), settings, house.Clock, NullLogger<Producer>.Instance);
        var running = producer.HandleAsync(Events.Of(payload, deadline, requestId), FakeHouse.Cancel);
        while (!running.IsCompleted)
            if (!house.Clock.AdvanceToNextTimer()) await Task.Yield();
        return Encoding.UTF8.GetString((await running).Span);
    }
}
