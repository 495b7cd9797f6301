using System.Text;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Lambda.Tests.Aws;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

public sealed class KinesisEventTests
{
    private const string Long = "49590338271490256608559692538361571095921575989136588898";

    [Fact]
    public void Records_come_by_shard_in_the_order_of_their_sequences()
    {
        var deliveries = Parse(Record("shardId-1", "10", "b"), Record("shardId-2", Long, "x"), Record("shardId-1", "9", "a"));
        Assert.Equal(["shardId-1", "shardId-2"], deliveries.Select(x => x.Shard));
        Assert.Equal(["9", "10"], deliveries[0].Records.Select(x => x.Sequence));
        Assert.Equal(Long, deliveries[1].First);
        Assert.Equal("a", Encoding.UTF8.GetString(deliveries[0].Records[0].Data.Span));
    }

    [Theory]
    [InlineData("1767603600.1234", 1_767_603_600_123_400)]
    [InlineData("1767603600", 1_767_603_600_000_000)]
    [InlineData("1.767603600123456E9", 1_767_603_600_123_456)]
    public void The_arrival_is_in_seconds_with_a_fraction(string seconds, long microseconds) =>
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds), Parse(Record("shardId-1", "1", "a", seconds))[0].Records[0].ArrivedAt);

    [Fact]
    public void An_aggregated_record_keeps_the_outer_sequence()
    {
        var record = Assert.Single(Parse(Record("shardId-1", Long, AggregatedRecordTests.Aggregate("one", "two")))[0].Records);
        Assert.Equal((Long, "one\ntwo\n"), (record.Sequence, Encoding.UTF8.GetString(record.Data.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Records":{}}""")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs","body":"a"}]}""")]
    [InlineData("""{"Records":[{"eventID":"shardId-1","kinesis":{"sequenceNumber":"1","data":"","approximateArrivalTimestamp":1}}]}""")]
    [InlineData("""{"Records":[{"eventID":null,"kinesis":{"sequenceNumber":"1","data":"","approximateArrivalTimestamp":1}}]}""")]
    [InlineData("""{"Records":[{"eventID":"shardId-1:1","kinesis":{"sequenceNumber":"-1","data":"","approximateArrivalTimestamp":1}}]}""")]
    [InlineData("""{"Records":[{"eventID":"shardId-1:1","kinesis":{"sequenceNumber":"1","data":null,"approximateArrivalTimestamp":1}}]}""")]
    [InlineData("""{"Records":[{"eventID":"shardId-1:1","kinesis":{"sequenceNumber":"1","data":"","approximateArrivalTimestamp":"1"}}]}""")]
    [InlineData("""{"Records":[{"eventID":"shardId-1:1","kinesis":{"sequenceNumber":"1","data":"","approximateArrivalTimestamp":1e25}}]}""")]
    public void Anything_else_is_malformed(string json) => Assert.Throws<MalformedEventException>(() => KinesisEvent.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void No_records_are_no_deliveries() => Assert.Empty(Parse());

    private static IReadOnlyList<Delivery> Parse(params string[] records) => KinesisEvent.Parse(Encoding.UTF8.GetBytes($$"""{"Records":[{{string.Join(',', records)}}]}"""));

    private static string Record(string shard, string sequence, string text, string arrival = "1767603600.5") => Record(shard, sequence, Encoding.UTF8.GetBytes(text), arrival);

    private static string Record(string shard, string sequence, byte[] data, string arrival = "1767603600.5") =>
        $$"""{"kinesis":{"partitionKey":"1","sequenceNumber":"{{sequence}}","data":"{{Convert.ToBase64String(data)}}","approximateArrivalTimestamp":{{arrival}}},"eventID":"{{shard}}:{{sequence}}"}""";
}
