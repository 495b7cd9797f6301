using System.Globalization;
using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

/// <summary>Through the table itself: what counts is what comes back.</summary>
public sealed class BodyAttributesTests(Emulators emulators)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":[],"b":{},"c":"","d":null,"e":true,"f":false,"g":[[1,"x",null],{"h":[0]}]}""")]
    [InlineData("""{"PK":"x","SK":1,"version":2,"guard":3,"ttl":4,"body":{"body":5}}""")]
    [InlineData("""{"quotes":"\" \\ / \b\f\n\r\t \u0000 <&>","𝄞 ü":"€"}""")]
    [InlineData("""{"n":[0,1,-1,0.5,9223372036854775807,-9223372036854775808,1700000000000000,12345678901234567890123456789012345678]}""")]
    [InlineData("""{"n":[1E-7,1e-7,-2.5E+10,1E+100,1.5E-120,100000000000000000000000000000000000000000,0.00000000000000000000000000000000000012345678]}""")]
    public async Task A_body_comes_back_equal(string json)
    {
        var back = await ThereAndBackAsync(json);
        using var put = JsonDocument.Parse(json);
        using var got = JsonDocument.Parse(back);
        Assert.True(JsonElement.DeepEquals(put.RootElement, got.RootElement), $"{json} came back as {back}");
    }

    [Fact]
    public async Task Doubles_come_back_to_the_last_bit()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 2000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-100, 100)))
            .Concat([1e-7, Math.PI, 0.1, 1d / 3, 123456789.123456789, 1e21, 1e-100]).ToArray();
        var json = JsonSerializer.Serialize(new Dictionary<string, double[]> { ["n"] = values });
        using var got = JsonDocument.Parse(await ThereAndBackAsync(json));
        Assert.Equal(values, got.RootElement.GetProperty("n").EnumerateArray().Select(value => value.GetDouble()));
    }

    [Fact]
    public async Task Whole_numbers_are_read_as_whole_numbers()
    {
        Int128[] values = [0, long.MaxValue, 1_000_000_000_000_000, Int128.Parse("99999999999999999999999999999999999999", CultureInfo.InvariantCulture), Int128.Parse("-10000000000000000000000000000000000000", CultureInfo.InvariantCulture)];
        using var got = JsonDocument.Parse(await ThereAndBackAsync($$"""{"n":[{{string.Join(',', values)}}]}"""));
        Assert.Equal(values, got.RootElement.GetProperty("n").EnumerateArray().Select(value => Int128.Parse(value.GetRawText(), CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("""{"n":123456789012345678901234567890123456789}""")]
    [InlineData("""{"n":1.23456789012345678901234567890123456789}""")]
    [InlineData("""{"n":1E+126}""")]
    [InlineData("""{"n":1E-131}""")]
    [InlineData("""{"n":1E99999999999}""")]
    [InlineData("""{"n":1,"n":2}""")]
    [InlineData("[1]")]
    [InlineData("1")]
    [InlineData("{}{}")]
    [InlineData("{")]
    [InlineData("")]
    public async Task What_the_table_could_not_keep_is_refused_before_it_is_sent(string json) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ThereAndBackAsync(json));

    [Theory]
    [InlineData("1E+2", "100")]
    [InlineData("1.7E+15", "1700000000000000")]
    [InlineData("-1.25E1", "-125E-1")]
    [InlineData("0E+5", "0")]
    [InlineData("12.50", "12.50")]
    public void A_whole_number_is_spelled_without_an_exponent(string given, string expected) => Assert.Equal(expected, DynamoNumber.Plain(given));

    [Fact]
    public void An_image_of_the_stream_is_the_item()
    {
        using var image = JsonDocument.Parse("""
            {"PK":{"S":"PX#1"},"SK":{"S":"AAPL"},"version":{"N":"7"},"guard":{"S":"0001"},"ttl":{"N":"1767603600"},"G1PK":{"S":"i"},"G1SK":{"S":"j"},
             "body":{"M":{"b":{"L":[{"N":"1.5"},{"BOOL":true},{"NULL":true},{"M":{}}]},"a":{"S":"x"}}}}
            """);
        var item = ItemAttributes.ReadImage(image.RootElement);
        Assert.Equal(
            new Item(new ItemKey("PX#1", "AAPL"), default, 7, "0001", DateTimeOffset.FromUnixTimeSeconds(1767603600), new ItemKey("i", "j")),
            item with { Body = default });
        Assert.Equal("""{"a":"x","b":[1.5,true,null,{}]}""", Encoding.UTF8.GetString(item.Body.Span));
    }

    private async Task<string> ThereAndBackAsync(string json)
    {
        using var client = Emulators.Dynamo((await emulators.AddressesAsync()).Dynamo);
        var table = new DynamoItemTable(client, Emulators.Table, TimeProvider.System, new AwsRetry(TimeProvider.System, seed: 1));
        var key = new ItemKey("BODY", TestContext.Current.Test!.UniqueID);
        Assert.Equal([WriteOutcome.Written], await table.WriteEachAsync([ItemWrite.Put(new Item(key, Encoding.UTF8.GetBytes(json)))], Cancellation));
        return Encoding.UTF8.GetString((await table.GetAsync(key, Cancellation))!.Body.Span);
    }
}
