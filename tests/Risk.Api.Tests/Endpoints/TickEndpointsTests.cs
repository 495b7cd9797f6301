using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class TickEndpointsTests
{
    private const string Route = "/api/v1/market/ticks";

    [Fact]
    public async Task A_bad_tick_is_rejected_with_its_index_and_does_not_hold_up_the_others()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await host.PostAsync(Route, """
            {"ticks":[
              {"symbol":"AAA","price":10,"time":"2026-01-05T14:30:00Z"},
              {"symbol":"NOPE","price":10,"time":"2026-01-05T14:30:00Z"},
              {"symbol":"AAA","price":-10,"time":"2026-01-05T14:30:00Z"},
              {"symbol":"AAA","price":0,"time":"2026-01-05T14:30:00Z"},
              {"symbol":"AAA","price":"NaN","time":"2026-01-05T14:30:00Z"},
              {"symbol":"AAA","price":1e999,"time":"2026-01-05T14:30:00Z"},
              {"symbol":"AAA","price":2000000000,"time":"2026-01-05T14:30:00Z"},
              {"symbol":"AAA","price":10,"time":"2026-01-05T14:31:00Z"},
              {"symbol":"AAA","price":10},
              5,
              {"symbol":"AAA",
               "price":11,
               "time":"2026-01-05T14:30:00.1Z"}]}
            """);
        Assert.Equal(202, reply.Status);
        Assert.Equal(2, reply.Json.GetProperty("accepted").GetInt32());
        Assert.Equal(
            ["1 unknown_symbol", "2 price_not_positive", "3 price_not_positive", "4 price_not_finite", "5 price_not_finite", "6 price_too_large", "7 time_in_future", "8 malformed", "9 malformed"],
            reply.Json.GetProperty("rejected").EnumerateArray().Select(x => $"{x.GetProperty("index")} {x.GetProperty("reason")}"));
        await host.IngestAsync();
        Assert.Equal(2, await CountedAsync(host));
        Assert.Equal(11m, (await host.GetAsync("/symbols")).Json.GetProperty("symbols")[0].GetProperty("last_price").GetDecimal());
    }

    [Fact]
    public async Task Unknown_properties_are_faults_of_the_request_and_nothing_is_taken_in()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var reply = await host.PostAsync(Route, """{"ticks":[{"symbol":"AAA","price":10,"time":"2026-01-05T14:30:00Z","colour":1},{"Price":2}],"more":1}""");
        Assert.Equal(["/more", "/ticks/0/colour", "/ticks/1/Price"], reply.MustBeProblem(400).Pointers);
        await host.IngestAsync();
        Assert.Equal(0, await CountedAsync(host));
    }

    [Theory]
    [InlineData("""{"ticks":[{"symbol":"AAA","price":NaN}]}""")]
    [InlineData("""{"ticks":[{"symbol":"AAA",}]}""")]
    [InlineData("")]
    [InlineData("{\"ticks\":[\u0001]}")]
    [InlineData("nonsense")]
    public async Task Malformed_json_is_a_fault(string body)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        Assert.Equal([""], (await host.PostAsync(Route, body)).MustBeProblem(400).Pointers);
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "/ticks")]
    [InlineData("""{"ticks":{}}""", "/ticks")]
    [InlineData("""{"ticks":[]}""", "/ticks")]
    public async Task A_body_without_ticks_is_a_fault(string body, string place)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        Assert.Equal([place], (await host.PostAsync(Route, body)).MustBeProblem(400).Pointers);
    }

    [Fact]
    public async Task The_same_key_and_body_count_once_and_get_the_same_answer()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var body = """{"ticks":[{"symbol":"AAA","price":10,"time":"2026-01-05T14:30:00Z"},{"symbol":"AAA","price":-1,"time":0}]}""";
        var first = await host.PostAsync(Route, body, headers: ("Idempotency-Key", "k-1"));
        var second = await host.PostAsync(Route, body, headers: ("Idempotency-Key", "k-1"));
        Assert.Equal((202, 202, first.Text), (first.Status, second.Status, second.Text));
        (await host.PostAsync(Route, body.Replace("10", "11", StringComparison.Ordinal), headers: ("Idempotency-Key", "k-1"))).MustBeProblem(422);
        await host.PostAsync(Route, body, headers: ("Idempotency-Key", "k-2"));
        await host.IngestAsync();
        Assert.Equal(2, await CountedAsync(host));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("256")]
    public async Task A_key_that_is_none_is_a_fault(string key)
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        if (key == "256") key = new string('k', 256);
        Assert.Equal(["Idempotency-Key"], (await host.PostAsync(Route, """{"ticks":[{"symbol":"AAA","price":10,"time":0}]}""", headers: ("Idempotency-Key", key))).MustBeProblem(400).Pointers);
    }

    [Fact]
    public async Task A_repeated_post_with_source_and_sequence_counts_once()
    {
        await using var host = await ApiHost.StartWithMarketAsync();
        var body = """{"ticks":[{"symbol":"AAA","price":10,"time":"2026-01-05T14:30:00Z","source":"feed","epoch":1,"sequence":7}]}""";
        await host.PostAsync(Route, body);
        await host.PostAsync(Route, body);
        await host.IngestAsync();
        Assert.Equal(1, await CountedAsync(host));
    }

    private static async Task<long> CountedAsync(ApiHost host) => (await host.GetAsync("/status")).Json.GetProperty("stream").GetProperty("ticks_counted").GetInt64();
}
