using System.IO.Compression;
using System.Text;
using Risk.Application.Feeds;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Feeds;

public sealed class TickFileTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Csv_columns_are_found_by_name_in_any_order()
    {
        var rows = Read("t.csv", "\uFEFFsymbol,price,Time,venue,volume,ask,bid\r\nIBM,182.1,2013-10-08T12:00:00Z,N,100,182.2,182.05\r\n\r\n\"ibm\",182,1381233600500,,,,\r\n");
        Assert.Equal([2, 4], rows.Select(x => x.Line));
        Assert.Equal((Price.From(182.1m), Price.From(182.05m), Price.From(182.2m), Volume.From(100)), (rows[0].Tick.Price, rows[0].Tick.Bid, rows[0].Tick.Ask, rows[0].Tick.Volume));
        Assert.Equal(("2013-10-08T12:00:00.5Z", default(Price), 1L), (rows[1].Tick.Time.ToString(), rows[1].Tick.Bid, rows[1].Tick.Sequence));
    }

    [Theory]
    [InlineData("IBM,x,2013-10-08T12:00:00Z", RejectionReason.Malformed)]
    [InlineData("IBM,,2013-10-08T12:00:00Z", RejectionReason.Malformed)]
    [InlineData("IBM,1", RejectionReason.Malformed)]
    [InlineData("IBM,1,2013-10-08T12:00:00Z,", RejectionReason.Malformed)]
    [InlineData("IBM,NaN,2013-10-08T12:00:00Z", RejectionReason.PriceNotFinite)]
    [InlineData("IBM,-1,2013-10-08T12:00:00Z", RejectionReason.PriceNotPositive)]
    [InlineData("XXX,1,2013-10-08T12:00:00Z", RejectionReason.UnknownSymbol)]
    [InlineData("IBM,1,8 Oct 2013", RejectionReason.TimeInvalid)]
    [InlineData("IBM,1,2026-10-08T12:00:00Z", RejectionReason.TimeInFuture)]
    public void Csv_rows_that_are_no_ticks_are_told_with_their_line(string row, RejectionReason expected)
    {
        var rows = Read("t.csv", "symbol,price,time\n" + row + "\nIBM,1,2013-10-08T12:00:00Z");
        Assert.Equal((2L, expected), (rows[0].Line, rows[0].Reason));
        Assert.Equal((3L, RejectionReason.None), (rows[1].Line, rows[1].Reason));
    }

    [Fact]
    public void Lines_of_json_are_read_as_the_stream_reads_them_but_numbered_anew()
    {
        var rows = Read("t.ndjson", """
            {"symbol":"IBM","time":"2013-10-08T12:00:00Z","price":1,"source":"x","sequence":99}
            {"symbol":"IBM","time":"2013-10-08T12:00:00Z","price":0}

            {"symbol":"EURUSD","time":"2013-10-08T12:00:00Z","price":2}
            {"symbol":"IBM","time":"2013-10-08T12:00:01Z","price":3}
            """);
        Assert.Equal([1, 2, 4, 5], rows.Select(x => x.Line));
        Assert.Equal(RejectionReason.PriceNotPositive, rows[1].Reason);
        Assert.Equal([0, 0, 1], rows.Where(x => x.Reason == RejectionReason.None).Select(x => x.Tick.Sequence));
        Assert.Equal("replay", rows[0].Tick.Source.ToString());
    }

    [Fact]
    public void Trades_of_an_equity_are_scaled_and_timed_from_midnight_in_New_York()
    {
        var rows = Read("ibm_20131008_trade.zip", Zip("31669457,1821000,300,P,2000,0\n31669460.25,1820500.5,1,K,2000,1\n1,0,1,K,0,0\n1,2,3\n86400000,1,1,K,0,0\n1,1,1,K,0,x\n"));
        Assert.Equal("2013-10-08T12:47:49.457Z", rows[0].Tick.Time.ToString());
        Assert.Equal((Price.From(182.1m), default(Price), Volume.From(300), false), (rows[0].Tick.Price, rows[0].Tick.Bid, rows[0].Tick.Volume, rows[0].IsSuspicious));
        Assert.Equal((Price.From(182.05005m), "2013-10-08T12:47:49.46025Z", true), (rows[1].Tick.Price, rows[1].Tick.Time.ToString(), rows[1].IsSuspicious));
        Assert.Equal([RejectionReason.PriceNotPositive, RejectionReason.Malformed, RejectionReason.TimeInvalid, RejectionReason.Malformed], rows.Skip(2).Select(x => x.Reason));
    }

    [Fact]
    public void A_quoted_side_stands_until_it_is_quoted_again()
    {
        var rows = Read("ibm_20131008_quote.zip", Zip("1000,1800000,2,0,0,P,1,0\n1000,0,0,1801001,1,P,1,1\n2000,1800500,1,0,0,P,1,0\n3000,1801002,1,0,0,P,1,0\n4000,0,0,0,0,P,1,0\n"));
        Assert.Equal([RejectionReason.OneSided, RejectionReason.None, RejectionReason.None, RejectionReason.None, RejectionReason.BidAskInvalid], rows.Select(x => x.Reason));
        Assert.Equal((Price.From(180.05005m), Price.From(180m), Price.From(180.1001m), default(Volume)), (rows[1].Tick.Price, rows[1].Tick.Bid, rows[1].Tick.Ask, rows[1].Tick.Volume));
        Assert.Equal((Price.From(180.07505m), Price.From(180.05m)), (rows[2].Tick.Price, rows[2].Tick.Bid));
        Assert.Equal([false, true, false, false, false], rows.Select(x => x.IsSuspicious));
        Assert.Equal([false, false, false, true, false], rows.Select(x => x.IsCrossed));
        Assert.Equal((Price.From(180.10015m), default(Price), default(Price)), (rows[3].Tick.Price, rows[3].Tick.Bid, rows[3].Tick.Ask));
    }

    [Fact]
    public void Quotes_of_a_currency_pair_are_unscaled_and_timed_in_utc()
    {
        var rows = Read("eurusd_20140508_quote.zip", Zip("17007.5,1.39147,1.39148\n17264,1.39149,1.39148"));
        Assert.Equal(("2014-05-08T00:00:17.0075Z", Price.From(1.391475m)), (rows[0].Tick.Time.ToString(), rows[0].Tick.Price));
        Assert.Equal((RejectionReason.None, true, Price.From(1.391485m)), (rows[1].Reason, rows[1].IsCrossed, rows[1].Tick.Price));
    }

    [Theory]
    [InlineData("ibm_20131008_trade.zip", "1000,1821000,300,P,2000,0", "IBM Equity USD")]
    [InlineData("eurjpy_20140508_quote.zip", "1000,1.5,1.6", "EURJPY Fx JPY")]
    [InlineData("spx500_20140508_quote.zip", "1000,1.5,1.6", "SPX500 Equity USD")]
    public void An_archive_tells_what_it_holds_ticks_of(string name, string rows, string expected)
    {
        using var content = new MemoryStream(Zip(rows));
        var quoted = TickFile.InstrumentOf(name, content)!;
        Assert.Equal(expected, $"{quoted.Symbol} {quoted.AssetClass} {quoted.Currency}");
        Assert.Null(TickFile.InstrumentOf("t.csv", content));
    }

    [Fact]
    public void A_line_without_end_is_one_oversized_row_in_bounded_memory()
    {
        var rows = Read("t.ndjson", "{}\n" + new string('x', 1_000_000) + "\n{}\n" + new string(' ', 200_000) + "{}\n{}");
        Assert.Equal([(1, RejectionReason.Malformed), (2, RejectionReason.Oversized), (3, RejectionReason.Malformed), (4, RejectionReason.Oversized), (5, RejectionReason.Malformed)], rows.Select(x => ((int)x.Line, x.Reason)));
    }

    [Theory]
    [InlineData("t.ndjson", "", "empty")]
    [InlineData("t.ndjson", " \n\n", "empty")]
    [InlineData("t.csv", "time,price\n", "symbol")]
    [InlineData("t.csv", "time,price,symbol,price\n", "twice")]
    [InlineData("t.txt", "x", "not known")]
    [InlineData("ibm_20131008_trade.zip", "no archive", "damaged")]
    [InlineData("ibm_20131308_trade.zip", "x", "rename")]
    [InlineData("20131008_trade.zip", "x", "rename")]
    [InlineData("xyz_20131008_trade.zip", "x", "Import it first")]
    public void A_file_that_cannot_be_read_says_what_to_do(string name, string content, string expected)
    {
        var e = Assert.Throws<TickFileException>(() => Read(name, content));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_must_hold_one_file_of_a_known_shape()
    {
        Assert.Contains("exactly one", Assert.Throws<TickFileException>(() => Read("ibm_20131008_trade.zip", Zip("1,1,1,P,0,0", "1,1,1,P,0,0"))).Message, StringComparison.Ordinal);
        Assert.Contains("8 columns", Assert.Throws<TickFileException>(() => Read("ibm_20131008_trade.zip", Zip("1,1,1,1,1,P,0,0"))).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<TickFileException>(() => Read("ibm_20131008_trade.zip", Zip(""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_unfolds_without_end_is_stopped()
    {
        var bomb = Zip(string.Concat(Enumerable.Repeat("1000,1800000,100,P,2000,0\n", 50_000)));
        Assert.True(bomb.Length < 20_000);
        using var content = new MemoryStream(bomb);
        using var file = TickFile.Open("ibm_20131008_trade.zip", content, Symbols(), maxBytes: 1_000_000);
        var e = Assert.Throws<TickFileException>(() =>
        {
            while (file.TryRead(Now, out _)) { }
        });
        Assert.Contains("Split it", e.Message, StringComparison.Ordinal);
    }

    internal static SymbolTable Symbols()
    {
        var symbols = new SymbolTable();
        symbols.AddRange([Symbol.Parse("IBM"), Symbol.Parse("EURUSD")]);
        return symbols;
    }

    internal static byte[] Zip(params string[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            for (var i = 0; i < files.Length; i++)
            {
                using var entry = zip.CreateEntry($"20131008_{i}.csv").Open();
                entry.Write(Encoding.UTF8.GetBytes(files[i]));
            }
        }
        return stream.ToArray();
    }

    private static List<TickRow> Read(string name, string content) => Read(name, Encoding.UTF8.GetBytes(content));

    private static List<TickRow> Read(string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        using var file = TickFile.Open(name, content, Symbols());
        var rows = new List<TickRow>();
        while (file.TryRead(Now, out var row)) rows.Add(row);
        return rows;
    }
}
