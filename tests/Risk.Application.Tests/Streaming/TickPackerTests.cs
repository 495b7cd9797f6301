using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Streaming;

public sealed class TickPackerTests
{
    [Fact]
    public void A_record_holds_up_to_25_ticks_of_one_bucket_and_keeps_the_order_of_each_symbol()
    {
        var symbols = new SymbolTable();
        symbols.AddRange(Enumerable.Range(0, 150).Select(x => Symbol.Parse("S" + x)));
        var random = new Random(3);
        var ticks = Enumerable.Range(0, 4_000).Select(n => new Tick(
            random.Next(random.Next(2) == 0 ? 2 : 150), new EventTime(1_700_000_000_000_000 + n), new Price(n + 1), default, default, default, SourceName.Parse("s"), 0, n)).ToArray();
        var packer = new TickPacker(symbols);
        for (var round = 0; round < 2; round++)
        {
            var records = packer.Pack(ticks);
            var seen = new List<Tick>();
            foreach (var record in records)
            {
                var buffer = new TickBuffer();
                TickCodec.Decode(record.Data.Span, symbols, new EventTime(1_800_000_000_000_000), buffer);
                Assert.InRange(buffer.Ticks.Length, 1, TickPacker.MaxTicksPerRecord);
                foreach (var tick in buffer.Ticks) Assert.Equal(record.PartitionKey, TickPacker.PartitionKeyOf(symbols[tick.Symbol]));
                seen.AddRange(buffer.Ticks);
            }
            Assert.Equal(ticks.GroupBy(x => x.Symbol).OrderBy(x => x.Key).SelectMany(x => x), seen.GroupBy(x => x.Symbol).OrderBy(x => x.Key).SelectMany(x => x));
            Assert.True(records.Count < ticks.Length / 20 + TickPacker.Buckets);
        }
        Assert.Empty(packer.Pack([]));
    }

    [Fact]
    public void The_bucket_of_a_symbol_never_changes()
    {
        Assert.Equal(ExpectedBuckets, new[] { "AAPL", "MSFT", "NIFTY_50", "EURUSD" }.Select(x => TickPacker.BucketOf(Symbol.Parse(x))));
    }

    [Fact]
    public void A_symbol_that_the_table_learns_later_is_packed_too()
    {
        var symbols = new SymbolTable();
        symbols.Add(Symbol.Parse("A"));
        var packer = new TickPacker(symbols);
        packer.Pack([new Tick(0, new EventTime(1), new Price(1), default, default, default, default, 0, 0)]);
        symbols.Add(Symbol.Parse("B"));
        Assert.Equal(TickPacker.PartitionKeyOf(Symbol.Parse("B")), packer.Pack([new Tick(1, new EventTime(1), new Price(1), default, default, default, default, 0, 0)])[0].PartitionKey);
    }

    /// <summary>Worked out apart from this code: FNV-1a 32, folded, modulo 64.</summary>
    private static readonly int[] ExpectedBuckets = [6, 30, 60, 33];
}
