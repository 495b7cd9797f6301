using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class FanoutTests
{
    private const string Removed = """{"eventName":"REMOVE","dynamodb":{"SequenceNumber":"90","Keys":{"PK":{"S":"CONN#AAA"},"SK":{"S":"c"}}}}""";

    [Fact]
    public async Task What_the_consumer_stored_goes_out_as_messages()
    {
        await using var house = await FakeHouse.OpenAsync();
        await IngestAsync(house);
        var records = house.Table.Everything.Select((item, i) => TableRecord.Of(item, $"{100 + i}")).Prepend(Removed);
        Assert.Empty(Events.Failures(await HandleAsync(house, [.. records])));
        var sent = house.Push.Messages.Select(x => $"{x.Type} {x.Topic}").ToHashSet();
        Assert.Equal(["snapshot account:default", "tick AAA", "tick BBB", "window AAA"], sent.Order(StringComparer.Ordinal));
        using var tick = JsonDocument.Parse(house.Push.Messages.Single(x => x is { Type: "tick", Topic: "BBB" }).Data);
        Assert.Equal(99.75m, tick.RootElement.GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task Listeners_out_of_reach_make_all_come_again()
    {
        await using var house = await FakeHouse.OpenAsync();
        await IngestAsync(house);
        house.Push.Fails = true;
        Assert.Equal(["90"], Events.Failures(await HandleAsync(house, [Removed, .. house.Table.Everything.Select((item, i) => TableRecord.Of(item, $"{100 + i}"))])));
    }

    [Fact]
    public async Task A_change_that_can_not_be_read_comes_again_alone_behind_those_before_it()
    {
        await using var house = await FakeHouse.OpenAsync();
        await IngestAsync(house);
        var price = house.Table.Everything.First(item => item.Key.Partition.StartsWith("PX#", StringComparison.Ordinal));
        const string Broken = """{"eventName":"INSERT","dynamodb":{"SequenceNumber":"200","NewImage":{"PK":{"S":"PX#0"},"SK":{"S":"AAA"},"body":{"B":"AA=="}}}}""";
        Assert.Equal(["200"], Events.Failures(await HandleAsync(house, [TableRecord.Of(price, "100"), Broken, TableRecord.Of(price, "300")])));
        Assert.Single(house.Push.Messages);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Records":[{"eventName":"INSERT"}]}""")]
    [InlineData("""{"Records":[{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","Keys":{}}}]}""")]
    public async Task Anything_else_is_malformed(string payload)
    {
        await using var house = new FakeHouse();
        await Assert.ThrowsAsync<MalformedEventException>(() => house.Get<Fanout>().HandleAsync(Events.Of(payload), FakeHouse.Cancel));
    }

    private static async Task IngestAsync(FakeHouse house)
    {
        StreamRecord Record(int i, string symbol, int second, string price) => new($"1{i}", FakeHouse.Start, Encoding.UTF8.GetBytes(
            $$"""{"symbol":"{{symbol}}","time":"2026-01-05T15:00:{{second:00}}Z","price":{{price}},"source":"feed","sequence":{{i}}}"""));
        StreamRecord[] records = [Record(1, "AAA", 1, "100"), Record(2, "AAA", 12, "101.5"), Record(3, "BBB", 1, "99.75")];
        Assert.Empty(Events.Failures(await house.Get<Consumer>().HandleAsync(Events.Of(Events.Kinesis(Events.Shard, records)), FakeHouse.Cancel)));
    }

    private static Task<ReadOnlyMemory<byte>> HandleAsync(FakeHouse house, string[] records) =>
        house.Get<Fanout>().HandleAsync(Events.Of($$"""{"Records":[{{string.Join(',', records)}}]}"""), FakeHouse.Cancel);
}
