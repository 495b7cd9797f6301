using System.Buffers;
using System.Text;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Streaming;

public sealed class TickCodecTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2025, 1, 2, 15, 30, 0, TimeSpan.Zero));

    [Fact]
    public void A_full_line_becomes_a_tick_to_the_last_digit()
    {
        var tick = Assert.Single(Decode(
            """{"symbol":"MSFT","time":"2025-01-02T15:30:00.123456789Z","price":187.25,"bid":187.24,"ask":187.26,"volume":100.5,"source":"feed-1","epoch":3,"sequence":42}""").Ticks.ToArray());
        Assert.Equal(new Tick(1, new EventTime(Now.Microseconds + 123456), Price.From(187.25m), Price.From(187.24m), Price.From(187.26m), Volume.From(100.5m), SourceName.Parse("feed-1"), 3, 42), tick);
    }

    [Fact]
    public void Only_symbol_time_and_price_are_required()
    {
        var tick = Assert.Single(Decode("""{"symbol":"AAPL","time":1735831800000,"price":1}""").Ticks.ToArray());
        Assert.Equal(new Tick(0, Now, Price.From(1), default, default, default, default, 0, 0), tick);
    }

    [Theory]
    [InlineData("""{ "price" : 1e2 , "time" : "2025-01-02t17:30:00.5+02:00" , "symbol" : "aapl" , "venue" : { "a" : [ 1 , { } , [ ] , "x" , null ] } }""", 10_000_000_000, 500_000)]
    [InlineData("""{"symb\u006fl":"\u0041APL","time":"2025-01-02T10:00:00-05:30","price":0.000000015}""", 2, 0)]
    [InlineData("""{"symbol":"AAPL","time":"2025-01-02T15:30:00Z","price":0.000000025,"bid":null,"ask":0,"note":"\ud83d\ude00 😀"}""", 2, 0)]
    [InlineData("""{"symbol":"AAPL","time":"2025-01-02T15:30:00Z","price":0.0000000250000000000000000000000000001}""", 3, 0)]
    [InlineData("""{"symbol":"AAPL","time":"2025-01-02T15:30:00Z","price":100000000000000000000000000000000000000e-30}""", 10_000_000_000_000_000, 0)]
    [InlineData("""{"symbol":"AAPL","time":"2025-01-02T15:30:00Z","price":1000000000.00}""", 100_000_000_000_000_000, 0)]
    public void Unusual_lines_are_read_exactly(string line, long priceE8, long microseconds)
    {
        var tick = Assert.Single(Decode(line).Ticks.ToArray());
        Assert.Equal((0, priceE8, Now.Microseconds + microseconds), (tick.Symbol, tick.Price.E8, tick.Time.Microseconds));
    }

    [Theory]
    [InlineData("", "\"price\":0", RejectionReason.PriceNotPositive)]
    [InlineData("", "\"price\":-1", RejectionReason.PriceNotPositive)]
    [InlineData("", "\"price\":5e-9", RejectionReason.PriceNotPositive)]
    [InlineData("", "\"price\":1e-400", RejectionReason.PriceNotPositive)]
    [InlineData("", "\"price\":NaN", RejectionReason.PriceNotFinite)]
    [InlineData("", "\"price\":-Infinity", RejectionReason.PriceNotFinite)]
    [InlineData("", "\"price\":\"NaN\"", RejectionReason.PriceNotFinite)]
    [InlineData("", "\"price\":1e999", RejectionReason.PriceNotFinite)]
    [InlineData("", "\"price\":-1e99999999999", RejectionReason.PriceNotFinite)]
    [InlineData("", "\"price\":\"1e999\"", RejectionReason.PriceNotFinite)]
    [InlineData("", "\"price\":1e308", RejectionReason.PriceTooLarge)]
    [InlineData("", "\"price\":1000000000.000000000000000000000000001", RejectionReason.PriceTooLarge)]
    [InlineData("", "\"price\":\"187.25\"", RejectionReason.Malformed)]
    [InlineData("", "\"price\":null", RejectionReason.Malformed)]
    [InlineData("", "\"price\":1,\"price\":1", RejectionReason.Malformed)]
    [InlineData("", "\"price\":01", RejectionReason.Malformed)]
    [InlineData("", "\"price\":1.", RejectionReason.Malformed)]
    [InlineData("", "\"price\":+1", RejectionReason.Malformed)]
    [InlineData("", "\"price\":[[[[1]]]]", RejectionReason.Malformed)]
    [InlineData("", "\"price\":1,", RejectionReason.Malformed)]
    [InlineData("", "\"price\":1,\"x\":NaN", RejectionReason.Malformed)]
    [InlineData("", "\"price\":1,\"volume\":-1", RejectionReason.VolumeInvalid)]
    [InlineData("", "\"price\":1,\"volume\":9223372036854775808", RejectionReason.VolumeInvalid)]
    [InlineData("", "\"price\":1,\"volume\":1000000000000.0000001", RejectionReason.VolumeInvalid)]
    [InlineData("", "\"price\":1000.01,\"volume\":1000000000000", RejectionReason.VolumeInvalid)]
    [InlineData("", "\"price\":1000,\"volume\":1000000000000", RejectionReason.None)]
    [InlineData("", "\"price\":1,\"bid\":2,\"ask\":1.9", RejectionReason.BidAskInvalid)]
    [InlineData("", "\"price\":1,\"bid\":-1", RejectionReason.BidAskInvalid)]
    [InlineData("", "\"price\":1,\"ask\":NaN", RejectionReason.BidAskInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"\",\"sequence\":1", RejectionReason.SourceInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"é\",\"sequence\":1", RejectionReason.SourceInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"a\"", RejectionReason.SequenceInvalid)]
    [InlineData("", "\"price\":1,\"sequence\":1", RejectionReason.SequenceInvalid)]
    [InlineData("", "\"price\":1,\"epoch\":1", RejectionReason.SequenceInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"a\",\"sequence\":-1", RejectionReason.SequenceInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"a\",\"sequence\":1.0", RejectionReason.SequenceInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"a\",\"sequence\":9223372036854775808", RejectionReason.SequenceInvalid)]
    [InlineData("", "\"price\":1,\"source\":\"a\",\"sequence\":9223372036854775807,\"epoch\":-1", RejectionReason.SequenceInvalid)]
    [InlineData("2025-01-02T15:30:05.000001Z", "\"price\":1", RejectionReason.TimeInFuture)]
    [InlineData("2025-01-02T15:30:05Z", "\"price\":1", RejectionReason.None)]
    [InlineData("9999-12-31T23:59:59Z", "\"price\":1", RejectionReason.TimeInFuture)]
    [InlineData("1989-12-31T23:59:59Z", "\"price\":1", RejectionReason.TimeInvalid)]
    [InlineData("1990-01-01T01:00:00+01:00", "\"price\":1", RejectionReason.None)]
    [InlineData("2023-02-29T00:00:00Z", "\"price\":1", RejectionReason.TimeInvalid)]
    [InlineData("2024-02-29T00:00:00Z", "\"price\":1", RejectionReason.None)]
    [InlineData("2024-02-29T24:00:00Z", "\"price\":1", RejectionReason.TimeInvalid)]
    [InlineData("2024-02-29T00:00:00.1234567890Z", "\"price\":1", RejectionReason.TimeInvalid)]
    [InlineData("2024-02-29T00:00:00", "\"price\":1", RejectionReason.TimeInvalid)]
    [InlineData("2024-02-29T00:00:00.Z", "\"price\":1", RejectionReason.TimeInvalid)]
    public void Each_fault_has_its_reason(string time, string rest, RejectionReason expected)
    {
        var buffer = Decode("{\"symbol\":\"AAPL\",\"time\":\"" + (time.Length == 0 ? "2025-01-02T15:30:00Z" : time) + "\"," + rest + "}");
        if (expected == RejectionReason.None)
        {
            Assert.Equal(1, buffer.Ticks.Length);
            return;
        }
        Assert.Equal(0, buffer.Ticks.Length);
        Assert.Equal(expected, Assert.Single(buffer.Rejections.ToArray()).Reason);
    }

    [Theory]
    [InlineData("""{"symbol":"NOPE","time":0,"price":NaN}""", RejectionReason.UnknownSymbol)]
    [InlineData("""{"symbol":7,"time":0,"price":1}""", RejectionReason.Malformed)]
    [InlineData("""{"symbol":"AAPL","time":0,"price":1}""", RejectionReason.TimeInvalid)]
    [InlineData("""{"symbol":"AAPL","time":1735831800000.0,"price":1}""", RejectionReason.TimeInvalid)]
    [InlineData("""{"symbol":"AAPL","time":true,"price":1}""", RejectionReason.Malformed)]
    [InlineData("""{"symbol":"AAPL","price":1}""", RejectionReason.Malformed)]
    [InlineData("{}", RejectionReason.Malformed)]
    [InlineData("[]", RejectionReason.Malformed)]
    [InlineData("{} {}", RejectionReason.Malformed)]
    [InlineData("\uFEFF{}", RejectionReason.Malformed)]
    public void Lines_that_are_no_ticks_are_told_apart(string line, RejectionReason expected) =>
        Assert.Equal(expected, Assert.Single(Decode(line).Rejections.ToArray()).Reason);

    [Fact]
    public void A_bad_line_does_not_cost_its_neighbours_and_is_found_by_its_place()
    {
        var good = """{"symbol":"AAPL","time":1735831800000,"price":1}""";
        var bad = """{"symbol":"MSFT","time":1735831800000,"price":-1}""";
        var record = $"{good}\r\n\n  {bad}  \r\n \t\r\n{good}";
        var buffer = Decode(record);
        Assert.Equal(2, buffer.Ticks.Length);
        var rejection = Assert.Single(buffer.Rejections.ToArray());
        Assert.Equal((RejectionReason.PriceNotPositive, 1), (rejection.Reason, rejection.Symbol));
        Assert.Equal(bad, record.Substring(rejection.Offset, rejection.Length));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_spoil_only_their_line()
    {
        byte[] record = [.. """{"symbol":"AAPL","time":1735831800000,"price":1}"""u8, (byte)'\n', (byte)'{', 0xC3, (byte)'}', (byte)'\n', .. """{"symbol":"AAPL","time":1735831800000,"price":1}"""u8];
        var buffer = Decode(record);
        Assert.Equal(2, buffer.Ticks.Length);
        Assert.Equal(RejectionReason.NotUtf8, Assert.Single(buffer.Rejections.ToArray()).Reason);
    }

    [Theory]
    [InlineData(15, RejectionReason.None)]
    [InlineData(16, RejectionReason.TooDeep)]
    [InlineData(1900, RejectionReason.TooDeep)]
    [InlineData(10_000, RejectionReason.Oversized)]
    public void Nesting_is_bounded(int levels, RejectionReason expected)
    {
        var line = """{"symbol":"AAPL","time":1735831800000,"price":1,"x":""" + new string('[', levels) + new string(']', levels) + "}";
        var buffer = Decode(line);
        Assert.Equal(expected, buffer.Rejections.Length == 0 ? RejectionReason.None : buffer.Rejections[0].Reason);
    }

    [Fact]
    public void Lines_beyond_the_first_thousand_of_a_record_are_refused_together()
    {
        var line = """{"symbol":"AAPL","time":"2025-01-02T15:30:00Z","price":1}""" + "\n";
        var buffer = Decode(string.Concat(Enumerable.Repeat(line, TickCodec.MaxLinesPerRecord + 5)));
        Assert.Equal(TickCodec.MaxLinesPerRecord, buffer.Ticks.Length);
        Assert.Equal([new TickRejection(TickCodec.MaxLinesPerRecord * line.Length, 5 * line.Length, RejectionReason.Oversized, -1)], buffer.Rejections.ToArray());
    }

    [Fact]
    public void Giant_records_and_lines_are_refused_without_being_read()
    {
        var array = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("0", 1_000_000)) + "]");
        Assert.Equal(new TickRejection(0, array.Length, RejectionReason.Oversized, -1), Decode(array).Rejections[0]);
        Assert.Equal(RejectionReason.Oversized, Decode(new byte[10 * 1024 * 1024]).Rejections[0].Reason);
        Assert.Equal(RejectionReason.Oversized, Decode("{\"symbol\":\"" + new string('A', TickCodec.MaxLineBytes) + "\"}").Rejections[0].Reason);
    }

    [Fact]
    public void Decoding_and_encoding_allocate_nothing_once_warm()
    {
        var symbols = Symbols();
        var record = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, 500).Select(n =>
            $$"""{"symbol":"AAPL","time":"2025-01-02T15:29:00.{{n:000000}}Z","price":{{n}}.25,"bid":1.5,"source":"s","sequence":{{n}},"n\u006fte":[1,"\n"]}""" + "\n{\"price\":")));
        var buffer = new TickBuffer();
        var writer = new ArrayBufferWriter<byte>(1 << 20);
        long allocated = 0;
        for (var round = 0; round < 3; round++)
        {
            buffer.Clear();
            writer.ResetWrittenCount();
            allocated = GC.GetAllocatedBytesForCurrentThread();
            TickCodec.Decode(record, symbols, Now, buffer);
            foreach (ref readonly var tick in buffer.Ticks) TickCodec.Encode(tick, symbols, writer);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Assert.Equal((500, 500, 0L), (buffer.Ticks.Length, buffer.Rejections.Length, allocated));
    }

    [Fact]
    public void What_is_encoded_decodes_to_the_same_tick()
    {
        var random = new Random(5);
        var symbols = Symbols();
        var writer = new ArrayBufferWriter<byte>();
        var ticks = new List<Tick>();
        for (var i = 0; i < 5_000; i++)
        {
            var bid = random.NextInt64(0, 1L << random.Next(1, 56));
            var hasSource = random.Next(3) > 0;
            ticks.Add(new Tick(
                random.Next(2), new EventTime(random.NextInt64(TickTimes.Min, Now.Microseconds)), new Price(random.NextInt64(1, 1L << random.Next(1, 56))),
                new Price(bid), new Price(random.Next(2) * (bid + random.Next(1000))), new Volume(random.NextInt64(0, 1L << random.Next(1, 38))),
                hasSource ? SourceName.Parse("feed:/" + i) : default, hasSource ? random.Next(3) : 0, hasSource ? random.NextInt64() : 0));
            TickCodec.Encode(ticks[^1], symbols, writer);
        }
        var buffer = new TickBuffer();
        foreach (var line in Encoding.UTF8.GetString(writer.WrittenSpan).Split('\n')) TickCodec.Decode(Encoding.UTF8.GetBytes(line), symbols, Now, buffer);
        Assert.Empty(buffer.Rejections.ToArray());
        Assert.Equal(ticks, buffer.Ticks.ToArray());
    }

    [Fact]
    public void Every_reason_has_its_own_snake_case_text()
    {
        var texts = Enum.GetValues<RejectionReason>().Select(x => x.ToText()).ToList();
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.All(texts, x => Assert.Matches("^[a-z0-9_]+$", x));
    }

    internal static SymbolTable Symbols()
    {
        var symbols = new SymbolTable();
        symbols.AddRange([Symbol.Parse("AAPL"), Symbol.Parse("MSFT")]);
        return symbols;
    }

    private static TickBuffer Decode(string record) => Decode(Encoding.UTF8.GetBytes(record));

    private static TickBuffer Decode(byte[] record)
    {
        var buffer = new TickBuffer();
        TickCodec.Decode(record, Symbols(), Now, buffer);
        return buffer;
    }

    private static class TickTimes
    {
        public const long Min = 631_152_000_000_000;
    }
}
