using System.Text;
using Risk.Application.Importing;
using Risk.Application.Stores;
using Risk.Application.Tests.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Xunit;

namespace Risk.Application.Tests.Importing;

public class InstrumentFileTests
{
    private static readonly Instrument[] Expected =
    [
        new(Symbol.Parse("ACME"), "Acme, Inc.", AssetClass.Equity, Currency.Usd, "Tools", 1m, "US0000000019", "XNYS", Symbol.Parse("SPY")),
        new(Symbol.Parse("EURUSD"), "EURUSD", AssetClass.Fx, Currency.Usd),
        new(Symbol.Parse("ACME-C"), "ACME-C", AssetClass.Option, Currency.Usd, Multiplier: 100m,
            Option: new OptionTerms(Symbol.Parse("ACME"), 12.5m, new DateOnly(2027, 1, 15), OptionRight.Call)),
    ];

    [Fact]
    public void Reads_csv() => Assert.Equal(Expected, Read("""
        symbol,name,isin,asset_class,currency,sector,multiplier,exchange,proxy,underlying,strike,expiry,right
        acme,"Acme, Inc.",us0000000019,equity,usd,Tools,,XNYS,SPY,,,,
        EURUSD,,,fx,USD,,1,,,,,,
        ACME-C,,,Option,USD,,100,,,ACME,12.5,2027-01-15,CALL
        """).Value);

    [Theory]
    [InlineData("")]
    [InlineData("instruments")]
    public void Reads_json(string member)
    {
        var array = """
            [{"symbol":"ACME","name":"Acme, Inc.","isin":"US0000000019","asset_class":"equity","currency":"USD","sector":"Tools","exchange":"XNYS","proxy":"SPY"},
             {"symbol":"EURUSD","asset_class":"fx","currency":"USD","name":null,"isin":""},
             {"symbol":"ACME-C","asset_class":"option","currency":"USD","multiplier":100,"underlying":"ACME","strike":"12.5","expiry":"2027-01-15","right":"call"}]
            """;
        Assert.Equal(Expected, Read(member.Length == 0 ? array : $"{{\"{member}\":{array}}}").Value);
    }

    [Fact]
    public void Lists_every_fault_of_a_csv_at_once()
    {
        var reading = Read("symbol,asset_class,currency,multiplier,isin,underlying,strike,expiry,right,proxy\nA A,equity,USD,1,,,,,,\nB,bond,US,0,12,,,,,\nC,option,USD,x,,C,0,soon,up,\nD,equity,USD,,,A,,,,D\n,2,USD,,,,,,,\nE,etf,USD,,,,,,,\nE,etf,USD,,,,,,,\nEURUSD,fx,EUR,,,,,,,\nF,etf\n");
        Assert.Equal(
        [
            // A ragged row is found while the rows are read, the others when they are understood.
            "line 10", "line 2, column symbol", "line 3, column asset_class", "line 3, column currency", "line 3, column multiplier",
            "line 3, column isin", "line 4, column multiplier", "line 4, column strike", "line 4, column expiry", "line 4, column right",
            "line 5, column underlying", "line 5, column proxy", "line 6, column symbol", "line 6, column asset_class", "line 8, column symbol",
            "line 9, column symbol",
        ],
        reading.Faults.Listed.Select(fault => fault.Where));
        Assert.Empty(reading.Value);
    }

    [Fact]
    public void Lists_every_fault_of_a_json_at_once()
    {
        var reading = Read("""[{"symbol":"A","asset_class":"equity","currency":"USD","colour":"red"}, 7, {"symbol":{},"asset_class":"equity","currency":"USD"}, {"asset_class":"option","currency":"USD","symbol":"O","strike":-1}]""");
        Assert.Equal(
            ["/0/colour", "/1", "/2/symbol", "/2/symbol", "/3/underlying", "/3/expiry", "/3/right", "/3/strike"],
            reading.Faults.Listed.Select(fault => fault.Where));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("symbol,currency\nA,USD\n", "'asset_class'")]
    [InlineData("symbol,asset_class,currency,colour\nA,etf,USD,red\n", "Unknown column 'colour'")]
    [InlineData("symbol,symbol,asset_class,currency\nA,A,etf,USD\n", "twice")]
    [InlineData("symbol,asset_class,currency\n", "no instrument")]
    [InlineData("[", "Not valid JSON")]
    [InlineData("[]", "no instrument")]
    [InlineData("{\"items\":[]}", "Unknown member")]
    [InlineData("[{\"symbol\":\"A\",\"symbol\":\"B\"}]", "Not valid JSON")]
    public void Says_clearly_what_is_wrong_with_the_file(string text, string said) =>
        Assert.Contains(Read(text).Faults.Listed, fault => fault.Detail.Contains(said, StringComparison.Ordinal));

    [Fact]
    public async Task Import_reports_what_changed_and_what_is_not_known()
    {
        var cancel = TestContext.Current.CancellationToken;
        var table = new TinyTable();
        var store = new InstrumentStore(table);
        var import = new ImportInstruments(store, new PortfolioStore(table));
        var file = "symbol,asset_class,currency,proxy\nA,equity,USD,\nB,equity,USD,Z\n";
        var first = await import.RunAsync(Encoding.UTF8.GetBytes(file), cancel);
        Assert.Equal([Symbol.Parse("A"), Symbol.Parse("B")], first.Changed);
        Assert.Equal(["B: its proxy Z is not a known instrument."], first.Warnings);
        var second = await import.RunAsync(Encoding.UTF8.GetBytes(file.Replace("A,equity", "A,etf", StringComparison.Ordinal)), cancel);
        Assert.Equal([Symbol.Parse("A")], second.Changed);
        var faulty = await import.RunAsync("symbol,asset_class,currency\nA,fund,USD\nB,none,USD\n"u8.ToArray(), cancel);
        Assert.Single(faulty.Faults.Listed);
        Assert.Equal(AssetClass.Etf, (await store.FindAsync(Symbol.Parse("A"), cancel))!.AssetClass);
    }

    private static FileReading<IReadOnlyList<Instrument>> Read(string text) => InstrumentFile.Read(Encoding.UTF8.GetBytes(text));
}
